"""The report as a workbook to give to whoever mends the file: its causes, then its findings.

Every text is written as a string, never as a formula or a link, and stays one when somebody edits
the cell.  Imports the report and its texts; XlsxWriter where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from .. import texts
from ..report import Report
from .data import to_json

LONGEST = 32_767
"""Characters that a cell of a workbook may hold."""

HEADER = 2
"""Where the headings are, under the verdict and an empty row: 0 is the first row."""

WIDTHS = {
    "level": 14,
    "count": 10,
    "row": 12,
    "line": 12,
    "first": 12,
    "last": 12,
    "column": 9,
    "field": 24,
    "element": 14,
    "value": 28,
    "message": 80,
    "expected": 36,
    "proposal": 28,
}
"""Of columns, in characters."""

CAUSES = (
    *("level", "count", "column", "field", "element", "first", "last"),
    *("message", "expected", "value", "proposal"),
)
FINDINGS = (
    *("level", "row", "line", "column", "field", "element"),
    *("value", "message", "expected", "proposal"),
)


def write_xlsx(report: Report, out: BinaryIO, lang: str = "fr", limit: int | None = None) -> None:
    """Write the workbook to `out`, which stays open."""
    from xlsxwriter import Workbook

    labels = texts.labels(lang)
    data = to_json(report, lang, limit)
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": labels["title"], "comments": texts.summary(report, lang)})
    causes = [_with_lines(cause) for cause in data["causes"]]
    sheets = _Sheets(book, texts.summary(report, lang), lang)
    sheets.add(labels["causes"], CAUSES, causes)
    sheets.add(labels["to-correct"], FINDINGS, data["findings"])
    book.close()


def _with_lines(cause: Mapping[str, Any]) -> Mapping[str, Any]:
    """First and last place as an editor shows them, else as a spreadsheet does."""
    first, last = (
        cause[f"{end}_row"] if cause[f"{end}_line"] is None else cause[f"{end}_line"]
        for end in ("first", "last")
    )
    return {**cause, "first": first, "last": last}


class _Sheets:
    """Sheets of the same make: the verdict, headings, an entry a row."""

    def __init__(self, book: Any, summary: str, lang: str) -> None:
        self._book, self._summary, self._lang = book, summary, lang
        top = {"valign": "top", "border": 1, "border_color": "#CCCCCC"}
        self._title = book.add_format({"bold": True})
        self._head = book.add_format({**top, "bold": True, "bg_color": "#F0F0F0"})
        self._number = book.add_format(top)
        # the prefix keeps « =1+1 » a text when somebody edits the cell
        text = {**top, "num_format": "@", "text_wrap": True, "quote_prefix": True}
        self._text = book.add_format(text)
        self._level = {
            "error": book.add_format({**text, "bg_color": "#FDECEB"}),
            "warning": book.add_format({**text, "bg_color": "#FFF6DB"}),
        }

    def add(self, title: str, columns: Sequence[str], entries: list[Mapping[str, Any]]) -> None:
        """One sheet more."""
        sheet = self._book.add_worksheet(title)
        sheet.write_string(0, 0, self._summary, self._title)
        labels = texts.labels(self._lang)
        for at, name in enumerate(columns):
            sheet.set_column(at, at, WIDTHS[name])
            sheet.write_string(HEADER, at, labels[name], self._head)
        for row, entry in enumerate(entries, HEADER + 1):
            for at, name in enumerate(columns):
                self._write(sheet, row, at, name, entry)
        sheet.freeze_panes(HEADER + 1, 0)
        sheet.autofilter(HEADER, 0, HEADER + len(entries), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER)

    def _write(self, sheet: Any, row: int, at: int, name: str, entry: Mapping[str, Any]) -> None:
        value = entry[name]
        if name == "level":
            shown = texts.levels(self._lang)[value == "warning"]
            sheet.write_string(row, at, shown, self._level[value])
        elif isinstance(value, int):
            sheet.write_number(row, at, value, self._number)
        elif value is None:
            sheet.write_blank(row, at, None, self._text)
        else:
            sheet.write_string(row, at, value[:LONGEST], self._text)
