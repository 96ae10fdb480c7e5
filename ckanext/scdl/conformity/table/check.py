"""Check a CSV against a standard: text, header, then each row by frictionless and our two rules.

The whole file is read whatever the number of errors: totals are exact, or the report says where
the check stopped.  Imports frictionless by way of cells.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..conclusion import concluded
from ..intake import Intake
from ..report import (
    Cause,
    Finding,
    Findings,
    Identity,
    Kind,
    Place,
    Report,
    Source,
    Unreadable,
    error,
    quote,
    warning,
)
from ..standards import Standard
from ..standards import standard as find_standard
from .cells import cell_checks, cell_findings, unusual
from .header import Header, read_header
from .identity import Gathering
from .records import Record, first_line, guess_delimiter, read_records
from .rules import absent_choices, applicable, custom_findings
from .text import Text, open_text

MAX_ROWS = 1_000_000


def check_table(intake: Intake, name: str) -> Report:
    """The report of a CSV against the standard of this short name."""
    standard = find_standard(name)
    findings = Findings()
    reading = _Reading(standard, findings)
    kind: Kind | None = "table"
    try:
        with open_text(intake) as text:
            reading.read(text)
    except Unreadable as exception:
        findings, kind = Findings(), None
        reading = _Reading(standard, findings)
        findings.add(exception.finding)
    intake.drain()
    return concluded(standard, intake, kind, reading.lines, reading.identity, findings, Source())


class _Reading:
    """One pass over the records of a table."""

    def __init__(self, standard: Standard, findings: Findings) -> None:
        self.standard = standard
        self.findings = findings
        self.lines = 0
        self._gathering = Gathering(standard)

    @property
    def identity(self) -> Identity:
        return self._gathering.identity

    def read(self, text: Text) -> None:
        delimiter = guess_delimiter(first_line(text.stream), self.standard.field_names)
        records = read_records(text.stream, delimiter)
        header = read_header(next(records).cells, self.standard)
        self._add(header.findings)
        if not header.recognised:
            return
        self._add(_form(text, delimiter))
        self._add(absent_choices(header.columns, self.standard.checks))
        self._rows(records, header)
        self._add(self._gathering.findings())

    def _rows(self, records: Iterator[Record], header: Header) -> None:
        check = _RowCheck(self.standard, header)
        for record in records:
            self.lines += 1
            if self.lines > MAX_ROWS:
                raise Unreadable(error("table-too-long", Place(line=record.line), limit=MAX_ROWS))
            row = check.cells(record)
            self._gathering.take(row)
            told = self.findings.room("error")
            self._add(check.findings(record, row, told))
            untold = check.untold(record, row, told)
            if untold:
                self.findings.add_cause(Cause(error("extra-cell"), untold, Place()))
        if self.lines == 0:
            self.findings.add(error("table-without-rows"))

    def _add(self, found: Iterator[Finding] | tuple[Finding, ...]) -> None:
        for finding in found:
            self.findings.add(finding)


def _form(text: Text, delimiter: str) -> Iterator[Finding]:
    """Read all the same, but not as the standard's documentation asks."""
    if text.encoding != "utf-8-sig":
        yield warning("encoding-not-utf8", value="Windows-1252")
    if delimiter != ",":
        yield warning("delimiter-not-comma", value="TAB" if delimiter == "\t" else delimiter)


class _RowCheck:
    """The checks of one row; codes and places are those of frictionless on the same file."""

    def __init__(self, standard: Standard, header: Header) -> None:
        checks = cell_checks(standard)
        self._checks = applicable(standard.checks, header.columns)
        self._width = header.width
        self._columns = [
            (field, header.columns[field.name], checks[field.name])
            for field in standard.fields
            if field.name in header.columns
        ]

    def cells(self, record: Record) -> dict[str, str]:
        """Cells by field name, those that a short row lacks left out."""
        width = len(record.cells)
        return {f.name: record.cells[at] for f, at, _ in self._columns if at < width}

    def findings(self, record: Record, row: dict[str, str], told: int) -> Iterator[Finding]:
        """At most `told` extra cells: a file may hold millions, of which the report keeps few."""
        place = Place(line=record.line, row=record.number)
        if not any(row.values()):
            yield error("blank-row", place)
            return
        yield from self._cells(record, row)
        for cell in record.cells[self._width : self._width + told]:
            yield error("extra-cell", place, value=quote(cell))
        yield from custom_findings(row, self._checks, place)

    def untold(self, record: Record, row: dict[str, str], told: int) -> int:
        """The number of extra cells that `findings` leaves out."""
        return max(0, len(record.cells) - self._width - told) if any(row.values()) else 0

    def _cells(self, record: Record, row: dict[str, str]) -> Iterator[Finding]:
        for field, _, check in self._columns:
            cell = row.get(field.name)
            rules = check(cell)
            if rules or cell is None:
                place = Place(line=record.line, row=record.number, field=field.name)
                yield from cell_findings(field, cell or "", rules, place)
                if cell is None:
                    yield error("missing-cell", place)
            elif unusual(field, cell):
                place = Place(line=record.line, row=record.number, field=field.name)
                yield warning("amount-unusual", place, value=quote(cell), example=field.example)
