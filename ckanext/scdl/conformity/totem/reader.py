"""Read a budget XML in one pass: the header blocks, then each LigneBudget, as plain values.

expat's handlers gather the blocks chunk by chunk.  Most of a large town's file is annexes: where
the bytes name no block, nobody listens to the parser but the finder of personal data, if any.  A
document voted since 2023 may be a CompteFinancierUnique that wraps the DocumentBudgetaire.  Imports
the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from xml.parsers.expat import XMLParserType

from ..intake import Intake
from ..report import Place
from .grammar import grammar
from .parser import MAX_DEPTH, SEPARATOR, Feed, check_root, local, oversized
from .people import Finder, Scan

MAX_CHILDREN = 500
"""Distinct elements of one block.  A LigneBudget has at most 25 in the real files."""

MAX_ASLEEP = 500_000
"""Marks « < » of a document that nobody listens to: the depth they reach is not known."""

MAX_ASLEEP_BYTES = 8 * 1024 * 1024
"""Bytes that nobody listens to: the names in them are not counted."""

BUDGET, LIGNE = "Budget", "LigneBudget"
KEYED = ("CaracSup", "MtSup")
FALSE = {"false", "0"}
COMPTABLE = "http://www.minefi.gouv.fr/cp/demat/doccomptable"
"""The namespace of the comptable's half of a compte financier unique."""

INFOS, OF_THE_COMPTABLE = "Infos", "BudgetComptable"
WORDS = (b"Budget", b"Infos")
"""One of them is in the name of everything that is read."""

CARRY = max(map(len, WORDS)) - 1

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


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
    finder = Finder(feed.parser, scan.add) if scan else None
    blocks = _Blocks(feed.parser, finder)
    listening = _Listening(feed, blocks)
    while data := feed.read():
        listening.choose(data)
        feed.parse(data)
        if finder:
            finder.refuse_depth()
        if ready := blocks.taken():
            feed.guard.known()
            yield from ready
    feed.close()
    yield from blocks.taken()


class _Listening:
    """Lets the handlers sleep through the chunks that name no block.

    Never in UTF-16, nor beyond what a budget's annexes hold: what is open, and what names there
    are, is not known then.
    """

    def __init__(self, feed: Feed, blocks: _Blocks) -> None:
        self._parser = feed.parser
        self._blocks = blocks
        self._always = feed.guard.encoding == "UTF-16"
        self._asleep = False
        self._carry = b""
        self._at = self._last = self._marks = self._bytes = 0

    def choose(self, data: bytes) -> None:
        """Before `data` is parsed."""
        if self._always:
            return
        if self._names_a_block(data):
            self._wake()
        elif not self._asleep and self._is_past_the_last():
            self._asleep = True
            self._blocks.sleep()
        if self._asleep:
            self._marks += data.count(b"<")
            self._bytes += len(data)
            if self._marks > MAX_ASLEEP or self._bytes > MAX_ASLEEP_BYTES:
                self._always = True
                self._wake()

    def _names_a_block(self, data: bytes) -> bool:
        seen = self._carry + data
        found = max(map(seen.rfind, WORDS))
        if found >= 0:
            self._last = self._at - len(self._carry) + found
        self._at += len(data)
        self._carry = seen[-CARRY:]
        return found >= 0

    def _is_past_the_last(self) -> bool:
        """Has the parser, which may hold a tag back, told all that the names were about?"""
        return self._blocks.idle and self._parser.CurrentByteIndex > self._last

    def _wake(self) -> None:
        if self._asleep:
            self._asleep = False
            self._blocks.wake()


