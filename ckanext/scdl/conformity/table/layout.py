"""How a table is laid out: its separator, and the record that is its header.

Both are told from the first records, by how many columns of the standard they name.  Titles above
the header are real (three départements of five); so are headers on two rows.  Imports the standard
library and numpy by way of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..report import Finding, Place, warning
from ..standards import Standard
from .header import is_header, recognised
from .records import Lines, Record, TooLong, records

DELIMITERS = (",", ";", "\t", "|")
SOUGHT = 30
"""Records among which the header is looked for."""

SAMPLE = 1 << 17
"""Bytes that surely hold the header."""


@dataclass(frozen=True)
class Layout:
    """Where the header is.

    number: record number of the header, from 1; data: index in the records read of the first that
    is not header; findings: what a reader should know of it.
    """

    header: Record
    number: int
    data: int
    found: bool
    findings: tuple[Finding, ...]


def first_records(start: bytes, delimiter: str) -> list[Record]:
    """The first records of a text; fewer if one is too long."""
    found: list[Record] = []
    try:
        for record in records(Lines(start, bytes), delimiter):
            found.append(record)
            if len(found) > SOUGHT + 1:
                break
    except TooLong:
        pass
    return found


def guess_delimiter(start: bytes, standard: Standard) -> str:
    """The separator with which a record names the most columns; then the one with most cells."""

    def score(delimiter: str) -> tuple[int, int, int]:
        rows = first_records(start, delimiter)
        best = max((recognised(row.cells, standard) for row in rows), default=(0, 0))
        return *best, max((len(row.cells) for row in rows), default=0)

    return max(DELIMITERS, key=score)


def find_header(rows: Sequence[Record], standard: Standard) -> Layout:
    """The header among the first records; `found` is False, and it is the first one, if none is."""
    scores = [recognised(row.cells, standard) for row in rows]
    best = max(range(min(len(rows), SOUGHT)), key=lambda at: (*scores[at], -at))
    if not is_header(rows[best].cells, standard):
        return Layout(rows[0], 1, 1, found=False, findings=())
    second = best + 1 < len(rows) and _names_as_many(scores[best + 1], scores[best])
    above = best > 0 and _names_as_many(scores[best - 1], scores[best])
    data = best + (2 if second else 1)
    titles = best - (1 if above else 0)
    findings = tuple(_told(rows[best].line + 1, titles, two_rows=second or above))
    return Layout(rows[best], best + 1, data, found=True, findings=findings)


def _names_as_many(other: tuple[int, int], header: tuple[int, int]) -> bool:
    """A record beside the header that names half of its columns at least: no line of data does."""
    return other[0] * 2 >= header[0] > 1


def _told(line: int, titles: int, *, two_rows: bool) -> Iterator[Finding]:
    if titles:
        yield warning("title-lines", Place(line=1), number=titles)
    if two_rows:
        yield warning("header-two-rows", Place(line=line))
