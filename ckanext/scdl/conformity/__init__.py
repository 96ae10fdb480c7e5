"""Check budgets and subsidy tables against their standards, and derive tables from budget XML.

Import from here, not from the modules below; nothing here imports ckan.  Heavy engines
(frictionless) are imported by the functions that need them, so importing this module is quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, BinaryIO

from . import texts
from .budget.figures import BudgetFigures
from .comparison import differences
from .examination import guess_standard
from .exports import FORMATS, Format
from .form import metadata
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

__all__ = [
    "FORMATS",
    "BudgetFigures",
    "Cause",
    "Declared",
    "Finding",
    "Format",
    "Identity",
    "NotConvertible",
    "Place",
    "Report",
    "Source",
    "Total",
    "check",
    "convert",
    "detect_role",
    "differences",
    "guess_standard",
    "mask",
    "metadata",
    "summary",
    "texts",
]


def check(
    stream: BinaryIO,
    standard: str,
    *,
    filename: str | None = None,
    declared: Declared | None = None,
    budget: BudgetFigures | None = None,
) -> Report:
    """Check a file against a standard: "budget" (XML or CSV) or "subventions" (CSV).

    Reads from the stream's current position to the end and never closes it; bad input of any kind
    gives a Report, never an exception.  filename only helps to tell an XML; declared adds a warning
    for each value of the form that the file contradicts.  budget: what the collectivité's budget
    opens for grants; a table of its grants of that year that exceed it gets a warning.  ValueError
    for an unknown standard.
    """
    from .examination import examine

    report = examine(stream, standard, filename, budget)
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
