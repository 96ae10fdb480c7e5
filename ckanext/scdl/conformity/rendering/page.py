"""The report as one HTML page: nothing to load, no script, made to be read, sent and printed.

Whatever comes from the file is escaped; a policy in the page forbids everything but its style.
Imports the report and its texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from .. import texts
from ..report import Level, Report
from .data import to_json
from .typography import bound

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem; max-width: 75rem; font: 1rem/1.5 system-ui, sans-serif;
  color: #1e1e1e; background: #fff; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.verdict { padding: .75rem 1rem; border-left: .4rem solid; font-weight: 600; }
.conforming { border-color: #18753c; background: #e6f4ea; }
.not-conforming, .unreadable { border-color: #ce0500; background: #fdeceb; }
li { margin: .4rem 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 0; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { border: 1px solid #ccc; padding: .35rem .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 4rem; white-space: pre-wrap; }
td.number { text-align: right; min-width: 0; white-space: nowrap; }
td.long { min-width: 16rem; }
td.name { min-width: 9em; }
thead th { background: #f0f0f0; }
tr.error td:first-child { color: #b00400; font-weight: 600; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  table { font-size: 8pt; }
  .wide { overflow: visible; }
  td, td.long { min-width: 0; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""

FINDING = (
    *("level", "row", "line", "column", "field", "element"),
    *("value", "message", "expected", "proposal"),
)

KINDS = {
    **dict.fromkeys(("row", "line", "count"), "number"),
    **dict.fromkeys(("message", "expected"), "long"),
    **dict.fromkeys(("field", "value", "proposal"), "name"),
}
"""Classes of cells, by column."""

READING = (
    *("format", "encoding", "delimiter", "sheet", "header_row", "rows", "columns"),
    "sha256",
)


def to_html(report: Report, lang: str = "fr", limit: int | None = None) -> str:
    """The whole page."""
    return "\n".join(_page(report, lang, limit)) + "\n"


def _page(report: Report, lang: str, limit: int | None) -> Iterator[str]:
    labels = texts.labels(lang)
    data = to_json(report, lang, limit)
    name = data["source"]["name"]
    title = escape(f"{labels['title']} – {name}" if name else labels["title"])
    yield "<!DOCTYPE html>"
    yield f'<html lang="{lang}">'
    yield '<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"  # noqa: E501
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>"
    yield f"<body>\n<main>\n<h1>{title}</h1>"
    yield f'<p class="verdict {report.verdict}">{_prose(texts.summary(report, lang), lang)}</p>'
    yield from _causes(data["causes"], "error", labels["to-correct"], lang)
    yield from _causes(data["causes"], "warning", labels["to-look-at"], lang)
    yield from _findings(report, data["findings"], lang)
    yield from _totals(data["totals"], lang)
    yield from _reading(data["source"], lang)
    yield "</main>\n</body>\n</html>"


def _causes(
    causes: Iterable[Mapping[str, Any]], level: Level, title: str, lang: str
) -> Iterator[str]:
    told = [cause["message"] for cause in causes if cause["level"] == level]
    lines = [f"<li>{_prose(message, lang)}</li>" for message in told]
    if lines:
        yield f"<h2>{escape(title)}</h2>\n<ul>"
        yield from lines
        yield "</ul>"


def _findings(report: Report, findings: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    if not findings:
        return
    title = texts.labels(lang)["cells"]
    yield f"<h2>{escape(title)}</h2>"
    number = report.error_count + report.warning_count
    if len(findings) < number:
        yield f"<p>{_prose(texts.listed(len(findings), number, lang), lang)}</p>"
    yield from _table(title, findings, list(_told(findings)), lang)


def _told(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Columns that say something; of row and line one is enough where they are the same."""
    same = all(finding["row"] == finding["line"] for finding in findings)
    for name in FINDING:
        if any(f[name] is not None for f in findings) and not (same and name == "row"):
            yield name


def _totals(totals: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    if totals:
        title = texts.labels(lang)["totals"]
        yield f"<h2>{escape(title)}</h2>"
        yield from _table(title, totals, ("level", "code", "field", "count"), lang)


def _table(
    title: str, entries: Iterable[Mapping[str, Any]], names: Sequence[str], lang: str
) -> Iterator[str]:
    """A table that a keyboard can scroll."""
    labels = texts.labels(lang)
    heads = "".join(f'<th scope="col">{escape(labels[name])}</th>' for name in names)
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{escape(title)}">'
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for entry in entries:
        cells = "".join(_cell(name, entry, lang) for name in names)
        yield f'<tr class="{entry["level"]}">{cells}</tr>'
    yield "</tbody>\n</table></div>"


def _cell(name: str, entry: Mapping[str, Any], lang: str) -> str:
    value = entry[name]
    if name == "level":
        value = texts.levels(lang)[value == "warning"]
    if value is None:
        shown = ""
    else:
        shown = _prose(str(value), lang) if name in ("message", "expected") else _cited(str(value))
    kind = KINDS.get(name)
    return f'<td class="{kind}">{shown}</td>' if kind else f"<td>{shown}</td>"


def _cited(value: str) -> str:
    """What the file holds, escaped, with signs for what cannot be seen."""
    return escape(texts.visible(value))


def _prose(text: str, lang: str) -> str:
    """Our sentences, escaped; a cell that they quote is not changed."""
    return escape(bound(text, lang))


def _reading(source: Mapping[str, Any], lang: str) -> Iterator[str]:
    labels = texts.labels(lang)
    yield f"<h2>{escape(labels['reading'])}</h2>\n<dl>"
    for name in READING:
        value = source[name]
        if value is not None:
            shown = texts.delimiter(value, lang) if name == "delimiter" else str(value)
            yield f"<dt>{escape(labels[name])}</dt><dd>{escape(shown)}</dd>"
    yield "</dl>"
