"""Keys of SIREN and SIRET, on digits alone.

python-stdnum decides for the standard (conformity/siret.py); it takes five times as long, cleaning
first what it is given.  A test holds the two to the same answers.  Imports nothing.
"""

from __future__ import annotations

DOUBLED = {str(digit): 2 * digit - 9 * (digit > 4) for digit in range(10)}
LA_POSTE, LA_POSTE_SEAT = "356000000", "35600000000048"


def siren_keyed(text: str) -> bool:
    """True for nine ASCII digits that form a valid SIREN, other than the placeholder of zeros."""
    return len(text) == 9 and _digits(text) and _luhn(text) and text != "000000000"


def siret_keyed(text: str) -> bool:
    """True for fourteen ASCII digits that form a valid SIRET."""
    if len(text) != 14 or not _digits(text) or not siren_keyed(text[:9]):
        return False
    if text.startswith(LA_POSTE) and text != LA_POSTE_SEAT:
        return sum(map(int, text)) % 5 == 0
    return _luhn(text)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _luhn(digits: str) -> bool:
    total = sum(map(int, digits[-1::-2])) + sum(map(DOUBLED.__getitem__, digits[-2::-2]))
    return total % 10 == 0
