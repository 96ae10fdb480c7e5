"""The bytes of a CSV as text: encoding told from the whole file, one temporary copy.

UTF-8 with or without BOM is the standard's; Windows-1252, as Excel writes it in France, is read
with a warning.  A file that is UTF-8 up to some damaged bytes is refused rather than read wrong.
Imports the standard library only.
"""

from __future__ import annotations

import codecs
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal

from ..intake import CHUNK, Intake
from ..magic import container
from ..report import Place, Unreadable, error

Encoding = Literal["utf-8-sig", "cp1252"]


@dataclass(frozen=True)
class Text:
    """A readable text (line ends untouched) and the encoding found."""

    stream: IO[str]
    encoding: Encoding


@contextmanager
def open_text(intake: Intake) -> Iterator[Text]:
    """The whole intake as text; Unreadable when it is not the text of a table."""
    _refuse_other_containers(intake)
    with tempfile.TemporaryFile() as spool:
        encoding = _copy(intake, spool)
        spool.seek(0)
        if encoding == "cp1252" and intake.head.startswith(codecs.BOM_UTF8):
            spool.seek(len(codecs.BOM_UTF8))  # BOM, then cp1252: seen in real subsidy files
        reader = io.TextIOWrapper(spool, encoding=encoding, newline="")
        try:
            yield Text(reader, encoding)
        finally:
            reader.detach()


def _refuse_other_containers(intake: Intake) -> None:
    kind = container(intake.head)
    if kind == "empty":
        raise Unreadable(error("file-empty"))
    if kind != "text":
        raise Unreadable(error("not-csv", rule=kind))


def _copy(intake: Intake, spool: IO[bytes]) -> Encoding:
    """Copy to the spool while telling the encoding."""
    utf8, cp1252 = _Trial("utf-8-sig"), _Trial("cp1252")
    while data := intake.read(CHUNK):
        if b"\0" in data:
            raise Unreadable(error("not-csv", rule="binary"))
        spool.write(data)
        utf8.feed(data)
        cp1252.feed(data)
    utf8.feed(b"", final=True)
    if utf8.failed_line is None:
        return "utf-8-sig"
    if utf8.accented or cp1252.failed_line is not None:
        raise Unreadable(error("encoding-error", Place(line=utf8.failed_line)))
    return "cp1252"


class _Trial:
    """Decodes as one encoding until it fails, counting lines."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._line = 1
        self.accented = False
        self.failed_line: int | None = None

    def feed(self, data: bytes, *, final: bool = False) -> None:
        if self.failed_line is not None:
            return
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError as exception:
            good = exception.object[: exception.start]
            self.accented |= not good.isascii() and good != codecs.BOM_UTF8
            self.failed_line = self._line + good.count(b"\n")
            return
        self.accented |= not text.isascii()
        self._line += text.count("\n")
