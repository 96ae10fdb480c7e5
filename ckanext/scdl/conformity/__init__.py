"""Check budgets and subsidy tables against their standards, and derive tables from budget XML.

Import from here, not from the modules below; nothing here imports ckan.  Heavy engines
(frictionless) are imported by the functions that need them, so importing this module is quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any, BinaryIO

from . import rendering, texts
from .budget.figures import BudgetFigures
from .comparison import differences
from .examination import guess_standard
from .exports import FORMATS, Format
from .form import metadata
from .limits import Limits
from .report import (
    Cause,
    Declared,
    Finding,
    Identity,
    NotConvertible,
    Place,
    Report,
    Source,
    Total,
)
from .roles import detect_role
from .standards import SchemaRefused, Standard, UnknownStandard
from .standards import register as register_standards
from .standards import standard as standard_named
from .standards import standards as known_standards

__all__ = [
    "FORMATS",
    "BudgetFigures",
    "Cause",
    "Declared",
    "Finding",
    "Format",
    "Identity",
    "Limits",
    "NotConvertible",
    "Place",
    "Report",
    "SchemaRefused",
    "Source",
    "Standard",
    "Total",
    "UnknownStandard",
    "check",
    "convert",
    "detect_role",
    "differences",
    "guess_standard",
    "known_standards",
    "mask",
    "metadata",
    "register_standards",
    "rendering",
    "standard_named",
    "summary",
    "texts",
]


def check(
    stream: BinaryIO,
    standard: str,
    *,
    filename: str | None = None,
    declared: Declared | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
    budget: BudgetFigures | None = None,
) -> Report:
    """Check a file against a standard: a budget (XML or table), subsidies, any table.

    Reads from the stream's current position to the end and never closes it; bad input of any kind
    gives a Report, never an exception.  filename only helps to tell an XML; declared adds a warning
    for each value of the form that the file contradicts.  standard is a name that `standard_named`
    knows ("scdl/subventions@2.0.2"); UnknownStandard for another.  sheet: the one to read of a
    workbook, rather than the one with the best header; limits: how much of a table is read; budget:
    what the collectivité's budget opens for grants, a warning if a table of its grants of that year
    exceeds it.
    """
    from .examination import examine

    report = examine(stream, standard, filename, sheet, limits, budget)
    report = replace(report, source=replace(report.source, name=filename))
    return report.with_findings(differences(report.identity, declared)) if declared else report


def convert(stream: BinaryIO, out: IO[Any], *, format: Format = "csv") -> Report:  # noqa: A002
    """Derive the scdl/budget table of a budget XML: "csv", "json" (`out` is text), "xlsx" (binary).

    The report has no advice: `check` gives it.  NotConvertible(report), and nothing written, when
    the budget has errors.
    """
    from .derive import derive

    return derive(stream, out, format)


def summary(stream: BinaryIO) -> dict[str, Any]:
    """A budget XML in figures: `lines`, `calculated_lines`, `totals`, `by_chapter`, `by_article`…

    `budget.summary` describes them.  NotConvertible(report) when the budget has errors.
    """
    from .budget.check import summarise
    from .inflated import opened

    report, figures = summarise(opened(stream))
    if figures is None:
        raise NotConvertible(report)
    return figures


def mask(stream: BinaryIO, out: BinaryIO) -> Mapping[str, int]:
    """Write a budget XML without what it tells of people; how many values were hidden, by annexe.

    Without any, the same bytes (of a gzip: what it holds).  Figures, layout and encoding stay
    (UTF-16 becomes UTF-8), seals and signatures that the change makes void are dropped.  Masking
    again changes nothing.  NotConvertible(report), and nothing written, for an unreadable XML.
    """
    from .masked import masked

    return masked(stream, out)
