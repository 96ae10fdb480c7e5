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

PRICE = re.compile(
    rf"(?:{_EURO} ?)?(?P<body>[0-9](?:[0-9 .,']*[0-9])?[.,]) ?[-–—]{{1,2}} ?(?:{_EURO})?",
    re.IGNORECASE,
)
"""« 1 500,- », as prices are written: the dash stands for no cents, it is no minus sign."""

_MULTIPLE = (
    rf"(?:(?P<letter>[km]) ?{_EURO}"
    rf"|(?P<word>mille|milliers?|millions?)\b ?(?:(?:d'|de )? ?{_EURO})?)"
)
MULTIPLE = re.compile(
    rf"(?P<sign>[-−–] ?)?(?P<body>[0-9](?:[0-9 .,']*[0-9])?) ?{_MULTIPLE}", re.IGNORECASE
)
MULTIPLES = re.compile(rf"[0-9] ?{_MULTIPLE}", re.IGNORECASE)
POWERS = {"k": 3, "K": 3, "M": 6}
"""« m€ » may be thousands or millions."""

UNSURE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
"""One and a bit, or a thousand and some."""

DASH = re.compile(rf"[-–—]+ ?{_EURO}", re.IGNORECASE)
CURRENCY = re.compile(rf"[0-9].*?{_EURO}", re.IGNORECASE)
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
        return _shared(field, *_comma(*found.groups()))
    if NUMBER.fullmatch(text):
        return _shared(field, "", text)
    if found := PRICE.fullmatch(text):
        plain = _bare(found["body"])[1]
        return Diagnosis("price-dash", plain and plain.rstrip("."))
    if found := MULTIPLE.fullmatch(text):
        return Diagnosis("multiple", _multiplied(found))
    if found := DRESSED.fullmatch(text):
        return _dressed(field, found)
    if DASH.fullmatch(text):
        return Diagnosis("placeholder", None if field.required else "")
    if ROUNDED.fullmatch(text):
        return Diagnosis("scientific")
    if MULTIPLES.search(text):
        return Diagnosis("multiple")
    return Diagnosis("currency") if CURRENCY.search(text) else None


def _dressed(field: Field, found: re.Match[str]) -> Diagnosis | None:
    cause, plain = _bare(found["body"])
    signs = [s for s in (found["sign"], found["inner"], found["minus"]) if s]
    if (found["open"] is None) != (found["close"] is None) or len(signs) > 1:
        return None
    if found["open"] and signs:
        return None
    if found["minus"] and found["body"].endswith((".", ",")):
        return Diagnosis("price-dash")
    if plain is not None and (found["open"] or (signs and signs[0] != "+")):
        plain = f"-{plain}"
    if cause == AMBIGUOUS and not found["percent"]:
        return Diagnosis(cause)
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
        return _comma(*found.groups())
    if found := GROUPS.fullmatch(body):
        whole = next(found[name] for name in GROUP_NAMES if found[name])
        decimals = found["d1"] or found["d2"] or found["d3"]
        return "thousands", SEPARATORS.sub("", whole) + (f".{decimals}" if decimals else "")
    return "thousands", None


GROUP_NAMES = ("blank", "point", "points", "comma", "commas")


AMBIGUOUS = "comma-ambiguous"


def _comma(whole: str, decimals: str) -> tuple[str, str | None]:
    """The cause and the number: 24975,00 -> 24975.00; none for 1,234, where the comma may part
    thousands."""
    if len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        return AMBIGUOUS, None
    return "comma", f"{whole or '0'}.{decimals}" if decimals else whole


def _multiplied(found: re.Match[str]) -> str | None:
    """« 1,5 M€ » -> 1500000."""
    plain = _bare(found["body"])[1]
    word = found["word"]
    power = POWERS.get(found["letter"]) if word is None else 6 if "on" in word.casefold() else 3
    if plain is None or power is None or UNSURE.fullmatch(found["body"]):
        return None
    return ("-" if found["sign"] else "") + _written(Decimal(plain).scaleb(power))


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
    return _written(Decimal(plain).scaleb(-2))


def _written(number: Decimal) -> str:
    """In digits, without zeros after the point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
