"""Probable doubles: records that agree on columns which together tell a grant from any other.

Advice, not an error: whether two payments of one amount for one object to one association are twice
the same is the clerk's to say.  Eight bytes a record are kept.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..report import Cause, Level, warning
from .engine import Conclusion
from .grid import Grid, Mask, Words
from .keys import joined
from .places import Lines, Places, lines_of

Rows = NDArray[np.int64]

ENOUGH = 1 << 20
"""Keys looked up at once."""


@dataclass(frozen=True)
class _Block:
    keys: Words
    lines: Lines | None


class Doubles:
    """An observer: equal values in all of these columns, one at least of `telling` filled.

    A record without any of those says too little to be anybody's double.
    """

    def __init__(self, positions: Sequence[int], telling: Sequence[int]) -> None:
        self._positions, self._telling = positions, telling
        self._places = Places()
        self._keys: list[Words] = []

    def observe(self, grid: Grid, live: Mask) -> _Block:
        """The key of each record, 0 where it has none."""
        keys = joined([grid.columns[position] for position in self._positions])
        told = np.zeros(grid.rows, dtype=bool)
        for position in self._telling:
            told |= grid.columns[position].lengths > 0
        keys[~(told & live)] = 0
        return _Block(keys, lines_of(grid))

    def take(self, observed: _Block, row: int, line: int) -> None:
        """One block more."""
        self._keys.append(observed.keys)
        self._places.take(observed.keys.size, observed.lines, row, line)

    def conclusions(self, room: Mapping[Level, int]) -> Iterator[Conclusion]:
        """A warning on every record after the first of its kind."""
        if not self._keys:
            return
        keys = np.concatenate(self._keys)
        self._keys.clear()
        later, first = repeats(keys)
        if not later.size:
            return
        found = [
            warning(
                "probable-duplicate",
                self._places.place(int(later[at])),
                line=self._places.place(int(first[at])).line or 0,
            )
            for at in range(min(later.size, max(1, room["warning"])))
        ]
        last = self._places.place(int(later[-1]))
        yield Cause(found[0], int(later.size), last), found


def repeats(keys: Words) -> tuple[Rows, Rows]:
    """The rows whose key is that of an earlier one, in order, and for each the first that has it;
    0 is no key."""
    rows = _repeated(keys)
    if not rows.size:
        return rows, rows
    _, first, kind = np.unique(keys[rows], return_index=True, return_inverse=True)
    later = np.ones(rows.size, dtype=bool)
    later[first] = False
    return rows[later], rows[first[kind]][later]


def _repeated(keys: Words) -> Rows:
    """Rows whose key is that of another row, in order; 0 is no key."""
    ordered = np.sort(keys)
    again = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)]
    if not again.size:
        return np.empty(0, dtype=np.int64)
    again = again[np.append(True, again[1:] != again[:-1])]
    found = []
    for begin in range(0, keys.size, ENOUGH):
        part = keys[begin : begin + ENOUGH]
        at = np.minimum(np.searchsorted(again, part), again.size - 1)
        found.append(np.flatnonzero(again[at] == part) + begin)
    return np.concatenate(found)
