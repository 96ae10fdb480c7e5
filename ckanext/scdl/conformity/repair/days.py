"""Dates as people write them: found in a text, with what each is written like.

Order is the French one, day then month; two-digit years say no century.  An Excel serial is the
number of days since 30 December 1899.  Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from .fold import without_accents

LAST_DAY = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FIRST_YEAR, LAST_YEAR = 1990, 2099
"""Years that a date of a budget or of a grant may have: beyond, the digits mean something else."""

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1,
    "fevrier": 2, "fevr": 2, "fev": 2,
    "mars": 3, "mar": 3,
    "avril": 4, "avr": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7, "juil": 7,
    "aout": 8,
    "septembre": 9, "sept": 9, "sep": 9,
    "octobre": 10, "oct": 10,
    "novembre": 11, "nov": 11,
    "decembre": 12, "dec": 12,
}  # fmt: skip
_MONTH = "(?P<{}>[a-zéèûôA-ZÉÈÛÔ]{{3,9}})"
_TIME = (
    r"(?P<time{0}>[T ]{{1,2}}(?P<hour{0}>[0-9]{{1,2}})[:hH][0-9]{{2}}"
    r"(?::[0-9]{{2}}(?:[.,][0-9]+)?)?"
    r"(?P<zone{0}>Z|\+00:?00)?(?:[+-][0-9]{{2}}:?[0-9]{{2}})?)?"
)
WRITTEN = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<y1>[0-9]{4})(?P<s1>[-/.])(?P<m1>[0-9]{1,2})(?P=s1)(?P<d1>[0-9]{1,2})(?![0-9])"
    + _TIME.format(1)
    + r"|(?P<d2>[0-9]{1,2})(?P<s2>[-/. ])(?P<m2>[0-9]{1,2})(?P=s2)"
    r"(?P<y2>[0-9]{4}|[0-9]{2})(?![0-9])"
    + _TIME.format(2)
    + r"|(?P<d3>[0-9]{1,2})(?:er)?[ .-]?"
    + _MONTH.format("m3")
    + r"\.?[ .-]?(?P<y3>[0-9]{4}|[0-9]{2})(?![0-9])"
    r"|(?P<compact>[0-9]{8})(?![0-9])"
    r")"
)
SERIAL = re.compile(r"([345][0-9]{4})(?:[.,][0-9]+)?")
EPOCH = date(1899, 12, 30)
SERIALS = range((date(1990, 1, 1) - EPOCH).days, (date(2041, 1, 1) - EPOCH).days)
"""Excel's numbers for the days of 1990 to 2040."""

LAST_UTC_HOUR = 22
"""From 22:00 UTC on, it is tomorrow in Paris: the date alone would be the wrong one."""


@dataclass(frozen=True)
class Written:
    """A date found at text[start:end]; `iso` is None when it is none or nobody can tell which.

    kind: the cause that this way of writing gets; "iso" is the standard's own.
    """

    start: int
    end: int
    kind: str
    iso: str | None


def known_day(year: int, month: int, day: int) -> bool:
    """True for a day of the calendar, years 1 to 9999."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 0 < day <= 28 + leap and 0 < year <= MAXYEAR
    return 0 < month <= 12 and 0 < day <= LAST_DAY[month] and 0 < year <= MAXYEAR


def is_day(iso: str) -> bool:
    """True for AAAA-MM-JJ, both digits of each written, of the calendar."""
    found = ISO.fullmatch(iso)
    return found is not None and known_day(int(found[1]), int(found[2]), int(found[3]))


def written_dates(text: str) -> Iterator[Written]:
    """The dates of a text, in order."""
    for match in WRITTEN.finditer(text):
        found = _written(match)
        if found is not None:
            yield found


def serial_date(text: str) -> str | None:
    """The date of an Excel serial, its time of day dropped."""
    match = SERIAL.fullmatch(text)
    if match is None or int(match[1]) not in SERIALS:
        return None
    return (EPOCH + timedelta(days=int(match[1]))).isoformat()


def month_of(name: str) -> int | None:
    """1 to 12 for a French month's name or usual abbreviation."""
    return MONTHS.get(without_accents(name.casefold()).rstrip("."))


def _written(match: re.Match[str]) -> Written | None:
    start, end = match.span()
    if year := match["y1"]:
        return Written(start, end, *_year_first(match, year))
    if year := match["y2"]:
        return Written(start, end, *_day_first(match, year))
    if digits := match["compact"]:
        iso = _compact(digits)
        return Written(start, end, "compact", iso) if iso else None
    month = month_of(match["m3"])
    if month is None:
        return None
    return Written(start, end, "date-words", _plausible(match["y3"], month, int(match["d3"])))


def _year_first(match: re.Match[str], year: str) -> tuple[str, str | None]:
    month, day = int(match["m1"]), int(match["d1"])
    if not known_day(int(year), month, day):
        return "impossible", _plausible(year, day, month)
    iso = f"{year}-{month:02}-{day:02}"
    if match["time1"]:
        return "datetime", None if _tomorrow(match["hour1"], match["zone1"]) else iso
    if match["s1"] != "-":
        return "date-slash", iso
    return "iso" if match.end("d1") - match.start("y1") == len(iso) else "date-unpadded", iso


def _day_first(match: re.Match[str], year: str) -> tuple[str, str | None]:
    month, day = int(match["m2"]), int(match["d2"])
    if not known_day(int(year) + 2000 * (len(year) == 2), month, day):
        return "impossible", _plausible(year, day, month)
    kind = "datetime" if match["time2"] else "date-dmy"
    return kind, None if _tomorrow(match["hour2"], match["zone2"]) else _plausible(year, month, day)


def _tomorrow(hour: str | None, zone: str | None) -> bool:
    return hour is not None and zone is not None and int(hour) >= LAST_UTC_HOUR


def _compact(digits: str) -> str | None:
    """AAAAMMJJ or JJMMAAAA; never both, a year being at least 1990 and a month at most 12."""
    year_first = _plausible(digits[:4], int(digits[4:6]), int(digits[6:]))
    return year_first or _plausible(digits[4:], int(digits[2:4]), int(digits[:2]))


def _plausible(year: str, month: int, day: int) -> str | None:
    number = int(year)
    if not FIRST_YEAR <= number <= LAST_YEAR or not known_day(number, month, day):
        return None
    return f"{number}-{month:02}-{day:02}"
