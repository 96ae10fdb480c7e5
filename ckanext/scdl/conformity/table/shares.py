"""Shares of one grant between its beneficiaries that do not add up to 1.

Twelve to sixteen bytes are kept for each record that has a share other than 1, nothing for others.
The rule is that of `subsidies.shares`; millionths stand for decimals here.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ..report import Cause, Level, Place, warning
from .accept import Plain
from .engine import Conclusion
from .grid import Grid, Mask, Words
from .keys import joined
from .letters import column_letter
from .places import Lines, Places, lines_of

WHOLE = 1_000_000
"""A share of 1, in millionths."""

ROUNDING = 5_000
"""How far rounding to two decimals takes a share from what it was."""

UNKNOWN = -1
MOST_SPOILT = 100_000
"""Grants to be mended beyond which nothing is said of any: the file is read again once it is."""

HALF = np.uint64(32)
NO_KEYS = np.empty(0, dtype=np.uint64)
DECIMALS = 6


@dataclass(frozen=True)
class _Block:
    rows: int
    at: NDArray[np.int64]
    keys: Words
    shares: NDArray[np.int32]
    spoilt: frozenset[int]
    lines: Lines | None


class Shares:
    """An observer: records of one grant agree on all columns at `telling` and `others`.

    A record with an error in one of them may belong with those that agree on the `telling` ones
    alone: of these nothing is said until it is mended.
    """

    def __init__(
        self, field: str, share: int, telling: Sequence[int], others: Sequence[int]
    ) -> None:
        """field, share: name and position of the column of the shares."""
        self._field, self._share = field, share
        self._telling, self._others = telling, others
        self._places = Places()
        self._spoilt: set[int] = set()
        self._blocks: list[tuple[NDArray[np.uint32], Words, NDArray[np.int32]]] = []

    def observe(self, grid: Grid, live: Mask) -> _Block:
        """The records that have a part of a grant."""
        shares = _millionths(grid, self._share)
        shares[~live] = WHOLE
        at = (shares != WHOLE).nonzero()[0]
        if not at.size:
            return _Block(grid.rows, at, NO_KEYS, shares[at], frozenset(), lines_of(grid))
        keys = self._keys(grid)
        wrong = self._wrong(grid, shares)
        spoilt = frozenset((keys[wrong] >> HALF).tolist()) if wrong else frozenset()
        return _Block(grid.rows, at, keys[at], shares[at], spoilt, lines_of(grid))

    def _keys(self, grid: Grid) -> Words:
        """The first half is that of the telling columns, the second one that of all."""
        telling = joined(grid.columns[position] for position in self._telling)
        every = joined(grid.columns[position] for position in (*self._telling, *self._others))
        keys: Words = (telling >> HALF << HALF) | (every >> HALF)
        return keys

    def _wrong(self, grid: Grid, shares: NDArray[np.int32]) -> list[int]:
        """The parts of a grant of which one of the columns breaks a rule."""
        positions = (*self._telling, *self._others, self._share)
        rows = {row for position in positions for row in grid.wrong.get(position, ())}
        return [row for row in rows if shares[row] != WHOLE]

    def take(self, observed: _Block, row: int, line: int) -> None:
        """One block more."""
        at = (observed.at + self._places.rows).astype(np.uint32)
        self._blocks.append((at, observed.keys, observed.shares))
        if len(self._spoilt) <= MOST_SPOILT:
            self._spoilt |= observed.spoilt
        self._places.take(observed.rows, observed.lines, row, line)

    def conclusions(self, room: Mapping[Level, int]) -> Iterator[Conclusion]:
        """A warning on the first record of each grant of which the shares do not add up."""
        if not any(at.size for at, _, _ in self._blocks) or len(self._spoilt) > MOST_SPOILT:
            return
        rows, keys, shares = (np.concatenate(parts) for parts in zip(*self._blocks, strict=True))
        self._blocks.clear()
        order = np.argsort(keys)
        rows, keys, shares = rows[order], keys[order], shares[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        number = np.diff(np.append(starts, keys.size))
        total = np.add.reduceat(shares.astype(np.int64), starts)
        known = np.minimum.reduceat(shares, starts) != UNKNOWN
        if self._spoilt:
            known &= ~np.isin(keys[starts] >> HALF, np.array(list(self._spoilt), dtype=np.uint64))
        amiss = np.flatnonzero(known & (np.abs(total - WHOLE) >= ROUNDING * number))
        if not amiss.size:
            return
        first = np.minimum.reduceat(rows, starts)
        amiss = amiss[np.argsort(first[amiss])]
        found = [
            warning(
                "shares-not-whole",
                self._place(int(first[group])),
                sum=_decimal(int(total[group])),
                number=int(number[group]),
            )
            for group in amiss[: max(1, room["warning"])].tolist()
        ]
        yield Cause(found[0], int(amiss.size), self._place(int(first[amiss[-1]]))), found

    def _place(self, index: int) -> Place:
        return self._places.place(index, self._field, column_letter(self._share))


def _millionths(grid: Grid, position: int) -> NDArray[np.int32]:
    """Each share, UNKNOWN where it is not written plainly, or too finely."""
    plain = grid.columns[position].once(Plain.of)
    known = plain.valid & ~plain.negative & (plain.decimals <= DECIMALS)
    scale = 10 ** (DECIMALS - np.minimum(plain.decimals, DECIMALS))
    known &= plain.mantissa <= 2 * WHOLE
    shares = np.where(known, plain.mantissa * scale, UNKNOWN)
    return np.where(np.abs(shares) <= 2 * WHOLE, shares, UNKNOWN).astype(np.int32)


def _decimal(millionths: int) -> str:
    """As people write it: 0.9, 1.2."""
    return f"{(Decimal(millionths) / WHOLE).normalize():f}"
