"""Codes of a budget that have lost their zeros: a spreadsheet makes 20 of 020, and 23 of 023.

In one plan of accounts 020 (dépenses imprévues) and 20 (immobilisations incorporelles) are two
chapters, so the rest of the line must say which was meant: its section, its sense, its nature, its
labels.  Nothing is said where two answers would do.  What codes there are, in which section, booked
on which side, comes from all the official plans together (schemas/nomenclatures/zeros.json, made by
dev/nomenclatures.py): a table does not say which of them is its own.
Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..repair.fold import folded
from ..resources import read_json

SECTIONS = {"fonctionnement": "F", "investissement": "I"}
SENS = {"dépense": "D", "recette": "R"}

ZEROS = ("0", "00")

MEMORY = 4096

LEAST = 8
"""Characters of a label below which it is no start of another one."""


class Booking(NamedTuple):
    """What a line says of where it is booked, as written; "" where it says nothing."""

    section: str
    sens: str
    ordre: bool
    chapitre: str
    chapitre_libelle: str
    nature: str
    nature_libelle: str


@lru_cache(maxsize=MEMORY)
def lost_in_chapitre(booking: Booking) -> str | None:
    """The chapter that was meant, if zeros are missing: « 023 » for 23 in fonctionnement.

    Ten codes of two digits are chapters of investissement (10, 13, 16, 20…), none of
    fonctionnement.  Four of them have a namesake with a zero in the same section (010, 018, 020,
    021): the label decides, else the nature, if it is one of the namesake's.
    """
    chapitres, code = _plans()["chapitres"], booking.chapitre
    section = SECTIONS.get(booking.section)
    meant = _with_zeros(code, chapitres)
    if meant is None or chapitres[meant]["section"] != section:
        return None
    if code not in chapitres or chapitres[code]["section"] != section:
        return meant
    named = _named(booking.chapitre_libelle, chapitres, code, meant)
    if named is not None:
        return meant if named == meant else None
    of_the_other = _plans()["natures"][meant]
    fits = booking.nature in of_the_other or lost_in_nature(booking) in of_the_other
    return meant if fits else None


@lru_cache(maxsize=MEMORY)
def lost_in_nature(booking: Booking) -> str | None:
    """The account that was meant, if zeros are missing: « 021 » for 21 in recette d'investissement.

    No plan books anything on 20, 21, 22, 23 or 24 themselves, only on the accounts below.  A budget
    given by chapter writes them all the same, in investissement: there, the label must not be that
    of the chapter, and the kind of operation must be that of the account.
    """
    comptes, code = _plans()["comptes"], booking.nature
    meant = _with_zeros(code, comptes)
    if meant is None or comptes.get(code, {}).get("sens") or not _on_its_side(meant, booking):
        return None
    chapitre = _plans()["chapitres"].get(code)
    if chapitre is None or chapitre["section"] != SECTIONS[booking.section]:
        return meant
    named = _named(booking.nature_libelle, comptes, code, meant)
    if named is None:
        kinds = {sens[1:] == "R" for sens in comptes[meant]["sens"]}
        return meant if (not booking.ordre) in kinds else None
    return meant if named == meant else None


def _on_its_side(compte: str, booking: Booking) -> bool:
    """Is this account booked in that section, on that side, whatever the kind of operation?"""
    chapitres = _plans()["chapitres"]
    booked = {
        (chapitres[chapitre]["section"], sens[0])
        for sens, codes in _plans()["comptes"][compte]["sens"].items()
        for chapitre in codes
    }
    return (SECTIONS.get(booking.section), SENS.get(booking.sens)) in booked


@lru_cache(maxsize=MEMORY)
def lost_in_fonction(code: str, libelle: str) -> str | None:
    """The function that was meant, if zeros are missing: « 020 » for 20, by its label alone.

    20 is as good a function as 020, so without label nothing is known; a label that both have
    (« Autres actions » of 048 and 48) does not tell them apart.
    """
    fonctions = _plans()["fonctions"]
    meant = _with_zeros(code, fonctions)
    if meant is None:
        return None
    named = _likeness(libelle, fonctions[meant]) > _likeness(libelle, fonctions.get(code, ()))
    return meant if named else None


def doubtful(table: str) -> list[str]:
    """The codes of « chapitres », « comptes » or « fonctions » that may have lost their zeros."""
    codes = _plans()[table]
    bare = (code.lstrip("0") for code in codes if code.startswith("0"))
    return sorted({code for code in bare if code})


@cache
def _plans() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_json("nomenclatures/zeros.json")
    return found


def _with_zeros(code: str, known: Mapping[str, Any]) -> str | None:
    return next((zeros + code for zeros in ZEROS if code and zeros + code in known), None)


def _named(libelle: str, codes: Mapping[str, Any], code: str, meant: str) -> str | None:
    """Which of the two codes the label is of; None when it is of neither, or of both."""
    of_code, of_meant = (_likeness(libelle, codes[c]["libelles"]) for c in (code, meant))
    if of_code == of_meant:
        return None
    return meant if of_meant > of_code else code


def _likeness(libelle: str, libelles: Iterable[str]) -> int:
    """2 if it is one of these labels, in whatever case, 1 if cut short or with words added."""
    text = folded(libelle)
    best = 0
    for other in map(folded, libelles) if text else ():
        short, long = sorted((text, other), key=len)
        best = max(best, 2 * (text == other), len(short) >= LEAST and long.startswith(short))
    return int(best)