class _Blocks:
    """Handlers of expat that gather the blocks, and pass on what they meet to the finder."""

    def __init__(self, parser: XMLParserType, finder: Finder | None) -> None:
        self._parser = parser
        self._finder = finder
        self._ready: list[Block] = []
        self._names = _tags()
        self._keys: dict[str, str] = {}
        self._rooted = False
        self._depth = self._inside = self._rank = 0
        self._budgets: list[int] = []
        self._block: Block | None = None
        self._values: dict[str, str] = {}
        self._lines: dict[str, int] = {}
        self.wake()

    @property
    def idle(self) -> bool:
        """Not in the middle of a block, nor before the root."""
        return self._rooted and self._block is None

    def taken(self) -> list[Block]:
        """The blocks gathered since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def wake(self) -> None:
        self._depth = 0
        self._listen(self._start, self._end)

    def sleep(self) -> None:
        if self._finder:
            self._listen(self._finder.start, self._finder.end)
        else:
            self._listen(None, None)

    def _listen(self, start: Start | None, end: End | None) -> None:
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._finder:
            self._finder.start(tag, attributes)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise oversized("depth", self._parser.CurrentLineNumber, MAX_DEPTH)
        if not self._rooted:
            check_root(tag, self._parser.CurrentLineNumber)
            self._rooted = True
        elif name := self._names.get(tag):
            self._open(name, attributes)

    def _end(self, tag: str) -> None:
        if self._finder:
            self._finder.end(tag)
        self._depth -= 1
        if self._budgets and self._names.get(tag) == BUDGET:
            self._ready.append(Block(BUDGET, self._budgets.pop(), {}, {}))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if name == BUDGET:
            self._budgets.append(line)
            return
        if name == OF_THE_COMPTABLE:
            siret = {"SIRET": attributes.get("SIRET", "")}
            self._ready.append(Block(name, line, siret, {}))
            return
        self._values, self._lines = {}, {}
        self._block = Block(name, line, self._values, self._lines)
        if name == LIGNE:
            self._rank += 1
            self._block.rank = self._rank
            self._block.calculated = attributes.get("calculated", "false") not in FALSE
        self._inside = 0
        self._listen(self._child, self._leave)

    def _child(self, tag: str, attributes: dict[str, str]) -> None:
        if self._finder:
            self._finder.start(tag, attributes)
        self._inside += 1
        if self._inside > 1:
            self._refuse_depth()
            return
        key = self._keys.get(tag) or self._key(tag, attributes)
        if key not in self._values:
            value = attributes.get("V")
            self._values[key] = attributes.get("Siret", "") if value is None else value
            self._lines[key] = self._parser.CurrentLineNumber

    def _key(self, tag: str, attributes: dict[str, str]) -> str:
        """What a child is called; told once for each tag, unless it bears a code."""
        name = local(tag)
        if name in KEYED:
            return f"{name}/{attributes.get('Code')}"
        self._keys[tag] = name
        return name

    def _refuse_depth(self) -> None:
        if self._inside > MAX_DEPTH:
            raise oversized("depth", self._parser.CurrentLineNumber, MAX_DEPTH)

    def _leave(self, tag: str) -> None:
        if self._inside:
            if self._finder:
                self._finder.end(tag)
            self._inside -= 1
            return
        if self._block:
            self._ready.append(_folded(self._block))
        self._block = None
        self._listen(self._start, self._end)
        self._end(tag)


def _folded(block: Block) -> Block:
    """The block, whole: a total without its values, the others without needless blanks."""
    if block.calculated:
        block.values = {}
    if len(block.values) > MAX_CHILDREN:
        raise oversized("block", block.line, MAX_CHILDREN, block.name)
    together = "-".join(block.values.values())
    if " " in together or not together.isprintable():
        block.values = {name: " ".join(value.split()) for name, value in block.values.items()}
    return block


@cache
def _tags() -> dict[str, str]:
    """Qualified and bare names of what is read; a document without any namespace is accepted."""
    names = (*grammar().blocks, BUDGET)
    qualified = {f"{grammar().namespace}{SEPARATOR}{name}": name for name in names}
    comptable = {f"{COMPTABLE}{SEPARATOR}{name}": name for name in (INFOS, OF_THE_COMPTABLE)}
    return {name: name for name in names} | qualified | comptable
