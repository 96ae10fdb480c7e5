"""Dates that are not AAAA-MM-JJ: 23/02/2017, 2019-01-21 00:00:00, 43122, 27 février 2023.

Imports the standard library only.
"""

from __future__ import annotations

import re

from .days import month_of, serial_date, written_dates
from .diagnosis import Diagnosis
from .fold import without_accents

YEAR = r"(?:19|20)[0-9]{2}"
YEARS = re.compile(rf"(?:{YEAR})(?:[.,]0+)?(?P<second> ?[-/_–] ?(?:{YEAR}|[0-9]{{2}}))?")
MONTH = re.compile(
    rf"(?P<m1>[0-9]{{1,2}})[-/. ](?P<y1>{YEAR})|(?P<y2>{YEAR})[-/. ](?P<m2>[0-9]{{1,2}})"
)
NAMED_MONTH = re.compile(rf"([^\W\d_]{{3,9}})\.?[ -]?({YEAR}|[0-9]{{2}})")
WORDS = re.compile(r"[^\W\d_]+")
NEUTRAL = frozenset((
    "le", "du", "la", "de", "en", "date", "convention", "signe", "signee", "signature",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
))  # fmt: skip
"""Words that leave a date what it is.  « Commission permanente du 27 février 2023 » is the date of
something else than the convention, or not: the cell alone cannot tell."""


def find(text: str) -> Diagnosis | None:
    """What is wrong with a date; a day is proposed only when the cell holds one and no other."""
    dates = list(written_dates(text))
    if not dates:
        return without_day(text)
    if len(dates) > 1:
        return Diagnosis("date-several")
    (found,) = dates
    around = text[: found.start] + " " + text[found.end :]
    if not around.isspace():
        certain = words(around) <= NEUTRAL and not any(c.isdigit() for c in around)
        return Diagnosis("date-words", found.iso if certain else None)
    if found.kind in {"iso", "date-unpadded"}:
        return None
    return Diagnosis(found.kind, found.iso)


def without_day(text: str) -> Diagnosis | None:
    """A serial is a day; a year or a month is not."""
    if serial := serial_date(text):
        return Diagnosis("excel-serial", serial)
    if found := YEARS.fullmatch(text):
        return Diagnosis("two-years" if found["second"] else "year-only")
    if month(text):
        return Diagnosis("month-only")
    return None


def month(text: str) -> tuple[str, int] | None:
    """(year, month) of « 02/2017 », « 2017-02 », « février 2017 »; the year "" in « févr-17 »."""
    if found := MONTH.fullmatch(text):
        number = int(found["m1"] or found["m2"])
        return (found["y1"] or found["y2"], number) if 0 < number <= 12 else None
    if found := NAMED_MONTH.fullmatch(text):
        named = month_of(found[1])
        return (found[2] if len(found[2]) == 4 else "", named) if named else None
    return None


def words(text: str) -> set[str]:
    """Words without case or accents."""
    return set(WORDS.findall(without_accents(text.casefold())))
