"""Find what a budget XML tells of people, element by element, as expat meets them.

The check counts what is found, the masking hides it: both see the same.  Most elements are of no
concern and cost little.  Imports the standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers.expat import XMLParserType

from ..report import Finding, Place, warning
from .parser import MAX_DEPTH, local, oversized
from .personal import personal

MAX_WATCHED = 200_000
"""Elements of one document that may tell of people: 3 189 at most in the real files."""

MAX_ANNEXE, MAX_ANNEXES = 40, 100
"""Characters of the name of an annexe, and how many there may be."""


@dataclass(slots=True)
class Spot:
    """An element that may have to be hidden.

    start, end: bytes where its start tag and its end tag begin; inside: holds it something?
    """

    name: str
    line: int
    start: int
    depth: int
    attributes: dict[str, str]
    inside: bool = False
    end: int = 0


class Found(NamedTuple):
    """What is to be hidden: these attributes of the spot and, if hollow, what it holds; without
    any attribute, the whole element.

    number: the values that it counts for in its annexe (0 for a seal); place: where it is told.
    """

    annexe: str
    spot: Spot
    place: Place
    attributes: tuple[str, ...] = ()
    number: int = 1
    hollow: bool = False


@dataclass(slots=True)
class _OpenRow:
    """A row that may name a person: what was read of it so far."""

    name: str
    line: int
    depth: int
    says_no: dict[str, bool] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)


class Finder:
    """A listener; `found` is told of each thing to be hidden.

    Sets expat's handler of texts, where something is watched.
    """

    def __init__(self, parser: XMLParserType, found: Callable[[Found], None]) -> None:
        self._parser = parser
        self._found = found
        self._rules = rules = personal()
        self.names = {*rules.always, *rules.rows, *rules.attributes, *rules.seals}
        self._depth = 0
        self._of_no_concern: set[str] = set()
        self._rows: list[_OpenRow] = []
        self._open: list[Spot] = []
        self._orphans: list[Spot] = []
        self._whole = {*rules.seals, *rules.attributes}
        self._alert = False
        self._of_rows: frozenset[str] = frozenset()
        self._watched = 0
        self._annexes: set[str] = set()
        self.idle = True

    def wake(self) -> None:
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise oversized("depth", self._parser.CurrentLineNumber, MAX_DEPTH)
        if self._alert or tag not in self._of_no_concern:
            self._look(tag, attributes)

    def end(self, tag: str) -> None:
        if not self.idle:
            self._leave(tag)
        self._depth -= 1

    def _look(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self._mark(self._depth - 1)
        if self._rows:
            self._hear_kind(self._rows[-1], name, attributes)
        if name in self._rules.rows:
            self._rows.append(_OpenRow(name, self._parser.CurrentLineNumber, self._depth))
            self._settle()
        elif self._is_watched(name):
            self._watch(name, attributes)
        elif not self._rows:
            self._of_no_concern.add(tag)

    def _hear_kind(self, row: _OpenRow, name: str, attributes: dict[str, str]) -> None:
        """A child of a row may say that no person is meant; one nested deeper may not."""
        allowed = self._rules.rows[row.name].unless.get(name)
        if allowed is not None and self._depth == row.depth + 1:
            says_no = attributes.get("V", "").strip() in allowed
            row.says_no[name] = says_no and row.says_no.get(name, True)

    def _is_watched(self, name: str) -> bool:
        rules = self._rules
        known = name in rules.always or name in rules.attributes or name in rules.seals
        return known or name in self._of_rows

    def _watch(self, name: str, attributes: dict[str, str]) -> None:
        line, start = self._parser.CurrentLineNumber, self._parser.CurrentByteIndex
        self._watched += 1
        if self._watched > MAX_WATCHED:
            raise oversized("document", line, MAX_WATCHED)
        self._open.append(Spot(name, line, start, self._depth, _by_local_name(attributes)))
        self._settle()

    def _settle(self) -> None:
        """What to be attentive to: not what is in a seal, which counts as one and goes whole."""
        watched = any(spot.name not in self._whole for spot in self._open)
        self._parser.CharacterDataHandler = self._text if watched else None
        self._alert = watched or bool(self._rows)
        open_rows = (self._rules.rows[row.name].names for row in self._rows)
        self._of_rows = frozenset().union(*open_rows)
        self.idle = not (self._open or self._rows or self._orphans)

    def _text(self, text: str) -> None:
        if text.strip():
            self._mark(self._depth)

    def _mark(self, depth: int) -> None:
        """The element open at this depth holds something."""
        if self._open and self._open[-1].depth == depth:
            self._open[-1].inside = True

    def _leave(self, tag: str) -> None:
        while self._orphans and self._orphans[-1].depth > self._depth:
            spot = self._orphans.pop()
            self._hide(spot, self._annexe(local(tag), spot), _place(spot))
            self._settle()
        if self._open and self._open[-1].depth == self._depth:
            spot = self._open.pop()
            spot.end = self._parser.CurrentByteIndex
            self._judge(spot)
            self._settle()
        if self._rows and self._rows[-1].depth == self._depth:
            self._end_row(self._rows.pop())
            self._settle()

    def _judge(self, spot: Spot) -> None:
        rules, name = self._rules, spot.name
        if name in rules.seals:
            sealed = Found("Signature", spot, _place(spot), number=int(name in rules.certificates))
            self._found(sealed)
        elif name in rules.attributes:
            named = rules.attributes[name]
            shown = tuple(a for a in named if rules.shows(spot.attributes.get(a, "")))
            if shown:
                self._found(Found(name, spot, _place(spot), shown, len(shown)))
        elif name in rules.always:
            self._hide_always(spot, rules.always[name])
        else:
            wanting = (row for row in reversed(self._rows) if name in rules.rows[row.name].names)
            next(wanting).spots.append(spot)

    def _hide_always(self, spot: Spot, annexe: str) -> None:
        """The annexe of what may stand anywhere is its parent, known when that ends."""
        if annexe:
            self._hide(spot, annexe, _place(spot))
        else:
            self._orphans.append(spot)

    def _annexe(self, parent: str, spot: Spot) -> str:
        """The parent's name, unless it is one that no annexe bears: reports hold what is told."""
        if parent not in self._annexes:
            if len(parent) > MAX_ANNEXE or len(self._annexes) >= MAX_ANNEXES:
                return spot.name
            self._annexes.add(parent)
        return parent

    def _end_row(self, row: _OpenRow) -> None:
        if self._rules.rows[row.name].is_personal(row.says_no):
            for spot in row.spots:
                self._hide(spot, row.name, _place(row))

    def _hide(self, spot: Spot, annexe: str, place: Place) -> None:
        rules = self._rules
        if spot.inside or rules.shows(spot.attributes.get("V", "")):
            attributes = () if spot.name in rules.drop else ("V",)
            self._found(Found(annexe, spot, place, attributes, hollow=spot.inside))


def _by_local_name(attributes: dict[str, str]) -> dict[str, str]:
    """Whatever their prefix; two of one name are put together, since both are hidden."""
    values: dict[str, str] = {}
    for name, value in attributes.items():
        values[local(name)] = values.get(local(name), "") + value
    return values


def _place(one: Spot | _OpenRow) -> Place:
    return Place(line=one.line, element=one.name)


class Scan:
    """Counts what should be hidden, by annexe, while the budget is read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.places: dict[str, Place] = {}

    def add(self, found: Found) -> None:
        if found.number:
            self.counts[found.annexe] += found.number
            self.places.setdefault(found.annexe, found.place)

    def findings(self) -> Iterator[Finding]:
        """One warning an annexe, at its first line."""
        for annexe, number in self.counts.items():
            place = self.places[annexe]
            yield warning("totem-personal-data", place, annexe=annexe, number=number)
