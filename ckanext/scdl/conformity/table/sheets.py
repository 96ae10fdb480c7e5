"""Workbooks (XLSX, XLS, ODS) as rows of text: what the file is, which sheet, its cells as shown.

calamine reads them, in a process of its own (`worker`) limited in memory and time.  Imports the
standard library only.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from ..limits import MEBIBYTE, Limits
from ..magic import HEAD, WORKBOOKS, container
from ..report import Finding, Place, Unreadable, error, quote
from . import worker
from .archive import Archive, measure, open_archive
from .letters import column_letter
from .ole import ole_kind

Format = Literal["xlsx", "xls", "ods"]
Score = Callable[[Sequence[str]], tuple[int, int]]
"""How well a row of cells would do as a header: the greater the better, (0, 0) for not at all."""

MEMORY = 512 * MEBIBYTE
MEMORY_RATIO = 16
"""Memory that a reading may take: so much, and so many times what the workbook holds.

Measured: three times for numbers, five for short texts, fourteen for one of 250 characters that
fills every cell.
"""

BUFFER = 1 << 18

SCORED = 100
"""Sheets in which a header is looked for."""

SHOWN = 5
"""Names of sheets that a message lists."""

STOPPED: dict[int, str] = {
    worker.ENCRYPTED: "sheet-encrypted",
    worker.OVERSIZED: "sheet-oversized",
    -signal.SIGABRT: "sheet-oversized",  # Rust, when memory lacks
    -signal.SIGKILL: "sheet-oversized",  # the system, when memory lacks
}


@dataclass(frozen=True)
class Sheet:
    """The sheet read: `rows`, as text, from the first row of the sheet to the last not empty.

    The number of a row is its place + 1, and its cells start at column A; all have `columns` cells.
    others: names of the other sheets that hold something; read: the same rows as CSV (UTF-8, comma,
    CRLF), so many bytes at most, b"" at the end.  Either may raise Unreadable, and only one of them
    may be used.
    """

    format: Format
    name: str
    others: tuple[str, ...]
    columns: int
    rows: Iterator[list[str]]
    read: Callable[[int], bytes]


@contextmanager
def open_sheet(
    file: BinaryIO, size: int, score: Score, limits: Limits, wanted: str | None = None
) -> Iterator[Sheet]:
    """The sheet of a workbook that has the best header, or the one of this name.

    file: seekable, of this size in bytes, of one of the containers of magic.WORKBOOKS.  Hidden
    sheets are only read when wanted.  Unreadable for what is not a workbook, is damaged or
    encrypted, exceeds a limit, or has no such sheet.
    """
    form, archive = _identified(file)
    told = archive.told_size if archive else 0
    memory = min(limits.max_memory, MEMORY + MEMORY_RATIO * (size + told))
    with tempfile.NamedTemporaryFile(suffix=f".{form}") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        with (
            tempfile.TemporaryFile() as errors,
            _Reading(copy.name, memory, limits, errors) as reading,
        ):
            if archive:
                # while the other process reads: it is limited by what the archive says it holds
                measure(file, size, archive, limits)
            sheets = list(reading.sheets())
            chosen = _named(sheets, wanted) if wanted is not None else _best(sheets, score)
            _refuse_beyond(limits, chosen)
            others = tuple(s.name for s in sheets if s.filled and s is not chosen)
            reading.choose(chosen.name)
            rows = reading.rows()
            yield Sheet(form, chosen.name, others, chosen.columns, rows, reading.read)


def _identified(file: BinaryIO) -> tuple[Format, Archive | None]:
    """What the file is, and its members if it is a ZIP."""
    file.seek(0)
    container_kind = container(file.read(HEAD))
    if container_kind == "office":
        kind = ole_kind(file)
        if kind == "xls":
            return "xls", None
        raise Unreadable(_not_a_sheet(kind))
    if container_kind not in WORKBOOKS:
        raise Unreadable(error("not-csv", rule=container_kind))
    archive = open_archive(file)
    if archive.kind == "xlsx" or archive.kind == "ods":
        return archive.kind, archive
    raise Unreadable(_not_a_sheet(archive.kind))


def _not_a_sheet(kind: str) -> Finding:
    if kind == "zip":
        return error("not-csv", rule="zip")
    if kind == "encrypted":
        return error("sheet-encrypted")
    return error("sheet-unreadable", rule=kind)


@dataclass(frozen=True)
class _Known:
    """A sheet of the workbook; rows and columns: as far as its last cell; head: its first rows."""

    name: str
    visible: bool
    chart: bool
    filled: bool
    rows: int
    columns: int
    head: list[list[str]]


def _best(sheets: list[_Known], score: Score) -> _Known:
    """The visible sheet with the best header; the first that holds something when none has one."""
    candidates = [sheet for sheet in sheets if sheet.visible and sheet.filled]
    if not candidates:
        raise Unreadable(_nothing(sheets))
    return max(candidates[:SCORED], key=lambda sheet: max(map(score, sheet.head)))


def _nothing(sheets: list[_Known]) -> Finding:
    hidden = [sheet for sheet in sheets if sheet.filled]
    if hidden:
        return error("sheet-empty", rule="hidden", value=_listed(hidden))
    if sheets and all(sheet.chart for sheet in sheets):
        return error("sheet-empty", rule="chart")
    return error("sheet-empty")


def _named(sheets: list[_Known], wanted: str) -> _Known:
    for sheet in sheets:
        if sheet.name == wanted:
            if not sheet.filled:
                raise Unreadable(error("sheet-empty", rule="named", value=quote(wanted)))
            return sheet
    raise Unreadable(error("sheet-missing", value=quote(wanted), known=_listed(sheets)))


def _listed(sheets: list[_Known]) -> str:
    names = ", ".join(quote(sheet.name) for sheet in sheets[:SHOWN])
    return f"{names}…" if len(sheets) > SHOWN else names


def _refuse_beyond(limits: Limits, sheet: _Known) -> None:
    if sheet.rows > limits.max_rows:
        raise Unreadable(error("table-too-long", limit=limits.max_rows))
    if sheet.columns > limits.max_columns:
        last = column_letter(sheet.columns - 1)
        raise Unreadable(error("table-too-wide", value=last, limit=limits.max_columns))


class _Reading:
    """The process that reads, and what it says."""

    def __init__(self, file: str, memory: int, limits: Limits, errors: IO[bytes]) -> None:
        self._longest = min(limits.max_cell, csv.field_size_limit() - 1)
        self._seconds = limits.max_seconds
        self._errors = errors
        request = {
            "file": file,
            "memory": memory,
            "seconds": limits.max_seconds,
            "cell": self._longest,
            "path": sys.path,
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own program, without a shell
            [_python(), "-I", "-S", worker.__file__, json.dumps(request, default=str)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
        )
        self._asked = cast("IO[bytes]", self._process.stdin)
        self._out = io.BufferedReader(cast("io.RawIOBase", self._process.stdout), BUFFER)

    def __enter__(self) -> _Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._asked.close()
        self._out.close()

    def sheets(self) -> Iterator[_Known]:
        """The sheets in their order; Unreadable when the workbook could not be read."""
        while len(line := self._out.readline()) > 1 and line.endswith(b"\n"):
            yield _Known(**json.loads(line))
        if line != b"\n":
            self._finish()

    def choose(self, name: str) -> None:
        """Ask for the rows of this sheet."""
        self._asked.write(json.dumps(name).encode() + b"\n")

    def read(self, size: int) -> bytes:
        """Some more of the rows as CSV; Unreadable where reading stopped."""
        data = self._out.read(size)
        if not data:
            self._finish()
        return data

    def rows(self) -> Iterator[list[str]]:
        """The rows; Unreadable where reading stopped or a cell is too long."""
        text = io.TextIOWrapper(self._out, "utf-8", newline="")
        lines = (line.replace("\0", "") for line in text)  # csv of Python 3.10 refuses them
        for number, row in enumerate(csv.reader(lines), 1):
            if max(map(len, row)) > self._longest:
                raise Unreadable(self._too_long(number, row))
            yield row
        self._finish()

    def _too_long(self, number: int, row: list[str]) -> Finding:
        at = next(at for at, cell in enumerate(row) if len(cell) > self._longest)
        place = Place(line=number, row=number, column=column_letter(at))
        return error("cell-too-long", place, rule="sheet", limit=self._longest)

    def _finish(self) -> None:
        """Why it stopped, if not at the end."""
        code = self._process.wait()
        if code == 1:
            self._errors.seek(0)
            raise RuntimeError(self._errors.read().decode("utf-8", "replace"))
        if code == -signal.SIGXCPU:
            raise Unreadable(error("sheet-slow", limit=self._seconds))
        if code:
            raise Unreadable(error(STOPPED.get(code, "sheet-unreadable")))


def _python() -> str:
    """The interpreter: under a server that embeds Python, sys.executable is the server."""
    if Path(sys.executable).name.startswith("python"):
        return sys.executable
    return str(Path(sys.exec_prefix, "bin", f"python{sys.version_info[0]}"))
