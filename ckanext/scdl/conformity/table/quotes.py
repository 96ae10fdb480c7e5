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
        if width < LEAST or not grid.rows:
            return found
        found[-1] = _runs_to_the_end(grid, delimiter)
        if grid.line_count == grid.rows:
            return found
        several = np.diff(np.append(grid.lines, grid.line_count)) > 1
        found[[row for row in grid.ragged if several[row]]] = True
        rows = several.nonzero()[0]
        # most texts on several lines have fewer separators than a line
        rows = rows[_held(grid, rows, delimiter) >= width - 1]
        if rows.size:
            found[rows] |= _holds_lines(grid, rows, delimiter)
        return found

    return RecordRule(broken, UNCLOSED)


def _runs_to_the_end(grid: Grid, delimiter: str) -> bool:
    """Has the last record too few cells, and the missing ones in its last cell?  A quote of the
    last line is closed by none."""
    last = grid.rows - 1
    cells = grid.cells_of(last)
    missing = grid.width - cells
    return bool(1 < missing < grid.width) and (
        grid.text(last, cells - 1).count(delimiter) >= missing
    )


def _held(grid: Grid, rows: Ints, delimiter: str) -> Ints:
    """How many separators the cells of each of these records hold."""
    first, last = grid.columns[0], grid.columns[-1]
    places = (first.bytes_ == ord(delimiter)).nonzero()[0]
    ends = last.starts[rows] + last.lengths[rows]
    found: Ints = np.searchsorted(places, ends) - np.searchsorted(places, first.starts[rows])
    return found - (grid.width - 1) if grid.delimiter == delimiter else found


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
