"""The rows of a table as CSV, JSON or XLSX, written as they come.

Codes are text in all three: a spreadsheet that opens a CSV by itself reads 020 as 20, the XLSX
keeps it.  Amounts are numbers in the XLSX, text as written elsewhere.  Imports XlsxWriter where it
is used.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from typing import IO, Any, Literal, Protocol

from .standards import Standard

Format = Literal["csv", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")
BINARY = {"xlsx"}

QUOTED = frozenset(',"\r\n')
MEMORY = 50_000
"""Distinct cells remembered: labels, codes and amounts repeat from line to line."""

Row = Sequence[str]


class Export(Protocol):
    """Writes rows to `out`; what has been written is whole once `close` has returned."""

    def rows(self, rows: Sequence[Row]) -> None:
        """Some rows more."""

    def close(self) -> None:
        """The end."""


def export(name: Format, out: IO[Any], standard: Standard) -> Export:
    """A writer of this format, header written; `out` is binary for xlsx, text for the others."""
    made: Export = EXPORTS[name](out, standard)
    return made


class CsvExport:
    """UTF-8 is the caller's choice; comma, quotes where needed, lines end with a line feed."""

    def __init__(self, out: IO[str], standard: Standard) -> None:
        self._out, self._cells = out, _Cells()
        self.rows([standard.field_names])

    def rows(self, rows: Sequence[Row]) -> None:
        cell = self._cells.__getitem__
        self._out.writelines(f"{','.join(map(cell, row))}\n" for row in rows)

    def close(self) -> None:
        """Nothing to end."""


class _Cells(dict[str, str]):
    """Cells as csv.writer writes them, in a row of several: most have been met before, and looking
    them up takes half its time."""

    def __missing__(self, cell: str) -> str:
        written = cell
        if not QUOTED.isdisjoint(cell):
            written = '"' + cell.replace('"', '""') + '"'
        if len(self) < MEMORY:
            self[cell] = written
        return written


class JsonExport:
    """An array of objects, one a line; empty cells are null, everything else is text."""

    def __init__(self, out: IO[str], standard: Standard) -> None:
        self._out, self._names = out, standard.field_names
        self._start = "[\n"

    def rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            values = (cell or None for cell in row)
            text = json.dumps(dict(zip(self._names, values, strict=True)), ensure_ascii=False)
            self._out.write(f"{self._start}{text}")
            self._start = ",\n"

    def close(self) -> None:
        self._out.write("[]\n" if self._start == "[\n" else "\n]\n")


class XlsxExport:
    """One sheet, header frozen, codes as text cells, columns of type number as numbers."""

    def __init__(self, out: IO[bytes], standard: Standard) -> None:
        from xlsxwriter import Workbook

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = Workbook(out, options)
        self._sheet = self._book.add_worksheet("Données")
        self._text = self._book.add_format({"num_format": "@"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        bold = self._book.add_format({"bold": True})
        self._numbers = {at for at, f in enumerate(standard.fields) if f.type == "number"}
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(standard.fields) - 1, 16)
        for at, name in enumerate(standard.field_names):
            self._sheet.write_string(0, at, name, bold)
        self._row = 1

    def rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            for at, cell in enumerate(row):
                if cell and at in self._numbers:
                    self._sheet.write_number(self._row, at, float(cell), self._amount)
                elif cell:
                    self._sheet.write_string(self._row, at, cell, self._text)
            self._row += 1

    def close(self) -> None:
        self._book.close()


EXPORTS: dict[str, Any] = {"csv": CsvExport, "json": JsonExport, "xlsx": XlsxExport}


def copy(table: IO[Any], out: IO[Any]) -> None:
    """From the start of a temporary table to where it is wanted."""
    table.seek(0)
    shutil.copyfileobj(table, out)
