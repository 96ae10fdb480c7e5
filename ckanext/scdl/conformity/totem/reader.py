"""Read a budget XML in one pass: the header blocks, then each LigneBudget, as plain values.

expat keeps no tree, and its handlers hear only of the parts that hold blocks.  A document voted
since 2023 may be a CompteFinancierUnique that wraps the DocumentBudgetaire.  Imports the standard
library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from xml.parsers.expat import XMLParserType

from ..intake import Intake
from ..report import Place
from .grammar import grammar
from .listening import Listening
from .parser import MAX_DEPTH, SEPARATOR, Feed, local, oversized
from .people import Finder, Scan

MAX_CHILDREN = 500
"""Distinct elements of one block.  A LigneBudget has at most 25 in the real files."""

MAX_BLOCK = 1024 * 1024
"""Bytes of one block: some 1 500 in real files."""

MAX_BLOCKS = 400_000
"""Blocks of one document, totals and those of the comptable included."""

BUDGET, LIGNE = "Budget", "LigneBudget"
KEYED = ("CaracSup", "MtSup")
FALSE = {"false", "0"}
NEVER = -(10**9)
"""A depth that no element has."""
COMPTABLE = "http://www.minefi.gouv.fr/cp/demat/doccomptable"
"""The namespace of the comptable's half of a compte financier unique."""

INFOS, OF_THE_COMPTABLE = "Infos", "BudgetComptable"


@dataclass(slots=True)
class Block:
    """One block of the document.

    name: element name ("Budget" comes last, without values); values: attribute V (or Siret) by
    child name, first occurrence, blanks and line breaks folded into single spaces (a lone carriage
    return would split a line of the table), CaracSup and MtSup as "CaracSup/<Code>"; rank: of a
    LigneBudget, from 1, calculated ones included; lines: line of each child.  A calculated line (a
    total) has no values; BudgetComptable has its attribute SIRET.
    """

    name: str
    line: int
    values: Mapping[str, str]
    lines: Mapping[str, int]
    calculated: bool = False
    rank: int | None = None

    def get(self, name: str) -> str:
        """The value of a child, "" when it is absent."""
        return self.values.get(name, "")

    def place(self, name: str) -> Place:
        """Where a child is; the block itself when it is absent."""
        return Place(line=self.lines.get(name, self.line), row=self.rank, element=name)


def read(intake: Intake, scan: Scan | None = None) -> Iterator[Block]:
    """The blocks of a budget in file order; Unreadable when the stream is not a budget XML.

    scan: counts, on the way, what the document tells of people; None saves some of the time.
    """
    feed = Feed(intake)
    blocks = _Blocks(feed.parser)
    finders = [Finder(feed.parser, scan.add)] if scan else []
    listening = Listening(feed, [blocks, *finders])
    number = waiting = 0
    while data := feed.read():
        listening.choose(data)
        feed.parse(data)
        ready = blocks.taken()
        waiting = 0 if ready or blocks.idle else waiting + len(data)
        blocks.refuse_endless(waiting)
        number += len(ready)
        if number > MAX_BLOCKS:
            raise oversized("document", feed.parser.CurrentLineNumber, MAX_BLOCKS)
        if ready:
            feed.guard.known()
            yield from ready
    feed.close()
    yield from blocks.taken()


class _Blocks:
    """A listener that gathers the blocks."""

    def __init__(self, parser: XMLParserType) -> None:
        self._parser = parser
        self.names = set(_tags().values())
        self._ready: list[Block] = []
        self._tags = _tags()
        self._keys: dict[str, str] = {}
        self._depth = self._rank = 0
        self._budgets: list[int] = []
        self._block: Block | None = None
        self._values: dict[str, str] = {}
        self._lines: dict[str, int] = {}
        self._top = self._bottom = NEVER
        self._else = ""

    @property
    def idle(self) -> bool:
        return self._block is None

    def wake(self) -> None:
        self._depth = 0

    def taken(self) -> list[Block]:
        """The blocks gathered since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == self._top:
            key = self._keys.get(tag) or self._key(tag, attributes)
            if key not in self._values:
                value = attributes.get("V")
                self._values[key] = attributes.get(self._else, "") if value is None else value
                self._lines[key] = self._parser.CurrentLineNumber
        elif depth > MAX_DEPTH:
            raise oversized("depth", self._parser.CurrentLineNumber, MAX_DEPTH)
        elif self._block is None:
            self._outside(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth = depth = self._depth - 1
        if depth == self._bottom:
            self.refuse_endless()
            if self._block is not None:
                self._ready.append(_whole(self._block))
            self._block, self._top, self._bottom = None, NEVER, NEVER
        elif self._block is None and self._budgets and self._tags.get(tag) == BUDGET:
            self._ready.append(Block(BUDGET, self._budgets.pop(), {}, {}))

    def _outside(self, tag: str, attributes: dict[str, str]) -> None:
        if name := self._tags.get(tag):
            self._open(name, self._parser.CurrentLineNumber, attributes)

    def _open(self, name: str, line: int, attributes: dict[str, str]) -> None:
        if name == BUDGET:
            self._budgets.append(line)
        elif name == OF_THE_COMPTABLE:
            siret = {"SIRET": attributes.get("SIRET", "")}
            self._ready.append(Block(name, line, siret, {}))
        else:
            self._values, self._lines = {}, {}
            self._top, self._bottom = self._depth + 1, self._depth - 1
            self._else = "Siret" if name == INFOS else ""
            self._block = block = Block(name, line, self._values, self._lines)
            if name == LIGNE:
                self._rank += 1
                block.rank = self._rank
                block.calculated = attributes.get("calculated", "false") not in FALSE
                if block.calculated:  # a total: what it holds is not looked at
                    self._top = NEVER

    def refuse_endless(self, waiting: int = 0) -> None:
        """Unreadable where a block holds too much; waiting: bytes read since one has ended."""
        if self._block and (len(self._values) > MAX_CHILDREN or waiting > MAX_BLOCK):
            raise oversized("block", self._block.line, MAX_CHILDREN, self._block.name)

    def _key(self, tag: str, attributes: dict[str, str]) -> str:
        """What a child is called; asked once for each tag, unless it bears a code."""
        name = local(tag)
        if name in KEYED:
            return f"{name}/{attributes.get('Code')}"
        self._keys[tag] = name
        return name


def _whole(block: Block) -> Block:
    """A block read to its end, without needless blanks."""
    together = f"-{'-'.join(block.values.values())}-"
    if not together.isprintable() or "  " in together or " -" in together or "- " in together:
        block.values = {name: " ".join(value.split()) for name, value in block.values.items()}
    return block


@cache
def _tags() -> dict[str, str]:
    """Qualified and bare names of what is read; a document without any namespace is accepted."""
    names = (*grammar().blocks, BUDGET)
    qualified = {f"{grammar().namespace}{SEPARATOR}{name}": name for name in names}
    comptable = {f"{COMPTABLE}{SEPARATOR}{name}": name for name in (INFOS, OF_THE_COMPTABLE)}
    return {name: name for name in names} | qualified | comptable
