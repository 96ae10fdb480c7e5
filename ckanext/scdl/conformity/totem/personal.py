"""What a budget XML tells of people, and where: the rules of schemas/totem/personal.json.

Names of natural persons who receive grants or loans, pay of agents, signatories, accountants,
publishers' free fields, certificates: not to be published (CRPA, articles L311-6 and L311-7).  A
doubt counts as personal: a grant whose beneficiary is of no said kind.  Names are looked for
whatever their namespace and depth.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..resources import read_json


@dataclass(frozen=True)
class Row:
    """A kind of row that may name a person or not: the names to hide, unless each of these children
    has only values that say that no person is meant."""

    names: frozenset[str]
    unless: Mapping[str, Collection[str]]

    def is_personal(self, says_no: Mapping[str, bool]) -> bool:
        """says_no: by name of a child, whether each of them says that no person is meant."""
        return not all(says_no.get(name, False) for name in self.unless)


@dataclass(frozen=True)
class Personal:
    """The rules.

    always: element name → annexe, of what is personal wherever it stands ("" : the annexe is its
    parent); drop: those of them taken out, since their type (an amount) has no room for words;
    rows: by name; attributes: of elements, by name; certificates: elements that count as one, and
    go with the seals that a change makes void.
    """

    mask: str
    always: Mapping[str, str]
    drop: frozenset[str]
    rows: Mapping[str, Row]
    attributes: Mapping[str, tuple[str, ...]]
    certificates: frozenset[str]
    seals: frozenset[str]

    def shows(self, value: str) -> bool:
        """Does a value still say something?"""
        return value.strip() not in ("", self.mask)


@cache
def personal() -> Personal:
    """The rules of schemas/totem/personal.json."""
    data = read_json("totem/personal.json")
    annexes = data["annexes"]
    sure = {name: rule for name, rule in annexes.items() if "unless" not in rule}
    always = {child: name for name, rule in sure.items() for child in _children(rule)}
    return Personal(
        mask=data["mask"],
        always=always | dict.fromkeys(data["anywhere"], ""),
        drop=frozenset(child for rule in annexes.values() for child in rule.get("drop", ())),
        rows={
            name: Row(frozenset(_children(rule)), rule["unless"])
            for name, rule in annexes.items()
            if "unless" in rule
        },
        attributes={name: tuple(names) for name, names in data["attributes"].items()},
        certificates=frozenset(data["certificates"]),
        seals=frozenset(data["seals"]),
    )


def _children(rule: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from rule.get("mask", ())
    yield from rule.get("drop", ())
