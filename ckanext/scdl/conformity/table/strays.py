"""Records that are no data: a total, a note under the table, the header once more.

Each makes as many errors as a record has columns, which one gesture mends.  Imports numpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..repair.fold import folded
from .engine import RecordRule, Trouble
from .grid import Grid, Ints, Mask
from .swar import equals

LEAST = 5
"""Columns of a table under which a record with few filled cells says nothing."""

FEW = 4
"""One filled cell in so many at most: no line of data is so empty."""

SEVERAL = 3
"""Columns in which such a record breaks a rule: what breaks none needs no word."""

RARE = 20
"""One record in so many at most, or MOST: a table of many nearly empty lines is so made."""

MOST = 50
TOTAL = re.compile(r"(?:(?:sous[ -]?|grand )?total|totaux|somme|cumul)\b")


def rules(labels: Sequence[str]) -> Iterator[RecordRule]:
    """Those of a table under this header."""
    if len(labels) < LEAST:
        return
    yield RecordRule(_sparse(_is_total), Trouble("warning", "total-row", {}))
    yield RecordRule(_sparse(_is_note), Trouble("warning", "note-row", {}))
    yield RecordRule(_repeats(labels), Trouble("warning", "header-repeated", {}))


def _sparse(test: Callable[[list[str]], bool]) -> Callable[[Grid], Mask]:
    """The records with few filled cells that pass a test."""

    def broken(grid: Grid) -> Mask:
        found = np.zeros(grid.rows, dtype=bool)
        for row in _suspects(grid).tolist():
            cells = [cell for at in range(grid.width) if (cell := grid.text(row, at).strip())]
            found[row] = len(cells) * FEW <= grid.width and test(cells)
        return found

    return broken


def _suspects(grid: Grid) -> Ints:
    """The records that are wrong in several columns; none where they are many."""
    wrong = [row for rows in grid.wrong.values() for row in rows]
    rows = (np.bincount(np.array(wrong, dtype=np.int64)) >= SEVERAL).nonzero()[0]
    return rows if rows.size <= max(MOST, grid.rows // RARE) else rows[:0]


def _is_total(cells: list[str]) -> bool:
    return any(TOTAL.match(folded(cell)) for cell in cells)


def _is_note(cells: list[str]) -> bool:
    """A sentence alone."""
    return len(cells) == 1 and " " in cells[0] and not _is_total(cells)


def _repeats(labels: Sequence[str]) -> Callable[[Grid], Mask]:
    first = next((at for at, label in enumerate(labels) if label), 0)
    value = labels[first].encode()

    def broken(grid: Grid) -> Mask:
        found = equals(grid.columns[first], [value])
        for row in found.nonzero()[0].tolist():
            same = sum(grid.text(row, at) == label for at, label in enumerate(labels))
            found[row] = 2 * same > len(labels)
        return found

    return broken
