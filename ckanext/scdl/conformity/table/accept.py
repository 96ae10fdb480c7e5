"""What of a column is valid beyond doubt, told for a whole block at once.

Accept-only: a cell that is accepted here is valid for the standard, one that is not goes to the
exact decision (`cells`), whatever it is.  No native cast of an engine accepts the same numbers and
dates as Table Schema's reference; ASCII forms that everybody reads alike do.  Imports numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from ..standards import Field
from .cells import is_plain
from .grid import WORD, Column, Ints, Mask
from .shapes import templates
from .swar import digits, equals, fits, luhn, two_digits, written_number

Accept = Callable[[Column], Mask]

MAX_DIGITS = 15
"""Characters of a number decided here: its digits fit 64 bits."""

DASH, DOT = 0x2D, 0x2E
ALWAYS = 28
"""Every month has this many days."""

_DATE = templates(r"\d{4}-\d{2}-\d{2}")
UTF8_BYTES = 4
"""Bytes of a character, at most."""


def accept(field: Field, *, positive: bool = False) -> Accept:
    """The cells of a field that are valid beyond doubt; positive: of numbers, those above 0."""
    test = _test(field, positive=positive)
    empty_is_missing = "" in field.missing_values
    empty_is_fine = empty_is_missing and not field.required
    others = [value.encode() for value in field.missing_values if value]

    def accepted(column: Column) -> Mask:
        found = test(column)
        empty = column.lengths == 0
        if empty_is_fine:
            found |= empty
        elif empty_is_missing:
            found &= ~empty
        if others:
            found &= ~equals(column, others)
        return found

    return accepted


def _test(field: Field, *, positive: bool) -> Accept:
    maker = _TESTS.get(field.type)
    if maker is None or not is_plain(field) or field.constraints.keys() - _KNOWN[field.type]:
        return nothing
    if positive:
        field = replace(field, constraints={**field.constraints, "exclusiveMinimum": 0})
    return maker(field)


def nothing(column: Column) -> Mask:
    """Every cell is decided one by one."""
    return np.zeros(column.lengths.size, dtype=bool)


def _string(field: Field) -> Accept:
    constraints = field.constraints
    least, most = constraints.get("minLength", 0), constraints.get("maxLength")
    if constraints.keys() >= {"enum", "pattern"}:
        return nothing
    if "enum" in constraints:
        values = [v.encode() for v in constraints["enum"] if least <= len(v) <= (most or len(v))]
        return lambda column: equals(column, values)
    if "pattern" in constraints:
        shapes = [
            s for s in templates(constraints["pattern"]) if least <= s.length <= (most or s.length)
        ]
        if shapes == [FOURTEEN]:
            return lambda column: column.once(fourteen_digits)
        return lambda column: fits(column, shapes)
    # a character takes one to four bytes
    least = (least - 1) * UTF8_BYTES + 1

    def accepted(column: Column) -> Mask:
        found: Mask = column.lengths >= least
        if most is not None:
            found &= column.lengths <= most
        return found

    return accepted


def _boolean(field: Field) -> Accept:
    values = [v.encode() for v in (*field.true_values, *field.false_values)]
    return lambda column: equals(column, values)


def _year(_field: Field) -> Accept:
    shapes = [digits(4)]
    return lambda column: fits(column, shapes)


def _date(_field: Field) -> Accept:
    return lambda column: fits(column, _DATE) & real_day(column, 0)


def real_day(column: Column, begin: int) -> Mask:
    """Of cells that write a date AAAA-MM-JJ from this byte on: one that exists in every year."""
    words = column.raw_words(begin)
    month, day = two_digits(words, 5), two_digits(column.raw_words(begin + WORD), 0)
    # 0 less 1 is the greatest number there is
    found: Mask = (month - U(1) < U(MONTHS)) & (day - U(1) < U(ALWAYS))
    found &= (words & YEAR) != 0
    return found


MONTHS = 12
U = np.uint64
YEAR = U(0x000000000F0F0F0F)


def in_order(column: Column, first: int, second: int) -> Mask:
    """Of cells that write two dates AAAA-MM-JJ from these bytes on: the second one not earlier."""
    one, other = column.raw_words(first).byteswap(), column.raw_words(second).byteswap()
    days = two_digits(column.raw_words(first + WORD), 0)
    found: Mask = one < other
    same = one == other
    found |= same & (days <= two_digits(column.raw_words(second + WORD), 0))
    return found


def _number(field: Field) -> Accept:
    if field.type == "number" and field.constraints.keys() <= {"required", "exclusiveMinimum"}:
        limit = field.constraints.get("exclusiveMinimum")
        if limit in (None, 0):
            return lambda column: written_number(column, positive=limit == 0)
    bounds = _Bounds(field)
    whole = field.type == "integer"

    def accepted(column: Column) -> Mask:
        plain = column.once(Plain.of)
        found = plain.valid & bounds.hold(plain)
        if whole:
            found &= plain.decimals == 0
            found &= ~plain.dotted
        return found

    return accepted


@dataclass(frozen=True)
class Plain:
    """Numbers written in digits with at most one dot, perhaps after a minus sign.

    The value of a valid one is mantissa / 10 ** decimals, negated where negative.
    """

    valid: Mask
    negative: Mask
    dotted: Mask
    mantissa: Ints
    decimals: Ints

    @classmethod
    def of(cls, column: Column) -> Plain:
        """One pass over the characters of a column, from the first to the last of the longest."""
        lengths = column.lengths
        size = lengths.size
        valid = (lengths > 0) & (lengths <= MAX_DIGITS)
        longest = int(lengths[valid].max()) if valid.any() else 0
        negative = (column.bytes_at(0) == DASH) & valid
        mantissa = np.zeros(size, dtype=np.int64)
        decimals = np.zeros(size, dtype=np.int64)
        dotted = np.zeros(size, dtype=bool)
        written = np.zeros(size, dtype=bool)
        for position in range(longest):
            byte = column.bytes_at(position)
            within = lengths > position
            digit = byte - np.uint8(0x30)
            is_digit = (digit < 10) & within
            is_dot = (byte == DOT) & within
            allowed = is_digit | (is_dot & ~dotted) | ~within
            if position == 0:
                allowed |= negative
            valid &= allowed
            mantissa = np.where(is_digit, mantissa * 10 + digit, mantissa)
            decimals += is_digit & dotted
            dotted |= is_dot
            written |= is_digit
        return cls(valid & written, negative, dotted, mantissa, decimals)


class _Bounds:
    """The bounds of a number: the least and the greatest mantissa, by number of decimals."""

    def __init__(self, field: Field) -> None:
        rules = {
            name: Decimal(str(value))
            for name, value in field.constraints.items()
            if name in _BOUNDS
        }
        scales = [Decimal(10) ** decimals for decimals in range(MAX_DIGITS + 1)]
        self._free = not rules
        self._least = np.array([_least(rules, scale) for scale in scales])
        self._most = np.array([_most(rules, scale) for scale in scales])

    def hold(self, plain: Plain) -> Mask:
        """Values within the bounds."""
        if self._free:
            return np.ones(plain.valid.size, dtype=bool)
        value = np.where(plain.negative, -plain.mantissa, plain.mantissa)
        at = np.minimum(plain.decimals, MAX_DIGITS)
        found: Mask = (value >= self._least[at]) & (value <= self._most[at])
        return found


_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_FAR = 10 ** (MAX_DIGITS + 1)
"""Beyond every mantissa."""


def _least(rules: Mapping[str, Decimal], scale: Decimal) -> int:
    bounds: list[int] = [-_FAR]
    if "minimum" in rules:
        bounds.append(math.ceil(rules["minimum"] * scale))
    if "exclusiveMinimum" in rules:
        bounds.append(math.floor(rules["exclusiveMinimum"] * scale) + 1)
    return int(min(max(bounds), _FAR))


def _most(rules: Mapping[str, Decimal], scale: Decimal) -> int:
    bounds: list[int] = [_FAR]
    if "maximum" in rules:
        bounds.append(math.floor(rules["maximum"] * scale))
    if "exclusiveMaximum" in rules:
        bounds.append(math.ceil(rules["exclusiveMaximum"] * scale) - 1)
    return int(max(min(bounds), -_FAR))


def siret(column: Column) -> Mask:
    """SIRETs beyond doubt: 14 ASCII digits, both keys right."""
    whole, siren = luhn(column)
    return column.once(fourteen_digits) & whole & siren


def fourteen_digits(column: Column) -> Mask:
    """Cells of 14 ASCII digits."""
    return fits(column, [FOURTEEN])


FOURTEEN = digits(14)

_TESTS: dict[str, Callable[[Field], Accept]] = {
    "string": _string,
    "number": _number,
    "integer": _number,
    "date": _date,
    "year": _year,
    "boolean": _boolean,
}
_LENGTHS = {"minLength", "maxLength"}
_KNOWN: dict[str, set[str]] = {
    "string": {"required", *_LENGTHS, "pattern", "enum"},
    "number": {"required", *_BOUNDS},
    "integer": {"required", *_BOUNDS},
    "date": {"required"},
    "year": {"required"},
    "boolean": {"required"},
}
"""By type, the constraints decided here."""
