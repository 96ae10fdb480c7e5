"""SIRET numbers: the check that the standards call french-siret-value.

Luhn on 14 digits and on the SIREN, La Poste's establishments apart (sum of digits multiple of 5):
python-stdnum knows both.  Imports stdnum only.
"""

from __future__ import annotations

from functools import lru_cache

LONGEST = 40
"""Characters of a SIRET with its separators; beyond, it is refused and not remembered."""


def valid_siret(value: str) -> bool:
    """True for a valid SIRET; blanks and separators that python-stdnum drops are accepted."""
    return len(value) <= LONGEST and _valid(value)


@lru_cache(maxsize=4096)
def _valid(value: str) -> bool:
    from stdnum.fr import siret

    return bool(siret.is_valid(value))


def strict_siret(value: str) -> bool:
    """True for 14 ASCII digits that form a valid SIRET; fourteen zeros, a placeholder, do not."""
    digits = len(value) == 14 and value.isascii() and value.isdigit()
    return digits and int(value) > 0 and valid_siret(value)
