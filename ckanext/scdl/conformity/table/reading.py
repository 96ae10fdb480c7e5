"""One pass over a table: how it is laid out, its header, then every record.

The whole file is read whatever the number of errors: totals are exact, or the reading is not
complete, and a finding says where it stopped.  Imports numpy by way of the engine.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from ..budget.figures import BudgetFigures
from ..intake import Intake
from ..limits import Limits
from ..magic import container
from ..report import (
    Cause,
    Finding,
    Findings,
    Identity,
    Place,
    Source,
    Unreadable,
    error,
    quote,
    warning,
)
from ..schema import CHECKS, ONE_OF_CHECK
from ..standards import Field, Standard
from . import quotes, strays, unique
from .blocks import Blocks, Judged
from .columns import Advice, checked_columns, one_of_params, record_rules
from .engine import Checked, Counted, Observer, Plan, Short
from .header import Header, read_header, recognised, unmatched
from .identity import Gathering
from .layout import (
    SAMPLE,
    Layout,
    find_header,
    first_records,
    guess_delimiter,
    is_cut,
    other_delimiter,
    too_long,
)
from .letters import column_letter
from .records import MAX_RECORD, Record, TooLong, after_lines
from .text import Damaged, Text
from .worker import FALSE, TRUE

if TYPE_CHECKING:
    from .sheets import Sheet, Workbook


class Reading:
    """One pass over a table."""

    def __init__(
        self,
        standard: Standard,
        limits: Limits,
        budget: BudgetFigures | None = None,
    ) -> None:
        self.standard = standard
        self.findings = Findings()
        self.budget = budget
        self.source = Source()
        self.rows = 0
        self.complete = True
        self._limits = limits
        self._end = time.monotonic() + limits.max_seconds
        self._gathering = Gathering(standard)
        self._causes = _Causes()
        self._shorts = _Shorts()

    @property
    def identity(self) -> Identity:
        return self._gathering.identity

    def workbook(self, book: Workbook, wanted: str | None) -> None:
        """Of one sheet: the one wanted, or the one with the best header."""
        sheet = book.sheet(partial(recognised, standard=self.standard), wanted)
        if sheet.others and wanted is None:
            others = quote(", ".join(sheet.others))
            self.findings.add(warning("sheet-chosen", sheet=sheet.name, others=others))
        if sheet.hidden:
            self.findings.add(warning("sheet-hidden", others=quote(", ".join(sheet.hidden))))
        self._add(_amiss(sheet))
        self.source = Source(format=sheet.format, sheet=sheet.name)
        self.standard = _as_shown(self.standard)
        text = Text(sheet)
        self._table(text, text.read(SAMPLE), ",")

    def text(self, intake: Intake) -> None:
        """Of CSV, whatever its encoding and delimiter."""
        text = Text(intake)
        try:
            start = text.read(SAMPLE)
        except Damaged as damage:
            raise Unreadable(_damaged(1 + damage.line)) from None
        if not start.strip():
            raise Unreadable(error("file-empty"))
        kind = container(start.lstrip())  # however many blanks stand before it
        if kind != "text":
            raise Unreadable(error("not-csv", rule=kind))
        delimiter = guess_delimiter(start, self.standard)
        self.source = Source(format="tsv" if delimiter == "\t" else "csv", delimiter=delimiter)
        self._table(text, start, delimiter)
        self.source = replace(self.source, encoding=text.encoding)
        self._add(_form(text, delimiter))

    def _table(self, text: Text, start: bytes, delimiter: str) -> None:
        rows = first_records(start, delimiter)
        if not rows:
            raise Unreadable(self._too_long(1, 1, too_long(start, delimiter)))
        layout = find_header(rows, self.standard)
        place = Place(line=layout.header.line + 1, row=layout.number)
        if is_cut(start, layout.header, delimiter):
            raise Unreadable(error("quote-open", place))
        width = len(layout.header.cells)
        if width > self._limits.max_columns:
            raise Unreadable(self._too_wide(width))
        self.source = replace(
            self.source, header_row=layout.number if layout.found else None, columns=width
        )
        if layout.found:
            self._after_header(text, start, delimiter, rows, layout)
        else:
            self.complete = False
            self.findings.add(unmatched(layout.header.cells, self.standard, place))

    def _after_header(
        self, text: Text, start: bytes, delimiter: str, rows: list[Record], layout: Layout
    ) -> None:
        place = Place(line=layout.header.line + 1, row=layout.number)
        header = read_header(layout.header.cells, self.standard, place)
        self._add(layout.findings)
        if any("\n" in label and label.count(delimiter) > 1 for label in layout.header.cells):
            self.findings.add(warning("quote-unclosed", place))
        other = other_delimiter(start, layout, delimiter)
        if other:
            params = {"value": shown(delimiter), "other": shown(other)}
            self.findings.add(warning("delimiter-mixed", place, **params))
        self._add(header.findings)
        self._not_made()
        self._add(_absent_choices(self.standard, header, place))
        line = rows[layout.data - 1].end
        data = after_lines(start, line)
        blocks = Blocks(text, data, delimiter, len(header.labels), self._limits.max_cell)
        self._records(
            blocks, self._plan(header, cut_wrongly=other is not None), layout.data + 1, line + 1
        )
        if self.rows == 0 and self.complete:
            self.findings.add(error("table-without-rows"))

    def _plan(self, header: Header, *, cut_wrongly: bool) -> Plan:
        """cut_wrongly: the records have another separator, and their cells say nothing."""
        observers: list[Observer] = [self._gathering.of(header.columns)]
        advice: Mapping[str, Advice] = {}
        observers += unique.observers(self.standard, header.columns)
        ours = _ours(self.standard.name)
        if ours:
            observers += ours.observers(header.columns, self)
            advice = ours.ADVICE
        rules = record_rules(self.standard, header)
        if self.source.delimiter is not None:
            rules += quotes.rules(self.source.delimiter, len(header.labels))
        if not cut_wrongly:
            rules += strays.rules(header.labels)
        return Plan(
            checked_columns(self.standard, header, advice),
            rules,
            observers,
            header.labels,
            self.standard.missing_values,
        )

    def _records(self, blocks: Blocks, plan: Plan, row: int, line: int) -> None:
        """row, line: of the first record."""
        try:
            for block in blocks.judged(plan.check, lambda: self.findings.rooms):
                self._take(block.result, plan, row, line)
                reason = self._stop(block, row, line)
                row += block.result.rows
                line += block.result.lines
                if reason:
                    self.findings.add(reason)
                    self.complete = False
                    break
        except Damaged as damage:
            raise Unreadable(_damaged(line + damage.line)) from None
        for cause in (*self._causes.all(), *plan.missing(self._shorts.all())):
            self.findings.add_cause(cause)
        for observer in plan.observers:
            for cause, kept in observer.conclusions(self.findings.rooms):
                self.findings.add_cause(cause, kept)

    def _stop(self, block: Judged[Checked], row: int, line: int) -> Finding | None:
        """Why nothing after this block is read, if so; row, line: of its start."""
        beyond = self.rows - self._limits.max_rows
        if beyond > 0:
            first = block.result.rows - beyond
            place = self._place(row + first, line + block.grid().line(first))
            return error("table-too-long", place, limit=self._limits.max_rows)
        row += block.result.rows
        if block.stop:
            return self._too_long(row, line + block.stop.line, block.stop)
        place = self._place(row, line + block.result.lines)
        if time.monotonic() > self._end:
            return error("table-slow", place, limit=self._limits.max_seconds)
        return None

    def _too_wide(self, width: int) -> Finding:
        limit, last = self._limits.max_columns, column_letter(width - 1)
        return error("table-too-wide", rule="text", value=last, limit=limit)

    def _too_long(self, row: int, line: int, stop: TooLong) -> Finding:
        place = self._place(row, line)
        if stop.whole:
            return error("cell-too-long", place, rule="record", limit=MAX_RECORD)
        if stop.column is not None:
            place = replace(place, column=column_letter(stop.column))
        limit = self._limits.max_cell
        if self.source.sheet is not None:
            return error("cell-too-long", place, rule="sheet", limit=limit)
        return error("cell-too-long", place, limit=limit)

    def _place(self, row: int, line: int) -> Place:
        """The lines of a sheet are its rows."""
        return Place(line=line if self.source.sheet is None else row, row=row)

    def _take(self, checked: Checked, plan: Plan, row: int, line: int) -> None:
        if not checked.rows:
            return
        self.rows += checked.rows
        if self.source.sheet is not None:
            line = 0
        for counted in checked.causes:
            self._causes.add(counted, row, line)
        for short in checked.short:
            self._shorts.add(short, row, line)
        for finding in checked.kept:
            self.findings.keep(_moved(finding, row, line))
        for observer, observed in zip(plan.observers, checked.observed, strict=True):
            observer.take(observed, row, line)

    def _not_made(self) -> None:
        """A check that the standard declares and that we do not know is not passed over in silence:
        what was checked is not all."""
        for check in self.standard.checks:
            if check.name not in CHECKS:
                self.findings.add(warning("table-incomplete", name=check.name))
                self.complete = False

    def _add(self, found: Iterable[Finding]) -> None:
        for finding in found:
            self.findings.add(finding)


def _amiss(sheet: Sheet) -> Iterator[Finding]:
    amiss = sheet.amiss
    if amiss.first_error:
        yield warning("sheet-errors", rule="sheet", number=amiss.number, cell=amiss.first_error)
    elif amiss.number:
        yield warning("sheet-errors", number=amiss.number)
    if amiss.uncalculated:
        cell = amiss.first_uncalculated
        yield warning("sheet-uncalculated", number=amiss.uncalculated, cell=cell)


def _as_shown(standard: Standard) -> Standard:
    """A yes or no of a spreadsheet is one whatever the standard's words, as it is for frictionless:
    it has no text of its own, and is shown as VRAI or FAUX."""

    def accepting(field: Field) -> Field:
        if field.type != "boolean":
            return field
        true, false = ((*field.true_values, TRUE), (*field.false_values, FALSE))
        return replace(field, true_values=true, false_values=false)

    return replace(standard, fields=tuple(map(accepting, standard.fields)))


def _ours(name: str) -> ModuleType | None:
    """What we know of a standard beyond its rules; the modules are only loaded where needed."""
    if name == "scdl/subventions":
        from . import subsidies

        return subsidies
    if name == "scdl/budget":
        from . import budgets

        return budgets
    return None


class _Causes:
    """The causes met so far, added up over blocks."""

    def __init__(self) -> None:
        self._first: dict[tuple[object, ...], Finding] = {}
        self._count: Counter[tuple[object, ...]] = Counter()
        self._last: dict[tuple[object, ...], tuple[int, int]] = {}

    def add(self, counted: Counted, row: int, line: int) -> None:
        """Those of one block, which starts at this record and line."""
        key = counted.key
        if key not in self._first:
            place = Place(
                counted.first_line, counted.first_row, counted.field, None, counted.column
            )
            finding = Finding(counted.code, counted.level, counted.params, _at(place, row, line))
            self._first[key] = finding
        self._count[key] += counted.number
        self._last[key] = _row_and_line(counted.last_row, counted.last_line, row, line)

    def all(self) -> Iterator[Cause]:
        """In the order in which they were first met."""
        for key, first in self._first.items():
            row, line = self._last[key]
            yield Cause(first, self._count[key], replace(first.place, row=row, line=line))


class _Shorts:
    """The records with too few cells met so far, by how many they have."""

    def __init__(self) -> None:
        self._known: dict[int, Short] = {}

    def add(self, short: Short, row: int, line: int) -> None:
        """Those of one block, which starts at this record and line."""
        first = _row_and_line(short.first_row, short.first_line, row, line)
        last = _row_and_line(short.last_row, short.last_line, row, line)
        known = self._known.get(short.cells)
        if known:
            first = known.first_row, known.first_line
        number = short.number + (known.number if known else 0)
        self._known[short.cells] = Short(short.cells, number, *first, *last)

    def all(self) -> list[Short]:
        """Rows and lines are those of the file."""
        return list(self._known.values())


def _moved(finding: Finding, row: int, line: int) -> Finding:
    return replace(finding, place=_at(finding.place, row, line))


def _at(place: Place, row: int, line: int) -> Place:
    """A place counted from the start of a block, counted from the start of the file."""
    at_row, at_line = _row_and_line(place.row or 0, place.line or 0, row, line)
    return replace(place, row=at_row, line=at_line)


def _row_and_line(away: int, lines: int, row: int, line: int) -> tuple[int, int]:
    """line 0: a sheet, whose lines are its rows."""
    return away + row, lines + line if line else away + row


def _damaged(line: int) -> Finding:
    return error("encoding-error", Place(line=line))


def _form(text: Text, delimiter: str) -> Iterator[Finding]:
    """Read all the same, but not as the standard's documentation asks."""
    if not text.encoding.startswith("utf-8"):
        found = warning("encoding-not-utf8", value=ENCODINGS[text.encoding])
        yield replace(found, params={**found.params, "rule": "garbled"}) if text.garbled else found
    if delimiter != ",":
        yield warning("delimiter-not-comma", value=shown(delimiter))


def shown(delimiter: str) -> str:
    """As people can read it."""
    return "TAB" if delimiter == "\t" else delimiter


ENCODINGS = {"windows-1252": "Windows-1252", "iso-8859-1": "ISO-8859-1", "utf-16": "UTF-16"}


def _absent_choices(standard: Standard, header: Header, place: Place) -> Iterator[Finding]:
    """Told once when the file has neither column of a one-of-required, rather than on each row."""
    for first, second in standard.choices:
        if not {first, second} & header.columns.keys():
            params = {"rule": "absent", **one_of_params(first, second, header)}
            yield error(ONE_OF_CHECK, place, **params)
