"""What a budget opens for grants, against which a table of grants can be held.

Articles of the official plans (schemas/nomenclatures): subventions to associations and other
persons of private law, of fonctionnement (6574; 65741 to 65748 in M57; 6745, exceptional) and of
équipement (2042; 20421 to 20423).  Imports the standard library only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ..totem.grammar import grammar
from .etapes import COMPTE_ADMINISTRATIF

ARTICLES = ("6574", "6745", "2042")
"""Subventions to persons of private law: these accounts and those below them."""

BUDGET_PRIMITIF = "budget primitif"
CREDITS = {BUDGET_PRIMITIF: ("MtPrev",), COMPTE_ADMINISTRATIF: ("CredOuv", "MtReal")}
"""By étape, the amounts that say what there was to spend, the best first.

A décision modificative and a budget supplémentaire only say what they change.
"""

SIDES = ("FD_", "ID_")
DEPENSE = "dépense"
ONE = {"siret": "BGT_SIRET", "exercice": "BGT_ANNEE", "etape": "BGT_NATDEC"}


@dataclass(frozen=True)
class BudgetFigures:
    """What a budget opens for grants: credits in euros by article, dépenses only.

    siret, exercice ("2024"), etape (one of scdl/budget's BGT_NATDEC): of the budget.
    """

    siret: str
    exercice: str
    etape: str
    articles: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal | None:
        """All those credits, None where the budget says nothing of them."""
        return sum(self.articles.values(), Decimal(0)) if self.articles else None

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> BudgetFigures:
        """From what `conformity.summary` says of a budget XML."""
        etape = figures["etape"]
        by_amount: dict[str, dict[str, Decimal]] = {}
        for amount in CREDITS.get(etape, ()):
            by_article = figures["by_article"].get(amount, {})
            by_amount[amount] = _summed(
                (key.removeprefix(side), Decimal(text))
                for key, text in by_article.items()
                for side in SIDES
                if key.startswith(side)
            )
        return cls(figures["siret"], figures["exercice"], etape, _best(etape, by_amount))

    @classmethod
    def of_table(cls, rows: Iterable[Mapping[str, str]]) -> BudgetFigures | None:
        """From the rows of a scdl/budget table, as csv.DictReader gives them.

        None for a table that is not about one budget, or has an amount that is not a number.
        """
        columns = {e: rule.column for e, rule in grammar().blocks["LigneBudget"].items()}
        found: dict[str, dict[str, str]] = {name: {} for name in ONE}
        spent: list[Mapping[str, str]] = []
        for row in rows:
            for name, column in ONE.items():
                found[name][row.get(column) or ""] = ""
            if row.get("BGT_CODRD") == DEPENSE and row.get("BGT_NATURE", "").startswith(ARTICLES):
                spent.append(row)
        if any(len(values) != 1 or "" in values for values in found.values()):
            return None
        siret, exercice, etape = (next(iter(found[name])) for name in ONE)
        try:
            by_amount = {
                amount: _summed(
                    (row["BGT_NATURE"], _amount(text))
                    for row in spent
                    if (text := row.get(columns[amount] or ""))
                )
                for amount in CREDITS.get(etape, ())
            }
        except InvalidOperation:
            return None
        return cls(siret, exercice, etape, _best(etape, by_amount))


def _amount(text: str) -> Decimal:
    value = Decimal(text.strip())
    if not value.is_finite():
        raise InvalidOperation
    return value


def _summed(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """By article, those of ARTICLES."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for article, amount in amounts:
        if article.startswith(ARTICLES):
            found[article] += amount
    return {article: amount for article, amount in found.items() if amount}


def _best(etape: str, by_amount: Mapping[str, Mapping[str, Decimal]]) -> Mapping[str, Decimal]:
    """By the first amount that the budget has."""
    return next((by_amount[a] for a in CREDITS.get(etape, ()) if by_amount.get(a)), {})
