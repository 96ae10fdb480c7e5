"""The two halves of a compte financier unique: the comptable's and the ordonnateur's.

The table is made from the second (DocumentBudgetaire).  The first (DocumentComptable) says whose
account it is too: another SIRET or exercice means that two files were put together by mistake.
Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..report import Finding, Identity, Place, quote, warning
from ..totem.reader import INFOS, OF_THE_COMPTABLE, Block

Subject = Literal["siret", "exercice"]

SOURCES: Mapping[str, Mapping[str, Subject]] = {
    INFOS: {"Exercice": "exercice", "Collectivite": "siret"},
    OF_THE_COMPTABLE: {"SIRET": "siret"},
}
"""By block of the comptable's half: what says whose account it is; each may be met often."""

OF_THE_COLLECTIVITE = {"EnTeteDocBudgetaire": "IdColl", "BlocBudget": "IdEtabPal"}
"""By block of the budget's half: other SIRET that the comptable may give."""


@dataclass(frozen=True)
class Said:
    """One value that the comptable's half holds, and where."""

    subject: Subject
    value: str
    place: Place


def said_by(block: Block) -> Iterator[Said]:
    """What a block of the comptable's half says of it."""
    for name, subject in SOURCES[block.name].items():
        yield Said(subject, block.get(name)[:100], block.place(name))


def of_the_collectivite(blocks: Mapping[str, Block]) -> list[str]:
    """The SIRET of the collectivité and of its main budget, from the header blocks."""
    return [blocks[name].get(of) for name, of in OF_THE_COLLECTIVITE.items() if name in blocks]


def disagreements(
    identity: Identity, said: Iterable[Said], others: Collection[str] = ()
) -> Iterator[Finding]:
    """A warning for the SIRET and one for the exercice, where the comptable gives another one.

    others: other SIRET that the budget's half names (IdColl, IdEtabPal): the comptable
    of an annex budget may give that of the collectivité.  Each is told once, at its first place:
    every BudgetComptable repeats it.
    """
    ours: dict[Subject, set[str]] = {
        "siret": {_plain(value) for value in (identity.siret, *others) if value},
        "exercice": {identity.exercice} if identity.exercice else set(),
    }
    told: set[Subject] = set()
    for one in said:
        value, known = _plain(one.value), ours[one.subject]
        if not value or not known or value in known or one.subject in told:
            continue
        told.add(one.subject)
        budget = (identity.siret if one.subject == "siret" else identity.exercice) or ""
        yield warning(
            "totem-comptable-differs",
            one.place,
            rule=one.subject,
            value=quote(one.value),
            budget=quote(budget),
        )


def _plain(value: str) -> str:
    return "".join(value.split())
