"""Records that Python's csv reads, as frictionless uses it: what is no regular grid.

The reference, and slow: the header, and blocks with ragged or blank records, odd quotes or lone
carriage returns.  Records and cells have a bounded length.  Imports numpy by way of grid.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .grid import Grid, Ragged, blank_grid, canonical_grid

MAX_RECORD = 1 << 20
"""Bytes of one record at most, whatever its cells: a quote never closed would swallow the rest of
the file."""

MOST_CELLS, MOST_RECORDS = 1 << 20, 1 << 16
"""Of an irregular block: its memory is bounded, however short its records are."""


LONG_RUN = 1_000
"""Empty lines in a row that are not read one by one; a table has a few, a file of nothing else
millions."""


class TooLong(Exception):
    """A cell beyond the characters allowed, or a record beyond MAX_RECORD.

    line: where the record starts, counted from 0; column: position of the cell, if known.
    """

    def __init__(self, line: int, column: int | None = None, *, whole: bool = False) -> None:
        super().__init__(line, column, whole)
        self.line = line
        self.column = column
        self.whole = whole
        """It is the record."""


class _LongRecord(Exception):
    """What a csv.reader asks for goes beyond MAX_RECORD."""


@dataclass(frozen=True)
class Record:
    """Cells, the line (from 0) where the record starts, and that after it."""

    cells: list[str]
    line: int
    end: int


class Lines:
    """The physical lines of a UTF-8 text, for csv; more is asked for when a record goes on.

    `rest` is what no record has used yet, whole lines; `asked`: more was asked for, which csv does
    within quotes only where records are not read beyond what was given; `exhausted`: in vain.
    """

    def __init__(self, data: bytes, more: Callable[[], bytes]) -> None:
        self._lines = data.splitlines(keepends=True)
        self._more = more
        self._next = 0
        self.asked = False
        self.exhausted = False
        self.count = 0
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._next == len(self._lines):
            self._lines, self._next = self._more().splitlines(keepends=True), 0
            self.asked = True
            if not self._lines:
                self.exhausted = True
                raise StopIteration
        line = self._lines[self._next]
        self._next += 1
        self.count += 1
        self.length += len(line)
        if self.length > MAX_RECORD:
            raise _LongRecord
        return line.decode("utf-8")

    @property
    def at_edge(self) -> bool:
        """No line is left of what was given."""
        return self._next == len(self._lines)

    @property
    def rest(self) -> bytes:
        """The lines that are left."""
        return b"".join(self._lines[self._next :])


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every record, blank ones included; TooLong for one that is too long."""
    reader = csv.reader(lines, delimiter=delimiter)
    line = 0
    try:
        for cells in reader:
            yield Record(cells, line, lines.count)
            line = lines.count
            lines.length = 0
    except _LongRecord:
        raise TooLong(line, whole=True) from None
    except csv.Error:  # the only one that it has, when not strict
        raise TooLong(line) from None


def read_irregular(
    data: bytes, more: Callable[[], bytes], delimiter: str, width: int, longest: int
) -> tuple[Grid, bytes, TooLong | None]:
    """The grid of a block that is not regular, what is left of the block after it, and where the
    reading had to stop, if it had to.

    more: gives the next block, b"" at the end, when the last record of the block goes on; longest:
    characters of a cell at most.
    """
    run = _empty_lines(data, MOST_RECORDS)
    if run.count >= LONG_RUN:
        return blank_grid(run.count, width), data[run.end :], None
    end = _before_run(data)
    left = data[end:]

    def further() -> bytes:
        """Of a record that goes on: a quote may hold the run."""
        nonlocal left
        given, left = left, b""
        return given or more()

    lines = Lines(data[:end], further)
    found: list[Record] = []
    stop = None
    cells = 0
    try:
        for record in records(lines, delimiter):
            if lines.length > longest:
                _refuse_beyond(longest, record)
            found.append(record)
            cells += len(record.cells)
            # no further than needed: what follows may be regular, and memory has to stay bounded
            if lines.at_edge or lines.asked or cells > MOST_CELLS or len(found) == MOST_RECORDS:
                break
    except TooLong as exception:
        stop = exception
    starts = np.array([*(record.line for record in found), lines.count], dtype=np.int64)
    rows = [record.cells for record in found]
    grid = grid_of(rows, width, starts, unclosed=lines.exhausted and not stop)
    return grid, lines.rest + left, stop


@dataclass(frozen=True)
class _Run:
    """Empty lines at the start of a block: how many, and where they end."""

    count: int
    end: int


def _empty_lines(data: bytes, most: int) -> _Run:
    found = re.match(rb"(?:\r\n?|\n){0,%d}" % most, data)
    end = found.end() if found else 0
    count = data.count(b"\n", 0, end) + data.count(b"\r", 0, end) - data.count(b"\r\n", 0, end)
    return _Run(count, end)


def _before_run(data: bytes) -> int:
    """Where the first long run of empty lines starts; the end if there is none."""
    ends = [end for end in (b"\n", b"\r\n", b"\r") if 2 * end in data]  # quicker to look for
    found = [(data.find(end * (LONG_RUN + 1)), len(end)) for end in ends]
    return min((at + length for at, length in found if at >= 0), default=len(data))


def allow_cells_of(longest: int) -> None:
    """csv has one limit for all of a process; it is raised where ours is wider, never lowered."""
    if csv.field_size_limit() <= longest:
        csv.field_size_limit(longest + 1)


def _refuse_beyond(longest: int, record: Record) -> None:
    for position, cell in enumerate(record.cells):
        if len(cell) > longest:
            raise TooLong(record.line, position)


def grid_of(
    rows: Sequence[list[str]], width: int, lines: np.ndarray, *, unclosed: bool = False
) -> Grid:
    """The grid of rows of any length; lines: that of each row, from 0, then their number; unclosed:
    the last one ends within quotes."""
    held = min(width, max((len(cells) for cells in rows), default=width)) or 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    ragged: dict[int, Ragged] = {}
    for number, cells in enumerate(rows):
        if len(cells) != width:
            ragged[number] = Ragged(len(cells), tuple(cells[width:]))
        writer.writerow(cells[:held] + [""] * (held - len(cells)))
    data = out.getvalue().encode()
    return canonical_grid(data, width, lines=lines, ragged=ragged, held=held, unclosed=unclosed)


def after_lines(data: bytes, count: int) -> bytes:
    """What follows this many physical lines."""
    return b"".join(data.splitlines(keepends=True)[count:])
