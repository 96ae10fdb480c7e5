"""What the XML parser must never see, stopped in the bytes before it: DTDs and giant tags.

A budget has no DTD, so a DOCTYPE is refused rather than parsed safely.  One tag with millions of
attributes takes libxml2 gigabytes before it says anything: the bytes between two « < » are bounded
(1 483 at most in the real files, long texts of signatures included), and so is the number of tags
that wait in memory.  The guard reads UTF-16 as UTF-8; `encoding` refuses what it cannot read.
Imports the standard library only.
"""

from __future__ import annotations

import codecs
import re
from array import array

from ..intake import CHUNK, Intake
from ..report import Place, Unreadable, error
from .encoding import is_utf16

MAX_TAG = 256 * 1024
MAX_UNREAD = 4_000_000
"""Marks « < » between two blocks that the reader knows: some 180 000 in the annexes of a large
town, which it passes over."""
UNREAD_FREE = 8 * 1024 * 1024
"""Bytes between two such blocks before their marks are counted: they hold half of MAX_UNREAD."""
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
CARRY, END = 64, 4096
LAST_LINE_OF_LIBXML2 = 65_535
NAME = b"LigneBudget"
LIGNE = re.compile(rb"<(/?)(?:[\w.-]{1,32}:)?LigneBudget[\s/>]")
ROOT_CLOSED = re.compile(rb"</(?:[\w.-]{1,32}:)?(?:DocumentBudgetaire|CompteFinancierUnique)\s*>")


class Guard:
    """A readable over an Intake; `read` raises Unreadable on what must not reach the parser.

    newlines: those read so far.  The reader sets `unread` and `since` to 0, from where marks « < »
    and bytes are counted, and `lignes` to the number of LigneBudget read.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
        self.is_utf16 = is_utf16(intake.head)
        self._run = 0
        self._carry = self._end = b""
        self.unread = self.since = self.newlines = self.lignes = 0
        self._before: int | None = None
        self._places = array("L")

    @property
    def closed(self) -> bool:
        """Has the end tag of a budget just been seen?"""
        return ROOT_CLOSED.search(self._end) is not None

    def read(self, size: int = CHUNK) -> bytes:
        data = self._intake.read(size)
        self.since += len(data)
        self._watch(self._utf16.decode(data).encode() if self.is_utf16 else data)
        return data

    def _watch(self, data: bytes) -> None:
        carry = self._carry
        if b"!" in data or b"!" in carry:  # rare, quick to look for
            self._refuse_doctype(carry + data, len(carry))
        self._refuse_long_tag(data)
        if self.since > UNREAD_FREE:
            self._refuse_endless_part(data)
        before = self.newlines
        self.newlines += data.count(b"\n")
        if self.newlines >= LAST_LINE_OF_LIBXML2 and (NAME in data or NAME in carry + data[:CARRY]):
            self._note_lignes(carry + data, len(carry), before + 1 - carry.count(b"\n"))
        self._carry = (carry + data)[-CARRY:] if len(data) < CARRY else data[-CARRY:]
        self._end = data[-END:] if len(data) >= END else (self._end + data)[-END:]

    def line_of(self, rank: int, line: int) -> int:
        """The true line of the LigneBudget of this rank (from 0) where libxml2 says `line`."""
        at = rank - (self._before or 0)
        if line < LAST_LINE_OF_LIBXML2 or not 0 <= at < len(self._places):
            return line
        return self._places[at]

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
        self.unread += data.count(b"<")
        if self.unread > MAX_UNREAD:
            place = Place(line=self.newlines + 1)
            raise Unreadable(error("xml-oversized", place, rule="document", limit=MAX_UNREAD))

    def _note_lignes(self, seen: bytes, before: int, line: int) -> None:
        """Where libxml2 stops counting, note where each LigneBudget opens; `line`: of seen[0]."""
        at = 0
        for found in LIGNE.finditer(seen):
            if self._before is None:  # the first one met: one that ends had opened before
                self._before = self.lignes + (found[1] == b"/")
            line += seen.count(b"\n", at, found.start())
            at = found.start()
            if found.end() > before and not found[1]:
                self._places.append(line)
