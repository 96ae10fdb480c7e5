"""RNA numbers that are not W and nine digits.

Associations of the overseas départements and of Corsica have a letter in theirs (W9G2001932), those
of Alsace-Moselle are in a court's register: the standard's pattern takes neither.  Imports the
standard library only.
"""

from __future__ import annotations

import re

from .diagnosis import Diagnosis
from .keys import siren_keyed, siret_keyed

PATTERN = r"^W\d{9}$"
NUMBER = re.compile(r"W[0-9]{9}")
LOCAL = re.compile(r"W[0-9][A-Z][0-9]{7}|[A-Z]?[0-9]{4}[A-Z]{3}[0-9]{6}", re.IGNORECASE)
REGISTER = re.compile(r"\bvol(?:ume|\.)?\b.{0,20}\bfol", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s.'\"_/-]+")
DIGITS = 9
ALMOST = re.compile(r"W[0-9]+", re.IGNORECASE)


def find(text: str) -> Diagnosis | None:
    """What is wrong with an RNA number."""
    bare = SEPARATORS.sub("", text)
    if NUMBER.fullmatch(bare):
        return Diagnosis("rna-blanks", bare) if bare != text else None
    if NUMBER.fullmatch(bare.upper()):
        return Diagnosis("rna-case", bare.upper())
    if LOCAL.fullmatch(bare) or REGISTER.search(text):
        return Diagnosis("rna-local")
    if bare.isascii() and bare.isdigit():
        return _digits(bare)
    return Diagnosis("rna-length") if ALMOST.fullmatch(bare) else None


def _digits(digits: str) -> Diagnosis:
    """Another number than an RNA's, or one without its W: which of the two is not sure."""
    if siret_keyed(digits):
        return Diagnosis("rna-siret")
    if len(digits) != DIGITS:
        return Diagnosis("rna-length")
    return Diagnosis("rna-siren" if siren_keyed(digits) else "rna-letter")
