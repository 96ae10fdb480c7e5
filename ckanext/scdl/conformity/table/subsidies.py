"""What we know of subsidy tables beyond the standard's rules: advice on cells, doubles, shares,
and the budget that pays.

The rules are those of `conformity.subsidies`; here is what spares asking them of a million cells.
Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..report import cut
from ..subsidies import amounts, periods, references
from .accept import in_order, real_day
from .columns import Advice
from .credits import NEEDED, Credits
from .doubles import Doubles
from .engine import Observer, Reading, Trouble
from .grid import WORD, Column, Mask, Words
from .shares import Shares

DAY, PERIOD = 10, 21
"""Characters of a date, and of two with a slash between."""

SAME_DECISION = ("idAttribuant", "referenceDecision", "objet")
SAME_GRANT = ("dateConvention", "montant")
"""Lines that agree on these too are one grant, shared (README of scdl/subventions 2.1.1)."""

SAME_LINE = ("referenceDecision", "idBeneficiaire", "rnaBeneficiaire", "objet", "montant")
"""Lines that agree on these are probably one, written twice."""

BENEFICIARY = ("idBeneficiaire", "rnaBeneficiaire")


def observers(columns: Mapping[str, int], reading: Reading) -> list[Observer]:
    """Those for which the file has the columns; columns: position by field name."""
    found: list[Observer] = []
    if {"objet", "montant"} <= columns.keys() and columns.keys() & set(BENEFICIARY):
        found.append(Doubles(_positions(columns, SAME_LINE), _positions(columns, BENEFICIARY)))
    share = columns.get("pourcentageSubvention")
    if share is not None and {"objet", "montant"} <= columns.keys():
        telling, others = _positions(columns, SAME_DECISION), _positions(columns, SAME_GRANT)
        found.append(Shares("pourcentageSubvention", share, telling, others))
    if reading.budget is not None and columns.keys() >= NEEDED:
        found.append(Credits(columns, reading.budget))
    return found


def _positions(columns: Mapping[str, int], names: tuple[str, ...]) -> list[int]:
    return [columns[name] for name in names if name in columns]


def _amount(text: str) -> Iterator[Trouble]:
    if code := amounts.judge(text):
        yield Trouble("warning", code, {"value": cut(text)})


def _period(text: str) -> Iterator[Trouble]:
    if code := periods.judge(text):
        yield Trouble("warning", code, {"value": cut(text)})


def _reference(text: str) -> Iterator[Trouble]:
    if references.looks_like_date(text):
        yield Trouble("warning", "reference-date-like", {"value": cut(text)})


def _rounded(text: str) -> Iterator[Trouble]:
    if text.endswith(LAST_ZEROS):
        yield Trouble("warning", "siret-rounded", {"value": cut(text)})


LAST_ZEROS = "00000"
"""No establishment has this number; a spreadsheet that rounds leaves it."""

_ZEROS_AT = np.uint64(0x0000FFFFFFFFFF00)  # characters 10 to 14, the last but one word's 1 to 5
_FIVE_ZEROS = np.uint64(int.from_bytes(b"\0" + LAST_ZEROS.encode() + b"\0\0", "little"))


def _not_rounded(column: Column) -> Mask:
    """Of SIRETs; an empty cell is not rounded either."""
    last: Mask = (column.raw_words(WORD) & _ZEROS_AT) != _FIVE_ZEROS
    return last


def _plausible_period(column: Column) -> Mask:
    """Of cells that have the form of a date or a period: real days, in order."""
    single, double = column.lengths == DAY, column.lengths == PERIOD
    found: Mask = real_day(column, 0)
    ends = column.take(double.nonzero()[0])
    found[double] &= real_day(ends, DAY + 1) & in_order(ends, 0, DAY + 1)
    found &= single | double
    return found


def _no_date(column: Column) -> Mask:
    """References that are surely no date as spreadsheets write them, by a few characters."""
    words = column.raw_words(0)
    first, second, third, fourth = (_byte(words, position) for position in range(4))
    after_time = _byte(column.raw_words(WORD), DAY - WORD)
    slashed = (second == SLASH) | (third == SLASH)
    named = ((second == DASH) & _small(third)) | ((third == DASH) & _small(fourth))
    timed = (after_time == BLANK) | (after_time == T)
    told = slashed | named | timed | _small(first) | (first <= BLANK)
    quiet: Mask = ~told | (column.lengths == 0)
    return quiet


SLASH, DASH, BLANK, T = (np.uint64(ord(character)) for character in "/- T")
_A, _BEYOND = np.uint64(ord("a")), np.uint64(ord("z"))
_BYTE = np.uint64(0xFF)


def _byte(words: Words, position: int) -> Words:
    found: Words = (words >> np.uint64(8 * position)) & _BYTE
    return found


def _small(byte: Words) -> Mask:
    """Lower case ASCII letters: no month begins with another."""
    return (byte >= _A) & (byte <= _BEYOND)


ADVICE = {
    "montant": Advice(_amount, positive=True),
    "datesPeriodeVersement": Advice(_period, _plausible_period),
    "referenceDecision": Advice(_reference, _no_date),
    "idAttribuant": Advice(_rounded, _not_rounded),
    "idBeneficiaire": Advice(_rounded, _not_rounded),
}
"""By field."""
