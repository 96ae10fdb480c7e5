"""The header of a TOTEM: whose budget, which exercice, which étape, which plan of accounts.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..report import Document, Finding, Identity, Place, error, quote
from ..siret import strict_siret
from ..totem.grammar import Rule, grammar
from ..totem.reader import Block
from .nomenclature import Plan, closest, find_plan, known

FIRST_EXERCICE, LAST_EXERCICE = 1990, 2100
HEADERS = ("EnTeteDocBudgetaire", "EnTeteBudget", "BlocBudget")
NOTHING = Block("", 0, {}, {})

COMPTES: Mapping[str, Document] = {"09": "compte administratif", "10": "compte financier unique"}
"""The accounts, by NatDec; the other étapes are budgets.  The standard has one word for both."""


@dataclass(frozen=True)
class Entete:
    """The header read: identity, plan (None when nomenclature or exercice is wrong), projet."""

    identity: Identity
    plan: Plan | None
    projet: bool
    findings: tuple[Finding, ...]


def read_entete(blocks: Mapping[str, Block], line: int) -> Entete:
    """From the header blocks met before the first budget line (at `line`)."""
    findings = []
    for name in HEADERS:
        findings += _check_block(name, blocks.get(name), line)
    identity = _identity(blocks)
    if identity.nom is None and "EnTeteBudget" in blocks:
        findings.append(error("totem-element-missing", Place(line=line, element="LibelleColl")))
    return Entete(identity, _plan(identity), _projet(blocks), tuple(findings))


def _check_block(name: str, block: Block | None, line: int) -> list[Finding]:
    rules = grammar().blocks[name]
    if block is None:
        needed = any(rule.required for rule in rules.values())
        return [error("totem-block-missing", Place(line=line, element=name))] if needed else []
    found = (_check(block, element, rule) for element, rule in rules.items())
    return [finding for finding in found if finding]


def _check(block: Block, element: str, rule: Rule) -> Finding | None:
    value = block.get(element)
    if not value:
        return error("totem-element-missing", block.place(element)) if rule.required else None
    check = CHECKS.get(rule.type)
    return check(value, rule, block.place(element)) if check else None


def _siret(value: str, _rule: Rule, place: Place) -> Finding | None:
    if strict_siret(value):
        return None
    digits = value.isascii() and value.isdigit()
    kind = "key" if digits and len(value) == 14 else "length" if digits else "characters"
    kind = "zeros" if value == "0" * 14 else kind
    return error("totem-siret-invalid", place, rule=kind, value=quote(value), length=len(value))


def _exercice(value: str, _rule: Rule, place: Place) -> Finding | None:
    year = len(value) == 4 and value.isascii() and value.isdigit()
    if year and FIRST_EXERCICE <= int(value) <= LAST_EXERCICE:
        return None
    return error("totem-exercice-invalid", place, value=quote(value))


def _etape(value: str, rule: Rule, place: Place) -> Finding | None:
    if value in rule.codes:
        return None
    return error("totem-etape-unknown", place, value=quote(value))


def _nomenclature(value: str, _rule: Rule, place: Place) -> Finding | None:
    if known(value):
        return None
    names = ", ".join(closest(value))
    rule = "slip" if names else "absent"
    return error("totem-nomenclature-unknown", place, rule=rule, value=quote(value), known=names)


def _text(value: str, rule: Rule, place: Place) -> Finding | None:
    if rule.max is None or len(value) <= rule.max:
        return None
    return error("totem-text-too-long", place, value=quote(value), limit=rule.max)


def _code(value: str, rule: Rule, place: Place) -> Finding | None:
    if value in rule.codes:
        return None
    return error("totem-code-invalid", place, value=quote(value), known=", ".join(rule.codes))


CHECKS: dict[str, Callable[[str, Rule, Place], Finding | None]] = {
    "text": _text,
    "siret": _siret,
    "exercice": _exercice,
    "etape": _etape,
    "nomenclature": _nomenclature,
    "code": _code,
}


def _identity(blocks: Mapping[str, Block]) -> Identity:
    etab, bloc = blocks.get("EnTeteBudget", NOTHING), blocks.get("BlocBudget", NOTHING)
    kind = _type_budget(bloc)
    collectivite = blocks.get("EnTeteDocBudgetaire", NOTHING).get("LibelleColl")
    return Identity(
        siret=etab.get("IdEtab") or None,
        nom=_nom(collectivite, etab.get("LibelleEtab"), kind),
        exercice=bloc.get("Exer") or None,
        etape=grammar().blocks["BlocBudget"]["NatDec"].codes.get(bloc.get("NatDec")),
        nomenclature=etab.get("Nomenclature") or None,
        type_budget=kind,
        collectivite=collectivite or etab.get("LibelleEtab") or None,
        document=_document(bloc),
    )


def _document(bloc: Block) -> Document | None:
    code = bloc.get("NatDec")
    known = code in grammar().blocks["BlocBudget"]["NatDec"].codes
    return COMPTES.get(code, "budget") if known else None


def _type_budget(bloc: Block) -> Literal["principal", "annexe"] | None:
    code = bloc.get("CodTypBud")
    return "principal" if code == "P" else "annexe" if code == "A" else None


def _nom(collectivite: str, etablissement: str, kind: str | None) -> str | None:
    """The collectivité's name: the établissement of a main budget is just « BUDGET PRINCIPAL ».

    An annex budget has its own SIRET: its own name follows, so that two tables of one town are
    told apart.
    """
    if kind == "annexe" and collectivite and etablissement:
        return f"{collectivite} – {etablissement}"
    return collectivite or etablissement or None


def _plan(identity: Identity) -> Plan | None:
    exercice = identity.exercice or ""
    if not (len(exercice) == 4 and exercice.isascii() and exercice.isdigit()):
        return None
    return find_plan(identity.nomenclature or "", int(exercice))


def _projet(blocks: Mapping[str, Block]) -> bool:
    rule = grammar().blocks["BlocBudget"]["ProjetBudget"]
    return rule.codes.get(blocks.get("BlocBudget", NOTHING).get("ProjetBudget")) == "projet"
