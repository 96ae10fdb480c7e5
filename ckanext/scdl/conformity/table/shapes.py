"""The templates of a pattern: its matches that have a fixed shape, for a pattern that is all of
ranges of ASCII characters (`^W\\d{9}$`, a date, a period).

Only an economy: a pattern without templates has each of its values decided one by one.  Imports the
standard library and `swar`.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

from .swar import DIGIT, Template, template

sre: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

MAX_TEMPLATES = 8
MAX_LENGTH = 64
ASCII = 128

Range = tuple[bytes, bytes]
Shape = tuple[Range, ...]


class _NoShape(Exception):
    """The pattern is not made of fixed ranges."""


def templates(pattern: str) -> list[Template]:
    """Templates whose cells all match the pattern; [] when it has none, or too many."""
    try:
        shapes = _sequence(_within_anchors(list(sre.parse(pattern))))
    except (_NoShape, re.error):
        return []
    return [template(*shape) for shape in shapes if shape]


def _within_anchors(items: list[Any]) -> list[Any]:
    """The pattern is anchored at both ends: to say it again there changes nothing."""
    start, end = 0, len(items)
    while start < end and str(items[start][1]) == "AT_BEGINNING":
        start += 1
    while start < end and str(items[end - 1][1]) == "AT_END":
        end -= 1
    return items[start:end]


def _sequence(items: Any) -> list[Shape]:
    shapes: list[Shape] = [()]
    for item in items:
        shapes = [a + b for a, b in product(shapes, _shapes(*item))]
        if len(shapes) > MAX_TEMPLATES or any(len(shape) > MAX_LENGTH for shape in shapes):
            raise _NoShape
    return shapes


def _shapes(kind: Any, value: Any) -> list[Shape]:
    name = str(kind)
    if name == "LITERAL" and value < ASCII:
        return [((bytes([value]), bytes([value])),)]
    if name == "IN":
        return [(one,) for one in _ranges(value)]
    if name == "SUBPATTERN":
        return _sequence(value[-1])
    if name == "BRANCH":
        return [shape for branch in value[1] for shape in _sequence(branch)]
    if name == "MAX_REPEAT":
        return list(_repeated(*value))
    raise _NoShape


def _repeated(least: int, most: int, items: Any) -> Iterator[Shape]:
    if most > MAX_LENGTH or most - least >= MAX_TEMPLATES:
        raise _NoShape
    for count in range(least, most + 1):
        yield from _sequence([*items] * count)


def _ranges(members: Any) -> Iterator[Range]:
    for kind, value in members:
        name = str(kind)
        if name == "LITERAL" and value < ASCII:
            yield bytes([value]), bytes([value])
        elif name == "RANGE" and value[1] < ASCII:
            yield bytes([value[0]]), bytes([value[1]])
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            yield DIGIT
        else:
            raise _NoShape
