"""Derive the scdl/budget table from a budget XML, as CSV, JSON or XLSX."""

from __future__ import annotations

import tempfile
from typing import IO, Any, BinaryIO

from .budget.check import check_totem
from .exports import BINARY, Export, Format, copy, export
from .inflated import opened
from .report import NotConvertible, Report
from .standards import BUDGET, standard

IN_MEMORY = 8 * 1024 * 1024
ROWS = 1000
"""Rows written at once: a temporary file takes its time for each call."""


def derive(stream: BinaryIO, out: IO[Any], name: Format = "csv") -> Report:
    """Write the table of a budget XML to `out` and return the report, without advice.

    The table waits in a temporary file until the whole budget has been read: on errors
    NotConvertible(report) is raised and nothing has been written.  `out` is binary for xlsx; for
    the others it should be opened with newline="" so that line ends are kept.
    """
    with _temporary(name) as table:
        batch = _Batch(export(name, table, standard(BUDGET)))
        try:
            report = check_totem(opened(stream), batch.add, advice=False)
        finally:
            batch.close()  # refused or not: a spreadsheet leaves files behind until it is closed
        if not report.conforming:
            raise NotConvertible(report)
        copy(table, out)
    return report


def _temporary(name: Format) -> IO[Any]:
    if name in BINARY:
        return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    return tempfile.SpooledTemporaryFile(
        max_size=IN_MEMORY, mode="w+", encoding="utf-8", newline=""
    )


class _Batch:
    """Rows on their way to an export."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._rows: list[list[str]] = []

    def add(self, row: list[str]) -> None:
        self._rows.append(row)
        if len(self._rows) >= ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._export.close()

    def _flush(self) -> None:
        self._export.rows(self._rows)
        self._rows.clear()
