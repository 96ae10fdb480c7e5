"""Shares of one grant between its beneficiaries.

The standard has a line for each beneficiary, with pourcentageSubvention as its part of `montant`:
those of one grant add up to 1 (README of scdl/subventions, description of the field).  Which lines
are one grant is the caller's affair.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

HALF_A_CENT = Decimal("0.005")
"""How far rounding to two decimals takes a share from what it was."""


def amiss(shares: Sequence[Decimal]) -> Decimal | None:
    """The sum of one grant's shares when it is not 1, rounding allowed for; None when it is.

    Lines whose shares are all 1 are so many grants, alike in all that the caller grouped them by.
    A share that is no number (the rules of the standard tell it) leaves nothing to add up.
    """
    if not all(share.is_finite() for share in shares) or all(share == 1 for share in shares):
        return None
    total = sum(shares, Decimal())
    return total if abs(total - 1) >= HALF_A_CENT * len(shares) else None
