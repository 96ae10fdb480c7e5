"""One line for findings that one gesture mends: how many, what, where, what to do, an example.

Imports the report's types and the letters of columns; the words come with the call.
"""

from __future__ import annotations

from types import ModuleType

from ..report import Cause, Place
from ..table.letters import column_position

AMOUNTS = ("montant", "BGT_MT", "BGT_CREDOUV")
"""How the columns begin whose numbers are amounts of money."""


def line(group: Cause, words: ModuleType, what: str, remedy: str) -> str:
    """`what` and `remedy` are filled in; the place and an example, where known, join them."""
    where = (*_columns(group, words), *_lines(group, words))
    told = ", ".join((what + _value(group, words), *where))
    return f"{told}{words.COLON}{remedy}{_mended(group, words)}."


def repeated(group: Cause, words: ModuleType, sentence: str) -> str:
    """The same for a code without words of its own: the first one's sentence stands for all."""
    times = words.TIMES.format(n=group.count)
    where = (*_columns(group, words), *_lines(group, words))
    return f"{', '.join((times, *where, words.FOR_INSTANCE))}{words.COLON}{sentence}"


def noun(group: Cause, words: ModuleType) -> str:
    """How the numbers of this column are called."""
    field = group.first.place.field or ""
    one, many = words.AMOUNT_NOUN if field.startswith(AMOUNTS) else words.NUMBER_NOUN
    return str(one if group.count == 1 else many)


def _columns(group: Cause, words: ModuleType) -> list[str]:
    """The column, or from which to which: names that a header has too many are told together."""
    first, last = group.first.place.column, group.last.column
    if first is None or last is None or first == last:
        return _column(group.first.place, words)
    everyone = column_position(last) - column_position(first) + 1 == group.count
    template = words.LETTERS_TO if everyone else words.LETTERS_AMONG
    return [template.format(first=first, last=last)]


def _column(place: Place, words: ModuleType) -> list[str]:
    if place.element is not None:
        return [words.ELEMENT.format(place.element)]
    if place.column is None:
        return [] if place.field is None else [words.FIELD.format(place.field)]
    template = words.LETTER if place.field is None else words.COLUMN
    return [template.format(letter=place.column, field=place.field)]


def _lines(group: Cause, words: ModuleType) -> list[str]:
    first, last = _line(group.first.place), _line(group.last)
    if first is None:
        return []
    if group.count == 1 or first == last:
        return [words.LINE.format(first)]
    template = words.LINES_FROM if last is None else words.LINES_TO
    return [template.format(first=first, last=last)]


def _line(place: Place) -> int | None:
    """What an editor shows, else what a spreadsheet shows."""
    return place.row if place.line is None else place.line


def _value(group: Cause, words: ModuleType) -> str:
    """The first value, in brackets, where nothing says what it should become."""
    value = group.first.params.get("value")
    if not value or group.first.params.get("proposal"):
        return ""
    template: str = words.ALONE if group.count == 1 else words.AMONG
    return template.format(value=value)


def _mended(group: Cause, words: ModuleType) -> str:
    """The first value and what it should become."""
    value, proposal = group.first.params.get("value"), group.first.params.get("proposal")
    if not value or not proposal:
        return ""
    template: str = words.BECOMES if group.count == 1 else words.EXAMPLE
    return template.format(value=value, proposal=proposal)
