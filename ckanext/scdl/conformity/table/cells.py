"""One cell against one field, exactly as frictionless decides: the types that our standards use.

A type or an option that is not written here is decided by frictionless itself, which takes half a
second to import.  The reference is frictionless 5.21 (frictionless/fields, schema/field.py).
Imports the standard library and `patterns`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import Any

from ..patterns import compile  # noqa: A004 (a pattern is compiled as re does)
from ..standards import Field

Decision = Callable[[str | None], tuple[str, ...]]
"""A cell, None where the row is too short -> the rules that it breaks: "type", or constraints."""

Reader = Callable[[str], Any]
Test = Callable[[Any], bool]

YEAR_LENGTH = 4
LAST_YEAR = 9999
OPTIONS = {"decimalChar", "groupChar", "bareNumber", "floatNumber"}


def decision(field: Field) -> Decision:
    """How the cells of a field are decided."""
    read = _reader(field)
    if read is None or not is_plain(field) or not field.constraints.keys() <= _TESTS.keys():
        return _by_frictionless(field)
    missing = frozenset(field.missing_values)
    tests = _tests(field.constraints, read)

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


def is_plain(field: Field) -> bool:
    """Does the field write its values as Table Schema does by default?"""
    return field.format == "default" and not OPTIONS & field.descriptor.keys()


def _reader(field: Field) -> Reader | None:
    if field.type == "boolean":
        values = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
        return values.get
    return _READERS.get(field.type)


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
    matches = cache(partial(compile, limit))  # compiled for the first cell that asks
    return lambda value: value is None or matches()(value)


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


def _by_frictionless(field: Field) -> Decision:
    import frictionless

    descriptor = {"fields": [dict(field.descriptor)], "missingValues": list(field.missing_values)}
    (reference,) = frictionless.Schema.from_descriptor(descriptor).fields
    read = reference.create_cell_reader()

    def decide(cell: str | None) -> tuple[str, ...]:
        return tuple(read(cell)[1] or ())

    return decide
