"""The header of a table against the standard's columns: what each column is, what is amiss.

Columns are paired by their exact name, blanks at its ends left out, as frictionless does with
schema_sync; a name that only looks like a field's is a missing column, and the report says which
name to change.  Imports the standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..repair.headers import Match, match_labels, named
from ..report import Finding, Place, cut, error, warning
from ..standards import Field, Standard
from .letters import column_letter

SHOWN = 3
RECOGNISED = 4
"""One column of the standard in four, be it by a name that only looks like it, else the record is a
title or another table's header: naming each missing column would bury that."""


@dataclass(frozen=True)
class Header:
    """`columns`: for each field found, its position in the file; `labels`: names of all columns;
    `lookalikes`: for each field not found, the label that seems to stand for it.

    Labels are those of the file, blanks at their ends left out, doubles numbered (montant2).
    """

    columns: dict[str, int]
    labels: tuple[str, ...]
    findings: tuple[Finding, ...]
    lookalikes: Mapping[str, str]


def recognised(cells: Sequence[str], standard: Standard) -> tuple[int, int]:
    """How many fields a record names: in all, and to the letter."""
    labels = {label for cell in cells if (label := cell.strip())}
    exact = len(labels & set(standard.field_names))
    return len(named(sorted(labels), standard)), exact


def is_header(cells: Sequence[str], standard: Standard) -> bool:
    """Does this record name enough of the columns to be the header?"""
    close, exact = recognised(cells, standard)
    return exact > 0 or close * RECOGNISED >= len(standard.fields)


def unmatched(cells: Sequence[str], standard: Standard, place: Place) -> Finding:
    """The error for a table of which no record is the header."""
    known = ", ".join(standard.field_names[:SHOWN])
    number = recognised(cells, standard)[0]
    return error("unmatched-header", place, number=number, standard=standard.name, known=known)


def read_header(cells: Sequence[str], standard: Standard, place: Place) -> Header:
    """Pair the cells of the header record with the standard's fields; place: where it starts."""
    labels = [cell.strip() for cell in cells]
    columns: dict[str, int] = {}
    for position, label in enumerate(labels):
        if label in standard.field_names:
            columns.setdefault(label, position)
    matches = match_labels(labels, standard)
    reading = _Reading(labels, columns, standard, place, matches)
    findings = (
        *reading.missing(),
        *reading.unmatched(),
        *reading.duplicates(),
        *reading.extra(),
        *reading.order(),
    )
    lookalikes = {match.field: labels[at] for at, match in matches.items()}
    return Header(columns, _numbered(labels), findings, lookalikes)


def _numbered(labels: list[str]) -> tuple[str, ...]:
    """As frictionless names columns of one name: montant, montant2, montant3."""
    used: dict[str, None] = {}
    for label in labels:
        name, number = label, 2
        while name in used:
            name, number = f"{label}{number}", number + 1
        used[name] = None
    return tuple(used)


@dataclass(frozen=True)
class _Reading:
    labels: list[str]
    columns: dict[str, int]
    standard: Standard
    place: Place
    matches: Mapping[int, Match]

    def _place(self, name: str | None = None, position: int | None = None) -> Place:
        letter = None if position is None else column_letter(position)
        return replace(self.place, field=name, column=letter)

    def unmatched(self) -> Iterator[Finding]:
        """No name to the letter: the columns that stand for the standard's are to be renamed."""
        if not self.columns:
            found = unmatched(self.labels, self.standard, self.place)
            yield replace(found, params={**found.params, "rule": "renamed"})

    def missing(self) -> Iterator[Finding]:
        stand_for = {match.field: (at, match.kind) for at, match in self.matches.items()}
        needed = self._needed()
        for field in self.standard.fields:
            found = stand_for.get(field.name, (None, None))
            if field.name in self.columns or (found == (None, None) and field.name in needed):
                continue
            yield self._absent(field, *found)

    def _needed(self) -> set[str]:
        """Optional columns of which the file has neither: that one is needed is told as an error,
        next to which « you may add it » would contradict."""
        pairs = [set(choice) for choice in self.standard.choices]
        names = set().union(*(pair for pair in pairs if not pair & self.columns.keys()))
        return {name for name in names if not self._must(self.standard.field(name))}

    def _must(self, field: Field) -> bool:
        """May the file not lack it?  Neither a required column, nor one of the key."""
        return field.required or field.name in self.standard.primary_key

    def _absent(self, field: Field, position: int | None, kind: str | None) -> Finding:
        build = error if self._must(field) else warning
        code = "missing-label" if self._must(field) else "missing-optional-label"
        if position is None or kind is None:
            return build(code, self._place(field.name))
        params = {"value": cut(self.labels[position]), "proposal": field.name}
        return build(code, self._place(field.name, position), rule=kind, **params)

    def duplicates(self) -> Iterator[Finding]:
        for name, number in Counter(self.labels).items():
            if number > 1 and name in self.columns:
                place = self._place(name, self.columns[name])
                yield error("duplicate-label", place, number=number, value=cut(name))

    def extra(self) -> Iterator[Finding]:
        for position, label in enumerate(self.labels):
            if label in self.columns or position in self.matches:
                continue  # the latter is told as the missing column that it stands for
            place = self._place(None, position)
            if label:
                yield warning("extra-label", place, value=cut(label))
            else:
                yield warning("extra-label", place, rule="blank", position=position + 1)

    def order(self) -> Iterator[Finding]:
        positions = [self.columns[n] for n in self.standard.field_names if n in self.columns]
        if positions != sorted(positions):
            yield warning("label-order", self._place())
