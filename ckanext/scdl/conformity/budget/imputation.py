"""Chapter, section and labels of a budget line: what the XML leaves out and the table requires.

A quarter of the lines of small towns carry no ContNat, budgets voted by function none at all.  The
plan's Compte says the chapter for each sense, and the Chapitre says its section: on 12 188 lines of
real files that carry both, this equals the ContNat given but once.  Imports the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..totem.reader import Block
from .nomenclature import Chapitre, Compte, Plan

SECTIONS = {"F": "fonctionnement", "I": "investissement"}
INVESTISSEMENT = {"001", "010", "018", "020", "021", "024", "040", "041"}
TIERS = ("454", "456", "457", "458")
"""Operations for third parties: the town numbers them itself (4581001), no plan knows them all."""


Doubt = Literal["", "sens", "chapitre"]
"""What the plan says against a line: its nature is not booked on that side, or in that chapter."""


class Imputation(NamedTuple):
    """Where a line is booked.  `known` is False when the plan has no such nature."""

    chapitre: str
    chapitre_libelle: str
    section: str
    doubt: Doubt
    nature_libelle: str
    fonction_libelle: str
    known: bool


BOOKED_BY = ("Nature", "ContNat", "CodRD", "OpBudg", "TypOpBudg", "CaracSup/Section")
"""All that the chapter of a line depends on."""

MEMORY = 20_000
SHORT = 64
"""Characters worth remembering of the two that no rule limits."""


class Imputer:
    """The imputations of one budget: many lines are booked where another one was."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chapitres: dict[tuple[str | None, ...], tuple[str, str, str, Doubt]] = {}
        self._natures: dict[tuple[str | None, ...], tuple[str, bool]] = {}
        self._fonctions: dict[tuple[str, str], str] = {}

    def __call__(self, line: Block) -> Imputation:
        """Of a LigneBudget that has a Nature, a CodRD and an OpBudg."""
        get = line.values.get
        booked, named = tuple(map(get, BOOKED_BY)), (get("Nature"), get("LibCpte"))
        chapitre = self._chapitres.get(booked)
        if chapitre is None:
            chapitre = (*_chapitre(line, self._plan), _doubt(line, self._plan))
            free = len(get("ContNat", "")) + len(get("CaracSup/Section", ""))
            if free <= SHORT and len(self._chapitres) < MEMORY:
                self._chapitres[booked] = chapitre
        nature = self._natures.get(named)
        if nature is None:
            nature = _nature(line, self._plan)
            if len(self._natures) < MEMORY:
                self._natures[named] = nature
        function = get("Fonction", ""), get("ContFon", "")
        fonction = self._fonctions.get(function)
        if fonction is None:
            fonction = self._fonction(*function)
            if len(self._fonctions) < MEMORY:
                self._fonctions[function] = fonction
        return Imputation(*chapitre, nature[0], fonction, nature[1])

    def _fonction(self, fonction: str, chapitre: str) -> str:
        """The label of the function, after that of its chapter in a budget voted by function."""
        labels = self._plan.fonctions
        label = labels.get(fonction, "")
        above = labels.get(chapitre, "") if chapitre != fonction else ""
        return " – ".join(filter(None, (above, label)))


def _nature(line: Block, plan: Plan) -> tuple[str, bool]:
    """The label of the nature, and whether the plan has it."""
    nature = line.get("Nature")
    known = nature in plan.comptes or nature.startswith(TIERS)
    return _nature_libelle(line, plan, plan.parent(nature)), known


def _chapitre(line: Block, plan: Plan) -> Chapitre:
    """The chapter written if it is one of the plan (the ContNat of an « opération d'équipement »
    is its article), else the account's for that sense, else a guess by class."""
    for code in _candidates(line, plan):
        if chapitre := plan.chapitres.get(code):
            return chapitre._replace(libelle=chapitre.libelle or f"Chapitre {code}")
    code = (line.get("ContNat") or line.get("Nature"))[:9]
    return Chapitre(code, f"Chapitre {code}", _section(line))


def _candidates(line: Block, plan: Plan) -> Iterator[str]:
    yield line.get("ContNat")
    yield from _by_compte(line, plan.parent(line.get("Nature")))
    yield line.get("Nature")[:2]


def _by_compte(line: Block, compte: Compte | None) -> list[str]:
    if compte is None:
        return []
    sense = line.get("CodRD")
    same_side = [code for name, code in compte.chapitres.items() if name[0] == sense]
    return [*_of_its_kind(line, compte)[:1], *same_side, *compte.chapitres.values()]


def _of_its_kind(line: Block, compte: Compte) -> list[str]:
    """The chapters of the account for the sense and the kind of operation of the line.

    An ordre whose kind is not said (TypOpBudg) is first taken for one between sections.
    """
    ordre = {"1": ("OIS",), "2": ("OES",)}.get(line.get("TypOpBudg"), ("OES", "OIS"))
    kinds = ("R",) if line.get("OpBudg") == "0" else ordre
    found = (compte.chapitres.get(line.get("CodRD") + kind) for kind in kinds)
    return [code for code in found if code]


def _doubt(line: Block, plan: Plan) -> Doubt:
    """Only where the plan knows the very account, and the chapter written."""
    compte = plan.comptes.get(line.get("Nature"))
    if compte is None:
        return ""
    chapitres = _of_its_kind(line, compte)
    if not chapitres:
        return "sens"
    written = line.get("ContNat")
    return "chapitre" if written in plan.chapitres and written not in chapitres else ""


def _section(line: Block) -> str:
    """Without a chapter: the section that some publishers write, else the class of the account."""
    if written := SECTIONS.get(line.get("CaracSup/Section")):
        return written
    code = line.get("ContNat") or line.get("Nature")
    if code in INVESTISSEMENT:
        return "investissement"
    return "investissement" if code[:1] in set("12345") else "fonctionnement"


def _nature_libelle(line: Block, plan: Plan, parent: Compte | None) -> str:
    """The plan's label; else the line's own, that of the account above, or the code in words, and
    that the plan does not know it, unless the town numbers such accounts itself."""
    nature = line.get("Nature")
    if compte := plan.comptes.get(nature):
        return compte.libelle or f"Compte {nature}"
    label = line.get("LibCpte") or (parent.libelle if parent else "") or f"Compte {nature}"
    return label if nature.startswith(TIERS) else f"{label} (hors plan de comptes)"
