"""Read a budget XML in one pass: the header blocks, then each LigneBudget, as plain values.

lxml's pull parser without DTD, entities or network; it reports only the elements that we read, and
what has been read is dropped as the file goes, so that memory does not grow with it.  A document
voted since 2023 may be a CompteFinancierUnique that wraps the DocumentBudgetaire.  Imports lxml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Literal, cast

from ..intake import CHUNK, Intake
from ..magic import container
from ..report import Finding, Place, Unreadable, error, quote
from .grammar import grammar
from .guard import Guard
from .personal import Scan
from .personal import personal as personal_rules

if TYPE_CHECKING:
    from lxml.etree import XMLPullParser, _Element

MAX_XML_BYTES = 64 * 1024 * 1024
"""Largest budget read: the largest real one met has 4 MB."""

MAX_BLOCK = 1024 * 1024
"""Bytes read since the last element known, while a block is open: some 1 500 in real files."""

MAX_CHILDREN = 500
"""Elements of one block.  A LigneBudget has at most 25 in the real files."""

ENCODING_ERRORS = {6, 31, 32, 81, 6003}
"""libxml2: invalid, unknown or unsupported encoding, bytes that are not in the declared one."""

BUDGET, LIGNE = "Budget", "LigneBudget"
ROOT, DOUBTFUL, PERSONAL = "(root)", "(maybe personal)", "(personal)"
WRAPPERS = (BUDGET, ROOT, "")
"""Read for where they start or end, not for what they hold."""
KEYED = ("CaracSup", "MtSup")
_LOCAL: dict[str, str] = {}
"""Names without namespace, of the tags met so far; no more than MOST_LOCAL of them."""

MOST_LOCAL = 2000


@dataclass(slots=True)
class Block:
    """One block of the document.

    name: element name ("Budget" comes last, without values); values: attribute V by child name,
    first occurrence, blanks and line breaks folded into single spaces (a lone carriage return would
    split a line of the table), CaracSup and MtSup as "CaracSup/<Code>"; rank: of a LigneBudget,
    from 1, calculated ones included; lines: source line of each child, of a LigneBudget as long as
    it is the last block read.  A calculated line (a total) has no values.
    """

    name: str
    line: int
    values: Mapping[str, str]
    calculated: bool = False
    rank: int | None = None
    lines: Mapping[str, int] | None = None
    element: _Element | None = None

    def get(self, name: str) -> str:
        """The value of a child, "" when it is absent."""
        return self.values.get(name, "")

    def place(self, name: str) -> Place:
        """Where a child is; the block itself when it is absent."""
        lines = self.lines
        if lines is None:
            lines = {} if self.element is None else _lines(self.element, self.line)
        return Place(line=lines.get(name, self.line), row=self.rank, element=name)


def read(intake: Intake, scan: Scan | None = None) -> Iterator[Block]:
    """The blocks of a budget in file order; Unreadable when the stream is not a budget XML.

    scan: counts, on the way, what the document tells of people; None saves some of the time.
    """
    from lxml import etree

    refuse_other_containers(intake)
    intake.limit = MAX_XML_BYTES
    guard = Guard(intake)
    check_first_tag(intake.head)
    names = _tags(personal=scan is not None)
    parser = _parser("start", "end", tags=list(names))
    try:
        for element in _elements(parser, guard, names):
            name = _named(element.tag, names)
            if name is PERSONAL and scan:
                scan.add(*_hidden(element))
            elif name is DOUBTFUL and scan:
                scan.add(*_hidden_in_row(element))
            elif name is not ROOT:
                yield _block(name, element, guard)
    except etree.XMLSyntaxError:
        raise Unreadable(_syntax(parser, guard)) from None


def refuse_other_containers(intake: Intake) -> None:
    """Unreadable, with what the file really is, unless it may be XML."""
    kind = container(intake.head)
    if kind == "empty":
        raise Unreadable(error("file-empty"))
    if kind != "xml":
        raise Unreadable(error("not-xml", rule=kind))


def _elements(parser: XMLPullParser, guard: Guard, names: Mapping[str, str]) -> Iterator[_Element]:
    """Those of these names, each at its end; what has been read is dropped as the file goes."""
    root: _Element | None = None
    while data := guard.read(CHUNK):
        parser.feed(data)
        for event, element in _read(parser):
            if event == "end":
                guard.unread = guard.since = 0
                yield element
            elif root is None:
                root = _checked_root(element)
        if root is not None and (block := _drop_read(root, names)) is not None:
            _refuse_endless(block, guard)
    parser.close()


def _refuse_endless(block: _Element, guard: Guard) -> None:
    """A block whose end does not come: what it holds waits in memory."""
    if len(block) > MAX_CHILDREN or guard.since > MAX_BLOCK:
        place = Place(line=_line(block), element=_local(str(block.tag)))
        raise Unreadable(error("xml-oversized", place, rule="block", limit=MAX_CHILDREN))


def _checked_root(element: _Element) -> _Element:
    root = element.getroottree().getroot()
    _check_root(root)
    return root


def _drop_read(root: _Element, names: Mapping[str, str]) -> _Element | None:
    """Drop what stands before the element being read, whatever it is: memory does not grow.

    What is still to be read whole (a LigneBudget whose end has not come) is left, and returned.
    """
    node = root
    while len(node):
        del node[:-1]
        node = node[0]
        if _named(node.tag, names) not in WRAPPERS:
            return node
    return None


def check_first_tag(head: bytes) -> None:
    """Refuse another document before it is read whole, if its root is in its first bytes."""
    from lxml import etree

    parser = _parser("start")
    with suppress(etree.XMLSyntaxError):  # the real parser will say so, unless a root came first
        parser.feed(head)
    for _, element in islice(_read(parser), 1):
        _check_root(element)


def _parser(*events: Literal["start", "end"], tags: Sequence[str] | None = None) -> XMLPullParser:
    """Hardened: no DTD, no network, libxml2's own limits on depth and text."""
    from lxml import etree

    return etree.XMLPullParser(
        events=events,
        tag=tags,
        # there is no DTD; False would hide where an entity fails
        resolve_entities="internal",  # type: ignore[arg-type]
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _read(parser: XMLPullParser) -> Iterator[tuple[str, _Element]]:
    return cast("Iterator[tuple[str, _Element]]", parser.read_events())


@cache
def _tags(*, personal: bool) -> dict[str, str]:
    """Qualified and bare names of what is read; a document without any namespace is accepted.

    What is personal is looked for in any namespace.
    """
    space, rules = grammar().namespace, personal_rules()
    names = {name: name for name in (*grammar().blocks, BUDGET)}
    roots = {f"{{{space}}}{root}": ROOT for root, space in grammar().roots.items()}
    found = {**{f"{{{space}}}{tag}": name for tag, name in names.items()}, **names, **roots}
    found |= dict.fromkeys(grammar().roots, ROOT)
    if personal:
        sure = (*rules.always, *rules.attributes, *rules.certificates)
        found |= {f"{{*}}{name}": PERSONAL for name in sure}
        found |= {f"{{*}}{name}": DOUBTFUL for name in rules.rows}
    return found


def _named(tag: str, names: Mapping[str, str]) -> str:
    """What the reader calls an element of this tag; "" for one that it does not read."""
    return names.get(tag) or names.get(f"{{*}}{_local(tag)}", "")


def _hidden(element: _Element) -> tuple[str, int, Place]:
    """What one element that is personal wherever it stands tells: annexe, number, place."""
    name, rules = _local(str(element.tag)), personal_rules()
    place = Place(line=_line(element), element=name)
    if name in rules.certificates:
        return "Signature", 1, place
    if name in rules.attributes:
        named = [element.get(attribute, "") for attribute in rules.attributes[name]]
        return name, sum(map(rules.shows, named)), place
    parent = element.getparent()
    annexe = rules.always[name] or _local(str(parent.tag) if parent is not None else name)
    return annexe, _tells(element), place


def _tells(element: _Element) -> bool:
    """Does a value, a text or anything else stand in it?"""
    inside = (element.text or "").strip() or len(element)
    return bool(inside) or personal_rules().shows(element.get("V", ""))


def _hidden_in_row(element: _Element) -> tuple[str, int, Place]:
    """What a row tells that may name a person or not."""
    name, rules = _local(str(element.tag)), personal_rules()
    place, row = Place(line=_line(element), element=name), rules.rows[name]
    children = [(_local(str(child.tag)), child) for child in element.iterdescendants()]
    values: dict[str, list[str]] = {}
    for child, node in children:
        values.setdefault(child, []).append(node.get("V", "").strip())
    if not row.is_personal(values):
        return name, 0, place
    return name, sum(child in row.names and _tells(node) for child, node in children), place


def _line(element: _Element) -> int:
    line = cast("int | None", element.sourceline)
    return line or 0


def _block(name: str, element: _Element, guard: Guard) -> Block:
    line = _line(element)
    if name == LIGNE:
        line = guard.line_of(guard.lignes, line)
        guard.lignes += 1
    if name == BUDGET:
        return Block(name, line, {})
    if len(element) > MAX_CHILDREN:
        place = Place(line=line, element=name)
        raise Unreadable(error("xml-oversized", place, rule="block", limit=MAX_CHILDREN))
    if name != LIGNE:
        return Block(name, line, _values(element), lines=_lines(element, line))
    if element.get("calculated", "false") not in {"false", "0"}:
        return Block(name, line, {}, calculated=True, rank=guard.lignes)
    return Block(name, line, _values(element), rank=guard.lignes, element=element)


def _lines(element: _Element, line: int) -> dict[str, int]:
    """Source line of each child, the first of each name, where that of the element is `line`."""
    shift = line - _line(element)
    return {_key(child): _line(child) + shift for child in reversed(element)}


def _values(element: _Element) -> dict[str, str]:
    """V by name of the child, the first of each name."""
    values: dict[str, str] = {}
    for child in element:
        name = _LOCAL.get(child.tag) or _key(child)
        if name not in values:
            values[name] = child.get("V", "")
    together = "-".join(values.values())
    if " " in together or not together.isprintable():
        return {name: " ".join(value.split()) for name, value in values.items()}
    return values


def _local(tag: str) -> str:
    name = _LOCAL.get(tag)
    if name is None:
        name = tag.rpartition("}")[2]
        if len(_LOCAL) < MOST_LOCAL and name not in KEYED:
            _LOCAL[tag] = name
    return name


def _key(child: _Element) -> str:
    name = _local(str(child.tag))
    return f"{name}/{child.get('Code')}" if name in KEYED else name


def _check_root(root: _Element) -> None:
    """Unreadable if the document is not a budget."""
    space, _, name = str(root.tag).rpartition("}")
    expected = grammar().roots.get(name)
    if expected is None or (space and space[1:] != expected):
        place = Place(line=_line(root), element=quote(name))
        rule = "name" if expected is None else "namespace"
        params = {"root": quote(name), "space": quote(space[1:]), "expected": expected or ""}
        raise Unreadable(error("xml-other-root", place, rule=rule, **params))


def _syntax(parser: XMLPullParser, guard: Guard) -> Finding:
    """The first thing that the parser stumbled on: its exception may be a mere consequence."""
    first = next(iter(parser.feed_error_log), None) or next(iter(parser.error_log), None)
    line, code, column = (first.line, first.type, first.column) if first else (0, 0, 0)
    while guard.read():
        pass
    if code in ENCODING_ERRORS:
        return error("xml-encoding", Place(line=line))
    if line > guard.newlines and not guard.closed:
        return error("xml-truncated", Place(line=line))
    return error("xml-malformed", Place(line=line), column=column)
