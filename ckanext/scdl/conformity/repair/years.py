"""Years that are not four digits: 2018.0, 01/01/2018, exercice 2018.

Imports the standard library only.
"""

from __future__ import annotations

import re
from datetime import date

from .days import EPOCH, FIRST_YEAR, LAST_YEAR, serial_date, written_dates
from .diagnosis import Diagnosis

DECIMAL = re.compile(r"([0-9]{4})[.,]0*")
EXCEL = re.compile(r"1905-(?P<m1>0[6-9])-(?P<d1>[0-2][0-9])|(?P<d2>[0-2][0-9])/(?P<m2>0[6-9])/1905")
FOUR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


def find(text: str) -> Diagnosis | None:
    """What is wrong with a year; « 2018/2019 » names two and gets no proposal."""
    if found := DECIMAL.fullmatch(text):
        return Diagnosis("year-decimal", found[1])
    if serial := serial_date(text):
        return Diagnosis("excel-serial", serial[:4])
    dates = list(written_dates(text))
    if len(dates) == 1 and (dates[0].start, dates[0].end) == (0, len(text)):
        return Diagnosis("year-date", _year(dates[0].iso, text))
    years = FOUR.findall(text)
    if len(years) == 1:
        return Diagnosis("year-words", years[0])
    return Diagnosis("year-several") if years else None


def _year(iso: str | None, text: str) -> str | None:
    """The year of a date; 10/07/1905 is 2018 to which Excel gave the format of a date."""
    if found := EXCEL.search(text):
        day = date(1905, int(found["m1"] or found["m2"]), int(found["d1"] or found["d2"]))
        serial = (day - EPOCH).days
        return str(serial) if FIRST_YEAR <= serial <= LAST_YEAR else None
    return iso and iso[:4]
