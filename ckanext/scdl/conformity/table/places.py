"""Where the records of a table are, kept so that a record met long ago can still be shown.

Four bytes a record at most, none where each is on a line of its own.  Imports numpy.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from ..report import Place
from .grid import Grid

Lines = NDArray[np.int32]


def lines_of(grid: Grid) -> Lines | None:
    """Line of each record of a block, from 0; None where they are those of the rows."""
    if grid.line_count == grid.rows:
        return None
    return grid.lines.astype(np.int32)


def placed(
    row: int,
    line: int,
    away: int,
    lines_away: int,
    field: str | None = None,
    column: str | None = None,
) -> Place:
    """A place counted from the start of a block, which is at this row and line.

    line 0: a sheet, whose lines are its rows.
    """
    row += away
    return Place(row=row, line=line + lines_away if line else row, field=field, column=column)


class Places:
    """The rows taken so far, counted from 0."""

    def __init__(self) -> None:
        self.rows = 0
        self._first: list[int] = []
        self._blocks: list[tuple[int, int, Lines | None]] = []

    def take(self, rows: int, lines: Lines | None, row: int, line: int) -> None:
        """A block more: its rows, their lines, and the record and line number of its start (as in
        `placed`)."""
        self._first.append(self.rows)
        self._blocks.append((row, line, lines))
        self.rows += rows

    def place(self, index: int, field: str | None = None, column: str | None = None) -> Place:
        """The place of one row."""
        block = bisect_right(self._first, index) - 1
        row, line, lines = self._blocks[block]
        away = index - self._first[block]
        lines_away = away if lines is None else int(lines[away])
        return placed(row, line, away, lines_away, field, column)
