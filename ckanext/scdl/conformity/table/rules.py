"""The custom checks that the standards declare and that Table Schema engines ignore.

french-siret-value: an invalid SIRET in a filled cell; one-of-required: two columns both empty.
Imports stdnum by way of siret.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from ..report import Finding, Place, error, quote
from ..siret import valid_siret
from ..standards import Check

Row = Mapping[str, str]
Rule = Callable[[Row, Mapping[str, str], Place], Iterator[Finding]]


def custom_findings(row: Row, checks: tuple[Check, ...], place: Place) -> Iterator[Finding]:
    """row: cells by field name, those of the file's columns."""
    for check in checks:
        yield from RULES[check.name](row, check.params, place)


def applicable(checks: tuple[Check, ...], columns: Collection[str]) -> tuple[Check, ...]:
    """The checks of which the file has at least one column."""
    return tuple(check for check in checks if set(check.params.values()) & set(columns))


def absent_choices(columns: Collection[str], checks: tuple[Check, ...]) -> Iterator[Finding]:
    """Told once when the file has neither column of a one-of-required, rather than on each row."""
    for check in checks:
        if check.name == "one-of-required" and not set(check.params.values()) & set(columns):
            place = Place(line=1, row=1, field=check.params["column1"])
            yield from _one_of({}, check.params, place)


def _siret(row: Row, params: Mapping[str, str], place: Place) -> Iterator[Finding]:
    name = params["column"]
    value = row.get(name, "")
    if value and not valid_siret(value):
        yield error("french-siret-value", _at(place, name), value=quote(value))


def _one_of(row: Row, params: Mapping[str, str], place: Place) -> Iterator[Finding]:
    first, second = params["column1"], params["column2"]
    if not row.get(first) and not row.get(second):
        yield error("one-of-required", _at(place, first), first=first, second=second)


def _at(place: Place, name: str) -> Place:
    return Place(line=place.line, row=place.row, field=name)


RULES: dict[str, Rule] = {"french-siret-value": _siret, "one-of-required": _one_of}
