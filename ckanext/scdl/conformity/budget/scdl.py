"""A budget line as a line of the scdl/budget table, every amount as text, exactly as written.

Imports the standard library only.
"""

from __future__ import annotations

from ..report import Identity
from ..standards import standard
from ..totem.grammar import grammar
from ..totem.reader import Block
from .imputation import Imputation


def header() -> list[str]:
    """Column names in the standard's order."""
    return list(standard("budget").field_names)


def row(line: Block, identity: Identity, imputation: Imputation) -> list[str]:
    """The cells of a line that passed `check_line`, in the standard's order."""
    cells = {
        "BGT_NATDEC": identity.etape or "",
        "BGT_ANNEE": identity.exercice or "",
        "BGT_SIRET": identity.siret or "",
        "BGT_NOM": identity.nom or "",
        "BGT_CONTNAT": imputation.chapitre,
        "BGT_CONTNAT_LABEL": imputation.chapitre_libelle,
        "BGT_NATURE_LABEL": imputation.nature_libelle,
        "BGT_FONCTION_LABEL": imputation.fonction_libelle,
        "BGT_SECTION": imputation.section,
    }
    for element, rule in grammar().blocks["LigneBudget"].items():
        if rule.column:
            value = line.get(element)
            cells[rule.column] = rule.codes.get(value, value)
    return [cells.get(name, "") for name in header()]
