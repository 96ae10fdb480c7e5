"""Derive the scdl/budget table from a budget XML.

UTF-8 is the caller's choice of `out`; comma, double quotes where needed, lines end with a line feed
("\\n": same bytes on every system).  Imports lxml by way of the check.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from typing import BinaryIO, TextIO

from .budget.check import check_totem
from .budget.scdl import header
from .intake import Intake
from .report import NotConvertible, Report

IN_MEMORY = 8 * 1024 * 1024


def derive(stream: BinaryIO, out: TextIO) -> Report:
    """Write the table of a budget XML to `out` and return the report.

    The table waits in a temporary file until the whole budget has been read: on errors
    NotConvertible(report) is raised and nothing has been written.  `out` should be opened with
    newline="" so that line ends are kept.
    """
    with tempfile.SpooledTemporaryFile(
        max_size=IN_MEMORY, mode="w+", encoding="utf-8", newline=""
    ) as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(header())
        report = check_totem(Intake(stream), sink=writer.writerow)
        if not report.conforming:
            raise NotConvertible(report)
        table.seek(0)
        shutil.copyfileobj(table, out)
    return report
