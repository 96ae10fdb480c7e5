"""Quotes closed too late, by that of another record, or by none: the lines after them are read as
one text.

Such a record has another number of cells than the header, or a cell with lines that are records.
Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .engine import RecordRule, Trouble
from .grid import Bytes, Grid, Mask

UNCLOSED = Trouble("warning", "quote-unclosed", {})
OPEN = Trouble("error", "quote-open", {})
LEAST = 3
"""Columns under which a separator in a text says nothing."""


def rules(delimiter: str, width: int) -> Iterator[RecordRule]:
    """Those for a text; width: cells of the header."""
    yield RecordRule(_open, OPEN)
    if width >= LEAST:
        yield RecordRule(lambda grid: _swallowing(grid, delimiter), UNCLOSED)


def _open(grid: Grid) -> Mask:
    found = np.zeros(grid.rows, dtype=bool)
    found[-1:] = grid.unclosed
    return found


def _swallowing(grid: Grid, delimiter: str) -> Mask:
    found = np.zeros(grid.rows, dtype=bool)
    if grid.line_count == grid.rows:
        return found
    several = np.diff(np.append(grid.lines, grid.line_count)) > 1
    found[[row for row in grid.ragged if several[row]]] = True
    for row, column in _full_cells(grid, several, delimiter):
        found[row] |= _holds_records(grid.text(row, column), grid.width - 1, delimiter)
    if grid.unclosed:
        found[-1] = False  # it is told as an error
    return found


def _full_cells(grid: Grid, several: Mask, delimiter: str) -> Iterator[tuple[int, int]]:
    """Cells of records on several lines that hold as many separators as a record."""
    rows = several.nonzero()[0]
    if not rows.size:
        return
    delimiters = _counted(grid.columns[0].bytes_, delimiter)
    for position, column in enumerate(grid.columns):
        start = column.starts[rows]
        number = delimiters[start + column.lengths[rows]] - delimiters[start]
        for row in rows[number >= grid.width - 1].tolist():
            yield row, position


def _counted(bytes_: Bytes, character: str) -> NDArray[np.int32]:
    """How many of a character there are before each byte."""
    return np.cumsum(np.append(False, bytes_ == ord(character)), dtype=np.int32)


def _holds_records(text: str, separators: int, delimiter: str) -> bool:
    """Is one of the lines a record, or are the first and the last one, cut by quotes?"""
    numbers = [line.count(delimiter) for line in text.splitlines() if line.strip()]
    return len(numbers) > 1 and (
        separators in numbers or (len(numbers) == 2 and sum(numbers) == separators)
    )
