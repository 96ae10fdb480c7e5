"""How a table is laid out: its separator, and the record that is its header.

Both are told from the first records, by how many columns of the standard they name.  Titles above
the header are real (three départements of five); so are headers on two rows.  Imports the standard
library and numpy by way of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ..repair.headers import match_labels
from ..report import Finding, Place, warning
from ..standards import Standard
from .header import is_header, recognised
from .records import Lines, Record, TooLong, after_lines, records

DELIMITERS = (",", ";", "\t", "|")
SOUGHT = 30
"""Records among which the header is looked for."""

WIDEST = 1_000
"""Columns of a header that are held against the record beside it."""

SAMPLE = 1 << 17
"""Bytes that surely hold the header."""


@dataclass(frozen=True)
class Layout:
    """Where the header is.

    header: its rows read together; number: record number of the last, from 1; data: index in the
    records read of the first that is not header; findings: what a reader should know of it.
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


def too_long(start: bytes, delimiter: str) -> TooLong:
    """Why a text has no first record."""
    try:
        next(records(Lines(start, bytes), delimiter))
    except TooLong as stop:
        return stop
    raise AssertionError


def is_cut(start: bytes, record: Record, delimiter: str) -> bool:
    """Does this one of the first records end where they do, within quotes?"""
    lines = Lines(start, bytes)
    for one in records(lines, delimiter):
        if one.end >= record.end:
            return lines.exhausted
    return False


def guess_delimiter(start: bytes, standard: Standard) -> str:
    """The separator with which a record names the most columns; then the one with most cells."""

    def score(delimiter: str) -> tuple[int, int, int]:
        rows = first_records(start, delimiter)
        best = max((recognised(row.cells, standard) for row in rows), default=(0, 0))
        return *best, max((len(row.cells) for row in rows), default=0)

    return max(DELIMITERS, key=score)


def other_delimiter(start: bytes, layout: Layout, delimiter: str) -> str | None:
    """The separator of the lines, where it is not that of the header: with it most of the first
    records have the header's number of cells, and with the header's none has."""
    width = len(layout.header.cells)
    if width == 1 or any(len(row.cells) == width for row in _data(start, layout, delimiter)):
        return None
    for other in DELIMITERS:
        rows = _data(start, layout, other)
        if other != delimiter and 2 * sum(len(row.cells) == width for row in rows) > len(rows):
            return other
    return None


def _data(start: bytes, layout: Layout, delimiter: str) -> list[Record]:
    """The first records under the header, as a separator cuts them."""
    return first_records(after_lines(start, layout.header.end), delimiter)


def find_header(rows: Sequence[Record], standard: Standard) -> Layout:
    """The header among the first records; `found` is False, and it is the first one, if none is."""
    scores = [recognised(row.cells, standard) for row in rows]
    best = max(range(min(len(rows), SOUGHT)), key=lambda at: (*scores[at], -at))
    if not is_header(rows[best].cells, standard):
        return Layout(rows[0], 1, 1, found=False, findings=())
    beside = [at for at in (best - 1, best + 1) if 0 <= at < len(rows)]
    parts = [at for at in beside if _is_part(rows[at].cells, rows[best].cells, standard)]
    first, last = min(best, *parts, best), max(best, *parts, best)
    findings = tuple(_told(rows[first], first, two_rows=bool(parts)))
    cells = _together([rows[at].cells for at in (best, *parts)], standard)
    header = Record(cells, rows[first].line, rows[last].end)
    return Layout(header, last + 1, last + 1, found=True, findings=findings)


def _is_part(cells: Sequence[str], header: Sequence[str], standard: Standard) -> bool:
    """Is a record beside the header a part of it?

    It names fields where the header names none, or the same ones once more; under a name it holds
    nothing, or mostly that name: no line of data does, even one that holds names of fields.
    """
    filled = same = added = exactly = 0
    for cell, label in zip_longest(cells, header[:WIDEST], fillvalue=""):
        field, known = _field(cell, standard), _field(label, standard)
        filled += bool(known and cell.strip())
        same += bool(known and field == known)
        added += bool(field and not known)
        exactly += bool(field and not known and field == cell.strip())
    if 2 * same > filled:
        return same > 1 or added > 0
    return not filled and (exactly > 0 or added > 1)


def _field(cell: str, standard: Standard) -> str | None:
    """The field that a cell names, be it otherwise than to the letter."""
    label = cell.strip()
    if not label or label in standard.field_names:
        return label or None
    match = match_labels([label], standard).get(0)
    return match.field if match else None


def _together(parts: Sequence[list[str]], standard: Standard) -> list[str]:
    """One header of its rows, the best one first: of each column the cell that names a field, to
    the letter rather, else the first that is not blank."""
    if len(parts) == 1:
        return parts[0]
    columns = zip_longest(*parts, fillvalue="")
    return [
        max(cells, key=lambda c: (*recognised([c], standard)[::-1], c.strip() != ""))
        for cells in columns
    ]


def _told(first: Record, titles: int, *, two_rows: bool) -> Iterator[Finding]:
    """first: of the header's rows; titles: how many come before it."""
    if titles:
        yield warning("title-lines", Place(line=1, row=1), number=titles)
    if two_rows:
        yield warning("header-two-rows", Place(line=first.line + 1, row=titles + 1))
