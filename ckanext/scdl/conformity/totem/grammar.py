"""The part of the TOTEM grammar that we read, from schemas/totem: blocks, elements, codes.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ..resources import read_json


@dataclass(frozen=True)
class Rule:
    """What an element must hold.  type: text, siret, nomenclature, etape, exercice, code, decimal.

    column: the scdl/budget column that takes the value; codes: allowed codes and their meaning;
    max: characters.  The standard limits Nature and Fonction to 9; the other limits are ours,
    several times what real files hold, so that the table cannot outgrow the budget.
    """

    type: str
    required: bool = False
    max: int | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    column: str | None = None


@dataclass(frozen=True)
class Grammar:
    """Namespaces, root elements, and the rules of each block by element name."""

    namespace: str
    roots: Mapping[str, str]
    blocks: Mapping[str, Mapping[str, Rule]]


@cache
def grammar() -> Grammar:
    """The grammar of schemas/totem/docbudg.json."""
    data = read_json("totem/docbudg.json")
    blocks = {
        block: {name: Rule(**rule) for name, rule in rules.items()}
        for block, rules in data["blocks"].items()
    }
    return Grammar(data["namespace"], data["roots"], blocks)
