"""Numbers written as in a letter or by a spreadsheet: 24 975,00 €, 1.234.567,89, 80 %, (1 500).

Imports the standard library only.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..standards import Field
from .accepted import NUMBER
from .diagnosis import Diagnosis

DECIMALS = re.compile(r"([+-]?[0-9]*)[.,]([0-9]*)")
COMMA = re.compile(r"([0-9]*),([0-9]*)")
GROUPS = re.compile(
    r"(?P<blank>[1-9][0-9]{0,2}(?:(?: +|')[0-9]{3})+)(?:[.,](?P<d1>[0-9]*))?"
    r"|(?P<point>[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<d2>[0-9]*)"
    r"|(?P<points>[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,})"
    r"|(?P<comma>[1-9][0-9]{0,2}(?:,[0-9]{3})+)\.(?P<d3>[0-9]*)"
    r"|(?P<commas>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,})"
)
SEPARATORS = re.compile(r"[ .,']+")
_EURO = r"(?:€|(?:euros?|eur)(?![a-z]))"
DRESSED = re.compile(
    rf"(?P<open>\()? ?(?P<sign>[-+−–])? ?(?P<before>{_EURO})? ?(?P<inner>[-+−–])?"
    r"(?P<body>[.,]?[0-9](?:[0-9 .,']*[0-9.,])?)"
    rf" ?(?P<after>{_EURO})?(?P<percent>%)? ?(?P<close>\))? ?(?P<minus>-)?",
    re.IGNORECASE,
)
"""A number with a sign, a currency, a percent sign or an accountant's parentheses around it."""

DASH = re.compile(rf"[-–—]+ ?{_EURO}", re.IGNORECASE)
CURRENCY = re.compile(rf"[0-9].*?(?:{_EURO}|[km]€)", re.IGNORECASE)
ROUNDED = re.compile(r"[+-]?[0-9]+,[0-9]*E[+-]?[0-9]+", re.IGNORECASE)
PER_CENT = range(2, 101)
"""What a share between 0 and 1 is written as when it is a percentage; between 1 and 2, one cannot
tell 1,5 % from 150 %."""


def find(field: Field, text: str) -> Diagnosis | None:
    """What is wrong with a number, `text` having plain blanks and apostrophes.

    "1,234" may be one and a bit or a thousand and some: no proposal.  Any other comma is decimal
    when it stands alone, as the law on this format writes it (arrêté du 17 novembre 2017).
    """
    if field.type == "integer" and (found := DECIMALS.fullmatch(text)):
        return Diagnosis("decimals", found[1] if found[1] and not found[2].strip("0") else None)
    if (found := COMMA.fullmatch(text)) and len(text) > 1:
        return _shared(field, "comma", _comma(*found.groups()))
    if NUMBER.fullmatch(text):
        return _shared(field, "", text)
    if found := DRESSED.fullmatch(text):
        return _dressed(field, found)
    if DASH.fullmatch(text):
        return Diagnosis("placeholder", None if field.required else "")
    if ROUNDED.fullmatch(text):
        return Diagnosis("scientific")
    return Diagnosis("currency") if CURRENCY.search(text) else None


def _dressed(field: Field, found: re.Match[str]) -> Diagnosis | None:
    cause, plain = _bare(found["body"])
    signs = [s for s in (found["sign"], found["inner"], found["minus"]) if s]
    if (found["open"] is None) != (found["close"] is None) or len(signs) > 1:
        return None
    if found["open"] and signs:
        return None
    if plain is not None and (found["open"] or (signs and signs[0] != "+")):
        plain = f"-{plain}"
    if found["percent"]:
        return Diagnosis("percent", _hundredth(plain) if _is_share(field) and plain else None)
    if found["before"] or found["after"]:
        return Diagnosis("currency", plain)
    if found["open"]:
        return Diagnosis("parentheses", plain)
    if not cause:
        return Diagnosis("minus-sign", plain) if signs else None
    return _shared(field, cause, plain)


def _bare(body: str) -> tuple[str, str | None]:
    """The cause ("" for a plain number) and the plain number, None when it is ambiguous."""
    if NUMBER.fullmatch(body):
        return "", body
    if found := COMMA.fullmatch(body):
        return "comma", _comma(*found.groups())
    if found := GROUPS.fullmatch(body):
        whole = next(found[name] for name in GROUP_NAMES if found[name])
        decimals = found["d1"] or found["d2"] or found["d3"]
        return "thousands", SEPARATORS.sub("", whole) + (f".{decimals}" if decimals else "")
    return "thousands", None


GROUP_NAMES = ("blank", "point", "points", "comma", "commas")


def _comma(whole: str, decimals: str) -> str | None:
    """24975,00 -> 24975.00; None for 1,234, where the comma may part thousands."""
    if len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        return None
    return f"{whole or '0'}.{decimals}" if decimals else whole


def _shared(field: Field, cause: str, plain: str | None) -> Diagnosis | None:
    """A number that may be the percentage of a column of shares: 80 or 80,00 for 0.8."""
    if plain is not None and _is_share(field) and _is_percentage(plain):
        return Diagnosis("percent", _hundredth(plain))
    return Diagnosis(cause, plain) if cause else None


def _is_share(field: Field) -> bool:
    return field.type == "number" and field.constraints.get("maximum") == 1


def _is_percentage(plain: str) -> bool:
    return PER_CENT[0] <= Decimal(plain) <= PER_CENT[-1]


def _hundredth(plain: str) -> str:
    return f"{Decimal(plain).scaleb(-2).normalize():f}"
