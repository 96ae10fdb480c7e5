"""A budget in figures: totals, by chapter, article and function, as text with two decimals.

Keys say section and sense in two letters (F or I, R or D): « FD », « FD_reel », « FD_ordre », and
by chapter « FD_011 ».  Imports the standard library only.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from ..report import Identity
from .cumuls import AMOUNTS, Cumuls, Poste

SECTIONS = {"fonctionnement": "F", "investissement": "I"}
SENS = {"recette": "R", "dépense": "D"}

Sums = dict[str, dict[str, Decimal]]


def summary(
    identity: Identity, cumuls: Cumuls, lines: int, calculated: int, articles: Cumuls
) -> dict[str, Any]:
    """Identity, numbers of lines, then `totals`, `by_chapter`, `by_article`, `by_function` and, of
    a budget voted by function, `by_functional_chapter`: each amount → key → text.  A fonction is
    « (sans) » on lines that have none.

    articles: the same sums as `cumuls`, with the nature of the lines for chapter.
    """
    totals, chapters, functions, functional = _sums(), _sums(), _sums(), _sums()
    by_article = _sums()
    for poste, cumul in articles:
        for name, amount in cumul.montants.items():
            by_article[name][f"{_side(poste)}_{poste.chapitre}"] += amount
    for poste, cumul in cumuls:
        side = _side(poste)
        kind = "ordre" if poste.ordre else "reel"
        for name, amount in cumul.montants.items():
            totals[name][side] += amount
            totals[name][f"{side}_{kind}"] += amount
            chapters[name][f"{side}_{poste.chapitre}"] += amount
            functions[name][f"{side}_{poste.fonction or '(sans)'}"] += amount
            if poste.chapitre_fonction:
                functional[name][f"{side}_{poste.chapitre_fonction}"] += amount
    return {
        "siret": identity.siret,
        "nom": identity.nom,
        "exercice": identity.exercice,
        "etape": identity.etape,
        "document": identity.document,
        "nomenclature": identity.nomenclature,
        "lines": lines,
        "calculated_lines": calculated,
        "totals": _as_text(totals),
        "by_chapter": _as_text(chapters),
        "by_article": _as_text(by_article),
        "by_function": _as_text(functions),
        "by_functional_chapter": _as_text(functional),
    }


def _side(poste: Poste) -> str:
    return SECTIONS[poste.section] + SENS[poste.sens]


def _sums() -> Sums:
    return defaultdict(lambda: defaultdict(Decimal))


def _as_text(sums: Sums) -> dict[str, dict[str, str]]:
    return {
        name: {key: f"{amount:.2f}" for key, amount in sorted(sums[name].items())}
        for name in AMOUNTS
        if name in sums
    }
