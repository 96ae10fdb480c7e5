"""Whether a field takes a text: no cell is proposed that the standard would refuse.

Accept-only: True is frictionless's answer too (a test holds it to that); False may be overcautious,
since only the plain forms that we propose are known here.  Imports the standard library only.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..standards import Field
from .days import is_day

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
INTEGER = re.compile(r"[+-]?[0-9]+")
YEAR = re.compile(r"[0-9]{4}")
LONGEST = 300
"""Characters of a proposal; every column's own limit is below."""

TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")
"""Table Schema's own words, where a standard gives none."""

Bound = Callable[[Any, Any], bool]
BOUNDS: dict[str, Bound] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}


def accepts(field: Field, text: str) -> bool:
    """True when the standard's rule for this field takes the text."""
    if not text:
        return not field.required
    if len(text) > LONGEST or not _of_type(field, text):
        return False
    return all(_holds(field, name, limit, text) for name, limit in field.constraints.items())


def booleans(field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The field's words for true and for false; the first of each is the one to write."""
    words = field.descriptor
    return tuple(words.get("trueValues", TRUE)), tuple(words.get("falseValues", FALSE))


def _of_type(field: Field, text: str) -> bool:
    kind = field.type
    if kind == "string":
        return True
    if kind == "number":
        return NUMBER.fullmatch(text) is not None
    if kind == "date":
        return is_day(text)
    if kind == "boolean":
        return any(text in words for words in booleans(field))
    plain = {"integer": INTEGER, "year": YEAR}.get(kind)
    return plain is not None and plain.fullmatch(text) is not None


def _holds(field: Field, name: str, limit: Any, text: str) -> bool:
    if name == "required":
        return True
    if name == "enum":
        return text in limit
    if name == "pattern":
        return _pattern(limit).match(text) is not None
    if name == "minLength":
        return len(text) >= int(limit)
    if name == "maxLength":
        return len(text) <= int(limit)
    if name in BOUNDS and field.type in {"number", "integer", "year"}:
        return BOUNDS[name](Decimal(text), Decimal(str(limit)))
    return False


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(f"^{pattern}$")
