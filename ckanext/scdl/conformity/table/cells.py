"""One cell against one field, exactly as frictionless decides: the types that our standards use.

A type or an option that is not written here is decided by frictionless itself, which takes half a
second to import.  The reference is frictionless 5.21 (frictionless/fields, schema/field.py).
Imports the standard library and `patterns`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Decision = Callable[[str | None], tuple[str, ...]]
"""A cell, None where the row is too short -> the rules that it breaks: "type", or constraints."""

Reader = Callable[[str], Any]
Test = Callable[[Any], bool]

YEAR_LENGTH = 4
LAST_YEAR = 9999
OPTIONS = {"decimalChar", "groupChar", "bareNumber", "floatNumber"}


def decision(properties: Mapping[str, Any], missing: tuple[str, ...]) -> Decision:
    """properties: the field as the Table Schema has it; missing: values that stand for nothing."""
    missing = tuple(properties.get("missingValues", missing))
    read = _reader(properties)
    if read is None or not _decided_here(properties):
        return _by_frictionless(properties, missing)
    tests = _tests(properties.get("constraints", {}), read)

    def decide(cell: str | None) -> tuple[str, ...]:
        value = None
        if cell is not None and cell not in missing:
            value = read(cell)
            if value is None:
                return ("type",)
        try:
            return tuple(name for name, test in tests if not test(value))
        except InvalidOperation:  # a signalling NaN compares with nothing
            return ("type",)

    return decide


def _decided_here(properties: Mapping[str, Any]) -> bool:
    plain = properties.get("format", "default") == "default" and not OPTIONS & properties.keys()
    return plain and properties.get("constraints", {}).keys() <= _TESTS.keys()


def _reader(properties: Mapping[str, Any]) -> Reader | None:
    if properties["type"] == "boolean":
        return boolean_values(properties).get
    return _READERS.get(properties["type"])


def boolean_values(properties: Mapping[str, Any]) -> dict[str, bool]:
    """The texts that stand for true and false."""
    values = dict.fromkeys(properties.get("trueValues", ("true", "True", "TRUE", "1")), True)
    return values | dict.fromkeys(
        properties.get("falseValues", ("false", "False", "FALSE", "0")), False
    )


def _string(cell: str) -> str:
    return cell


def _number(cell: str) -> Decimal | None:
    try:
        return Decimal(cell.strip())
    except (ArithmeticError, ValueError):
        return None


def _integer(cell: str) -> int | None:
    try:
        return int(cell.strip())
    except ValueError:
        return None


def _date(cell: str) -> date | None:
    try:
        return datetime.strptime(cell, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no time zone)
    except ValueError:
        return None


def _year(cell: str) -> int | None:
    if len(cell) != YEAR_LENGTH:
        return None
    year = _integer(cell)
    return year if year is not None and 0 <= year <= LAST_YEAR else None


_READERS: dict[str, Reader] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "year": _year,
}


def _tests(constraints: Mapping[str, Any], read: Reader) -> list[tuple[str, Test]]:
    """In frictionless's order."""
    return [
        (name, make(constraints[name], read))
        for name, make in _TESTS.items()
        if constraints.get(name) is not None
    ]


def _required(limit: Any, _read: Reader) -> Test:
    return lambda value: not (limit and value is None)


def _min_length(limit: Any, _read: Reader) -> Test:
    return lambda value: value is None or len(value) >= limit


def _max_length(limit: Any, _read: Reader) -> Test:
    return lambda value: value is None or len(value) <= limit


def _pattern(limit: Any, _read: Reader) -> Test:
    matches = re.compile(f"^{limit}$").match
    return lambda value: value is None or matches(value) is not None


def _enum(limit: Any, read: Reader) -> Test:
    allowed = [_cast(value, read) for value in limit]
    return lambda value: value is None or value in allowed


def _bound(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Reader], Test]:
    def make(limit: Any, read: Reader) -> Test:
        bound = _cast(limit, read)
        # a NaN equals nothing, itself included: it is within no bound
        return lambda value: value is None or (value == value and compare(value, bound))

    return make


def _cast(limit: Any, read: Reader) -> Any:
    """A limit of the schema, written as JSON: "2020-01-01", 0.01 or true."""
    return limit if isinstance(limit, bool) else read(str(limit))


_TESTS: dict[str, Callable[[Any, Reader], Test]] = {
    "required": _required,
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "enum": _enum,
    "minimum": _bound(operator.ge),
    "maximum": _bound(operator.le),
    "exclusiveMinimum": _bound(operator.gt),
    "exclusiveMaximum": _bound(operator.lt),
}


def _by_frictionless(properties: Mapping[str, Any], missing: tuple[str, ...]) -> Decision:
    import frictionless

    descriptor = {"fields": [dict(properties)], "missingValues": list(missing)}
    (field,) = frictionless.Schema.from_descriptor(descriptor).fields
    read = field.create_cell_reader()

    def decide(cell: str | None) -> tuple[str, ...]:
        return tuple(read(cell)[1] or ())

    return decide
