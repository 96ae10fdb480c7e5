"""Read a budget XML in one pass: the header blocks, then each LigneBudget, as plain values.

lxml's iterparse without DTD, entities or network; every element is dropped as soon as it is read,
so memory does not grow with the file.  A document voted since 2023 may be a CompteFinancierUnique
that wraps the DocumentBudgetaire.  Imports lxml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..intake import Intake
from ..magic import container
from ..report import Finding, Place, Unreadable, error, quote
from .grammar import grammar
from .guard import Guard

if TYPE_CHECKING:
    from lxml.etree import _Element, _ListErrorLog

MAX_XML_BYTES = 64 * 1024 * 1024
"""Largest budget read: the largest real one met has 4 MB."""

MAX_CHILDREN = 500
"""Elements of one block.  A LigneBudget has at most 25 in the real files."""

MAX_ELEMENTS = 4_000_000
"""Elements of one document: about forty times those of a large town."""

ENCODING_ERRORS = {6, 31, 32, 81, 6003}
"""libxml2: invalid, unknown or unsupported encoding, bytes that are not in the declared one."""

HARDENED = {
    "resolve_entities": "internal",  # there is no DTD; False would hide where an entity fails
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True)
class Block:
    """One block of the document.

    name: element name ("Budget" comes last, without values); values: attribute V by child name,
    first occurrence, blanks and line breaks folded into single spaces (a lone carriage return would
    split a line of the table), CaracSup and MtSup as "CaracSup/<Code>"; lines: source line of each.
    """

    name: str
    line: int
    values: Mapping[str, str]
    lines: Mapping[str, int]
    calculated: bool = False

    def get(self, name: str) -> str:
        """The value of a child, "" when it is absent."""
        return self.values.get(name, "")

    def place(self, name: str) -> Place:
        """Where a child is; the block itself when it is absent."""
        return Place(line=self.lines.get(name, self.line), element=name)


def read(intake: Intake) -> Iterator[Block]:
    """The blocks of a budget in file order; Unreadable when the stream is not a budget XML."""
    from lxml import etree

    refuse_other_containers(intake)
    intake.limit = MAX_XML_BYTES
    guard = Guard(intake)
    context = etree.iterparse(guard, events=("end",), **HARDENED)
    try:
        yield from _blocks(context, guard)
    except etree.XMLSyntaxError:
        raise Unreadable(_syntax(context.error_log, guard)) from None


def refuse_other_containers(intake: Intake) -> None:
    """Unreadable, with what the file really is, unless it may be XML."""
    kind = container(intake.head)
    if kind == "empty":
        raise Unreadable(error("file-empty"))
    if kind != "xml":
        raise Unreadable(error("not-xml", rule=kind))


def _blocks(context: Iterator[tuple[str, _Element]], guard: Guard) -> Iterator[Block]:
    names = _tags()
    rank = kept = -1
    for number, (_, element) in enumerate(context):
        if number > MAX_ELEMENTS:
            place = Place(line=guard.newlines + 1)
            raise Unreadable(error("xml-oversized", place, rule="document", limit=MAX_ELEMENTS))
        parent = element.getparent()
        if kept < 0:
            _check_root(element)
            kept = 0
        name = names.get(element.tag)
        if name == "LigneBudget":
            rank += 1
        if name is not None and parent is not None:
            yield _block(name, element, guard.line_of(rank, _line(element)))
            kept = 0
        elif parent is not None and names.get(parent.tag, "Budget") != "Budget":
            kept += 1
            if kept > MAX_CHILDREN:
                place = Place(line=_line(element), element=names[parent.tag])
                raise Unreadable(error("xml-oversized", place, rule="block", limit=MAX_CHILDREN))
            continue
        _forget(element, parent)


def _tags() -> dict[object, str]:
    """Qualified and bare names of the blocks; a document without any namespace is accepted."""
    space = grammar().namespace
    names = [*grammar().blocks, "Budget"]
    return {**{f"{{{space}}}{name}": name for name in names}, **{name: name for name in names}}


def _line(element: _Element) -> int:
    line = cast("int | None", element.sourceline)
    return line or 0


def _block(name: str, element: _Element, line: int) -> Block:
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    shift = line - _line(element)
    for child in element if name != "Budget" else ():
        key = str(child.tag).rpartition("}")[2]
        if key in {"CaracSup", "MtSup"}:
            key = f"{key}/{child.get('Code')}"
        values.setdefault(key, " ".join(child.get("V", "").split()))
        lines.setdefault(key, _line(child) + shift)
    calculated = element.get("calculated", "false") not in {"false", "0"}
    return Block(name, line, values, lines, calculated)


def _forget(element: _Element, parent: _Element | None) -> None:
    """Empty what has been read and drop the element before it: the parser still holds this one."""
    if len(element):
        element.clear()
    previous = element.getprevious()
    if previous is not None and parent is not None:
        parent.remove(previous)


def _check_root(element: _Element) -> None:
    root = element.getroottree().getroot()
    space, _, name = str(root.tag).rpartition("}")
    expected = grammar().roots.get(name)
    if expected is None or (space and space[1:] != expected):
        place = Place(line=_line(root), element=quote(name))
        rule = "name" if expected is None else "namespace"
        params = {"root": quote(name), "space": quote(space[1:]), "expected": expected or ""}
        raise Unreadable(error("xml-other-root", place, rule=rule, **params))


def _syntax(log: _ListErrorLog, guard: Guard) -> Finding:
    """The first thing that the parser stumbled on: its exception may be a mere consequence."""
    first = next(iter(log), None)
    line, code, column = (first.line, first.type, first.column) if first else (0, 0, 0)
    while guard.read():
        pass
    if code in ENCODING_ERRORS:
        return error("xml-encoding", Place(line=line))
    if line > guard.newlines and not guard.closed:
        return error("xml-truncated", Place(line=line))
    return error("xml-malformed", Place(line=line), column=column)
