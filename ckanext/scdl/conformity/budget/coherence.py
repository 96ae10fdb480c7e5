"""What an accountant looks at in a budget: balance, transfers, orders, credits overspent.

Only warnings: the law knows exceptions, and the standard none of this.  Sources: code général des
collectivités territoriales L1612-4 (each section voted in balance), L1612-6 and L1612-7 (a surplus
is allowed); M14 and M57 instructions for the pairs of chapters.  Amounts are compared to the cent,
as real budgets of towns and of a département allow.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..report import Finding, Place, warning
from .cumuls import ZERO, Cumuls
from .etapes import COMPTE_ADMINISTRATIF, reference_amount

FONCTIONNEMENT, INVESTISSEMENT = "fonctionnement", "investissement"
DEPENSE, RECETTE = "dépense", "recette"

Side = tuple[str, str, Sequence[str]]
"""Section, sense, chapters."""

PAIRS: tuple[tuple[str, Side, Side], ...] = (
    (
        "totem-virement",
        (FONCTIONNEMENT, DEPENSE, ("023", "953")),
        (INVESTISSEMENT, RECETTE, ("021", "951")),
    ),
    (
        "totem-ordre-sections",
        (FONCTIONNEMENT, DEPENSE, ("042",)),
        (INVESTISSEMENT, RECETTE, ("040",)),
    ),
    (
        "totem-ordre-sections",
        (FONCTIONNEMENT, RECETTE, ("042",)),
        (INVESTISSEMENT, DEPENSE, ("040",)),
    ),
    (
        "totem-ordre-interne",
        (INVESTISSEMENT, DEPENSE, ("041",)),
        (INVESTISSEMENT, RECETTE, ("041",)),
    ),
    (
        "totem-ordre-interne",
        (FONCTIONNEMENT, DEPENSE, ("043",)),
        (FONCTIONNEMENT, RECETTE, ("043",)),
    ),
)

REPORTED = {"001", "002"}
"""Results of the year before: some publishers fill their realised amount in a budget."""


def coherence(cumuls: Cumuls, etape: str, *, projet: bool) -> Iterator[Finding]:
    """The warnings on a whole budget, for its étape."""
    cumuls = cumuls.by_chapitre()
    if etape == COMPTE_ADMINISTRATIF:
        yield from _overspent(cumuls)
        return
    voted = reference_amount(etape, projet)
    yield from _balance(cumuls, voted)
    yield from _pairs(cumuls, voted)
    yield from _realised(cumuls)


def _balance(cumuls: Cumuls, voted: str) -> Iterator[Finding]:
    """Investissement balances with what is carried over from the year before."""
    for section, names in ((FONCTIONNEMENT, (voted,)), (INVESTISSEMENT, (voted, "MtRARPrec"))):
        recettes = cumuls.total(names, section=section, sens=RECETTE)
        depenses = cumuls.total(names, section=section, sens=DEPENSE)
        if recettes != depenses and not _balances_with_reports(cumuls, section, voted):
            yield warning(
                "totem-desequilibre",
                cumuls.place(section=section),
                rule="deficit" if depenses > recettes else "excedent",
                section=section,
                recettes=_text(recettes),
                depenses=_text(depenses),
                ecart=_text(abs(recettes - depenses)),
            )


def _balances_with_reports(cumuls: Cumuls, section: str, voted: str) -> bool:
    """Fonctionnement too may carry amounts over from the year before."""
    names = (voted, "MtRARPrec")
    sides = (cumuls.total(names, section=section, sens=sens) for sens in (RECETTE, DEPENSE))
    return len(set(sides)) == 1


def _pairs(cumuls: Cumuls, voted: str) -> Iterator[Finding]:
    for code, one, other in PAIRS:
        first, second = _side(cumuls, one, voted), _side(cumuls, other, voted)
        if first != second:
            yield warning(
                code,
                _place(cumuls, one, other),
                premier=_named(one),
                second=_named(other),
                montant_premier=_text(first),
                montant_second=_text(second),
                ecart=_text(abs(first - second)),
            )


def _side(cumuls: Cumuls, side: Side, voted: str) -> Decimal:
    section, sens, chapitres = side
    return sum(
        (cumuls.total((voted,), section=section, sens=sens, chapitre=c) for c in chapitres), ZERO
    )


def _place(cumuls: Cumuls, *sides: Side) -> Place:
    """The first line of the first side that has one."""
    places = (
        cumuls.place(section=section, sens=sens, chapitre=chapitre)
        for section, sens, chapitres in sides
        for chapitre in chapitres
    )
    return next((place for place in places if place.line or place.row), Place())


def _named(side: Side) -> str:
    _, sens, chapitres = side
    return f"{chapitres[0]} {sens}"


def _realised(cumuls: Cumuls) -> Iterator[Finding]:
    """A budget is a forecast: realised amounts say that the étape, or the column, is wrong."""
    found = [
        cumul
        for poste, cumul in cumuls
        if poste.chapitre not in REPORTED and cumul.montants.get("MtReal")
    ]
    if found:
        total = sum((cumul.montants["MtReal"] for cumul in found), ZERO)
        yield warning("totem-realise-au-budget", found[0].place, montant=_text(total))


def _overspent(cumuls: Cumuls) -> Iterator[Finding]:
    """Dépenses réelles by chapter; credits of orders are estimates, results are booked without any,
    and a budget voted by function opens its credits by functional chapter."""
    real = [
        (poste, cumul)
        for poste, cumul in cumuls
        if poste.sens == DEPENSE and not poste.ordre and poste.chapitre not in REPORTED
    ]
    if any(poste.chapitre_fonction for poste, _ in real):
        return
    if not any(cumul.montants.get("CredOuv") for _, cumul in real):
        return
    for section, chapitre in dict.fromkeys((p.section, p.chapitre) for p, _ in real):
        wanted = {"section": section, "sens": DEPENSE, "ordre": False, "chapitre": chapitre}
        realise = cumuls.total(("MtReal",), **wanted)
        credits_ = cumuls.total(("CredOuv",), **wanted)
        if realise > credits_:
            yield warning(
                "totem-depassement",
                cumuls.place(**wanted),
                chapitre=chapitre,
                section=section,
                realise=_text(realise),
                credits=_text(credits_),
                ecart=_text(realise - credits_),
            )


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"
