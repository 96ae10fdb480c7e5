"""The columns that a file means when their labels are not the standard's names.

Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Literal

from ..resources import read_json
from ..standards import Standard
from .fold import without_accents

Kind = Literal["misspelt", "title", "alias", "near"]
NEAR = 0.85
"""Ratio of difflib from which two names are taken for one: a letter in seven."""
LONGEST = 120
"""Characters of a label; the longest title has some eighty."""
MOST_NEAR = 200
"""Labels looked at by spelling, so that a row of text in the header's place costs little."""

ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Match:
    """The field that a label stands for, and how that was told."""

    field: str
    kind: Kind


def match_labels(labels: Sequence[str], standard: Standard) -> dict[int, Match]:
    """By position in `labels`, the field of each label that is not exactly one.

    From the surest to the least sure: the name but for case, accents, blanks and punctuation; the
    field's title, ours or the publisher's; a name that files are known to use; a near spelling.
    A field has one label at most: the exact one, else the surest, else the first.
    """
    taken = {label for label in labels if label in standard.field_names}
    matches: dict[int, Match] = {}
    plain = {
        position: _plain(label)
        for position, label in enumerate(labels)
        if label not in taken and len(label) <= LONGEST and label.strip()
    }
    for kind, find in _finders(standard):
        for position, label in plain.items():
            field = find(label) if position not in matches else None
            if field and field not in taken:
                taken.add(field)
                matches[position] = Match(field, kind)
    left = [position for position in plain if position not in matches][:MOST_NEAR]
    for position in left:
        field = _near(plain[position], standard.field_names)
        if field and field not in taken:
            taken.add(field)
            matches[position] = Match(field, "near")
    return dict(sorted(matches.items()))


def named(labels: Sequence[str], standard: Standard) -> set[str]:
    """The fields that these labels name, to the letter or by a name that stands for one of them."""
    found = {label for label in labels if label in standard.field_names}
    lookups = [find for _, find in _finders(standard)]
    for label in labels:
        if label not in found and len(label) <= LONGEST and (plain := _plain(label)):
            found.update(filter(None, (find(plain) for find in lookups)))
    return found


@lru_cache(maxsize=16)
def _finders(standard: Standard) -> tuple[tuple[Kind, Callable[[str], str | None]], ...]:
    names = {_plain(name): name for name in standard.field_names}
    known = _known().get(standard.name, {})
    return (
        ("misspelt", names.get),
        ("title", {**_titles(standard), **_by_label(known.get("titles", {}))}.get),
        ("alias", _by_label(known.get("aliases", {})).get),
    )


def _titles(standard: Standard) -> dict[str, str]:
    fields = standard.descriptor["fields"]
    return {_plain(field["title"]): field["name"] for field in fields if field.get("title")}


def _by_label(known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {_plain(label): field for field, labels in known.items() for label in labels}


def _near(label: str, names: Sequence[str]) -> str | None:
    """The one name that is nearest, if near enough."""
    ratios = [(_ratio(label, _plain(name)), name) for name in names]
    best = max(ratio for ratio, _ in ratios)
    nearest = [name for ratio, name in ratios if ratio == best]
    return nearest[0] if best >= NEAR and len(nearest) == 1 else None


def _ratio(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return matcher.ratio()


@lru_cache(maxsize=4096)
def _plain(label: str) -> str:
    """A label without case, accents, blanks, punctuation or what it says between parentheses."""
    letters = without_accents(ASIDE.sub("", label)).casefold()
    return "".join(c for c in letters if c.isalnum() and c.isascii())


@cache
def _known() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    """By standard: the publisher's titles, through its versions, and the names that files use."""
    known: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]] = read_json("aliases.json")
    return known
