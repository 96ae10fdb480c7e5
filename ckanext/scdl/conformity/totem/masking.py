"""Hide what a budget XML tells of people: the same bytes, save the values and the void seals.

expat says where each element starts and ends, byte for byte, so that nothing else is written again:
figures, layout and encoding stay.  Masking twice changes nothing more.  Imports lxml by way of the
reader.
"""

from __future__ import annotations

import codecs
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from ..intake import CHUNK, Intake
from ..report import Finding, Place, Unreadable, error
from .guard import Guard
from .personal import Row, personal
from .reader import MAX_XML_BYTES, check_first_tag, refuse_other_containers

IN_MEMORY = 8 * 1024 * 1024
FIRST_LOOK = 512
TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""(\s)([^\s=/>"'<]+)(\s*=\s*)("[^"]*"|'[^']*')""")
ENCODING = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)(["'])[^"']*\2""")


@dataclass(frozen=True)
class Edit:
    """In the element from byte `start`, whose end tag starts at `end`: these attributes replaced
    and, if hollow, what is inside taken out; without any attribute, the whole element goes."""

    start: int
    end: int
    attributes: tuple[str, ...] = ()
    hollow: bool = False


@dataclass
class _Element:
    """An element being read that may have to be hidden."""

    name: str
    start: int
    attributes: dict[str, str]
    inside: bool = False
    end: int = 0


@dataclass
class _OpenRow:
    """A row that may name a person: what was read of it so far."""

    name: str
    depth: int
    values: dict[str, list[str]] = field(default_factory=dict)
    elements: list[_Element] = field(default_factory=list)


def mask(intake: Intake, out: BinaryIO) -> Mapping[str, int]:
    """Write the masked budget; how many values were hidden, by annexe (empty: the same bytes).

    Unreadable when the XML cannot be read; nothing is written then.
    """
    refuse_other_containers(intake)
    check_first_tag(intake.head)
    intake.limit = MAX_XML_BYTES
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        finder = _Finder()
        _read(intake, finder, copy)
        copy.seek(0)
        edits = sorted(finder.edits, key=lambda edit: edit.start) if finder.counts else []
        _write(copy, edits, out)
    return dict(finder.counts)


def _read(intake: Intake, finder: _Finder, copy: IO[bytes]) -> None:
    guard = Guard(intake)
    recoded = _Recoded() if guard.is_utf16 else None
    while data := guard.read(CHUNK):
        guard.unread = 0  # expat builds no tree
        data = recoded.feed(data) if recoded else data
        copy.write(data)
        finder.feed(data)
    finder.close(guard)


class _Recoded:
    """UTF-16 as UTF-8, the declaration changed: tags are then found byte for byte."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._first = True

    def feed(self, data: bytes) -> bytes:
        text = self._decoder.decode(data)
        if self._first and text:
            text = ENCODING.sub(r"\1\2UTF-8\2", text, count=1)
            self._first = False
        return text.encode()


class _Finder:
    """Finds what is to be hidden, with expat."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.counts: Counter[str] = Counter()
        self._rules = personal()
        self._rows: list[_OpenRow] = []
        self._open: list[_Element | None] = []
        self._names: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.CommentHandler = self._comment

    def feed(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, False)
        except expat.ExpatError as exception:
            raise Unreadable(_malformed(exception)) from None

    def close(self, guard: Guard) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as exception:
            if guard.closed:
                raise Unreadable(_malformed(exception)) from None
            raise Unreadable(error("xml-truncated", Place(line=exception.lineno))) from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._mark()
        self._names.append(name)
        if name in self._rules.rows:
            self._rows.append(_OpenRow(name, len(self._names)))
        element = _Element(name, self._parser.CurrentByteIndex, attributes)
        self._open.append(element if self._is_watched(name) else None)
        for row in self._rows:
            row.values.setdefault(name, []).append(attributes.get("V", "").strip())

    def _is_watched(self, name: str) -> bool:
        rules = self._rules
        known = name in rules.always or name in rules.attributes
        return known or name in rules.seals or any(name in self._row(r).names for r in self._rows)

    def _row(self, row: _OpenRow) -> Row:
        return self._rules.rows[row.name]

    def _text(self, text: str) -> None:
        if text.strip():
            self._mark()

    def _mark(self) -> None:
        """The elements being read hold something."""
        for element in self._open[-1:]:
            if element is not None:
                element.inside = True

    def _comment(self, text: str) -> None:
        """Free text too; taken out, but no reason to touch a file."""
        at = self._parser.CurrentByteIndex
        self.edits.append(Edit(at, at + len(f"<!--{text}-->".encode()), hollow=True))

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        parent = self._names[-2] if len(self._names) > 1 else self._names[-1]
        if element is not None:
            element.end = self._parser.CurrentByteIndex
            self._judge(element, parent)
        while self._rows and self._rows[-1].depth == len(self._names):
            self._end_row(self._rows.pop())
        self._names.pop()

    def _judge(self, element: _Element, parent: str) -> None:
        rules, name = self._rules, element.name
        if name in rules.seals:
            self.counts["Signature"] += name in rules.certificates
            if not self.counts["Signature"]:
                del self.counts["Signature"]
            self.edits.append(Edit(element.start, element.end))
        elif name in rules.attributes:
            shown = tuple(
                a for a in rules.attributes[name] if rules.shows(element.attributes.get(a, ""))
            )
            if shown:
                self.counts[name] += len(shown)
                self.edits.append(Edit(element.start, element.end, shown))
        elif name in rules.always:
            self._hide(element, rules.always[name] or parent)
        else:
            for row in self._rows:
                if name in self._row(row).names:
                    row.elements.append(element)

    def _end_row(self, row: _OpenRow) -> None:
        if self._row(row).is_personal(row.values):
            for element in row.elements:
                self._hide(element, row.name)

    def _hide(self, element: _Element, annexe: str) -> None:
        if not element.inside and not self._rules.shows(element.attributes.get("V", "")):
            return
        self.counts[annexe] += 1
        attributes = () if element.name in self._rules.drop else ("V",)
        self.edits.append(Edit(element.start, element.end, attributes, hollow=element.inside))


def _malformed(exception: expat.ExpatError) -> Finding:
    return error("xml-malformed", Place(line=exception.lineno), column=exception.offset + 1)


def _write(copy: IO[bytes], edits: list[Edit], out: BinaryIO) -> None:
    at = 0
    for edit in edits:
        if edit.start < at:
            continue  # inside what has just been taken out, or hidden already
        copy.seek(at)
        _copy(copy, edit.start - at, out)
        at = _apply(copy, edit, out)
    copy.seek(at)
    shutil.copyfileobj(copy, out)


def _apply(copy: IO[bytes], edit: Edit, out: BinaryIO) -> int:
    """Write what remains of an element (or of a comment); the byte after it."""
    tag = _tag_at(copy, edit.start)
    if tag.startswith(b"<!--"):
        return _after(copy, edit.start, b"-->")
    opened = edit.start + len(tag)
    closed = opened if tag.endswith(b"/>") else edit.end + len(_tag_at(copy, edit.end))
    if not edit.attributes:
        return closed
    masked = _masked(tag, edit.attributes)
    if not edit.hollow:
        out.write(masked)
        return opened
    out.write(masked if masked.endswith(b"/>") else masked[:-1] + b"/>")
    return closed


def _copy(source: IO[bytes], size: int, out: BinaryIO) -> None:
    while size > 0 and (data := source.read(min(size, CHUNK))):
        out.write(data)
        size -= len(data)


def _tag_at(copy: IO[bytes], start: int) -> bytes:
    """The whole tag that starts there: the guard has bounded its length.  A comment: its start."""
    size = FIRST_LOOK
    while True:
        copy.seek(start)
        data = copy.read(size)
        if data.startswith(b"<!--"):
            return b"<!--"
        if found := TAG.match(data):
            return found[0]
        if len(data) < size:
            raise ValueError("no tag here")
        size *= 4


def _after(copy: IO[bytes], start: int, end: bytes) -> int:
    """The byte after the next `end`."""
    size = FIRST_LOOK
    while True:
        copy.seek(start)
        data = copy.read(size)
        found = data.find(end)
        if found >= 0:
            return start + found + len(end)
        if len(data) < size:
            raise ValueError("no end here")
        size *= 4


def _masked(tag: bytes, attributes: tuple[str, ...]) -> bytes:
    """The tag with these attributes replaced, and V added where there is none."""
    value = b'"' + escape(personal().mask).encode("ascii") + b'"'
    names = {name.encode() for name in attributes}
    seen: set[bytes] = set()

    def replaced(found: re.Match[bytes]) -> bytes:
        name = found[2].rpartition(b":")[2]
        seen.add(name)
        return found[1] + found[2] + found[3] + (value if name in names else found[4])

    tag = ATTRIBUTE.sub(replaced, tag)
    if names <= seen:
        return tag
    cut = -2 if tag.endswith(b"/>") else -1
    added = b"".join(b" " + name + b"=" + value for name in sorted(names - seen))
    return tag[:cut] + added + tag[cut:]
