"""Exact sums of a block's numbers, by group: whole numbers where they are written plainly, Decimal
one by one for the others.  Imports numpy.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from .accept import MAX_DIGITS, Plain
from .grid import Grid, Ints, Mask

MOST = 2**62
"""What a sum of 64-bit numbers may reach."""

PLACES = MAX_DIGITS + 1
"""Numbers of decimals that a plain number may have, from 0."""

LONGEST = 40
WHOLE, FINE = 15, 12
"""Of a number summed one by one: characters; digits before the point, and after it.  Beyond, a sum
of Decimal, which keeps 28 digits, might be rounded."""


class NotSummed(ValueError):
    """A cell is no number, or none that can be added up exactly."""


def sums(grid: Grid, position: int, groups: Ints, count: int, wanted: Mask) -> list[Decimal]:
    """The sum of a column by group; empty cells count for nothing.

    groups: of each row, from 0 to count - 1, read where wanted.  NotSummed for a cell that is not
    a finite number (type errors, NaN, INF), or an outlandish one.
    """
    column = grid.columns[position]
    plain = column.once(Plain.of)
    rows = np.flatnonzero(wanted & plain.valid & (plain.mantissa <= MOST // max(1, grid.rows)))
    found = added(signed(plain, rows), plain.decimals[rows], groups[rows], count)
    rest = wanted & (column.lengths > 0)
    rest[rows] = False
    for row in np.flatnonzero(rest).tolist():
        found[groups[row]] += summable(grid.text(row, position))
    return found


def signed(plain: Plain, rows: Ints) -> Ints:
    """The mantissas of these rows, with their signs."""
    mantissa = plain.mantissa[rows]
    return np.where(plain.negative[rows], -mantissa, mantissa)


def added(mantissas: Ints, decimals: Ints, groups: Ints, count: int) -> list[Decimal]:
    """The exact sums of mantissa / 10 ** decimals (under PLACES each) by group."""
    totals: NDArray[np.int64] = np.zeros(count * PLACES, dtype=np.int64)
    np.add.at(totals, groups * PLACES + decimals, mantissas)
    found = [Decimal(0)] * count
    for at in np.flatnonzero(totals).tolist():
        group, places = divmod(at, PLACES)
        found[group] += Decimal(int(totals[at])).scaleb(-places)
    return found


def summable(text: str) -> Decimal:
    """A number as frictionless reads it; NotSummed if it cannot be added up exactly."""
    try:
        value = Decimal(text.strip()) if len(text) <= LONGEST else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or value.adjusted() >= WHOLE or _fine(value):
        raise NotSummed
    return value


def _fine(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -FINE
