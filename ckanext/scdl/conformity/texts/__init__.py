"""Findings and reports put into words, in French first and in English, when they are shown.

A template is chosen by code and, where the code has several cases, by its parameter "rule"; a cell
of which the cause is known is told in the cause's words.  What a template has between square
brackets is left out when a parameter that it names is missing.  An unknown code gives a generic
sentence, never an exception: a stored report outlives its version.
Output is plain text: whoever shows it in HTML escapes it.  Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeVar

from ..report import Cause, Finding, Place, Report
from . import causes, en, fr

if TYPE_CHECKING:
    from ..schema_check import SchemaRefused

Lang = Literal["fr", "en"]
T = TypeVar("T")
LANGUAGES: dict[str, ModuleType] = {"fr": fr, "en": en}


def sentence(finding: Finding, lang: str = "fr") -> str:
    """What is wrong, where, and what to do, as a full sentence."""
    words = _words(lang)
    text = _body(finding, words)
    where = _where(finding.place, words)
    return f"{where}{words.COLON}{text}" if where else _capital(text)


def expected(finding: Finding, lang: str = "fr") -> str | None:
    """The form that the value should have, as a phrase; None where only the sentence tells."""
    words = _words(lang)
    if finding.params.get("rule") == "pattern":
        known: str | None = words.PATTERNS.get(finding.params.get("limit"))
        if known:
            return known
    template = _chosen(finding, words.EXPECTED)
    return template and _written(template, _filled(finding, words))


def cause(group: Cause, lang: str = "fr") -> str:
    """One line for findings of one cause: how many, what, where, what to do, the first mended."""
    words, first = _words(lang), _shown(group.first)
    group = replace(group, first=first)
    known = _recognised(first, words)
    if known is None and group.count == 1:
        return sentence(first, lang)
    params = _filled(first, words)
    params.update(n=group.count, noun=causes.noun(group, words))
    if known is not None:
        one, many, remedy = known
        what = one if group.count == 1 else many
    else:
        repeated = _chosen(first, words.REPEATED)
        if repeated is None:
            return causes.repeated(group, words, _body(first, words))
        what, remedy = repeated
    return causes.line(group, words, _written(what, params), _written(remedy, params))


def _recognised(finding: Finding, words: ModuleType) -> tuple[str, str, str] | None:
    """What is said of the cell's cause; of one that may not be left empty, for which nothing is
    proposed, not that it may; nor so of one that may if another column is filled."""
    params, known = finding.params, words.CAUSES
    found: tuple[str, str, str] | None = None
    if "proposal" not in params:
        case = "other" if "other" in params else "required"
        found = known.get(f"{params.get('cause')}.{case}")
    return found or known.get(params.get("cause"))


def headline(report: Report, lang: str = "fr") -> str:
    """The verdict in one short sentence."""
    partly = report.conforming and not report.complete
    template: str = _words(lang).VERDICTS["partly" if partly else report.verdict]
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
    text = f"{headline(report, lang)} {_capital(', '.join(counted))}."
    return text if report.complete else f"{text} {words.INCOMPLETE}"


def refusal(refused: SchemaRefused, lang: str = "fr") -> str:
    """Why a Table Schema is refused: the file, the column, what to do."""
    words = _words(lang)
    text = words.REFUSALS[refused.rule].format_map(_Params(refused.params))
    place = [refused.file, *([words.FIELD.format(refused.field)] if refused.field else [])]
    return f"{', '.join(place)}{words.COLON}{text}"


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


def labels(lang: str = "fr") -> Mapping[str, str]:
    """Titles and column headings of a report, by what they are about."""
    known: Mapping[str, str] = _words(lang).LABELS
    return known


def delimiter(character: str, lang: str = "fr") -> str:
    """A column separator by its name."""
    return str(_words(lang).DELIMITERS.get(character, character))


def listed(number: int, every: int, lang: str = "fr") -> str:
    """That a list of findings is only their beginning."""
    return str(_words(lang).LISTED.format(listed=number, all=every))


class _Params(dict[str, object]):
    """A parameter that a stored finding lacks must not break its sentence."""

    def __missing__(self, key: str) -> str:
        return "?"


def _words(lang: str) -> ModuleType:
    return LANGUAGES.get(lang, fr)


def _chosen(finding: Finding, known: Mapping[str, T]) -> T | None:
    """What is known of a code, of its rule first."""
    return known.get(f"{finding.code}.{finding.params.get('rule')}") or known.get(finding.code)


def _body(finding: Finding, words: ModuleType) -> str:
    """The sentence without its place."""
    known = _recognised(finding, words)
    if known is not None and finding.params.get("value"):
        return _cell(finding, words, known)
    template = _chosen(finding, words.SENTENCES) or words.GENERIC
    return _written(template, _filled(finding, words))


def _cell(finding: Finding, words: ModuleType, known: tuple[str, str, str]) -> str:
    """What is wrong with one cell, and what to write instead where that is certain."""
    params = _filled(finding, words)
    params["noun"] = causes.noun(Cause(finding, 1, finding.place), words)
    one, _, remedy = known
    what = one.removeprefix("{n} ")
    params["what"] = _written(what, params)
    params["remedy"] = _written(words.WRITE if params.get("proposal") else remedy, params)
    return _written(words.CELL, params)


OPTIONAL = re.compile(r"\[([^][]*)\]")
NAMED = re.compile(r"\{(\w+)\}")


def _written(template: str, params: _Params) -> str:
    """A template filled in, without the clauses for which something is missing."""

    def clause(found: re.Match[str]) -> str:
        text = found[1]
        return text if all(name in params for name in NAMED.findall(text)) else ""

    return OPTIONAL.sub(clause, template).format_map(params)


def _filled(finding: Finding, words: ModuleType) -> _Params:
    """What templates may name."""
    known = {**_amounts(finding, words), **_known(finding.place, words), "code": finding.code}
    if "row" in known:
        known.setdefault("line", known["row"])  # as reports once had it
    return _Params(known)


AMOUNTS = {
    *("recettes", "depenses", "ecart", "montant", "montant_premier", "montant_second"),
    *("realise", "credits"),
}
"""Parameters that are amounts, written as « 1234.50 »."""

OWN_AMOUNTS = {"budget-line-differs": {"budget"}}
"""Those of one code, under a name that says something else elsewhere."""


def _amounts(finding: Finding, words: ModuleType) -> dict[str, object]:
    names = AMOUNTS | OWN_AMOUNTS.get(finding.code, set())
    params = _shown(finding).params
    return {k: _amount(str(v), words) if k in names else v for k, v in params.items()}


def _shown(finding: Finding) -> Finding:
    """With all that it quotes visible."""
    params = finding.params.items()
    return replace(finding, params={k: visible(v) if isinstance(v, str) else v for k, v in params})


LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


UNSEEN = re.compile(r"\A +| {2,}| +\Z")


def visible(text: str) -> str:
    """A text on one line, with a sign for each character that cannot be seen: ↵ for a line end, ⇥
    for a tab, ␣ for a space at either end or next to another, and for any other blank."""
    text = UNSEEN.sub(lambda spaces: "␣" * len(spaces[0]), text)
    if text.isprintable():
        return text
    text = LINE_ENDS.sub("↵", text).replace("\t", "⇥")
    return "".join(c if c.isprintable() else "␣" for c in text)


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
    return {
        "what": words.ELEMENTS.get(element, element),
        "field": place.field or "",
        "letter": place.column or "",
    }


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
