"""References of decisions that a spreadsheet has turned into dates.

Excel in French reads 2-7 or 2/7 as a day and 7-19 as a month: it then shows 02-juil, 02/07/2019,
juil-19 (juil.-19 in newer ones), and other tools read 2019-07-02 00:00:00 in its files.

References made of numbers are real ones and are not told: the standard's own example is
2017-03-103, so that 2017-03-10 may be the tenth of that month; 12/2019 the twelfth of the year;
43122 a number of any kind.  Imports the standard library only.
"""

from __future__ import annotations

import re

_MONTH = r"(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.?"
"""As Excel writes them, in lower case: DEC-19 is the nineteenth decision."""

_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_TIME = r"(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
DATE = re.compile(
    rf"{_DAY}/(?:0?[1-9]|1[0-2])/[12][0-9]{{3}}{_TIME}"
    rf"|(?:0[1-9]|[12][0-9]|3[01])/(?:0[1-9]|1[0-2])/[0-9]{{2}}{_TIME}"
    r"|[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[ T]00:00(?::00(?:\.0+)?)?Z?"
    rf"|{_DAY}-{_MONTH}(?:-[0-9]{{2}}(?:[0-9]{{2}})?)?"
    rf"|{_MONTH}-[0-9]{{2}}"
)


def looks_like_date(value: str) -> bool:
    """True when the whole reference is a date as spreadsheets write them."""
    return DATE.fullmatch(value.strip()) is not None
