"""One cell against one field: frictionless decides, we only put its answer into findings.

Imports frictionless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import InvalidOperation
from functools import lru_cache
from typing import Any

import frictionless

from ..report import Finding, Param, Place, error, quote
from ..standards import Field, Standard

CellCheck = Callable[[str | None], tuple[str, ...]]
PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
MEMORY = 1 << 15
"""Distinct values remembered per column: most columns repeat theirs."""


def cell_checks(standard: Standard) -> dict[str, CellCheck]:
    """By field name: a cell -> the rules that it breaks ("type", or names of constraints)."""
    descriptor = {
        k: standard.descriptor[k] for k in ("fields", "missingValues") if k in standard.descriptor
    }
    schema = frictionless.Schema.from_descriptor(descriptor)
    return {field.name: _check(field.create_cell_reader()) for field in schema.fields}


def _check(reader: Callable[[Any], tuple[Any, Mapping[str, str] | None]]) -> CellCheck:
    @lru_cache(maxsize=MEMORY)
    def check(cell: str | None) -> tuple[str, ...]:
        try:
            return tuple(reader(cell)[1] or ())
        except InvalidOperation:  # frictionless compares a signalling NaN with bounds
            return ("type",)

    return check


def unusual(field: Field, cell: str) -> bool:
    """A number that frictionless accepts but that few tools read: NaN, 1e9, 1_000, other digits."""
    return field.type == "number" and bool(cell) and not PLAIN.fullmatch(cell.strip())


def cell_findings(field: Field, cell: str, rules: tuple[str, ...], place: Place) -> list[Finding]:
    """The findings of a cell that breaks these rules."""
    if "type" in rules:
        params = {"rule": field.type, "value": quote(cell), "example": field.example}
        return [error("type-error", place, **params)]
    return [error("constraint-error", place, **_params(field, cell, rule)) for rule in rules]


def _params(field: Field, cell: str, rule: str) -> dict[str, Param]:
    limit = field.constraints[rule]
    shown = " | ".join(limit) if isinstance(limit, list) else str(limit)
    return {
        "rule": rule,
        "value": quote(cell),
        "limit": shown,
        "length": len(cell),
        "example": field.example,
    }
