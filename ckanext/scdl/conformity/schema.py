"""A Table Schema as we use it: a standard, its fields, its custom checks.

What is read here is taken to be sound: schemas/tables is, and a schema that somebody else drops
goes through `schema_check` first.  Imports the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEFAULT_TYPE = "string"
DEFAULT_FORMAT = "default"
DEFAULT_DATE = "%Y-%m-%d"
MISSING = ("",)
TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")

ONE_OF_CHECK = "one-of-required"
CHECKS = {"french-siret-value": ("column",), ONE_OF_CHECK: ("column1", "column2")}
"""The custom checks that we do, and which of their parameters name a column."""


@dataclass(frozen=True)
class Field:
    """A column: its name, type, constraints as published, and an example.

    unique: no two cells may be the same, which is not among the constraints; example: the
    publisher's (not always valid), "" when there is none; format: "default", or the publisher's,
    as strptime wants it for dates; missing_values: the cells that count as empty, those of the
    field or else of the schema; the rest is for booleans and numbers, with the defaults of Table
    Schema.  descriptor: the field of the Table Schema itself.
    """

    name: str
    type: str
    required: bool
    example: str
    constraints: Mapping[str, Any]
    title: str = ""
    format: str = DEFAULT_FORMAT
    missing_values: tuple[str, ...] = MISSING
    true_values: tuple[str, ...] = TRUE
    false_values: tuple[str, ...] = FALSE
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    unique: bool = False
    descriptor: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """A custom check of the standard, that Table Schema engines ignore."""

    name: str
    params: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Standard:
    """A published table standard; `descriptor` is the Table Schema itself, `primary_key` the
    columns that together tell each record from the others."""

    name: str
    version: str
    title: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    missing_values: tuple[str, ...]
    descriptor: Mapping[str, Any]
    primary_key: tuple[str, ...] = ()

    @property
    def pinned(self) -> str:
        """The name that means this version for ever: "scdl/budget@0.8.3"."""
        return f"{self.name}@{self.version}"

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The columns of which each record fills one at least, two by two."""
        of = [check.params for check in self.checks if check.name == ONE_OF_CHECK]
        return tuple((params["column1"], params["column2"]) for params in of)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


def read_schema(name: str, version: str, data: Mapping[str, Any]) -> Standard:
    """The standard that a Table Schema describes."""
    missing = _missing(data.get("missingValues"), MISSING)
    return Standard(
        name=name,
        version=version,
        title=str(data.get("title") or name),
        fields=tuple(_field(entry, missing) for entry in data["fields"]),
        checks=tuple(_check(check) for check in data.get("custom_checks", ())),
        missing_values=missing,
        descriptor=data,
        primary_key=primary_key(data),
    )


def primary_key(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of its columns; Table Schema 1 writes that of a single one alone."""
    names = data.get("primaryKey") or ()
    return (names,) if isinstance(names, str) else tuple(names)


def _field(data: Mapping[str, Any], missing: tuple[str, ...]) -> Field:
    constraints = dict(data.get("constraints", {}))
    unique = bool(constraints.pop("unique", False))
    return Field(
        name=data["name"],
        type=data.get("type", DEFAULT_TYPE),
        required=bool(constraints.get("required")),
        example=_example(data),
        constraints=constraints,
        title=str(data.get("title") or ""),
        format=_format(data),
        missing_values=_missing(data.get("missingValues"), missing),
        true_values=tuple(data.get("trueValues", TRUE)),
        false_values=tuple(data.get("falseValues", FALSE)),
        decimal_char=data.get("decimalChar", "."),
        group_char=data.get("groupChar", ""),
        bare_number=data.get("bareNumber", True),
        unique=unique,
        descriptor=data,
    )


def _format(data: Mapping[str, Any]) -> str:
    """The default one of dates is the default, written out or not."""
    name: str = data.get("format", DEFAULT_FORMAT).removeprefix("fmt:")
    is_date = data.get("type") == "date"
    return DEFAULT_FORMAT if is_date and name == DEFAULT_DATE else name


def _missing(entries: Sequence[Any] | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """Of Table Schema 1 (texts) or 2 (texts with a label)."""
    if entries is None:
        return default
    return tuple(entry["value"] if isinstance(entry, dict) else entry for entry in entries)


def _example(data: Mapping[str, Any]) -> str:
    """`example`, or the first of `examples`, as a cell would show it."""
    example = data.get("example", data.get("examples"))
    if isinstance(example, list) and "example" not in data:
        example = example[0] if example else None
    if example is None or isinstance(example, str):
        return example or ""
    return json.dumps(example, ensure_ascii=False)


def _check(data: Mapping[str, Any]) -> Check:
    """A check that is not ours keeps its name alone: the report says that it was not made."""
    params = CHECKS.get(data["name"], ())
    return Check(data["name"], {param: data["params"][param] for param in params})
