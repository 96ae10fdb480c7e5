"""Which reader a file needs (budget XML or table), then its report.

Imports numpy by way of the reader of tables, so only where one is examined.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .budget.figures import BudgetFigures
from .inflated import Inflated
from .intake import Intake
from .limits import Limits
from .magic import BLANKS, HEAD, container
from .report import Finding, Report, quote, warning
from .standards import standard as find_standard


def examine(
    stream: BinaryIO,
    standard: str,
    filename: str | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
    budget: BudgetFigures | None = None,
) -> Report:
    """The report of a file against the standard of this name; UnknownStandard for another."""
    report = _examined(stream, standard, filename, sheet, limits, budget)
    return report if sheet is None else report.with_findings(_sheetless(report, sheet))


def _sheetless(report: Report, wanted: str) -> Iterator[Finding]:
    """A sheet asked for of what was read and has none."""
    form = report.source.format
    if form is not None and report.source.sheet is None:
        yield warning("sheet-ignored", value=quote(wanted), format=form.upper())


def _examined(
    stream: BinaryIO,
    standard: str,
    filename: str | None,
    sheet: str | None,
    limits: Limits | None,
    budget: BudgetFigures | None,
) -> Report:
    norm = find_standard(standard)
    intake = Intake(stream)
    if norm.name == "scdl/budget":
        compressed = container(intake.head) == "gzip"
        inner = Inflated(intake) if compressed else intake
        untold = compressed and not inner.head.strip(BLANKS)  # damaged, or blank so far
        if untold or _is_totem(inner.head, filename):
            from .budget.check import check_totem

            return check_totem(inner)
    from .table.check import check_table

    return check_table(intake, norm, sheet=sheet, limits=limits or Limits(), budget=budget)


def guess_standard(head: bytes, filename: str | None = None) -> str:
    """The standard that a file seems to follow, from its first bytes (a few thousand) and name."""
    if _is_totem(head, filename) or container(head) == "gzip":
        return "budget"
    letters = head.replace(
        b"\0", b""
    ).upper()  # those of UTF-16 too, titles above the header or not
    return "budget" if b"BGT_" in letters else "subventions"


def _is_totem(head: bytes, filename: str | None) -> bool:
    """By content; a file called .xml is judged as the XML that it says it is, and so is one that is
    blank for so long: no table is.  Null bytes alone are no blanks, and a workbook no budget."""
    kind = container(head)
    if kind == "xml-workbook":
        return False
    blank = len(head) >= HEAD and not head.strip(BLANKS) and bool(head.strip(b"\0"))
    name = (filename or "").lower().removesuffix(".gz")
    return blank or kind == "xml" or name.endswith(".xml")
