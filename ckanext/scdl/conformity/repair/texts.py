"""Texts that are too long, too short, or no text at all: placeholders, remains of a formula.

Imports the standard library only.
"""

from __future__ import annotations

import re

from ..standards import Field
from .diagnosis import Diagnosis

PLACEHOLDERS = frozenset((
    "néant", "neant", "aucun", "aucune", "vide", "non", "inconnu", "inconnue", "null", "none",
    "nan", "nul", "nc", "n.c", "n.c.", "n/c", "nd", "n.d", "n.d.", "nr", "n.r", "n.r.", "na",
    "n.a", "n.a.", "n/a", "so", "s.o", "s.o.", "s/o", "sans", "xx", "xxx", "ras", "-", "--",
    "---", "–", "—", "_", "/", "//", "?", "??", ".", "..", "...", "…", "*", "x",
    "sans objet", "sans référence", "non communiqué", "non communiquée", "non concerné",
    "non concernée", "non connu", "non disponible", "non défini", "non renseigné",
    "non renseignée", "non applicable", "à compléter", "à renseigner", "en cours",
    "en attente",
))  # fmt: skip
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
EXCEL_ERROR = re.compile(
    r"#{3,}|#(?:REF|N/A|VALEUR|VALUE|NOM|NAME|NOMBRE|NUM|NUL|NULL|DIV/0)[!?]?", re.IGNORECASE
)
CODES = frozenset(("BGT_CONTNAT", "BGT_NATURE", "BGT_FONCTION"))
CODE = re.compile(r"([0-9]{1,9})(?: ?[-–:.] ?| )(?=[^\W\d_]{2})")
"""An account, a chapter or a function, then its name."""


def find(field: Field, rule: str, text: str) -> Diagnosis | None:
    """What is wrong with a text, whatever its column; `text` has plain blanks."""
    if len(text) <= LONGEST_PLACEHOLDER and text.casefold() in PLACEHOLDERS:
        return Diagnosis("placeholder", None if field.required else "")
    if text.startswith("#") and EXCEL_ERROR.fullmatch(text):
        return Diagnosis("excel-error")
    if rule == "maxLength":
        return _too_long(field, text)
    if rule == "minLength":
        return Diagnosis("too-short")
    return None


def _too_long(field: Field, text: str) -> Diagnosis:
    if field.name in CODES and (found := CODE.match(text)):
        return Diagnosis("code-label", found[1])
    return Diagnosis("too-long")
