"""Quotes closed too late, by that of another record: the lines between are read as one text.

Such a record has another number of cells than the header, or one cell that holds as many separators
as the lines that it spans.  Imports numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .engine import RecordRule, Trouble
from .grid import Bytes, Grid, Ints, Mask

UNCLOSED = Trouble("warning", "quote-unclosed", {})
LEAST = 3
"""Columns under which a separator in a text says nothing."""


def swallowed(delimiter: str, width: int) -> RecordRule:
    """The rule for a text; width: cells of the header."""

    def broken(grid: Grid) -> Mask:
        found = np.zeros(grid.rows, dtype=bool)
        if grid.line_count == grid.rows or width < LEAST:
            return found
        several = np.diff(np.append(grid.lines, grid.line_count)) > 1
        found[list(grid.ragged)] = True
        rows = several.nonzero()[0]
        # most texts on several lines have fewer separators than a line
        rows = rows[_separators(grid, rows, delimiter) >= 2 * (width - 1)]
        if rows.size:
            found[rows] |= _holds_lines(grid, rows, delimiter)
        return found & several

    return RecordRule(broken, UNCLOSED)


def _separators(grid: Grid, rows: Ints, delimiter: str) -> Ints:
    """How many each of these records holds, those inside quotes included."""
    first, last = grid.columns[0], grid.columns[-1]
    places = (first.bytes_ == ord(delimiter)).nonzero()[0]
    ends = last.starts[rows] + last.lengths[rows]
    found: Ints = np.searchsorted(places, ends) - np.searchsorted(places, first.starts[rows])
    return found


def _holds_lines(grid: Grid, rows: Ints, delimiter: str) -> Mask:
    """Of these records, those of which a cell holds whole lines."""
    found = np.zeros(rows.size, dtype=bool)
    bytes_ = grid.columns[0].bytes_
    line_ends, delimiters = _counted(bytes_, "\n"), _counted(bytes_, delimiter)
    for column in grid.columns:
        start, end = column.starts[rows], column.starts[rows] + column.lengths[rows]
        lines = line_ends[end] - line_ends[start]
        found |= (lines > 0) & (delimiters[end] - delimiters[start] >= lines * (grid.width - 1))
    return found


def _counted(bytes_: Bytes, character: str) -> NDArray[np.int32]:
    """How many of a character there are before each byte."""
    return np.cumsum(np.append(False, bytes_ == ord(character)), dtype=np.int32)
