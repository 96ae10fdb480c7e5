"""Periods that are not AAAA-MM-JJ/AAAA-MM-JJ: another separator, other dates, words, a year.

The arrêté du 17 novembre 2017 parts the two dates by an underscore, the standard by a slash as
ISO 8601 does: hence the commonest refusal.  Imports the standard library only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from .dates import YEAR, month, without_day, words
from .days import LAST_DAY, Written, is_day, known_day, written_dates
from .diagnosis import Diagnosis

PATTERN = r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$"
UNDERSCORE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{4}-[0-9]{2}-[0-9]{2})")
WHOLE_YEAR = re.compile(rf"(?:(?:année|annee|exercice) )?({YEAR})(?:[.,]0+)?", re.IGNORECASE)
SEPARATOR = re.compile(r" *[_/\\|:~>–—-][ _/\\|:~>–—-]*")
"""Two dates with a mere blank or a new line between them are two payments."""

BEFORE = frozenset(("du", "de", "le", "la", "periode", "date", "dates", "versement", "versements"))
BETWEEN = frozenset(("au", "a", "le", "jusqu", "jusque"))
AFTER = frozenset(("inclus", "inclu"))
ORDER = (
    "impossible",
    "datetime",
    "date-words",
    "date-dmy",
    "date-slash",
    "compact",
    "date-unpadded",
)
NAMES = {
    "date-words": "period-words",
    "date-dmy": "period-dmy",
    "year-only": "period-year",
    "two-years": "period-two-years",
    "month-only": "period-month",
}
"""Causes that a period has in its own words: it has a beginning and an end to be written."""


class Parts(NamedTuple):
    """The text around two dates."""

    before: str
    between: str
    after: str


def find(text: str) -> Diagnosis | None:
    """What is wrong with a date or period of payment.

    A year alone is proposed as that year: the standard asks for a period when the date is not
    known, and 2018 says no other one; two years may be a season, and have no proposal.
    """
    if (found := UNDERSCORE.fullmatch(text)) and is_day(found[1]) and is_day(found[2]):
        start, end = found.groups()  # so common that it does not wait for the general case
        return Diagnosis("period-underscore", f"{start}/{end}" if start <= end else None)
    dates = list(written_dates(text))
    if not dates:
        return _without_day(text)
    if len(dates) == 1:
        return _single(text, dates[0])
    if len(dates) > 2:
        return Diagnosis("period-several")
    return _pair(text, dates)


def _period(dates: list[Written]) -> str | None:
    """The two dates as the standard writes them, None when one is unknown or they are reversed."""
    start, end = dates[0].iso, dates[1].iso
    return f"{start}/{end}" if start and end and start <= end else None


def _single(text: str, found: Written) -> Diagnosis | None:
    before, after = text[: found.start], text[found.end :]
    if not before.strip() and not after.strip():
        return Diagnosis(found.kind, found.iso)
    certain = words(before) <= BEFORE and not after.strip() and not _digits(before)
    return Diagnosis("period-words", found.iso if certain else None)


def _pair(text: str, dates: list[Written]) -> Diagnosis | None:
    first, second = dates
    parts = Parts(text[: first.start], text[first.end : second.start], text[second.end :])
    if any(map(words, parts)):
        if not words(parts.between) <= BETWEEN and words(parts.between) <= {"et", "puis", "le"}:
            return Diagnosis("period-several")
        return Diagnosis("period-words", _period(dates) if _certain(parts) else None)
    if not SEPARATOR.fullmatch(parts.between) or parts.before or parts.after:
        return Diagnosis("period-several")
    return Diagnosis(_cause({first.kind, second.kind}, parts.between), _period(dates))


def _cause(kinds: set[str], between: str) -> str:
    """The way of writing that a clerk must mend first."""
    for kind in ORDER:
        if kind in kinds:
            return NAMES.get(kind, kind)
    separator = between.strip()
    if separator != "/":
        return "period-underscore" if separator == "_" else "period-separator"
    return "period-blanks"


def _certain(parts: Parts) -> bool:
    return (
        words(parts.before) <= BEFORE
        and words(parts.between) <= BETWEEN
        and words(parts.after) <= AFTER
        and not any(map(_digits, parts))
    )


def _digits(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _without_day(text: str) -> Diagnosis | None:
    if found := WHOLE_YEAR.fullmatch(text):
        return Diagnosis("period-year", f"{found[1]}-01-01/{found[1]}-12-31")
    if (found_month := month(text)) and found_month[0]:
        year, number = found_month
        leap = number == 2 and known_day(int(year), 2, 29)
        start = f"{year}-{number:02}"
        return Diagnosis("period-month", f"{start}-01/{start}-{LAST_DAY[number] + leap}")
    dated = without_day(text)
    return dated and replace(dated, cause=NAMES.get(dated.cause, dated.cause))
