"""The report as JSON: a stable contract, described in docs/bibliotheque.md.

Every key is always there, null where nothing is known.  The other forms of a report are made of
this one.  Imports the report and its texts.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .. import texts
from ..report import Cause, Finding, Report


def to_json(report: Report, lang: str = "fr", limit: int | None = None) -> dict[str, Any]:
    """JSON-safe; texts are in this language, everything else is the same in all."""
    source = asdict(report.source)
    columns = source.pop("columns")
    return {
        "conforming": report.conforming,
        "complete": report.complete,
        "verdict": report.verdict,
        "standard": {"name": report.standard, "version": report.version},
        "source": {**source, "rows": report.lines, "columns": columns, "sha256": report.sha256},
        "identity": asdict(report.identity),
        "totals": [asdict(total) for total in report.totals],
        "causes": [_cause(cause, lang) for cause in report.causes],
        "findings": [_finding(finding, lang) for finding in report.findings[:limit]],
    }


def _finding(finding: Finding, lang: str) -> dict[str, Any]:
    place = finding.place
    return {
        "level": finding.level,
        "code": finding.code,
        "row": place.row,
        "line": place.line,
        "column": place.column,
        "field": place.field,
        "element": place.element,
        "value": finding.params.get("value"),
        "message": texts.sentence(finding, lang),
        "expected": texts.expected(finding, lang),
        "proposal": finding.params.get("proposal"),
    }


def _cause(cause: Cause, lang: str) -> dict[str, Any]:
    first, last = cause.first, cause.last
    return {
        "level": first.level,
        "code": first.code,
        "cause": first.params.get("cause"),
        "count": cause.count,
        "first_row": first.place.row,
        "first_line": first.place.line,
        "last_row": last.row,
        "last_line": last.line,
        "column": first.place.column,
        "field": first.place.field,
        "element": first.place.element,
        "value": first.params.get("value"),
        "message": texts.cause(cause, lang),
        "expected": texts.expected(first, lang),
        "proposal": first.params.get("proposal"),
    }
