"""The records of a CSV text: separator guessed from the header, physical lines kept.

Python's csv module, as frictionless uses it, so that both see the same cells.  A record has a
bounded length: a quote never closed would swallow the rest of the file.  Imports the standard
library only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from ..report import Finding, Place, Unreadable, error
from .header import normalised

DELIMITERS = (",", ";", "\t", "|")
MAX_RECORD = 131_000
"""Characters of one record: under the limit that Python's csv sets on one cell."""


@dataclass(frozen=True)
class Record:
    """One record: number (the header is 1), physical line where it starts, cells."""

    number: int
    line: int
    cells: list[str]


def guess_delimiter(first_line: str, names: tuple[str, ...]) -> str:
    """The separator that yields the most known column names, then the most cells."""
    known = {normalised(name) for name in names}

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first_line], delimiter=delimiter), [])
        return sum(normalised(cell) in known for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def first_line(stream: IO[str]) -> str:
    """The first physical line, or its beginning; the stream is left at its start."""
    start = stream.tell()
    line = stream.readline(MAX_RECORD)
    stream.seek(start)
    return line


def read_records(stream: IO[str], delimiter: str) -> Iterator[Record]:
    """Every record, blank ones included; Unreadable for one that is too long."""
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter)
    number, line = 0, 1
    try:
        for cells in reader:
            number += 1
            yield Record(number, line, cells)
            lines.length = 0
            line = lines.number + 1
    except csv.Error:
        raise Unreadable(_too_long(line)) from None


class _Lines:
    """The physical lines, no longer in all than MAX_RECORD since `length` was last set to 0."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.number = 0
        self.length = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        text = self._stream.readline(MAX_RECORD + 1)
        if not text:
            raise StopIteration
        self.number += 1
        self.length += len(text)
        if self.length > MAX_RECORD:
            raise csv.Error
        return text


def _too_long(line: int) -> Finding:
    return error("cell-too-long", Place(line=line), limit=MAX_RECORD)
