"""The report as text: the verdict, the causes, then each finding where a cause has several.

Imports the report and its texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import texts
from ..report import Level, Report

COLONS = {"fr": " : ", "en": ": "}


def to_text(report: Report, lang: str = "fr", limit: int | None = None) -> str:
    """Lines, without a line break after the last."""
    return "\n".join(_lines(report, lang, limit))


def _lines(report: Report, lang: str, limit: int | None) -> Iterator[str]:
    yield texts.summary(report, lang)
    for cause in report.causes:
        yield _bullet(cause.first.level, texts.cause(cause, lang), lang)
    shown = report.findings[:limit]
    if not shown or all(cause.count == 1 for cause in report.causes):
        return
    yield ""
    yield f"{texts.labels(lang)['cells']}{COLONS[lang].rstrip()}"
    for finding in shown:
        yield _bullet(finding.level, texts.sentence(finding, lang), lang)
    number = report.error_count + report.warning_count
    if len(shown) < number:
        yield texts.listed(len(shown), number, lang)


def _bullet(level: Level, text: str, lang: str) -> str:
    error, warning = texts.levels(lang)
    return f"- {error if level == 'error' else warning}{COLONS[lang]}{text}"
