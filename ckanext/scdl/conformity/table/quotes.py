"""Quotes closed too late, by that of another record: the lines between are read as one text.

Such a record has another number of cells than the header, or one cell that holds as many separators
as the lines that it spans.  Imports numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .engine import RecordRule, Trouble
from .grid import Bytes, Grid, Mask

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
        found |= _holds_lines(grid, delimiter)
        return found & several

    return RecordRule(broken, UNCLOSED)


def _holds_lines(grid: Grid, delimiter: str) -> Mask:
    """Records of which a cell holds whole lines."""
    found = np.zeros(grid.rows, dtype=bool)
    if not grid.rows:
        return found
    bytes_ = grid.columns[0].bytes_
    line_ends, delimiters = _counted(bytes_, "\n"), _counted(bytes_, delimiter)
    for column in grid.columns:
        start, end = column.starts, column.starts + column.lengths
        lines = line_ends[end] - line_ends[start]
        found |= (lines > 0) & (delimiters[end] - delimiters[start] >= lines * (grid.width - 1))
    return found


def _counted(bytes_: Bytes, character: str) -> NDArray[np.int32]:
    """How many of a character there are before each byte."""
    return np.cumsum(np.append(False, bytes_ == ord(character)), dtype=np.int32)
