"""Dates and periods of payment that have the standard's form and mean nothing.

The pattern of datesPeriodeVersement lets 2018-02-30 and 2018-12-31/2018-01-01 pass; ISO 8601, which
the standard names, has no such day, and its intervals go forward.  Imports the library's dates.
"""

from __future__ import annotations

from typing import Literal

from ..repair.days import is_day

Amiss = Literal["period-impossible", "period-reversed"]


def judge(value: str) -> Amiss | None:
    """What is wrong with AAAA-MM-JJ or AAAA-MM-JJ/AAAA-MM-JJ; of another form, the pattern tells.

    The pattern takes a line feed at the end of the cell, which is no part of the period.
    """
    start, slash, end = value.removesuffix("\n").partition("/")
    if not is_day(start) or (slash and not is_day(end)):
        return "period-impossible"
    return "period-reversed" if slash and end < start else None
