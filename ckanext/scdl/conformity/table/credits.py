"""The grants of one year against what the budget of the same collectivité opens for them.

A beneficiary's part is its share of the amount (README of scdl/subventions 2.1.1: the line of a
shared grant repeats the whole amount).  What is given in nature has no credits, and a line that
mixes both does not say how much of it is money: neither counts.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np

from ..budget.etapes import COMPTE_ADMINISTRATIF
from ..budget.figures import BUDGET_PRIMITIF, BudgetFigures
from ..report import Cause, Level, Place, warning
from .accept import Plain
from .engine import Conclusion
from .grid import LOW_BYTES, Column, Grid, Ints, Mask
from .letters import column_letter
from .sums import MOST, PLACES, NotSummed, added, signed, summable
from .swar import equals

NEEDED = {"idAttribuant", "dateConvention", "montant", "nature", "pourcentageSubvention"}
MONEY = "aide en numéraire"
YEAR = 4
DAY = 10
"""Characters of a date."""

ETAPES = {BUDGET_PRIMITIF, COMPTE_ADMINISTRATIF}
"""Those that give the credits of a year, and not what they become."""


class Credits:
    """An observer: the parts of the budget's own SIRET and year, added up."""

    def __init__(self, columns: Mapping[str, int], budget: BudgetFigures) -> None:
        """columns: position by field name, those of NEEDED at least."""
        self._columns = columns
        self._budget = budget
        self._total = Decimal(0)

    def observe(self, grid: Grid, live: Mask) -> Decimal:
        """The sum of the parts of a block; lines with an error in what is multiplied are left out,
        which can only make the total smaller."""
        at = {name: grid.columns[self._columns[name]] for name in NEEDED}
        wanted = live & equals(at["idAttribuant"], [self._budget.siret.encode()])
        wanted &= equals(at["nature"], [MONEY.encode()])
        rows = np.flatnonzero(wanted & _of_year(at["dateConvention"], self._budget.exercice))
        if not rows.size:
            return Decimal(0)
        amount, share = (at[name].once(Plain.of) for name in ("montant", "pourcentageSubvention"))
        plain = amount.valid & share.valid & ~share.negative
        plain &= amount.decimals + share.decimals < PLACES
        most = MOST // grid.rows // np.maximum(share.mantissa, 1)
        plain &= amount.mantissa <= most
        quick = rows[plain[rows]]
        return _products(amount, share, quick) + sum(
            (self._part(grid, row) for row in rows[~plain[rows]].tolist()), Decimal(0)
        )

    def _part(self, grid: Grid, row: int) -> Decimal:
        try:
            amount = summable(grid.text(row, self._columns["montant"]))
            share = summable(grid.text(row, self._columns["pourcentageSubvention"]))
        except NotSummed:
            return Decimal(0)
        return amount * share

    def take(self, observed: Decimal, _row: int, _line: int) -> None:
        """One block more."""
        self._total += observed

    def conclusions(self, _room: Mapping[Level, int]) -> Iterator[Conclusion]:
        """A warning when the grants exceed the credits."""
        credits_ = self._budget.total
        if credits_ is None or self._budget.etape not in ETAPES or self._total <= credits_:
            return
        found = warning(
            "budget-line-differs",
            Place(field="montant", column=column_letter(self._columns["montant"])),
            montant=f"{self._total:.2f}",
            budget=f"{credits_:.2f}",
            ecart=f"{self._total - credits_:.2f}",
            exercice=self._budget.exercice,
            etape=self._budget.etape,
        )
        yield Cause(found, 1, found.place), [found]


def _of_year(dates: Column, year: str) -> Mask:
    """Cells as long as a date, of this year."""
    wanted = np.uint64(int.from_bytes(year.encode()[:YEAR], "little"))
    found: Mask = (dates.words(0) & LOW_BYTES[YEAR]) == wanted
    found &= dates.lengths == DAY
    return found


def _products(amount: Plain, share: Plain, rows: Ints) -> Decimal:
    nothing = np.zeros(rows.size, dtype=np.int64)
    products = signed(amount, rows) * share.mantissa[rows]
    decimals = amount.decimals[rows] + share.decimals[rows]
    return added(products, decimals, nothing, 1)[0]
