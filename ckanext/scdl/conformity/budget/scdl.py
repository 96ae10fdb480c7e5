"""A budget line as a line of the scdl/budget table, every amount as text, exactly as written.

Imports the standard library only.
"""

from __future__ import annotations

from ..report import Identity
from ..standards import BUDGET, standard
from ..totem.grammar import grammar
from ..totem.reader import Block
from .imputation import Imputation


def header() -> list[str]:
    """Column names in the standard's order."""
    return list(standard(BUDGET).field_names)


class RowMaker:
    """Makes the rows of one budget: what is the same on all of them is prepared once."""

    def __init__(self, identity: Identity) -> None:
        names = header()
        self._common = [_same_on_all(identity).get(name) or "" for name in names]
        self._imputation = tuple((names.index(name), key) for name, key in IMPUTATION.items())
        self._columns = {
            element: (names.index(rule.column), rule.codes)
            for element, rule in grammar().blocks["LigneBudget"].items()
            if rule.column
        }

    def row(self, line: Block, imputation: Imputation) -> list[str]:
        """The cells of a line that passed `check_line`, in the standard's order."""
        cells, columns = self._common.copy(), self._columns
        for at, key in self._imputation:
            cells[at] = getattr(imputation, key)
        for element, value in line.values.items():
            if element in columns:
                at, codes = columns[element]
                cells[at] = codes.get(value, "") if codes else value
        return cells


IMPUTATION = {
    "BGT_CONTNAT": "chapitre",
    "BGT_CONTNAT_LABEL": "chapitre_libelle",
    "BGT_NATURE_LABEL": "nature_libelle",
    "BGT_FONCTION_LABEL": "fonction_libelle",
    "BGT_SECTION": "section",
}


def _same_on_all(identity: Identity) -> dict[str, str | None]:
    return {
        "BGT_NATDEC": identity.etape,
        "BGT_ANNEE": identity.exercice,
        "BGT_SIRET": identity.siret,
        "BGT_NOM": identity.nom,
    }
