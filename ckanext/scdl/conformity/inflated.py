"""A gzip file read as what it holds: finance software sends budgets compressed (`budget.xml.gz`).

Both the size and the ratio are limited: a gzip of a megabyte may hold a gigabyte.  Size and sha256
remain those of the file itself.  Imports the standard library only.
"""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from .intake import CHUNK, Intake
from .magic import HEAD, WORKBOOKS, XMLS, Container, container
from .report import Unreadable, error

MAX_RATIO = 200
"""Bytes held for each byte of the file: real budgets compress some 15 to 40 times."""

FREE = 1024 * 1024
"""Bytes held that are not held against a small file."""

BINARY: frozenset[Container] = WORKBOOKS | {"pdf", "image"}
"""What may hold an XML in a corner, and is none."""

MAX_NESTED = 4
"""Gzips one in the other that are looked into; no software makes more than two."""

SILENT = bytes({*range(0x21), *range(0x7F, 0x100)})
"""Bytes that say nothing of an XML: blanks of any alphabet and encoding, marks, control signs."""

XML = re.compile(rb"<\?xml\b|<(?:[\w.-]+:)?(?:DocumentBudgetaire|CompteFinancierUnique)\b")
"""How a budget begins, whatever stands before it."""


def opened(stream: BinaryIO) -> Intake:
    """The stream's intake, inflated if it is a gzip."""
    intake = Intake(stream)
    return Inflated(intake) if container(intake.head) == "gzip" else intake


def is_xml(stream: BinaryIO) -> bool:
    """Is the file, or what it holds as a gzip, an XML, or one behind what does not belong there?

    Read in pieces, up to the first bytes that say something.  True where nobody can tell: of a gzip
    that says nothing up to where it can be read, or that holds others without end.
    """
    reading = opened(stream)
    for _ in range(MAX_NESTED):
        if container(reading.head) != "gzip":
            break
        reading = Inflated(reading)
    else:
        return True
    if container(reading.head) in BINARY:
        return False
    seen = b""
    try:
        while len(seen) < HEAD and (data := reading.read()):
            seen = seen + data if seen else data.lstrip(SILENT)
    except Unreadable:
        return not seen or _begins_as_xml(seen)
    return _begins_as_xml(seen)


def _begins_as_xml(seen: bytes) -> bool:
    text = seen[:HEAD].replace(b"\0", b"")  # as good as UTF-16 read, and UTF-32
    kind = container(text)
    return kind in XMLS or (kind == "text" and XML.search(text) is not None)


class Inflated(Intake):
    """What a gzip holds; `read` raises Unreadable when it is damaged or out of proportion."""

    def __init__(self, file: Intake) -> None:
        self._file = file
        self._inflater = zlib.decompressobj(wbits=31)
        self._input = b""
        self.inflated = 0
        self.limit = file.limit
        self._pending = b""
        self._damage: Unreadable | None = None
        self.head = self._first()
        self._pending = self.head

    @property
    def sha256(self) -> str:
        return self._file.sha256

    @property
    def size(self) -> int:
        return self._file.size

    def read(self, size: int = CHUNK) -> bytes:
        """At most size bytes, b"" at the end."""
        if self._pending:
            data, self._pending = self._pending[:size], self._pending[size:]
            return data
        if self._damage:
            raise self._damage
        return self._inflate(size)

    def drain(self) -> None:
        """Read the file to its end: what it holds is of no interest any more."""
        self._file.drain()

    def _first(self) -> bytes:
        """The first bytes; damage is told when they have been read."""
        parts: list[bytes] = []
        try:
            while sum(map(len, parts)) < HEAD and (data := self._inflate(HEAD)):
                parts.append(data)
        except Unreadable as damage:
            self._damage = damage
        return b"".join(parts)

    def _inflate(self, size: int) -> bytes:
        data = b""
        while not data:
            if self._inflater.eof:
                rest = self._next_member(self._inflater.unused_data)
                if not rest:
                    return b""
                self._inflater, self._input = zlib.decompressobj(wbits=31), rest
            elif not self._input and not (data := self._decompressed(size)):
                self._input = self._file.read()
                if not self._input:
                    raise Unreadable(error("gzip-malformed"))
            data = data or self._decompressed(size)
        self._measure(data)
        return data

    def _next_member(self, rest: bytes) -> bytes:
        """What follows a member, padding passed over; b"" at the end of the file."""
        while not (found := rest.lstrip(b"\0")):
            rest = self._file.read()
            if not rest:
                return b""
        return found

    def _decompressed(self, size: int) -> bytes:
        try:
            data = self._inflater.decompress(self._input, size)
        except zlib.error:
            raise Unreadable(error("gzip-malformed")) from None
        self._input = self._inflater.unconsumed_tail
        return data

    def _measure(self, data: bytes) -> None:
        self.inflated += len(data)
        if self.inflated > self.limit:
            raise Unreadable(error("file-too-large", limit=self.limit // 1024 // 1024))
        if self.inflated > FREE + MAX_RATIO * self._file.size:
            raise Unreadable(error("gzip-oversized", limit=MAX_RATIO))
