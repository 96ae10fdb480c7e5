"""Keys of SIREN and SIRET, on digits alone.

python-stdnum decides for the standard (conformity/siret.py); it takes five times as long, cleaning
first what it is given.  A test holds the two to the same answers.  Imports nothing.
"""

from __future__ import annotations

DOUBLED = {str(digit): 2 * digit - 9 * (digit > 4) for digit in range(10)}
LA_POSTE, LA_POSTE_SEAT = "356000000", "35600000000048"


def siren_keyed(digits: str) -> bool:
    """True for nine ASCII digits that form a valid SIREN."""
    return len(digits) == 9 and _luhn(digits) and digits != "000000000"


def siret_keyed(digits: str) -> bool:
    """True for fourteen ASCII digits that form a valid SIRET."""
    if len(digits) != 14 or not siren_keyed(digits[:9]):
        return False
    if digits.startswith(LA_POSTE) and digits != LA_POSTE_SEAT:
        return sum(map(int, digits)) % 5 == 0
    return _luhn(digits)


def _luhn(digits: str) -> bool:
    total = sum(map(int, digits[-1::-2])) + sum(map(DOUBLED.__getitem__, digits[-2::-2]))
    return total % 10 == 0
