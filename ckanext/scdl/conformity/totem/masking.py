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
from .parser import Feed
from .people import Finder, Found
from .personal import personal

IN_MEMORY = 8 * 1024 * 1024
FIRST_LOOK = 512
TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""(\s)([^\s=/>"'<]+)(\s*=\s*)("[^"]*"|'[^']*')""")


@dataclass(frozen=True)
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
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        marks = _Marks()
        _read(intake, marks, copy)
        copy.seek(0)
        edits = sorted(marks.edits, key=lambda edit: edit.start) if marks.counts else []
        _write(copy, edits, out)
    return dict(marks.counts)


def _read(intake: Intake, marks: _Marks, copy: IO[bytes]) -> None:
    feed = Feed(intake)
    finder = Finder(feed.parser, marks.add)
    feed.parser.StartElementHandler = finder.start
    feed.parser.EndElementHandler = finder.end
    feed.parser.CommentHandler = partial(marks.comment, feed.parser)
    while data := feed.read():
        feed.guard.known()  # every element is of one kind here
        copy.write(data)
        feed.parse(data)
    feed.close()


class _Marks:
    """What is to be changed, and how much of it by annexe."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.counts: Counter[str] = Counter()

    def add(self, found: Found) -> None:
        if found.number:
            self.counts[found.annexe] += found.number
        spot = found.spot
        self.edits.append(Edit(spot.start, spot.end, found.attributes, found.hollow))

    def comment(self, parser: XMLParserType, text: str) -> None:
        """Free text too; taken out, but no reason to touch a file."""
        at = parser.CurrentByteIndex
        self.edits.append(Edit(at, at + len(f"<!--{text}-->".encode()), hollow=True))


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
