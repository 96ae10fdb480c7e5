"""What a refused cell suffers from, and what to write instead when that is certain.

One module per kind of damage recognises and proposes; here they are chosen by the field and the
rule.  A proposal is never given unless the standard accepts it.  Pure: same cell, same answer.
Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..standards import Field
from . import booleans, dates, enums, numbers, periods, rna, sirets, texts, years
from .accepted import accepts
from .diagnosis import Diagnosis
from .fold import ANY_BLANKS, APOSTROPHES, BLANKS
from .keys import siret_keyed

__all__ = ["Diagnosis", "diagnose"]

LONGEST = 200
"""Characters beyond which a cell is a text and no number, date or code."""

Finder = Callable[[Field, str], "Diagnosis | None"]
SIRET = "siret"
FIND_SIRET: Finder = lambda _, text: sirets.find(text)  # noqa: E731
BY_PATTERN: Mapping[str, Finder] = {
    sirets.PATTERN: FIND_SIRET,
    rna.PATTERN: lambda _, text: rna.find(text),
    periods.PATTERN: lambda _, text: periods.find(text),
}
BY_TYPE: Mapping[str, Finder] = {
    "number": numbers.find,
    "integer": numbers.find,
    "date": lambda _, text: dates.find(text),
    "year": lambda _, text: years.find(text),
    "boolean": booleans.find,
}
OWN_WAYS = ("decimalChar", "groupChar", "bareNumber")
"""What makes a column's numbers or dates others than those that we propose."""

OF_TYPE = frozenset(("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
FIGURES = frozenset((*BY_PATTERN.values(), *BY_TYPE.values())) - {booleans.find}
"""Those whose cells have no business with words."""

LETTER = re.compile(r"[^\W\d_]")


def diagnose(field: Field, rule: str, value: str) -> Diagnosis | None:
    """The cause of a refusal and the cell mended, None when nothing is recognised.

    rule: what refused the value: "type", the name of a constraint, or "siret" for the custom check
    french-siret-value; value: one that it refuses, a plain valid one has no diagnosis.  Time is
    linear in the value's length; the proposal is a valid cell, "" for one to be left empty.
    """
    finder = _finder(field, rule)
    if _takes(field, finder, value):
        return None
    stripped = value.strip(BLANKS)
    if not stripped:
        return Diagnosis("empty") if field.required else Diagnosis("blanks", "")
    if _ends_blank(field, value, stripped) and _takes(field, finder, stripped):
        return Diagnosis("blanks", stripped)
    if len(stripped) > LONGEST:
        found = texts.find(field, rule, stripped)
    else:
        text = _plain(stripped)
        found = (finder and finder(field, text)) or texts.find(field, rule, text)
    if found is None:
        return Diagnosis("words") if finder in FIGURES and LETTER.search(stripped) else None
    if found.proposal is None or _takes(field, finder, found.proposal):
        return found
    return Diagnosis(found.cause)


def _finder(field: Field, rule: str) -> Finder | None:
    if rule == SIRET:
        return FIND_SIRET
    if rule == "pattern":
        return BY_PATTERN.get(field.constraints.get("pattern", ""))
    if rule == "enum":
        return enums.find
    own = field.format != "default" or not field.descriptor.keys().isdisjoint(OWN_WAYS)
    return None if own or rule not in OF_TYPE else BY_TYPE.get(field.type)


def _ends_blank(field: Field, value: str, stripped: str) -> bool:
    """Blanks at the ends: those of a number, frictionless drops itself."""
    return len(stripped) != len(value.strip() if field.type == "number" else value)


def _takes(field: Field, finder: Finder | None, text: str) -> bool:
    """The standard's rule for the field takes the text; a SIRET has its keys besides."""
    keyed = finder is not FIND_SIRET or not text or siret_keyed(text)
    return keyed and accepts(field, text)


def _plain(text: str) -> str:
    """With plain blanks and apostrophes."""
    if text.isascii() and text.isprintable():
        return text
    return ANY_BLANKS.sub(" ", text).translate(APOSTROPHES)
