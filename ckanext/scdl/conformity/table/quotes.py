"""Quotes closed too late, by that of another record: the lines between are read as one text.

Such a record has another number of cells than the header, or one cell that holds as many separators
as the lines that it spans.  Imports numpy.
"""

from __future__ import annotations

import numpy as np

from .engine import RecordRule, Trouble
from .grid import Grid, Ints, Mask

UNCLOSED = Trouble("warning", "quote-unclosed", {})
LEAST = 3
"""Columns under which a separator in a text says nothing."""


def swallowed(delimiter: str, width: int) -> RecordRule:
    """The rule for a text; width: cells of the header."""

    def broken(grid: Grid) -> Mask:
        found = np.zeros(grid.rows, dtype=bool)
        if grid.line_count == grid.rows or width < LEAST:
            return found
        ends = np.diff(np.append(grid.lines, grid.line_count)) - 1
        rows = (ends > 0).nonzero()[0]
        for row in rows[_separators(grid, rows, delimiter) >= 2 * (width - 1)].tolist():
            found[row] = _swallows(grid, row, delimiter)
        found[[row for row in grid.ragged if ends[row] > 0]] = True
        return found

    return RecordRule(broken, UNCLOSED)


def _separators(grid: Grid, rows: Ints, delimiter: str) -> Ints:
    """How many each of these records holds, those inside quotes included."""
    first, last = grid.columns[0], grid.columns[-1]
    places = (first.bytes_ == ord(delimiter)).nonzero()[0]
    ends = last.starts[rows] + last.lengths[rows]
    found: Ints = np.searchsorted(places, ends) - np.searchsorted(places, first.starts[rows])
    return found


def _swallows(grid: Grid, row: int, delimiter: str) -> bool:
    """Does one of the cells hold whole lines?"""
    for position, column in enumerate(grid.columns):
        if column.lengths[row] >= grid.width:
            text = grid.text(row, position)
            lines = text.count("\n")
            if lines and text.count(delimiter) >= lines * (grid.width - 1):
                return True
    return False
