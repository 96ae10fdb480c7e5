"""Check a table against a standard: how it is laid out, its header, then every record.

The whole file is read whatever the number of errors: totals are exact, or the report says that it
is not complete, and where the reading stopped.  Imports numpy by way of the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..budget.figures import BudgetFigures
from ..conclusion import concluded
from ..intake import Intake
from ..magic import container
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
    warning,
)
from ..standards import Standard
from ..standards import standard as find_standard
from . import budgets, subsidies
from .blocks import Blocks, Judged
from .columns import CHECKS, ONE_OF_CHECK, checked_columns, missing_values, record_rules
from .engine import Checked, Observer, Plan
from .header import Header, read_header, unmatched
from .identity import Gathering
from .layout import Layout, find_header, first_records, guess_delimiter, sample
from .records import MAX_RECORD, Record, after_lines
from .text import Text

MAX_ROWS = 10_000_000

OURS = {subsidies.NAME: subsidies, budgets.NAME: budgets}
"""What we know beyond the rules, by standard."""


def check_table(intake: Intake, name: str, budget: BudgetFigures | None = None) -> Report:
    """The report of a table against the standard of this name; budget: that of the grants."""
    standard = find_standard(name)
    findings = Findings()
    reading = _Reading(standard, findings, budget)
    kind: Kind | None = "table"
    try:
        reading.read(intake)
    except Unreadable as exception:
        findings, kind = Findings(), None
        reading = _Reading(standard, findings)
        findings.add(exception.finding)
    intake.drain()
    return concluded(
        standard,
        intake,
        kind,
        reading.rows,
        reading.identity,
        findings,
        reading.source,
        complete=reading.complete and kind is not None,
    )


class _Reading:
    """One pass over a table."""

    def __init__(
        self, standard: Standard, findings: Findings, budget: BudgetFigures | None = None
    ) -> None:
        self.standard = standard
        self.findings = findings
        self.budget = budget
        self.source = Source()
        self.rows = 0
        self.complete = True
        self._gathering = Gathering(standard)

    @property
    def identity(self) -> Identity:
        return self._gathering.identity

    def read(self, intake: Intake) -> None:
        """Everything, from the encoding to the last record."""
        _refuse_other_containers(intake)
        text = Text(intake)
        start = text.read()
        if not start.strip():
            raise Unreadable(error("file-empty"))
        delimiter = guess_delimiter(sample(start), self.standard)
        rows = first_records(sample(start), delimiter)
        if not rows:
            raise Unreadable(_too_long(1))
        layout = find_header(rows, self.standard)
        self.source = Source(
            format="tsv" if delimiter == "\t" else "csv",
            delimiter=delimiter,
            header_row=layout.number if layout.found else None,
            columns=len(layout.header.cells),
        )
        if layout.found:
            self._table(text, start, delimiter, rows, layout)
        else:
            self.complete = False
            line = layout.header.line + 1
            self.findings.add(unmatched(layout.header.cells, self.standard, line))
        self.source = replace(self.source, encoding=text.encoding)
        self._add(_form(text, delimiter))

    def _table(
        self, text: Text, start: bytes, delimiter: str, rows: list[Record], layout: Layout
    ) -> None:
        header = read_header(layout.header.cells, self.standard, layout.header.line + 1)
        self._add(layout.findings)
        self._add(header.findings)
        self._add(_not_made(self.standard))
        self._add(_absent_choices(self.standard, header))
        line = rows[layout.data].line if layout.data < len(rows) else None
        data = b"" if line is None else after_lines(start, line)
        blocks = Blocks(text, data, delimiter, len(header.labels))
        self._records(blocks, self._plan(header), layout.data + 1, (line or 0) + 1)
        if self.rows == 0:
            self.findings.add(error("table-without-rows"))

    def _plan(self, header: Header) -> Plan:
        observers: list[Observer] = [self._gathering.of(header.columns)]
        ours = OURS.get(self.standard.name)
        if ours:
            observers += ours.observers(header.columns, self)
        return Plan(
            checked_columns(self.standard, header, ours.ADVICE if ours else {}),
            record_rules(self.standard, header),
            observers,
            header.labels,
            missing_values(self.standard),
        )

    def _records(self, blocks: Blocks, plan: Plan, row: int, line: int) -> None:
        """row, line: of the first record."""
        for block in blocks.judged(lambda grid: plan.check(grid, self.findings.rooms)):
            self._take(block, plan, row, line)
            row += block.result.rows
            line += block.result.lines
            if block.stop:
                self.findings.add(_too_long(line))
                self.complete = False
        for observer in plan.observers:
            for cause, kept in observer.conclusions(self.findings.rooms):
                self.findings.add_cause(cause, kept)

    def _take(self, block: Judged[Checked], plan: Plan, row: int, line: int) -> None:
        checked = block.result
        self.rows += checked.rows
        for cause in checked.causes:
            first, last = _moved(cause.first, row, line), _at(cause.last, row, line)
            self.findings.add_cause(Cause(first, cause.count, last))
        for finding in checked.kept:
            self.findings.keep(_moved(finding, row, line))
        for observer, observed in zip(plan.observers, checked.observed, strict=True):
            observer.take(observed, row, line)

    def _add(self, found: Iterable[Finding]) -> None:
        for finding in found:
            self.findings.add(finding)


def _moved(finding: Finding, row: int, line: int) -> Finding:
    return replace(finding, place=_at(finding.place, row, line))


def _at(place: Place, row: int, line: int) -> Place:
    """A place counted from the start of a block, counted from the start of the file."""
    return replace(place, row=(place.row or 0) + row, line=(place.line or 0) + line)


def _refuse_other_containers(intake: Intake) -> None:
    kind = container(intake.head)
    if kind == "empty":
        raise Unreadable(error("file-empty"))
    if kind not in ("text", "utf-16"):
        raise Unreadable(error("not-csv", rule=kind))


def _too_long(line: int) -> Finding:
    return error("cell-too-long", Place(line=line), limit=MAX_RECORD)


def _form(text: Text, delimiter: str) -> Iterator[Finding]:
    """Read all the same, but not as the standard's documentation asks."""
    if not text.encoding.startswith("utf-8"):
        yield warning("encoding-not-utf8", value=ENCODINGS[text.encoding])
    if delimiter != ",":
        yield warning("delimiter-not-comma", value="TAB" if delimiter == "\t" else delimiter)


ENCODINGS = {"windows-1252": "Windows-1252", "iso-8859-1": "ISO-8859-1", "utf-16": "UTF-16"}


def _not_made(standard: Standard) -> Iterator[Finding]:
    """A check that the standard declares and that we do not know is not passed over in silence."""
    for check in standard.checks:
        if check.name not in CHECKS:
            yield warning("table-incomplete", name=check.name)


def _absent_choices(standard: Standard, header: Header) -> Iterator[Finding]:
    """Told once when the file has neither column of a one-of-required, rather than on each row."""
    for check in standard.checks:
        if check.name == ONE_OF_CHECK and not set(check.params.values()) & header.columns.keys():
            first, second = check.params["column1"], check.params["column2"]
            yield error(ONE_OF_CHECK, first=first, second=second)
