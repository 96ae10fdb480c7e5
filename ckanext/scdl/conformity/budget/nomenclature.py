"""The official plans of accounts, from schemas/nomenclatures: plan, chapter, label.

Publisher: DGCL (odm-budgetaire.org).  A plan is found by nomenclature and exercice: the year's own,
else that of the déclinaison which replaced it, else the nearest year (plans stop in 2024, budgets
do not).  Codes are text: in one plan "020" and "20" are two chapters.
Imports the standard library only.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..resources import names, read_bytes

FOLDER = "nomenclatures"
SUFFIX = ".json.z"
FIRST_YEAR = 2013

RENAMED = {"M57": "M57_D", "M43_A": "M43", "M43_D": "M43", "M42": "M4", "M44": "M4"}
"""Déclinaisons that the DGCL replaced in 2022 and 2023, by the one to read instead."""

LIKENESS = 0.75
"""Of two codes, from 0 to 1: a slip (M57-M57A), not another norm (M22-M22 is no M52-M52)."""

SENSES = ("DR", "DOES", "DOIS", "RR", "ROES", "ROIS")


class Chapitre(NamedTuple):
    """A chapter: code, label, section ("fonctionnement" or "investissement")."""

    code: str
    libelle: str
    section: str


@dataclass(frozen=True)
class Compte:
    """An account: code, label, and its chapter by sense (DR, DOES, DOIS, RR, ROES, ROIS).

    The first letter is dépense or recette; R is réel, OES ordre entre sections, OIS ordre intérieur
    de section; a sense that is absent is not allowed.
    """

    code: str
    libelle: str
    chapitres: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """A plan of accounts for one exercice; rows of the nearest year complete those of `annee`."""

    norme: str
    declinaison: str
    annee: int
    chapitres: Mapping[str, Chapitre]
    comptes: Mapping[str, Compte]
    fonctions: Mapping[str, str]

    def parent(self, nature: str) -> Compte | None:
        """The account itself, else the longest one that the code starts with."""
        for end in range(len(nature), 0, -1):
            if compte := self.comptes.get(nature[:end]):
                return compte
        return None


def known(nomenclature: str) -> bool:
    """True when some year's plan exists for this code ("M57-M57_A", or "M57_A" as in a CFU)."""
    return _entry(nomenclature) is not None


def norme(nomenclature: str) -> str | None:
    """The norme of a known code: "M57" of "M57-M57_A" and "M57_A", "M4" of "M4-M49_D"."""
    entry = _entry(nomenclature)
    return entry.partition("-")[0] if entry else None


def closest(nomenclature: str) -> list[str]:
    """At most three known nomenclatures that this one may be a slip for, "norme-déclinaison".

    Those of the same norme ("M49" is the start of M4-M49_A); else those written almost alike.
    """
    names = sorted(set(_index().values()))
    norme = nomenclature[:40].upper().replace("_", "-").partition("-")[0]
    same = [name for name in names if norme in name.replace("_", "-").split("-")]
    return get_close_matches(nomenclature[:40], same or names, n=3, cutoff=0 if same else LIKENESS)


def find_plan(nomenclature: str, exercice: int) -> Plan | None:
    """The plan to read for this nomenclature and exercice; None for an unknown nomenclature."""
    entry = _entry(nomenclature)
    return _plan(entry, exercice) if entry else None


@lru_cache(maxsize=32)
def _plan(entry: str, exercice: int) -> Plan:
    declinaison = entry.partition("-")[2]
    renamed = _entry(RENAMED.get(declinaison, ""))
    tables = [_load(name) for name in (entry, renamed) if name]
    chosen = min(tables, key=lambda t: _distance(t["annees"], exercice))
    annee = min(chosen["annees"], key=lambda year: (abs(year - exercice), -year))
    return Plan(
        norme=chosen["norme"],
        declinaison=chosen["declinaison"],
        annee=annee,
        chapitres={r[0]: _chapitre(r) for r in _rows(chosen["chapitres"], annee)},
        comptes={r[0]: _compte(r) for r in _rows(chosen["comptes"], annee)},
        fonctions=_fonctions(chosen, annee),
    )


def _distance(years: Iterable[int], exercice: int) -> int:
    return min(abs(year - exercice) for year in years)


def _rows(table: list[list[Any]], annee: int) -> Iterable[list[str]]:
    """One row per code: the year's own, else the nearest year's (a code of another year still
    has its meaning: real budgets use last year's codes)."""
    best: dict[str, tuple[int, list[str]]] = {}
    for mask, *row in table:
        away = _away(mask, annee)
        if row[0] not in best or away < best[row[0]][0]:
            best[row[0]] = away, row
    return [row for _, row in best.values()]


@lru_cache(maxsize=1024)
def _away(mask: int, annee: int) -> int:
    return min(abs(FIRST_YEAR + bit - annee) for bit in range(mask.bit_length()) if mask >> bit & 1)


def _chapitre(row: list[str]) -> Chapitre:
    code, libelle, section = row
    return Chapitre(code, libelle, "investissement" if section == "I" else "fonctionnement")


def _compte(row: list[str]) -> Compte:
    code, libelle, *senses = row
    chapitres = {
        sense: chapitre for sense, chapitre in zip(SENSES, senses, strict=True) if chapitre
    }
    return Compte(code, libelle, chapitres)


def _fonctions(tables: Mapping[str, Any], annee: int) -> dict[str, str]:
    """Labels of functions; a budget voted by function writes chapter + function ("93020")."""
    by_function = (
        *_rows(tables["chapitres_fonction"], annee),
        *_rows(tables["comptes_fonction"], annee),
    )
    labels = {row[0]: row[1] for row in by_function}
    return labels | {row[0]: row[1] for row in _rows(tables["fonctions"], annee)}


@cache
def _index() -> dict[str, str]:
    """Both spellings, lower case -> file name without suffix."""
    index = {}
    for name in names(FOLDER):
        if name.endswith(SUFFIX):
            entry = name.removesuffix(SUFFIX)
            index[entry.partition("-")[2].lower()] = index[entry.lower()] = entry
    return index


def _entry(nomenclature: str) -> str | None:
    return _index().get(nomenclature.strip().lower())


@lru_cache(maxsize=4)
def _load(entry: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(read_bytes(f"{FOLDER}/{entry}{SUFFIX}")))
    return content
