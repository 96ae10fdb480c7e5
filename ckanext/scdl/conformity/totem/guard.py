"""What the XML parser must never see, stopped in the bytes before it: DTDs and giant tags.

A budget has no DTD, so a DOCTYPE is refused rather than parsed safely.  One tag with millions of
attributes takes libxml2 gigabytes before it says anything: the bytes between two « < » are bounded
(1 483 at most in the real files, long texts of signatures included).  The guard also counts lines,
since libxml2 stops at 65 535.  It reads UTF-16 as UTF-8; `encoding` refuses what it cannot read.
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
LAST_LINE_OF_LIBXML2 = 65_535
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
LIGNE = re.compile(rb"<(?:[\w.-]{1,32}:)?LigneBudget[\s/>]")
CARRY = 64
ROOT_CLOSED = re.compile(rb"</(?:[\w.-]{1,32}:)?(?:DocumentBudgetaire|CompteFinancierUnique)\s*>")


class Guard:
    """A readable over an Intake; `read` raises Unreadable on what must not reach the parser.

    newlines: those read so far; closed: whether the end tag of a budget has been seen.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
        self._is_utf16 = is_utf16(intake.head)
        self._run = 0
        self._carry = b""
        self.newlines = 0
        self._lignes = array("L")
        self.closed = False

    def read(self, size: int = CHUNK) -> bytes:
        data = self._intake.read(size)
        self._watch(self._utf16.decode(data).encode() if self._is_utf16 else data)
        return data

    def _watch(self, data: bytes) -> None:
        self._refuse_doctype(data)
        self._refuse_long_tag(data)
        self._note_lines(data)
        self.closed = self.closed or ROOT_CLOSED.search(self._carry + data) is not None
        self._carry = (self._carry + data)[-CARRY:]

    def line_of(self, rank: int, line: int) -> int:
        """The true line of the LigneBudget of this rank (from 0) where libxml2 says `line`."""
        if line < LAST_LINE_OF_LIBXML2 or rank >= len(self._lignes):
            return line
        return self._lignes[rank]

    def _refuse_doctype(self, data: bytes) -> None:
        seen = self._carry + data
        if found := DOCTYPE.search(seen):
            line = self.newlines + 1 + seen[len(self._carry) : found.start()].count(b"\n")
            raise Unreadable(error("xml-doctype", Place(line=line)))

    def _refuse_long_tag(self, data: bytes) -> None:
        first, *others = data.split(b"<")
        longest = max([self._run + len(first), *map(len, others)])
        self._run = len(others[-1]) if others else self._run + len(first)
        if longest > MAX_TAG:
            line = self.newlines + 1
            raise Unreadable(
                error("xml-oversized", Place(line=line), rule="tag", limit=MAX_TAG // 1024)
            )

    def _note_lines(self, data: bytes) -> None:
        seen, before = self._carry + data, len(self._carry)
        line = self.newlines + 1 - self._carry.count(b"\n")
        at = 0
        for found in LIGNE.finditer(seen):
            line += seen.count(b"\n", at, found.start())
            at = found.start()
            if found.end() > before:
                self._lignes.append(line)
        self.newlines += data.count(b"\n")
