r"""A Table Schema pattern as a test in linear time: Python's answer, RE2's engine.

frictionless asks ``re.compile("^{pattern}$").match(cell)``, whose time may be exponential.  Here
Python parses that expression, and RE2 runs it over an alphabet of our own: an ASCII character is
itself; another is told by what the pattern can see of it, that is the interval between the
characters that the pattern names, and whether it is a digit, another word character or a space
for this Python's Unicode.  So \d, \w and \s are Python's to the letter, and programs stay small.
The last character keeps its line feed and the others have theirs renamed: RE2's multi-line "$",
before a line feed or at the end, is then Python's.  Imports re2 where a pattern is compiled.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Literal

Test = Callable[[str], bool]
Symbols = frozenset[int]
Rule = Literal[
    "invalid", "lookaround", "backreference", "atomic", "boundary", "flags", "too-long", "too-large"
]

MAX_LENGTH = 4000
"""Characters of a pattern."""
MAX_SIZE = 20_000
"""Characters, classes and places of a pattern, each as often as it is repeated: RE2 takes half a
second to compile that many, and its time grows with the square."""

ASCII = 0x80
NEWLINE = 0x0A
INNER_NEWLINE = 0x80
"""A line feed that is not the last character of the cell."""
FIRST = 0x100
"""Symbols of the other characters: FIRST + 4 × interval + kind."""
OTHER, DIGIT, WORD, SPACE = range(4)
KINDS = 4

_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
REFUSED: dict[str, Rule] = {
    "ASSERT": "lookaround",
    "ASSERT_NOT": "lookaround",
    "FAILURE": "lookaround",
    "GROUPREF": "backreference",
    "GROUPREF_EXISTS": "backreference",
    "ATOMIC_GROUP": "atomic",
    "POSSESSIVE_REPEAT": "atomic",
}


class PatternRefused(ValueError):
    """A pattern that we cannot run: `rule` says why, `detail` what Python or RE2 said (English)."""

    def __init__(self, pattern: str, rule: Rule, detail: str = "") -> None:
        super().__init__(f"{rule}: {pattern[:100]!r} {detail}".rstrip())
        self.pattern, self.rule, self.detail = pattern, rule, detail


def compile(pattern: str) -> Test:  # noqa: A001
    r"""Whether a cell follows the pattern, as frictionless 5.21 decides, in linear time.

    PatternRefused for what RE2 has no word for (lookaround, backreference, atomic group), for \b
    (RE2's knows ASCII only), flags, counts over 1000, and more than MAX_SIZE in all.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        tree = _parse(pattern)
        alphabet = _Alphabet(tree)
        text = "".join(_Writer(pattern, alphabet).sequence(tree))
        match = re2.compile(text.encode(), options).match
    except re2.error as exception:
        raise PatternRefused(pattern, "too-large", _words(exception)) from None
    except RecursionError:  # groups in groups, by hundreds
        raise PatternRefused(pattern, "too-large") from None
    return lambda cell: match(alphabet.encode(cell)) is not None


def _parse(pattern: str) -> Any:
    if len(pattern) > MAX_LENGTH:
        raise PatternRefused(pattern, "too-long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": Python reads it all the same
            tree = _parser.parse(f"^{pattern}$")
    except (re.error, OverflowError) as exception:
        rule: Rule = "flags" if "global flags" in str(exception) else "invalid"
        raise PatternRefused(pattern, rule, str(exception)) from None
    if tree.state.flags & ~re.UNICODE:
        raise PatternRefused(pattern, "flags")
    if _size(tree) > MAX_SIZE:
        raise PatternRefused(pattern, "too-large")
    return tree


def _size(tree: Any) -> int:
    """Of a parsed pattern, counts unfolded."""
    size = 0
    for operator, value in tree:
        name = str(operator)
        if name in REPEATS:
            low, high, item = value
            size += _size(item) * max(1, low if high == _parser.MAXREPEAT else high)
        elif name == "SUBPATTERN":
            size += _size(value[-1])
        elif name == "BRANCH":
            size += sum(map(_size, value[1]))
        else:
            size += 1
    return size


def _words(exception: Exception) -> str:
    first = exception.args[0] if exception.args else ""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first)


class _Alphabet:
    """The symbols that stand for characters, given the characters that a pattern names."""

    def __init__(self, tree: Any) -> None:
        edges = {ASCII} | {edge for low, high in _named(tree) for edge in (low, high + 1)}
        self._edges = sorted(edge for edge in edges if edge >= ASCII)
        last = FIRST + KINDS * (len(self._edges) + 1)
        self.all: Symbols = frozenset((*range(ASCII), INNER_NEWLINE, *range(FIRST, last)))
        self._kinds = [frozenset(range(FIRST + kind, last, KINDS)) for kind in range(KINDS)]

    def encode(self, cell: str) -> bytes:
        """The cell in symbols."""
        if cell.isascii() and "\n" not in cell:
            return cell.encode("ascii")
        inner, last = cell[:-1], cell[-1:]
        return (inner.translate(self) + (last if last == "\n" else last.translate(self))).encode()

    def __getitem__(self, point: int) -> int:
        if point < ASCII:
            return INNER_NEWLINE if point == NEWLINE else point
        return FIRST + KINDS * bisect_right(self._edges, point) + _kind(chr(point))

    def between(self, low: int, high: int) -> Symbols:
        """The characters from low to high, both among those that the pattern names."""
        symbols = set(range(low, min(high + 1, ASCII)))
        if high >= ASCII:
            first, last = (bisect_right(self._edges, max(p, ASCII)) for p in (low, high))
            symbols.update(range(FIRST + KINDS * first, FIRST + KINDS * (last + 1)))
        return _with_inner(symbols)

    def category(self, name: str) -> Symbols:
        """CATEGORY_DIGIT, CATEGORY_NOT_DIGIT…"""
        positive = name.replace("NOT_", "")
        kinds = CATEGORIES[positive]
        symbols = {p for p in range(ASCII) if _kind(chr(p)) in kinds}
        for kind in kinds:
            symbols |= self._kinds[kind]
        found = _with_inner(symbols)
        return found if positive == name else self.all - found


CATEGORIES = {
    "CATEGORY_DIGIT": (DIGIT,),
    "CATEGORY_WORD": (DIGIT, WORD),
    "CATEGORY_SPACE": (SPACE,),
}


def _kind(character: str) -> int:
    """What Python's re sees of a character."""
    if character.isdecimal():
        return DIGIT
    if character.isalnum() or character == "_":
        return WORD
    return SPACE if character.isspace() else OTHER


def _with_inner(symbols: set[int]) -> Symbols:
    return frozenset(symbols | {INNER_NEWLINE} if NEWLINE in symbols else symbols)


def _named(tree: Any) -> Iterator[tuple[int, int]]:
    """First and last character of each literal and range of a parsed pattern."""
    for operator, value in tree:
        name = str(operator)
        if name in ("LITERAL", "NOT_LITERAL"):
            yield value, value
        elif name == "RANGE":
            yield value
        elif name == "IN":
            yield from _named(value)
        elif name in ("SUBPATTERN", *REPEATS):
            yield from _named(value[-1])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _named(branch)


class _Writer:
    """A parsed pattern in RE2's words; whether a match exists is all that counts, so that groups
    capture nothing and lazy repeats are greedy."""

    def __init__(self, pattern: str, alphabet: _Alphabet) -> None:
        self._pattern, self._alphabet = pattern, alphabet

    def sequence(self, tree: Any) -> Iterator[str]:
        for operator, value in tree:
            yield self._one(str(operator), value)

    def _one(self, name: str, value: Any) -> str:
        if name == "AT":
            return self._place(str(value))
        if name == "SUBPATTERN":
            return self._group(*value)
        if name == "BRANCH":
            return f"(?:{'|'.join(''.join(self.sequence(branch)) for branch in value[1])})"
        if name in REPEATS:
            low, high, item = value
            last = "" if high == _parser.MAXREPEAT else high
            return f"(?:{''.join(self.sequence(item))}){{{low},{last}}}"
        return _set(self._symbols(name, value))

    def _place(self, name: str) -> str:
        if "BOUNDARY" in name:
            raise PatternRefused(self._pattern, "boundary")
        return PLACES[name]

    def _group(self, _number: int | None, add: int, remove: int, item: Any) -> str:
        if add or remove:
            raise PatternRefused(self._pattern, "flags")
        return f"(?:{''.join(self.sequence(item))})"

    def _symbols(self, name: str, value: Any) -> Symbols:
        alphabet = self._alphabet
        if name == "ANY":
            return alphabet.all - {NEWLINE, INNER_NEWLINE}
        if name == "LITERAL":
            return alphabet.between(value, value)
        if name == "NOT_LITERAL":
            return alphabet.all - alphabet.between(value, value)
        if name == "RANGE":
            return alphabet.between(*value)
        if name == "CATEGORY":
            return alphabet.category(str(value))
        if name == "IN":
            return self._class(value)
        raise PatternRefused(self._pattern, REFUSED[name])

    def _class(self, items: Any) -> Symbols:
        negated = str(items[0][0]) == "NEGATE"
        parts = [self._symbols(str(name), value) for name, value in items[negated:]]
        found = frozenset[int]().union(*parts)
        return self._alphabet.all - found if negated else found


PLACES = {
    "AT_BEGINNING": r"\A",
    "AT_BEGINNING_STRING": r"\A",
    "AT_END": "(?m:$)",
    "AT_END_STRING": r"\z",
}


def _set(symbols: Symbols) -> str:
    """A class of RE2; one that holds nothing matches nothing."""
    if not symbols:
        return r"[^\x{0}-\x{10FFFF}]"
    ordered = sorted(symbols)
    breaks = [at for at, (a, b) in enumerate(pairwise(ordered), 1) if b != a + 1]
    starts, ends = [0, *breaks], [*breaks, len(ordered)]
    runs = [
        rf"\x{{{ordered[start]:X}}}-\x{{{ordered[end - 1]:X}}}"
        for start, end in zip(starts, ends, strict=True)
    ]
    return f"[{''.join(runs)}]"
