"""Check budgets and subsidy tables against their standards, and derive tables from budget XML.

Import from here, not from the modules below; nothing here imports ckan.  Heavy engines (lxml,
frictionless) are imported by the functions that need them, so importing this module is quick.
"""

from __future__ import annotations

from typing import BinaryIO, TextIO

from . import texts
from .comparison import differences
from .examination import guess_standard
from .report import (
    Declared,
    Finding,
    Identity,
    NotConvertible,
    Place,
    Report,
)
from .roles import detect_role

__all__ = [
    "Declared",
    "Finding",
    "Identity",
    "NotConvertible",
    "Place",
    "Report",
    "check",
    "convert",
    "detect_role",
    "differences",
    "guess_standard",
    "texts",
]


def check(
    stream: BinaryIO,
    standard: str,
    *,
    filename: str | None = None,
    declared: Declared | None = None,
) -> Report:
    """Check a file against a standard: "budget" (XML or CSV) or "subventions" (CSV).

    Reads from the stream's current position to the end and never closes it; bad input of any kind
    gives a Report, never an exception.  filename only helps to tell an XML; declared adds a warning
    for each value of the form that the file contradicts.  ValueError for an unknown standard.
    """
    from .examination import examine

    report = examine(stream, standard, filename)
    return report.with_findings(differences(report.identity, declared)) if declared else report


def convert(stream: BinaryIO, out: TextIO) -> Report:
    """Derive the scdl/budget CSV of a budget XML; `derive` describes the format.

    NotConvertible(report), and nothing written, when the check finds errors.
    """
    from .derive import derive

    return derive(stream, out)
