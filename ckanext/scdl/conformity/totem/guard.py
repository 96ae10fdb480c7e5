"""What the XML parser must never see, stopped in the bytes before it: DTDs and giant tags.

A budget has no DTD, so a DOCTYPE is refused rather than parsed safely.  One tag with millions of
attributes takes a parser gigabytes before it says anything: the bytes between two « < » are bounded
(1 483 at most in the real files, long texts of signatures included), and so is what a document may
hold beside its budget.  The guard reads UTF-16 as UTF-8; `encoding` refuses what it cannot read.
Imports the standard library only.
"""

from __future__ import annotations

import codecs
import re

from ..intake import CHUNK, Intake
from ..report import Place, Unreadable, error
from .encoding import encoding_of

MAX_TAG = 256 * 1024
MAX_UNREAD = 4_000_000
"""Marks « < » between two blocks that the reader knows: some 180 000 in the annexes of a large
town, which it passes over."""
UNREAD_FREE = 8 * 1024 * 1024
"""Bytes between two such blocks before their marks are counted: they hold half of MAX_UNREAD."""
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
CARRY = 64


class Guard:
    """A readable over an Intake; `read` raises Unreadable on what must not reach the parser.

    encoding: as expat calls it.  newlines: those read so far.  The reader calls `known` at each
    block, from where marks « < » are counted.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
        self.encoding = encoding_of(intake.head)
        self._run = 0
        self._carry = b""
        self._unread = self._since = self.newlines = 0

    def known(self) -> None:
        """What was read up to here is a block that we know."""
        self._unread = self._since = 0

    def read(self, size: int = CHUNK) -> bytes:
        data = self._intake.read(size)
        self._since += len(data)
        self._watch(self._utf16.decode(data).encode() if self.encoding == "UTF-16" else data)
        return data

    def _watch(self, data: bytes) -> None:
        carry = self._carry
        if b"!" in data or b"!" in carry:  # rare, quick to look for
            self._refuse_doctype(carry + data, len(carry))
        self._refuse_long_tag(data)
        if self._since > UNREAD_FREE:
            self._refuse_endless_part(data)
        self.newlines += data.count(b"\n")
        self._carry = (carry + data)[-CARRY:] if len(data) < CARRY else data[-CARRY:]

    def _refuse_doctype(self, seen: bytes, before: int) -> None:
        if found := DOCTYPE.search(seen):
            line = self.newlines + 1 + seen[before : found.start()].count(b"\n")
            raise Unreadable(error("xml-doctype", Place(line=line)))

    def _refuse_long_tag(self, data: bytes) -> None:
        """Between two « < » of one chunk there is less than the limit; what spans chunks counts."""
        first, last = data.find(b"<"), data.rfind(b"<")
        longest = self._run + (len(data) if first < 0 else first)
        self._run = longest if first < 0 else len(data) - last - 1
        if longest > MAX_TAG:
            place = Place(line=self.newlines + 1)
            raise Unreadable(error("xml-oversized", place, rule="tag", limit=MAX_TAG // 1024))

    def _refuse_endless_part(self, data: bytes) -> None:
        self._unread += data.count(b"<")
        if self._unread > MAX_UNREAD:
            place = Place(line=self.newlines + 1)
            raise Unreadable(error("xml-oversized", place, rule="document", limit=MAX_UNREAD))
