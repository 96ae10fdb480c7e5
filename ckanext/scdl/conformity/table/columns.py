"""The columns of a file as the engine judges them: the standard's rules, then our advice.

A cell that breaks a rule of the schema or a custom check is told so; advice is only given on cells
that break none.  Imports numpy by way of accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ..report import Param, quote
from ..siret import valid_siret
from ..standards import Field, Standard
from . import accept
from .cells import Decision, decision
from .engine import CheckedColumn, Judge, RecordRule, Trouble, column_letter
from .grid import Column, Grid, Mask
from .header import Header

Quiet = Callable[[Column], Mask]
Advise = Callable[[str], Iterable[Trouble]]
Advice = Mapping[str, tuple[Quiet, Advise]]
"""By field: cells of which there is surely nothing to say, and what there is to say of others."""

SIRET_CHECK, ONE_OF_CHECK = "french-siret-value", "one-of-required"
CHECKS = frozenset({SIRET_CHECK, ONE_OF_CHECK})
"""The custom checks that are made."""


def checked_columns(standard: Standard, header: Header, advice: Advice) -> list[CheckedColumn]:
    """The columns of the file that are the standard's, in the order of the file."""
    missing = missing_values(standard)
    properties = {p["name"]: p for p in standard.descriptor["fields"]}
    sirets = {c.params["column"] for c in standard.checks if c.name == SIRET_CHECK}
    return [
        _column(
            standard.field(name),
            properties[name],
            position,
            missing,
            siret=name in sirets,
            advice=advice.get(name),
        )
        for name, position in sorted(header.columns.items(), key=lambda item: item[1])
    ]


def missing_values(standard: Standard) -> tuple[str, ...]:
    """The cells that stand for nothing."""
    return tuple(standard.descriptor.get("missingValues", ("",)))


def _column(
    field: Field,
    properties: Mapping[str, Any],
    position: int,
    missing: tuple[str, ...],
    *,
    siret: bool,
    advice: tuple[Quiet, Advise] | None,
) -> CheckedColumn:
    quiet = accept.accept(properties, missing)
    if siret:
        quiet = _both(quiet, _empty_or_siret)
    if advice:
        quiet = _both(quiet, advice[0])
    judge = _judge(field, decision(properties, missing), missing, siret=siret, advice=advice)
    return CheckedColumn(field.name, position, column_letter(position), quiet, judge)


def _both(one: Quiet, other: Quiet) -> Quiet:
    return lambda column: one(column) & other(column)


def _empty_or_siret(column: Column) -> Mask:
    return accept.siret(column) | (column.lengths == 0)


def _judge(
    field: Field,
    decide: Decision,
    missing: tuple[str, ...],
    *,
    siret: bool,
    advice: tuple[Quiet, Advise] | None,
) -> Judge:
    def judge(cell: str | None) -> tuple[Trouble, ...]:
        text = cell or ""
        found = [_broken(field, text, rule) for rule in decide(cell)]
        if siret and text and text not in missing and not valid_siret(text):
            found.append(_bad_siret(text))
        if not found and advice and text:
            found += advice[1](text)
        return tuple(found)

    return judge


def _broken(field: Field, text: str, rule: str) -> Trouble:
    params: dict[str, Param] = {"value": quote(text)}
    if field.example:
        params["example"] = field.example
    if rule == "type":
        return Trouble("error", "type-error", {"rule": field.type, **params})
    limit = field.constraints[rule]
    shown = " | ".join(map(str, limit)) if isinstance(limit, list) else str(limit)
    params |= {"rule": rule, "limit": shown, "length": len(text)}
    return Trouble("error", "constraint-error", params)


def _bad_siret(text: str) -> Trouble:
    return Trouble("error", SIRET_CHECK, {"value": quote(text)})


def record_rules(standard: Standard, header: Header) -> list[RecordRule]:
    """The custom checks on several cells of a record that apply to this file."""
    return [
        _one_of(check.params["column1"], check.params["column2"], header)
        for check in standard.checks
        if check.name == ONE_OF_CHECK and set(check.params.values()) & header.columns.keys()
    ]


def _one_of(first: str, second: str, header: Header) -> RecordRule:
    positions = [header.columns[name] for name in (first, second) if name in header.columns]

    def broken(grid: Grid) -> Mask:
        found = np.ones(grid.rows, dtype=bool)
        for position in positions:
            found &= grid.columns[position].lengths == 0
        return found

    return RecordRule(broken, Trouble("error", ONE_OF_CHECK, {"first": first, "second": second}))
