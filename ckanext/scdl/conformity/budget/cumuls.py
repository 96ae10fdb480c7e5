"""The sums of a budget, by section, sense, kind of operation, chapter and function.

Whatever file the lines came from: the accountant's checks and the summary read them.  Imports the
standard library only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from ..report import NOWHERE, Place

Section = Literal["fonctionnement", "investissement"]
Sens = Literal["dépense", "recette"]

AMOUNTS = ("MtBudgPrec", "MtRARPrec", "MtPropNouv", "MtPrev", "CredOuv", "MtReal", "MtRAR3112")
"""The amounts of a line, by their names in the XML."""

ZERO = Decimal(0)


class Poste(NamedTuple):
    """What lines are summed by; codes are text.

    chapitre_fonction: of a budget voted by function, else empty.
    """

    section: str
    sens: str
    ordre: bool
    chapitre: str
    chapitre_fonction: str
    fonction: str


@dataclass
class Cumul:
    """The sums of one poste by amount, and where its first line is."""

    place: Place = NOWHERE
    montants: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


class Cumuls:
    """Sums over the lines of one budget."""

    def __init__(self) -> None:
        self._cumuls: dict[Poste, Cumul] = {}

    def add(
        self,
        poste: Poste,
        values: Mapping[str, str],
        amount: Callable[[str], Decimal],
        place: Callable[[], Place],
    ) -> None:
        """One line: its amounts as written, and how to read one and to say where the line is."""
        cumul = self._cumuls.get(poste)
        if cumul is None:
            cumul = self._cumuls[poste] = Cumul(place())
        montants = cumul.montants
        for name in AMOUNTS:
            value = values.get(name)
            if value and value != "0.00":
                montants[name] += amount(value)

    def add_sums(self, poste: Poste, montants: Mapping[str, Decimal], place: Place) -> None:
        """Lines that were summed elsewhere; place: of the first of them."""
        cumul = self._cumuls.get(poste)
        if cumul is None:
            cumul = self._cumuls[poste] = Cumul(place)
        for name, montant in montants.items():
            cumul.montants[name] += montant

    def __contains__(self, poste: Poste) -> bool:
        return poste in self._cumuls

    def __len__(self) -> int:
        return len(self._cumuls)

    def __iter__(self) -> Iterator[tuple[Poste, Cumul]]:
        return iter(self._cumuls.items())

    def total(self, names: Iterable[str], **wanted: object) -> Decimal:
        """The sum of these amounts over the postes that have the wanted values."""
        return sum(
            (cumul.montants.get(name, ZERO) for cumul in self.of(**wanted) for name in names), ZERO
        )

    def by_chapitre(self) -> Cumuls:
        """The same sums, functions of one functional chapter put together."""
        merged = Cumuls()
        for poste, cumul in self:
            key = poste._replace(fonction="")
            into = merged._cumuls.setdefault(key, Cumul(cumul.place))
            for name, montant in cumul.montants.items():
                into.montants[name] += montant
        return merged

    def of(self, **wanted: object) -> list[Cumul]:
        """The sums of the postes that have the wanted values."""
        return [
            cumul
            for poste, cumul in self._cumuls.items()
            if all(getattr(poste, name) == value for name, value in wanted.items())
        ]

    def place(self, **wanted: object) -> Place:
        """The first line of those postes, NOWHERE if there is none."""
        return next((cumul.place for cumul in self.of(**wanted)), NOWHERE)
