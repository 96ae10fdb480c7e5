"""Values of a closed list written otherwise: case, blanks, accents, an abbreviation, a slip.

Generic over the list, with the abbreviations that the two standards' columns get.  Imports the
standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..standards import Field
from .diagnosis import Diagnosis
from .fold import folded, one_slip, squeezed

ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {
    "BGT_NATDEC": {
        "bp": "budget primitif",
        "primitif": "budget primitif",
        "budget previsionnel": "budget primitif",  # the standard's own description says so
        "bs": "budget supplémentaire",
        "supplementaire": "budget supplémentaire",
        "dm": "décision modificative",
        "ca": "compte administratif",
        "cfu": "compte administratif",  # what the standard, which has no word for it, leaves
        "compte financier unique": "compte administratif",
    },
    "BGT_SECTION": {
        "i": "investissement",
        "inv": "investissement",
        "invest": "investissement",
        "section d'investissement": "investissement",
        "f": "fonctionnement",
        "fonc": "fonctionnement",
        "fonct": "fonctionnement",
        "section de fonctionnement": "fonctionnement",
        "exploitation": "fonctionnement",  # its name in the M4
        "section d'exploitation": "fonctionnement",
    },
    "BGT_OPBUDG": {
        "r": "réel",
        "reelle": "réel",
        "reelles": "réel",
        "operation reelle": "réel",
        "operations reelles": "réel",
        "o": "ordre",
        "operation d'ordre": "ordre",
        "operations d'ordre": "ordre",
    },
    "BGT_CODRD": {
        "d": "dépense",
        "dep": "dépense",
        "r": "recette",
        "rec": "recette",
    },
    "BGT_ARTSPE": {
        "oui": "spécialisé",
        "s": "spécialisé",
        "non": "non spécialisé",
        "ns": "non spécialisé",
    },
    "nature": {
        "numeraire": "aide en numéraire",
        "en numeraire": "aide en numéraire",
        "aide numeraire": "aide en numéraire",
        "subvention en numeraire": "aide en numéraire",
        "nature": "aide en nature",
        "en nature": "aide en nature",
        "subvention en nature": "aide en nature",
    },
}
VAGUE: Mapping[str, re.Pattern[str]] = {
    "nature": re.compile(r"financi|subvention|argent|pret\b|garantie"),
    "BGT_NATDEC": re.compile(r"budget|compte|\bannexe"),
    "BGT_SECTION": re.compile(r"fonctionnement|investissement|\bfonct|\binvest"),
}
"""Words near those of the list that do not say which: no proposal."""

NUMBERED = re.compile(r"(dm|decision modificative) ?(?:n ?[°o]? ?)?[0-9]{1,2}")
PARTS = re.compile(r" ?[;,/|+&] ?| et ")
MISREAD = ("Ã", "Â")
SHORTEST = 4
"""Letters under which one slip may make another word."""


@dataclass(frozen=True)
class _Known:
    """The list under each way of looking less closely."""

    blanks: Mapping[str, str]
    case: Mapping[str, str]
    accents: Mapping[str, str]


def find(field: Field, text: str) -> Diagnosis | None:
    """What is wrong with a value of a closed list."""
    values = tuple(field.constraints.get("enum", ()))
    if not all(isinstance(value, str) for value in values):
        return None
    known = _known(values)
    tight = _tight(text)
    if value := known.blanks.get(tight):
        return Diagnosis("enum-blanks", value)
    if value := known.case.get(tight.casefold()):
        return Diagnosis("enum-case", value)
    plain = folded(tight)
    if value := known.accents.get(plain):
        return Diagnosis("enum-accents", value)
    if value := _misdecoded(tight, values):
        return Diagnosis("misdecoded", value)
    return _near(field.name, plain, known.accents)


def _near(name: str, plain: str, known: Mapping[str, str]) -> Diagnosis | None:
    if value := _meant(name, plain, known) or _joined(name, plain, known):
        return Diagnosis("enum-near", value)
    vague = VAGUE.get(name)
    return Diagnosis("enum-near") if vague and vague.search(plain) else None


def _meant(name: str, plain: str, known: Mapping[str, str]) -> str | None:
    """The value that one word or abbreviation stands for."""
    if numbered := NUMBERED.fullmatch(plain):
        plain = numbered[1]
    value = known.get(plain) or ABBREVIATIONS.get(name, {}).get(plain)
    if value or len(plain) < SHORTEST:
        return value
    close = [value for key, value in known.items() if one_slip(plain, key)]
    return close[0] if len(close) == 1 else None


def _joined(name: str, plain: str, known: Mapping[str, str]) -> str | None:
    """« Numéraire et nature » -> « aide en numéraire;aide en nature »."""
    parts = [_meant(name, part, known) for part in PARTS.split(plain) if part]
    if None in parts or not parts:
        return None
    return known.get(folded(";".join(dict.fromkeys(part for part in parts if part))))


def _misdecoded(text: str, values: Iterable[str]) -> str | None:
    """The value whose accents another encoding has eaten: nÃ©ant, n�ant."""
    if "�" in text:
        close = [v for v in values if len(v) == len(text) and _but_for_holes(text, v)]
        return close[0] if len(close) == 1 else None
    if not any(mark in text for mark in MISREAD):
        return None
    try:
        read = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return next((value for value in values if value == read), None)


def _but_for_holes(text: str, value: str) -> bool:
    return all(a in {b, "�"} for a, b in zip(text, value, strict=True))


def _tight(text: str) -> str:
    """Single blanks, none around a semicolon, none of which ends the value."""
    return ";".join(part.strip() for part in squeezed(text).split(";"))


@lru_cache(maxsize=64)
def _known(values: tuple[str, ...]) -> _Known:
    return _Known(
        {_tight(value): value for value in values},
        {_tight(value).casefold(): value for value in values},
        {folded(_tight(value)): value for value in values},
    )
