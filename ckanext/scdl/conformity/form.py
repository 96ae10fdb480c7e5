"""What a budget says of itself, as the fields of the portal's dataset form.

Imports the standard library only.
"""

from __future__ import annotations

import re

from .budget.nomenclature import norme
from .report import Identity, Report

CFU = "compte financier unique"

_LA = r"COMMUNE|VILLE|COMMUNAUT[EÉ]|M[EÉ]TROPOLE|R[EÉ]GION|COLLECTIVIT[EÉ]|R[EÉ]GIE"
_LE = r"D[EÉ]PARTEMENT|SYNDICAT|CENTRE|CCAS|CIAS|SIVOM|SIVU|SMICTOM|SDIS|CONSEIL"
_ARTICLES = (
    (r"LE\s+", "du "),
    (r"LES\s+", "des "),
    (rf"(?=({_LA})\b)", "de la "),
    (rf"(?=({_LE})\b)", "du "),
    (r"(?=[AEIOUYÀÂÉÈÊËÎÏÔÛŒ])", "d'"),
    (r"", "de "),
)
"""How « de » meets a name, by how the name starts; « LE » and « LES » melt into it."""


def metadata(report: Report) -> dict[str, str]:
    """The form's fields that a conforming budget fills in; only those it knows, never empty.

    title, collectivite, exercice, etape, nature_document, siret, nomenclature (the norme: "M57"),
    type_budget, temporal_start and temporal_end (the exercice is the calendar year).  Nothing for
    a file that has errors, nor for subsidies.
    """
    if not report.conforming or report.standard != "scdl/budget":
        return {}
    identity = report.identity
    year = identity.exercice
    found = {
        "title": _title(identity),
        "collectivite": identity.collectivite or identity.nom,
        "exercice": year,
        "etape": identity.etape,
        "nature_document": identity.document,
        "siret": identity.siret,
        "nomenclature": norme(identity.nomenclature or ""),
        "type_budget": identity.type_budget,
        "temporal_start": year and f"{year}-01-01",
        "temporal_end": year and f"{year}-12-31",
    }
    return {name: value for name, value in found.items() if value}


def _title(identity: Identity) -> str | None:
    """« Budget primitif 2026 de la COMMUNE DE FONTARGENT », the name as the file writes it."""
    kind = identity.document if identity.document == CFU else identity.etape
    if not (kind and identity.exercice and identity.nom):
        return None
    return f"{kind.capitalize()} {identity.exercice} {_of(identity.nom)}"


def _of(name: str) -> str:
    for start, words in _ARTICLES:
        if met := re.match(start, name, re.IGNORECASE):
            return words + name[met.end() :]
    return name
