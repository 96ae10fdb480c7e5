"""Amounts that frictionless reads and that no grant can have, or that few tools read.

A montant is "exprimé en euros" with a point (standard, field montant): neither NaN nor infinite; a
grant of nothing or of less than nothing is a refusal, a recovery or a slip, to be looked at.
Imports the standard library only.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

Amiss = Literal["amount-nan", "amount-negative", "amount-zero", "amount-unusual"]
PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def judge(value: str) -> Amiss | None:
    """What is odd about a number that frictionless accepts; decimal.InvalidOperation for another.

    amount-unusual is the way of writing (1e5, 1_000, digits of another script); the amount itself
    comes first.
    """
    text = value.strip()
    amount = Decimal(text)
    if not amount.is_finite():
        return "amount-nan"
    if amount <= 0:
        return "amount-negative" if amount else "amount-zero"
    return None if PLAIN.fullmatch(text) else "amount-unusual"
