"""Chapter, section and labels of a budget line: what the XML leaves out and the table requires.

A quarter of the lines of small towns carry no ContNat, budgets voted by function none at all.  The
plan's Compte says the chapter for each sense, and the Chapitre says its section: on 12 188 lines of
real files that carry both, this equals the ContNat given but once.  Imports the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..totem.reader import Block
from .nomenclature import Chapitre, Compte, Plan

SECTIONS = {"F": "fonctionnement", "I": "investissement"}
INVESTISSEMENT = {"001", "010", "018", "020", "021", "024", "040", "041"}
TIERS = ("454", "456", "457", "458")
"""Operations for third parties: the town numbers them itself (4581001), no plan knows them all."""


@dataclass(frozen=True)
class Imputation:
    """Where a line is booked.  `known` is False when the plan has no such nature."""

    chapitre: str
    chapitre_libelle: str
    nature_libelle: str
    fonction_libelle: str
    section: str
    known: bool


def impute(line: Block, plan: Plan) -> Imputation:
    """Chapter, section and labels of a LigneBudget that has a Nature, a CodRD and an OpBudg."""
    nature = line.get("Nature")
    compte = plan.parent(nature)
    chapitre = _chapitre(line, compte, plan)
    return Imputation(
        chapitre=chapitre.code,
        chapitre_libelle=chapitre.libelle or f"Chapitre {chapitre.code}",
        nature_libelle=_nature_libelle(line, plan, compte),
        fonction_libelle=plan.fonctions.get(line.get("Fonction"), ""),
        section=chapitre.section,
        known=nature in plan.comptes or nature.startswith(TIERS),
    )


def _chapitre(line: Block, compte: Compte | None, plan: Plan) -> Chapitre:
    """The chapter written if it is one of the plan (the ContNat of an « opération d'équipement »
    is its article), else the account's for that sense, else a guess by class."""
    candidates = [line.get("ContNat"), *_by_compte(line, compte), line.get("Nature")[:2]]
    for code in candidates:
        if chapitre := plan.chapitres.get(code):
            return chapitre
    code = (line.get("ContNat") or line.get("Nature"))[:9]
    return Chapitre(code, "", _section(line))


def _by_compte(line: Block, compte: Compte | None) -> list[str]:
    if compte is None:
        return []
    sense = line.get("CodRD")
    kind = "R" if line.get("OpBudg") == "0" else "OIS" if line.get("TypOpBudg") == "1" else "OES"
    exact = compte.chapitres.get(sense + kind)
    same_side = [code for name, code in compte.chapitres.items() if name[0] == sense]
    return [*([exact] if exact else []), *same_side, *compte.chapitres.values()]


def _section(line: Block) -> str:
    """Without a chapter: the section that some publishers write, else the class of the account."""
    if written := SECTIONS.get(line.get("CaracSup/Section")):
        return written
    code = line.get("ContNat") or line.get("Nature")
    if code in INVESTISSEMENT:
        return "investissement"
    return "investissement" if code[:1] in set("12345") else "fonctionnement"


def _nature_libelle(line: Block, plan: Plan, parent: Compte | None) -> str:
    """The plan's label, the line's own, that of the account above, or the code in words."""
    compte = plan.comptes.get(line.get("Nature"))
    label = compte.libelle if compte else line.get("LibCpte") or (parent.libelle if parent else "")
    return label or f"Compte {line.get('Nature')}"
