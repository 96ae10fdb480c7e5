"""The standards that we check, read from schemas/tables: fields, constraints, custom checks.

A standard's short name ("budget") is ours; its full name and version are the publisher's.
Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .resources import read_json

FILES = {"budget": "scdl_budget-0.8.3.json", "subventions": "scdl_subventions-2.1.1.json"}


@dataclass(frozen=True)
class Field:
    """A column: its name, type, constraints as published, and an example that is valid.

    descriptor: the field of the Table Schema itself, with what only some types have (trueValues,
    decimalChar, format).
    """

    name: str
    type: str
    required: bool
    example: str
    constraints: Mapping[str, Any]
    descriptor: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """A custom check of the standard, that Table Schema engines ignore."""

    name: str
    params: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Standard:
    """A published table standard; `descriptor` is the Table Schema itself."""

    name: str
    version: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    descriptor: Mapping[str, Any]

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


@cache
def standard(name: str) -> Standard:
    """The standard of this short name; ValueError for an unknown one (a programming error)."""
    if name not in FILES:
        raise ValueError(f"unknown standard {name!r}: one of {', '.join(FILES)}")
    data = read_json(f"tables/{FILES[name]}")
    return Standard(
        name=f"scdl/{data['name']}",
        version=data["version"],
        fields=tuple(_field(f) for f in data["fields"]),
        checks=tuple(Check(c["name"], c["params"]) for c in data["custom_checks"]),
        descriptor=data,
    )


def _field(data: Mapping[str, Any]) -> Field:
    constraints = data.get("constraints", {})
    return Field(
        name=data["name"],
        type=data["type"],
        required=bool(constraints.get("required")),
        example=data["example"],
        constraints=constraints,
        descriptor=data,
    )
