"""SIRETs spoilt by a spreadsheet or by hand: blanks, lost zeros, 8,03E+13, a SIREN instead.

A number is proposed only when its two keys hold.  Imports the standard library only.
"""

from __future__ import annotations

import re

from .diagnosis import Diagnosis
from .keys import siren_keyed, siret_keyed

PATTERN = r"^\d{14}$"
TRAILING = re.compile(r"([0-9]{9,14})[.,]0{0,2}")
SCIENTIFIC = re.compile(r"([0-9])[.,]?([0-9]*)E\+?([0-9]{1,2})", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s.'\"_=/·-]+")
QUOTES = re.compile(r"[='\"]+([0-9]+)[='\"]*")
FOURTEEN = re.compile(r"(?<![0-9])[0-9]{14}(?![0-9])")
LETTERS = str.maketrans("OoIlL", "00111")
TVA = re.compile(r"FR[0-9A-Z]{2}[0-9]{9}", re.IGNORECASE)
FOREIGN = re.compile(
    r"(?:AT|BE|BG|CHE|CY|CZ|DE|DK|EE|EL|ES|FI|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)"
    r"[A-Z]?[0-9]{6,12}[A-Z]?"
)
RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}", re.IGNORECASE)
ROUNDED = 5
"""Zeros at the end that a spreadsheet may have put: the NIC is never 00000."""
CERTAINLY_ROUNDED = 7
"""As many zeros eat into the SIREN, whatever its key says."""


def find(text: str) -> Diagnosis | None:
    """What is wrong with a SIRET, `text` having plain blanks and apostrophes."""
    if text.isdigit() and text.isascii():
        return _digits(text)
    if found := TRAILING.fullmatch(text):
        return Diagnosis("siret-trailing-zero", _mended(found[1]))
    bare = SEPARATORS.sub("", text)
    if bare.isdigit() and bare.isascii():
        if siret_keyed(bare):
            return Diagnosis("siret-quote" if QUOTES.fullmatch(text) else "siret-blanks", bare)
        return _digits(bare)
    if found := SCIENTIFIC.fullmatch(text):
        return Diagnosis("siret-scientific", _exponent(*found.groups()))
    return _lettered(bare) or _among_words(text)


def _digits(digits: str) -> Diagnosis:
    """Digits that are not a valid SIRET."""
    length = len(digits)
    if length == 14:
        return _fourteen(digits)
    if length == 9 and siren_keyed(digits):
        return Diagnosis("siret-siren")
    if mended := _mended(digits):
        return Diagnosis("siret-lost-zero", mended)
    several = length % 14 == 0 and all(
        siret_keyed(digits[i : i + 14]) for i in range(0, length, 14)
    )
    return Diagnosis("siret-several" if several else "siret-length")


def _fourteen(digits: str) -> Diagnosis:
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros >= CERTAINLY_ROUNDED:
        return Diagnosis("siret-rounded")
    if zeros >= ROUNDED:
        return Diagnosis("siret-siren-zeros" if siren_keyed(digits[:9]) else "siret-rounded")
    return Diagnosis("siret-key")


def _mended(digits: str) -> str | None:
    """The SIRET whose leading zeros a spreadsheet dropped: one or two, no SIREN starting with 000.

    Among digits that are no SIRET at all, one in a hundred would pass for one.
    """
    padded = digits.zfill(14)
    return padded if len(digits) >= 12 and siret_keyed(padded) else None


def _exponent(first: str, decimals: str, power: str) -> str | None:
    """2.1000001400014E+13 has all its digits; 2,1E+13 has lost them."""
    digits = first + decimals
    return digits if power == "13" and siret_keyed(digits) else None


def _lettered(bare: str) -> Diagnosis | None:
    replaced = bare.translate(LETTERS)
    if replaced.isdigit() and replaced.isascii():
        return Diagnosis("siret-letters-like", _mended(replaced) if len(replaced) == 14 else None)
    if TVA.fullmatch(bare):
        return Diagnosis("siret-tva")
    if RNA.fullmatch(bare):
        return Diagnosis("siret-rna")
    return Diagnosis("siret-foreign") if FOREIGN.fullmatch(bare) else None


def _among_words(text: str) -> Diagnosis | None:
    """« SIRET : 21000001400014 », or two of them."""
    found = {digits for digits in FOURTEEN.findall(text.replace(" ", "")) if siret_keyed(digits)}
    if not found:
        return None
    return Diagnosis("siret-words", found.pop()) if len(found) == 1 else Diagnosis("siret-several")
