"""The columns of a file as the engine judges them: the standard's rules, then our advice.

A cell that breaks a rule of the schema or a custom check is told so; advice is only given on cells
that break none.  Imports numpy by way of accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..repair import diagnose
from ..report import SHORT_ROW, Param, cut
from ..schema import ONE_OF_CHECK
from ..siret import valid_siret
from ..standards import Field, Standard
from ..subsidies.amounts import PLAIN
from . import accept
from .cells import Decision, decision
from .engine import CheckedColumn, Judge, RecordRule, Trouble
from .grid import Column, Grid, Mask
from .header import Header
from .letters import column_letter

Quiet = Callable[[Column], Mask]


@dataclass(frozen=True)
class Advice:
    """What there is to say of cells that break no rule.

    quiet: cells of which there is surely nothing to say; positive: nor of numbers above 0.
    """

    advise: Callable[[str], Iterable[Trouble]]
    quiet: Quiet | None = None
    positive: bool = False


SIRET_CHECK = "french-siret-value"


def checked_columns(
    standard: Standard, header: Header, advice: Mapping[str, Advice]
) -> list[CheckedColumn]:
    """The columns of the file that are the standard's, in the order of the file."""
    sirets = {c.params["column"] for c in standard.checks if c.name == SIRET_CHECK}
    others = {name: other for a, b in standard.choices for name, other in ((a, b), (b, a))}
    return [
        _column(
            standard.field(name),
            position,
            siret=name in sirets,
            advice=advice.get(name),
            other=others.get(name),
        )
        for name, position in sorted(header.columns.items(), key=lambda item: item[1])
    ]


def _column(
    field: Field,
    position: int,
    *,
    siret: bool,
    advice: Advice | None,
    other: str | None,
) -> CheckedColumn:
    advice = advice or _USUAL.get(field.type)
    quiet = accept.accept(field, positive=advice is not None and advice.positive)
    if siret:
        quiet = _both(quiet, _empty_or_siret)
    if advice and advice.quiet:
        quiet = _both(quiet, advice.quiet)
    judge = _judge(field, decision(field), siret=siret, advice=advice)
    if other is not None:
        judge = _either(judge, other)
    return CheckedColumn(field.name, position, column_letter(position), quiet, judge)


def _both(one: Quiet, other: Quiet) -> Quiet:
    return lambda column: one(column) & other(column)


def _empty_or_siret(column: Column) -> Mask:
    found: Mask = accept.siret(column) | (column.lengths == 0)
    return found


def _judge(
    field: Field,
    decide: Decision,
    *,
    siret: bool,
    advice: Advice | None,
) -> Judge:
    def judge(cell: str | None) -> tuple[Trouble, ...]:
        text = cell or ""
        found = [_broken(field, cell, rule) for rule in decide(cell)]
        if siret and text and text not in field.missing_values and not valid_siret(text):
            found.append(_bad_siret(field, text))
        if not found and advice and text:
            found += advice.advise(text)
        return tuple(found)

    return judge


def _either(judge: Judge, other: str) -> Judge:
    """Of a column that may be empty if another one is filled, which one cell does not tell: no
    empty cell is proposed."""

    def judged(cell: str | None) -> tuple[Trouble, ...]:
        return tuple(_or_other(trouble, other) for trouble in judge(cell))

    return judged


def _or_other(trouble: Trouble, other: str) -> Trouble:
    if trouble.params.get("proposal") != "":
        return trouble
    params = {name: value for name, value in trouble.params.items() if name != "proposal"}
    return replace(trouble, params={**params, "other": other})


def _broken(field: Field, cell: str | None, rule: str) -> Trouble:
    text = cell or ""
    params: dict[str, Param] = {"value": cut(text)}
    if field.example:
        params["example"] = field.example
    if rule == "type":
        params["rule"] = field.type
        if field.type == "boolean" and field.true_values and field.false_values:
            params |= {"yes": field.true_values[0], "no": field.false_values[0]}
        return Trouble("error", "type-error", params | _diagnosed(field, rule, text))
    limit = field.constraints[rule]
    shown = " | ".join(map(str, limit)) if isinstance(limit, list) else str(limit)
    params |= {"rule": rule, "limit": shown, "length": len(text)}
    if cell is None:
        return Trouble("error", "constraint-error", {**params, "cause": SHORT_ROW})
    return Trouble("error", "constraint-error", params | _diagnosed(field, rule, text))


def _bad_siret(field: Field, text: str) -> Trouble:
    params: dict[str, Param] = {"value": cut(text)}
    return Trouble("error", SIRET_CHECK, params | _diagnosed(field, "siret", text))


def _diagnosed(field: Field, rule: str, text: str) -> dict[str, Param]:
    """What is wrong with the cell, and the cell mended, where they are known."""
    found = diagnose(field, rule, text)
    if found is None:
        return {}
    proposal = {} if found.proposal is None else {"proposal": cut(found.proposal)}
    return {"cause": found.cause, **proposal}


def _unusual(text: str) -> Iterator[Trouble]:
    """A number that Table Schema accepts and few tools read: NaN, 1e9, 1_000, other digits."""
    if not PLAIN.fullmatch(text.strip()):
        yield Trouble("warning", "amount-unusual", {"value": cut(text)})


_USUAL = {"number": Advice(_unusual)}
"""By type, the advice that holds for any standard."""


def record_rules(standard: Standard, header: Header) -> list[RecordRule]:
    """The custom checks on several cells of a record that apply to this file."""
    return [
        _one_of(*choice, header)
        for choice in standard.choices
        if set(choice) & header.columns.keys()
    ]


def _one_of(first: str, second: str, header: Header) -> RecordRule:
    positions = [header.columns[name] for name in (first, second) if name in header.columns]

    def broken(grid: Grid) -> Mask:
        found = np.ones(grid.rows, dtype=bool)
        for position in positions:
            found &= grid.columns[position].lengths == 0
        return found

    params = one_of_params(first, second, header)
    return RecordRule(broken, Trouble("error", ONE_OF_CHECK, params))


def one_of_params(first: str, second: str, header: Header) -> dict[str, Param]:
    """What is said of two columns of which one is needed; one that the file has under another name
    is what to mend."""
    params: dict[str, Param] = {"first": first, "second": second}
    for name in (first, second):
        if name in header.lookalikes:
            return {
                **params,
                "rule": "misnamed",
                "label": cut(header.lookalikes[name]),
                "name": name,
            }
    return params
