"""Hide what a budget XML tells of people: the same bytes, save the values and the void seals.

expat says where each element starts and ends, byte for byte, so that nothing else is written again:
figures, layout and encoding stay.  Masking twice changes nothing more.  Imports the standard
library only.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, BinaryIO
from xml.parsers.expat import XMLParserType
from xml.sax.saxutils import escape

from ..intake import CHUNK, Intake
from .listening import Listening
from .parser import Feed, oversized
from .people import MAX_WATCHED, Finder, Found
from .personal import personal

IN_MEMORY = 8 * 1024 * 1024
FIRST_LOOK = 512
ASIDES = {b"<!--": b"-->", b"<?": b"?>"}
"""How a comment and an instruction start and end."""

TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""(\s)([^\s=/>"'<]+)(\s*=\s*)("[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Edit:
    """In the element from byte `start`, whose end tag starts at `end`: these attributes replaced
    and, if hollow, what is inside taken out; without any attribute, the whole element goes."""

    start: int
    end: int
    attributes: tuple[str, ...] = ()
    hollow: bool = False


def mask(intake: Intake, out: BinaryIO) -> Mapping[str, int]:
    """Write the masked budget; how many values were hidden, by annexe (empty: the same bytes).

    Unreadable when the XML cannot be read; nothing is written then.
    """
    with (
        tempfile.SpooledTemporaryFile(IN_MEMORY) as copy,
        tempfile.SpooledTemporaryFile(IN_MEMORY) as original,
    ):
        marks = _Marks()
        _read(intake, marks, copy, original)
        edits = sorted(marks.edits, key=lambda edit: edit.start)
        source = copy if marks.counts or not original.tell() else original
        source.seek(0)
        _write(source, edits if marks.counts else [], out)
    return dict(marks.counts)


def _read(intake: Intake, marks: _Marks, copy: IO[bytes], original: IO[bytes]) -> None:
    """copy: what was parsed; original: what was read, where that is something else (UTF-16)."""
    feed = Feed(intake)
    listening = Listening(feed, [Finder(feed.parser, marks.add)])
    feed.parser.CommentHandler = partial(marks.aside, feed.parser)
    feed.parser.ProcessingInstructionHandler = partial(marks.aside, feed.parser)
    while data := feed.read():
        copy.write(data)
        if feed.raw is not data:
            original.write(feed.raw)
        listening.choose(data)
        feed.parse(data)
    feed.close()


class _Marks:
    """What is to be changed, and how much of it by annexe."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.counts: Counter[str] = Counter()
        self._asides = 0

    def add(self, found: Found) -> None:
        if found.number:
            self.counts[found.annexe] += found.number
        spot = found.spot
        self.edits.append(Edit(spot.start, spot.end, found.attributes, found.hollow))

    def aside(self, parser: XMLParserType, *_text: str) -> None:
        """A comment, or an instruction: free text too; taken out, but no reason to touch a file."""
        at = parser.CurrentByteIndex
        self._asides += 1
        if self._asides > MAX_WATCHED:
            raise oversized("document", parser.CurrentLineNumber, MAX_WATCHED)
        self.edits.append(Edit(at, at, hollow=True))


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
    """Write what remains of an element (or of a comment, an instruction); the byte after it."""
    tag = _tag_at(copy, edit.start)
    for mark, end in ASIDES.items():
        if tag == mark:
            return _after(copy, edit.start, end)
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
    """The whole tag that starts there: the guard has bounded its length.  Of an aside: its mark."""
    size = FIRST_LOOK
    while True:
        copy.seek(start)
        data = copy.read(size)
        for mark in ASIDES:
            if data.startswith(mark):
                return mark
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
        space, _, name = found[2].rpartition(b":")
        if space == b"xmlns":
            return found[0]
        seen.add(name)
        return found[1] + found[2] + found[3] + (value if name in names else found[4])

    tag = ATTRIBUTE.sub(replaced, tag)
    if names <= seen:
        return tag
    cut = -2 if tag.endswith(b"/>") else -1
    added = b"".join(b" " + name + b"=" + value for name in sorted(names - seen))
    return tag[:cut] + added + tag[cut:]
