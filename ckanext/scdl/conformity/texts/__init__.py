"""Findings and reports put into words, in French first and in English, when they are shown.

A template is chosen by code and, where the code has several cases, by its parameter "rule".  An
unknown code gives a generic sentence, never an exception: a stored report outlives its version.
Output is plain text: whoever shows it in HTML escapes it.  Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import ModuleType
from typing import Literal

from ..report import Finding, Place, Report
from . import en, fr

Lang = Literal["fr", "en"]
LANGUAGES: dict[str, ModuleType] = {"fr": fr, "en": en}


def sentence(finding: Finding, lang: str = "fr") -> str:
    """What is wrong, where, and what to do, as a full sentence."""
    words = _words(lang)
    template = _template(finding, words.SENTENCES) or words.GENERIC
    params = {
        **_amounts(finding, words),
        **_known(finding.place, words),
        "code": finding.code,
    }
    text = template.format_map(_Params(params))
    where = _where(finding.place, words)
    return f"{where}{words.COLON}{text}" if where else _capital(text)


def headline(report: Report, lang: str = "fr") -> str:
    """The verdict in one short sentence."""
    template: str = _words(lang).VERDICTS[report.verdict]
    return template.format(standard=report.standard, version=report.version)


def summary(report: Report, lang: str = "fr") -> str:
    """The verdict, the size of the file and the exact numbers of errors and warnings."""
    words = _words(lang)
    if report.verdict == "unreadable":
        return headline(report, lang)
    counted = [
        _count(words.LINES, report.lines),
        _count(words.ERRORS, report.error_count),
        _count(words.WARNINGS, report.warning_count),
    ]
    return f"{headline(report, lang)} {_capital(', '.join(counted))}."


def masked(counts: Mapping[str, int], lang: str = "fr") -> str:
    """What a masking did, in one sentence."""
    words = _words(lang)
    if not counts:
        return str(words.NOTHING_MASKED)
    listed = ", ".join(f"{annexe} ({number})" for annexe, number in counts.items())
    return str(words.MASKED.format(listed))


def levels(lang: str = "fr") -> tuple[str, str]:
    """How an error and a warning are called."""
    error, warning = _words(lang).LEVELS
    return error, warning


class _Params(dict[str, object]):
    """A parameter that a stored finding lacks must not break its sentence."""

    def __missing__(self, key: str) -> str:
        return "?"


def _words(lang: str) -> ModuleType:
    return LANGUAGES.get(lang, fr)


def _template(finding: Finding, sentences: Mapping[str, str]) -> str | None:
    rule = finding.params.get("rule")
    return sentences.get(f"{finding.code}.{rule}") or sentences.get(finding.code)


AMOUNTS = {
    *("recettes", "depenses", "ecart", "montant", "montant_premier", "montant_second"),
    *("realise", "credits"),
}
"""Parameters that are amounts, written as « 1234.50 »."""


OWN_AMOUNTS = {"budget-line-differs": {"budget"}}
"""Those of one code, under a name that says something else elsewhere."""


def _amounts(finding: Finding, words: ModuleType) -> dict[str, object]:
    names = AMOUNTS | OWN_AMOUNTS.get(finding.code, set())
    return {k: _amount(str(v), words) if k in names else v for k, v in finding.params.items()}


def _amount(value: str, words: ModuleType) -> str:
    """« 1234.50 » as the reader writes it; any other text as it is."""
    try:
        text = f"{Decimal(value):,.2f}"
    except ArithmeticError:
        return value
    thousands, decimals = words.SEPARATORS
    signs = {",": thousands, ".": decimals}
    template: str = words.AMOUNT
    return template.format("".join(signs.get(c, c) for c in text))


def _known(place: Place, words: ModuleType) -> dict[str, str]:
    element = place.element or ""
    return {"what": words.ELEMENTS.get(element, element), "field": place.field or ""}


def _where(place: Place, words: ModuleType) -> str:
    parts = []
    if place.line is not None:
        parts.append(words.LINE.format(place.line))
    if place.field is not None:
        parts.append(words.FIELD.format(place.field))
    if place.element is not None:
        parts.append(words.ELEMENT.format(place.element))
    return _capital(", ".join(parts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _count(forms: tuple[str, str, str], number: int) -> str:
    zero, one, many = forms
    return (zero if number == 0 else one if number == 1 else many).format(number)
