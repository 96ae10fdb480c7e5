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


@dataclass(slots=True)
class Spot:
    """An element that may have to be hidden.

    start, end: bytes where its start tag and its end tag begin; inside: holds it something?
    """

    name: str
    line: int
    start: int
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
    values: dict[str, list[str]] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)


class Finder:
    """`start` and `end` are handlers of expat; `found` is told of each thing to be hidden.

    Sets expat's handler of texts, where something is watched.
    """

    def __init__(self, parser: XMLParserType, found: Callable[[Found], None]) -> None:
        self._parser = parser
        self._found = found
        self._rules = personal()
        self._tags: list[str] = []
        self._of_no_concern: set[str] = set()
        self._rows: list[_OpenRow] = []
        self._open: list[tuple[int, Spot]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tags.append(tag)
        if tag in self._of_no_concern and not self._rows and not self._open:
            return
        self._look(local(tag), attributes)

    def end(self, _tag: str) -> None:
        if self._rows or self._open:
            self._leave(len(self._tags))
        self._tags.pop()

    def refuse_depth(self) -> None:
        """Unreadable where more elements are open than a budget has; to be called now and then."""
        if len(self._tags) > MAX_DEPTH:
            raise oversized("depth", self._parser.CurrentLineNumber, MAX_DEPTH)

    def _look(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._tags)
        self._mark(depth - 1)
        for row in self._rows:
            row.values.setdefault(name, []).append(attributes.get("V", "").strip())
        if name in self._rules.rows:
            self._rows.append(_OpenRow(name, self._parser.CurrentLineNumber, depth))
        elif self._is_watched(name):
            self._watch(name, attributes, depth)
        elif not self._rows:
            self._of_no_concern.add(self._tags[-1])

    def _is_watched(self, name: str) -> bool:
        rules = self._rules
        known = name in rules.always or name in rules.attributes or name in rules.seals
        return known or any(name in rules.rows[row.name].names for row in self._rows)

    def _watch(self, name: str, attributes: dict[str, str], depth: int) -> None:
        line, start = self._parser.CurrentLineNumber, self._parser.CurrentByteIndex
        self._open.append((depth, Spot(name, line, start, attributes)))
        self._parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if text.strip():
            self._mark(len(self._tags))

    def _mark(self, depth: int) -> None:
        """The element open at this depth holds something."""
        if self._open and self._open[-1][0] == depth:
            self._open[-1][1].inside = True

    def _leave(self, depth: int) -> None:
        if self._open and self._open[-1][0] == depth:
            spot = self._open.pop()[1]
            spot.end = self._parser.CurrentByteIndex
            if not self._open:
                self._parser.CharacterDataHandler = None
            self._judge(spot)
        if self._rows and self._rows[-1].depth == depth:
            self._end_row(self._rows.pop())

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
            self._hide(spot, rules.always[name] or self._parent(), _place(spot))
        else:
            for row in self._rows:
                if name in rules.rows[row.name].names:
                    row.spots.append(spot)

    def _parent(self) -> str:
        return local(self._tags[-2] if len(self._tags) > 1 else self._tags[-1])

    def _end_row(self, row: _OpenRow) -> None:
        if self._rules.rows[row.name].is_personal(row.values):
            for spot in row.spots:
                self._hide(spot, row.name, _place(row))

    def _hide(self, spot: Spot, annexe: str, place: Place) -> None:
        rules = self._rules
        if spot.inside or rules.shows(spot.attributes.get("V", "")):
            attributes = () if spot.name in rules.drop else ("V",)
            self._found(Found(annexe, spot, place, attributes, hollow=spot.inside))


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
