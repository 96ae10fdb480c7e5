"""The bytes of a CSV as UTF-8, block by block: the encoding is told while reading, in one pass.

UTF-8 with or without BOM is the standard's.  Windows-1252, as Excel writes it in France (also after
a UTF-8 BOM: seen in real subsidy files), ISO-8859-1 and UTF-16 are read with a warning.  A file
that is UTF-8 up to some damaged bytes is refused rather than read wrong.  Line ends, quotes and
separators are the same bytes in all of them but UTF-16, which is converted first.
Imports numpy by way of utf8.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal, Protocol

from ..report import Unreadable, error
from .utf8 import surely_utf8

Encoding = Literal["utf-8", "utf-8-sig", "windows-1252", "iso-8859-1", "utf-16"]

_PYTHON: dict[Encoding, str] = {"windows-1252": "cp1252", "iso-8859-1": "latin-1"}
_C1 = re.compile(rb"[\x80-\x9f]")
"""Letters for Windows-1252 (€, œ, ’), controls that no text holds for ISO-8859-1."""

_GARBLED = re.compile(rb"[a-z][\x82\x83\x87\x88\x8a\x8d-\x90\x93][a-z]")
"""Inside a word: letters of MS-DOS or of an old Macintosh (é, è, ê, ç), for Windows-1252 signs or
capitals that no word has there (‚ Š ˆ)."""

LONGEST_LINE = 1 << 20
"""Bytes without a line end that no table holds: what follows is not looked at."""


class Damaged(Exception):
    """The text is in no encoding that we read; `line` is where, from what was read before."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Readable(Protocol):
    """Bytes that are read once; `head` are the first ones."""

    @property
    def head(self) -> bytes:
        """A few thousand, or none where nothing is to be told from them."""

    def read(self, size: int) -> bytes:
        """At most so many, b"" at the end."""


class Text:
    """The lines of a readable as UTF-8, in blocks; `encoding` is what was found so far, `garbled`
    whether it makes words that no language has."""

    def __init__(self, intake: Readable) -> None:
        self._intake = intake
        self._wide = _wide(intake.head)
        self._decoder = codecs.getincrementaldecoder(self._wide)() if self._wide else None
        self._start = True
        self._kept = b""
        self._accented = self._c1 = self.garbled = False
        self.encoding: Encoding = "utf-16" if self._wide else "utf-8"
        if intake.head.startswith(codecs.BOM_UTF8):
            self.encoding = "utf-8-sig"

    def read(self, size: int) -> bytes:
        """Some `size` bytes more of whole lines, without BOM; b"" at the end, where the last line
        may have no line end.

        Raises Unreadable for what is no text, Damaged where it is in no encoding that we read.
        """
        parts, held = [self._kept], len(self._kept)
        while True:
            while held < size and (data := self._raw(size - held)):
                parts.append(data)
                held += len(data)
            lines = b"".join(parts)
            if held < size:  # the end
                self._kept = b""
                return self._utf8(lines)
            if end := _last_line_end(lines):
                self._kept = lines[end:]
                return self._utf8(lines[:end])
            if held > LONGEST_LINE:
                self._kept = b""
                return self._utf8(_whole_characters(lines))
            parts, size = [lines], 2 * size

    def _raw(self, size: int) -> bytes:
        while data := self._intake.read(size):
            if self._decoder:
                data = self._narrow(data)
            elif b"\0" in data:
                raise Unreadable(error("not-csv", rule="binary"))
            if self._start and data:
                self._start = False
                data = data.removeprefix(codecs.BOM_UTF8)
            if data:
                return data
        if self._decoder:
            decoder, self._decoder = self._decoder, None
            return _encoded(decoder, b"", final=True)
        return b""

    def _narrow(self, data: bytes) -> bytes:
        assert self._decoder is not None
        return _encoded(self._decoder, data, final=False)

    def _utf8(self, lines: bytes) -> bytes:
        if lines.isascii():
            return lines
        if self.encoding not in _PYTHON:
            try:
                if not surely_utf8(lines):
                    lines.decode("utf-8")
            except UnicodeDecodeError as exception:
                self._leave_utf8(exception)
            else:
                self._accented = True
                return lines
        return self._translated(lines)

    def _leave_utf8(self, damage: UnicodeDecodeError) -> None:
        good = damage.object[: damage.start]
        if self._accented or not good.isascii() or self._wide:
            raise Damaged(good.count(b"\n")) from None
        self.encoding = "windows-1252"

    def _translated(self, lines: bytes) -> bytes:
        try:
            text = lines.decode(_PYTHON[self.encoding])
        except UnicodeDecodeError as exception:
            before = lines[: exception.start]
            if self._c1 or _C1.search(before):
                raise Damaged(before.count(b"\n")) from None
            self.encoding = "iso-8859-1"
            text = lines.decode("latin-1")
        self._c1 = self._c1 or bool(_C1.search(lines))
        self.garbled = self.garbled or bool(_GARBLED.search(lines))
        return text.encode("utf-8")


def _encoded(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool) -> bytes:
    try:
        text = decoder.decode(data, final)
    except UnicodeDecodeError:
        raise Damaged(0) from None
    if "\0" in text:
        raise Unreadable(error("not-csv", rule="binary"))
    return text.encode("utf-8")


def _last_line_end(data: bytes) -> int:
    """Where the last whole line ends, 0 if there is none; a last carriage return may be half of a
    line end."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1


def _whole_characters(data: bytes) -> bytes:
    """Without the beginning of a UTF-8 character at the end."""
    for cut in range(1, 4):
        if data[-cut] >= 0xC0:
            return data[:-cut]
    return data


def _wide(head: bytes) -> str | None:
    """UTF-16, by its BOM, or by its zeros: every second byte of Latin text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) * 10 > pairs * 9 and not head[0::2].count(0):
        return "utf-16-le"
    if pairs and head[0::2].count(0) * 10 > pairs * 9 and not head[1::2].count(0):
        return "utf-16-be"
    return None
