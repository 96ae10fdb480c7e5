"""Workbooks (XLSX, XLS, ODS) as rows of text: what the file is, which sheet, its cells as shown.

calamine reads them, in a process of its own (`worker`) limited in memory and time.  Imports the
standard library only.
"""

from __future__ import annotations

import fcntl
import io
import json
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from ..intake import Intake
from ..limits import MEBIBYTE, Limits
from ..magic import HEAD, WORKBOOKS, container
from ..report import Finding, Unreadable, error, quote
from . import worker
from .amiss import Amiss, Marks, cells_amiss, member_of
from .archive import Archive, content, measure, open_archive
from .letters import column_letter
from .ole import ole_kind

log = logging.getLogger(__name__)

Format = Literal["xlsx", "xls", "ods"]
Score = Callable[[Sequence[str]], tuple[int, int]]
"""How well a row of cells would do as a header: the greater the better, (0, 0) for not at all."""

MEMORY = 512 * MEBIBYTE
MEMORY_RATIO = 16
"""Memory that a reading may take: so much, and so many times what the workbook holds.

Measured: three times for numbers, five for short texts, fourteen for one of 250 characters that
fills every cell.
"""

PIPE = 1 << 20
"""Bytes that wait between the two processes: each works while the other does something else."""

INDEX = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
"""Members of an XLSX that say which one holds which sheet; their first megabyte does."""

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
    """The sheet read: its rows as CSV (UTF-8, comma, CRLF), from the first row of the sheet to the
    last not empty.

    The number of a row is its place + 1, and its cells start at column A; all have `columns` cells.
    others: names of the other sheets that hold something; hidden: of those that hold something and
    that nobody sees; amiss: its cells of which there is nothing to read (of an ODS, those of all
    its sheets, without their place); read: so many bytes at most, b"" at the end; Unreadable where
    reading stopped.
    """

    format: Format
    name: str
    others: tuple[str, ...]
    hidden: tuple[str, ...]
    columns: int
    amiss: Amiss
    read: Callable[[int], bytes]
    head: bytes = b""


@contextmanager
def open_workbook(intake: Intake, limits: Limits) -> Iterator[Workbook]:
    """A workbook, of one of the containers of magic.WORKBOOKS, that another process begins to read.

    Unreadable for what is not a workbook, is damaged or encrypted, or exceeds a limit.
    """
    with tempfile.TemporaryDirectory(prefix="scdl-") as folder:
        copy = Path(folder, "copy")
        with copy.open("w+b") as file, tempfile.TemporaryFile() as errors:
            shutil.copyfileobj(intake, file)
            file.flush()
            form, archive = _identified(file)
            copy = copy.rename(copy.with_suffix(f".{form}"))  # by which calamine knows it
            told = archive.told_size if archive else 0
            memory = min(limits.max_memory, MEMORY + MEMORY_RATIO * (intake.size + told))
            with _Reading(str(copy), memory, limits, errors) as reading:
                yield Workbook(file, intake.size, form, archive, limits, reading)


@dataclass(frozen=True)
class Workbook:
    """A workbook that is being read; size: its bytes."""

    _file: BinaryIO
    size: int
    format: Format
    _archive: Archive | None
    _limits: Limits
    _reading: _Reading

    def sheet(self, score: Score, wanted: str | None = None) -> Sheet:
        """The sheet with the best header, or the one of this name; asked for once.

        Hidden sheets are only read when wanted.  Unreadable when the workbook is damaged or
        encrypted, exceeds a limit, or has no such sheet.
        """
        marks: dict[str, Marks] = {}
        if self._archive:
            # while the other process reads: it is limited by what the archive says it holds
            marks = measure(self._file, self.size, self._archive, self._limits)
        sheets = list(self._reading.sheets())
        chosen = _named(sheets, wanted) if wanted is not None else _best(sheets, score)
        _refuse_beyond(self._limits, chosen)
        others = [s for s in sheets if s.filled and s is not chosen]
        visible = tuple(s.name for s in others if s.visible)
        hidden = tuple(s.name for s in others if not s.visible)
        amiss = self._amiss(chosen.name, marks)
        self._reading.choose(chosen.name, amiss)
        return Sheet(
            self.format, chosen.name, visible, hidden, chosen.columns, amiss, self._reading.read
        )

    def _amiss(self, name: str, marks: Mapping[str, Marks]) -> Amiss:
        if not self._archive or not marks:
            return Amiss()
        if self.format == "ods":
            return Amiss(number=sum(one.errors for one in marks.values()))
        workbook, relations = (
            b"".join(islice(content(self._file, self._archive, member), 1)) for member in INDEX
        )
        member = member_of(name, workbook, relations)
        if member is None or member not in marks:
            return Amiss()
        return cells_amiss(content(self._file, self._archive, member))


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
    return max(candidates[:SCORED], key=lambda sheet: max(map(score, sheet.head), default=(0, 0)))


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
        self._seconds = limits.max_seconds
        self._errors = errors
        request = {
            "file": file,
            "memory": memory,
            "seconds": limits.max_seconds,
            "cell": limits.max_cell,
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
        stdout = cast("io.RawIOBase", self._process.stdout)
        with suppress(AttributeError, OSError):  # not everywhere, nor without end
            fcntl.fcntl(stdout, fcntl.F_SETPIPE_SZ, PIPE)
        self._out = io.BufferedReader(stdout, worker.BUFFER)

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

    def choose(self, name: str, amiss: Amiss) -> None:
        """Ask for the rows of this sheet, with what its cells in error show."""
        errors = [[*place, text] for place, text in amiss.errors.items()]
        try:
            self._asked.write(json.dumps({"name": name, "errors": errors}).encode() + b"\n")
        except BrokenPipeError:
            self._finish()

    def read(self, size: int) -> bytes:
        """Some more of the rows as CSV; Unreadable where reading stopped."""
        while data := self._out.read(size):
            if text := data.replace(b"\0", b""):  # an XLS may hold some, and shows nothing for it
                return text
        self._finish()
        return b""

    def _finish(self) -> None:
        """Why it stopped, if not at the end."""
        code = self._process.wait()
        if code == 1:
            raise Unreadable(self._fault())
        if code == -signal.SIGXCPU:
            raise Unreadable(error("sheet-slow", limit=self._seconds))
        if code:
            raise Unreadable(error(STOPPED.get(code, "sheet-unreadable")))

    def _fault(self) -> Finding:
        """The process failed where it should not: who keeps the portal must know why."""
        self._errors.seek(0)
        told = self._errors.read().decode("utf-8", "replace")
        if "MemoryError" in told:
            return error("sheet-oversized")
        log.error("The reading of a workbook failed:\n%s", told)
        return error("sheet-unreadable", rule="stopped")


def _python() -> str:
    """The interpreter: under a server that embeds Python, sys.executable is the server."""
    if Path(sys.executable).name.startswith("python"):
        return sys.executable
    return str(Path(sys.exec_prefix, "bin", f"python{sys.version_info[0]}"))
