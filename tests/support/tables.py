"""Tables of any standard with every way of being wrong: values near each constraint, broken rows.

    near(described)              -> values around what a field's type and constraints accept
    table_of("budget", damages)  -> the text of a table that has one of these damages a row
    tables("budget")             -> Hypothesis strategy of Table: bytes, and how they must be read

Made from the standard's own fields and examples, so that one more standard brings its own tables.
Left out, as documented differences: repeated column names, NUL, sNaN under bounds, quotes never
closed far from the end.  Imports Hypothesis.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ckanext.scdl.conformity.standards import standard

Described = Mapping[str, Any]
"""A field as the Table Schema describes it."""

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "cp1252": b"",
    "latin-1": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
"""Python's name: the byte order mark that it does not write itself."""

# fmt: off
NUMBERS = (
    "0", "-0", "00012", "+1", "+-1", "-", "+", ".", "-.", ".5", "5.", "-.5", "1.2.3", "1..2",
    "1e5", "1E+5", "1e-5", "1e", "e5", "1e5.5", "1e+", "1e999999999", "1e-999999999",
    "1e" + "9" * 30,
    "NaN", "nan", "-NaN", "NaN123", "NaNx", "INF", "-inf", "Infinity", "infinit", "infinity1",
    "1_000", "_1_", "1__0", "_", "1_.5", "1e_5", "0x10", "0b1", "1,5", "1 000", "1\u00a0000",
    "1\u202f000", "1'000", "\u22121", "\u20131", "\u00b2", "\u00bd", "\u0661\u0662", "1e\u0663",
    "\uff11\uff12", "\uff0b1", "1\uff0e5", "12\u20ac", "12 \u20ac", "9" * 60, "0." + "9" * 60,
    "1" * 300, "true", "1j", "1L", "1d",
)
BLANKS = (" ", "\t", "\n", "\n\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u00a0",
          "\u2003", "\u2028", "\u3000", "\u200b", "\ufeff", "\u180e")
DATES = (
    "2023-1-5", "2023-01- 5", "2023- 1-05", "2023-\t1-05", "2023-01-5 ", "0000-01-01", "0001-01-01",
    "9999-12-31", "10000-01-01", "999-01-01", "2023-02-29", "2024-02-29", "2100-02-29",
    "2000-02-29",
    "2023-02-30", "2023-04-31", "2023-12-31", "2023-12-32", "2023-13-01", "2023-00-10",
    "2023-01-00",
    "2023-1-32", "20230105", "2023-0105", "23-01-05", "2023-001-05", "2023-01-005", "2023",
    "2023-01",
    "05/01/2023", "2023/01/05", "01-05-2023", "2023-01-05T00:00:00", "2023-01-05 00:00",
    "2023-01-05Z", "+2023-01-05", "-2023-01-05", "2023--1-05", "2023\u201301\u201305",
    "2023-Jan-05",
    "\u0662\u0660\u0662\u0663-\u0660\u0661-\u0660\u0665", "\uff12\uff10\uff12\uff13-01-05",
    "2023-\u0661-05", "2023-01-\u0661", "2023-01-1\u0661", "2023-1\u0661-01", "2023-01-3\u0661",
)
BOOLEANS = ("true", "false", "True", "1", "0", "vrai", "o", "n", "yes")
YEARS = (
    "2023", "0000", "0001", "9999", "202", "20233", "23", "+202", "-202", "-000", "+000", "-001",
    "2_02", "20_3", "_202", "202_", "2__3", "20 3", "20.3", "2e03", "0x1f", "0b11", "1,02", "MMXX",
    "\u0662\u0660\u0662\u0663", "\uff12\uff10\uff12\uff13", "2\u0660_3", "202\u00b2", "\u2212202",
)
TEXTS = (
    "", " ", "   ", '"', '""', '"a"', "a\nb", "a\r\nb", "a\rb", "\r", "a,b", "a;b", "a|b", "a\tb",
    '"a",b\n"c"', "'a'", "=1+1", "#", "0", "None", "NULL", "null", "nan", "-", "\\", '\\"',
    "a\u2028b",
    "a\x0bb", "a\x0cb", "a\x1cb", "a\x1eb", "a\x85b", "\ufeff", "\u200b", "\U0001d54f",
    "e\u0301", "\x7f",
)
RAW = ('"x"x', '"x" ', ' "x"', ' "x" ', 'x"y', 'x""y', 'x"', '""', '""x', 'x""', '"a"b"c', '"a""b"',
       '"""a"""', '"\n"', '"\r\n"', '"a\n\nb"', '"a\rb"', "a\rb", "\r", '""""', '"a"\r', "'a\"b'")
# fmt: on
"""Cells as they stand in the file; each closes the quotes that it opens."""

ALPHABETS = {
    "number": "0123456789.,+-_eE \u00a0\u0663\u00b2nNaAiIfF\n",
    "date": "00112233456789---- /\u0661T\n",
    "year": "012345689+-_ .\u0662",
    "boolean": "ouinOUIN \n",
    "string": "a\u00e9 \"'\n\r,;|\t\u0301\U0001f600\u2028\x0b",
}


def near(described: Described) -> list[str]:
    """Values on both sides of each limit of the field, and some that no limit concerns."""
    valid = _valid(described)
    values = [*valid, *TEXTS, *_of_type(described)]
    values += [v for value in valid for v in _mistyped(value)]
    values += [v for value in valid for b in BLANKS for v in (b + value, value + b)]
    values += [v for length in _lengths(described) for v in _texts_of(length)]
    return list(dict.fromkeys(values))


def described_fields(name: str) -> list[Described]:
    """The fields of a standard, by its short name."""
    return list(standard(name).descriptor["fields"])


def _valid(described: Described) -> list[str]:
    """What the field accepts: all of it where the schema lists it."""
    if described["type"] == "boolean":
        return [*described["trueValues"], *described["falseValues"]]
    return described.get("constraints", {}).get("enum") or [described["example"]]


def _of_type(described: Described) -> list[str]:
    if described["type"] == "number":
        constraints = described.get("constraints", {})
        bounds = [constraints[rule] for rule in ("minimum", "maximum") if rule in constraints]
        # a signalling NaN under bounds crashes frictionless
        return [*NUMBERS, *(v for b in bounds for v in _bound(b))] if bounds else [*NUMBERS, "sNaN"]
    return list({"date": DATES, "year": YEARS, "boolean": BOOLEANS}.get(described["type"], ()))


def _bound(bound: float) -> Iterator[str]:
    exact = Decimal(str(bound))
    yield from (str(exact), f"{exact:.60f}", f"{exact:e}", f"+{exact}", f"-{exact}", f"{exact}.")
    with localcontext(prec=100):
        for step in ("1e-60", "1e-17", "1e-10", "0.001"):
            yield from (f"{exact + Decimal(step):f}", f"{exact - Decimal(step):f}")


def _mistyped(value: str) -> Iterator[str]:
    """The value as hands and software change it: case, blanks, digits, marks, one character off."""
    yield from (value.upper(), value.lower(), value.capitalize(), value.swapcase())
    yield from (value[:-1], value[1:], value + value[-1], value * 2, f"{value},{value}")
    yield from (unicodedata.normalize("NFD", value), value.replace(" ", "\u00a0"))
    yield from (value.replace("-", "\u2013"), value.replace("/", "_"), value.replace(";", "; "))
    for zero in ("\u0660", "\uff10"):
        digits = {ord("0") + n: ord(zero) + n for n in range(10)}
        yield from (value.translate(digits), value[:-1] + value[-1].translate(digits))
    yield re.sub("[0-9]", "\u00b2", value, count=1)
    yield value.partition("/")[0]


def _lengths(described: Described) -> set[int]:
    constraints = described.get("constraints", {})
    limits = [constraints[rule] for rule in ("minLength", "maxLength") if rule in constraints]
    return {max(0, limit + off) for limit in limits for off in (-1, 0, 1)}


def _texts_of(length: int) -> Iterator[str]:
    """Texts of that many code points, whatever their bytes."""
    for unit in ("x", "\u00e9", "\U0001d54f", "e\u0301", '"', "a\n", "\r\n", ",;", " "):
        yield (unit * length)[:length]


@dataclass(frozen=True)
class Cell:
    """One cell replaced; raw: by characters of the file rather than by a value."""

    column: str
    value: str
    raw: bool = False


@dataclass(frozen=True)
class Line:
    """One row broken: a key of LINES."""

    kind: str


@dataclass(frozen=True)
class End:
    """One row ended otherwise."""

    text: str


Damage = Cell | Line | End
LINES: dict[str, Callable[[list[str]], list[str]]] = {
    "nothing": lambda cells: cells,
    "blank line": lambda cells: [],
    "first cell alone": lambda cells: cells[:1],
    "half": lambda cells: cells[: len(cells) // 2],
    "last cell missing": lambda cells: cells[:-1],
    "empty cell more": lambda cells: [*cells, ""],
    "cell more": lambda cells: [*cells, "x"],
    "cells more": lambda cells: [*cells, "", "x", ""],
    "many cells more": lambda cells: [*cells, *(["x"] * 40)],
    "all cells empty": lambda cells: [""] * len(cells),
    "all cells empty, one more": lambda cells: [""] * (len(cells) + 1),
    "all cells empty, one less": lambda cells: [""] * (len(cells) - 1),
    "all cells empty, an extra one not": lambda cells: [*([""] * len(cells)), "x"],
    "all cells quoted and empty": lambda cells: ['""'] * len(cells),
    "one blank": lambda cells: [" "],
    "one empty quoted cell": lambda cells: ['""'],
    "all cells quoted": lambda cells: [c if '"' in c else f'"{c}"' for c in cells],
    "blanks before": lambda cells: [" " + c for c in cells],
    "blanks after": lambda cells: [c + " " for c in cells],
}
ENDS = ("\r\n", "\r", "\n\n", "\r\r\n", "\n\r\n", "\n\r", "\n\n\n\n")
LASTS = ("\n", "", "\r\n", "\r", "\n\n", "\n\r\n\n", "\n ", '\n""', "\n,")
UNCLOSED = ('"jamais fermé', '"', '""a"', '"a""', 'a\n"b')
"""What the last rows may hold: quotes that swallow the rest of the file, or do not."""


@cache
def damages(name: str) -> tuple[Damage, ...]:
    """One damage of a cell each; the first changes nothing, for a failure to shrink to it."""
    fields = described_fields(name)
    cells = [Cell(f["name"], value) for f in fields for value in near(f)]
    return (Line("nothing"), *cells, *(Cell(f["name"], raw, True) for f in fields for raw in RAW))


@cache
def _damage(name: str) -> st.SearchStrategy[Damage]:
    """Half of them listed values; `one_of` would give each field's free texts as much as these."""
    listed = st.sampled_from(damages(name))
    free = st.one_of([_free(described) for described in described_fields(name)])
    rows = st.sampled_from([*map(Line, LINES), *map(End, ENDS)])
    return st.sampled_from([listed] * 5 + [free] * 2 + [rows] * 3).flatmap(lambda chosen: chosen)


def _free(described: Described) -> st.SearchStrategy[Damage]:
    alphabet = ALPHABETS[described["type"]]
    if "pattern" in described.get("constraints", {}):
        alphabet = described["example"] + "0123456789\u0661-/\n"
    text = st.text(alphabet, min_size=1, max_size=12)
    return st.builds(Cell, st.just(described["name"]), text)


def table_of(name: str, suffered: Iterable[Damage]) -> str:
    """Valid rows in the standard's own form, but for one damage each."""
    header = _standard_columns(name)
    rows = [",".join(column.label for column in header) + "\n"]
    for damage in suffered:
        row = Row(_cells(name, header, ","), _places(header), ",", "\n")
        row.suffer(damage)
        rows.append(str(row))
    return "".join(rows)


@dataclass(frozen=True)
class Table:
    """A file, the text that it holds, and the decisions that a reader must come to."""

    content: bytes
    text: str
    delimiter: str
    header_row: int


@dataclass(frozen=True)
class Column:
    """A column of the file: its label, and the field that it is, if any."""

    label: str
    field: str | None


EXTRAS = ("commentaire", "", "Année", "a,b;c|d\te", 'dit "libre"', "montant 2", "ligne\nsuite")
PADDINGS = ("{} ", " {}", "\u00a0{}", "{}\t", "{}\n", "\x1f{}")


@st.composite
def columns(draw: st.DrawFn, name: str) -> list[Column]:
    """A header with at least half of the standard's columns named as they should be."""
    names = list(standard(name).field_names)
    some = st.sampled_from(names)
    order = draw(st.one_of(st.just(names), st.permutations(names)))
    absent = draw(st.sets(some, max_size=5))
    misspelt = draw(st.sets(some, max_size=2))
    padded = draw(st.dictionaries(some, st.sampled_from(PADDINGS), max_size=3))
    found = [
        Column(n.swapcase(), None) if n in misspelt else Column(padded.get(n, "{}").format(n), n)
        for n in order
        if n not in absent
    ]
    for extra in draw(st.lists(st.sampled_from(EXTRAS), max_size=3, unique=True)):
        found.insert(draw(st.integers(0, len(found))), Column(extra, None))
    return found


@st.composite
def tables(
    draw: st.DrawFn, name: str, *, lines: tuple[int, int] = (2, 40), titles: tuple[str, ...] = ()
) -> Table:
    """Two rows or more, some of them damaged, in a file of any form; titles: above the header.

    One row alone, made blank and not ended, would be no row: a documented difference.
    """
    delimiter = draw(st.sampled_from(DELIMITERS))
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    header = draw(st.just(_standard_columns(name)) | columns(name))
    cells, places = _cells(name, header, delimiter), _places(header)
    rows = [Row(cells, places, delimiter, end) for _ in range(draw(st.integers(*lines)))]
    at = st.integers(0, len(rows) - 1)
    for number, damage in draw(st.lists(st.tuples(at, _damage(name)), min_size=12, max_size=40)):
        rows[number].suffer(damage)
    if draw(st.integers(0, 4)) == 4:
        column = draw(st.sampled_from([c.field for c in header if c.field]))
        rows[-draw(st.integers(1, min(5, len(rows))))].suffer(
            Cell(column, draw(st.sampled_from(UNCLOSED)), True)
        )
    rows[-1].end = draw(st.sampled_from(LASTS))
    labels = delimiter.join(quoted(c.label, delimiter) for c in header)
    text = "".join([*(line + end for line in (*titles, labels)), *map(str, rows)])
    text, content = encoded(text, draw(st.sampled_from(list(ENCODINGS))))
    return Table(content, text, delimiter, len(titles) + 1)


def encoded(text: str, encoding: str) -> tuple[str, bytes]:
    """The text that the encoding can hold, and its bytes, with the mark that tells them."""
    if encoding == "latin-1":  # its control characters are letters of cp1252
        text = re.sub("[\x80-\x9f]", "?", text)
    content = text.encode(encoding, "replace")
    return content.decode(encoding), ENCODINGS[encoding] + content


def quoted(value: str, delimiter: str) -> str:
    """A value as a cell of the file."""
    if any(c in value for c in (delimiter, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def _standard_columns(name: str) -> list[Column]:
    return [Column(n, n) for n in standard(name).field_names]


def _places(header: list[Column]) -> dict[str, int]:
    return {column.field: rank for rank, column in enumerate(header) if column.field}


def _cells(name: str, header: list[Column], delimiter: str) -> list[str]:
    """Of a valid row."""
    values = {field.name: field.example for field in standard(name).fields}
    return [quoted(values.get(column.field or "", "x"), delimiter) for column in header]


class Row:
    """A row of the file: its cells as they are written, `places` of the fields among them."""

    def __init__(
        self, cells: list[str], places: Mapping[str, int], delimiter: str, end: str
    ) -> None:
        self.cells = cells
        self.end = end
        self._places = places
        self._delimiter = delimiter

    def __str__(self) -> str:
        return self._delimiter.join(self.cells) + self.end

    def suffer(self, damage: Damage) -> None:
        """Nothing happens to a column that the file or the row does not have."""
        if isinstance(damage, Line):
            self.cells = LINES[damage.kind](self.cells)
        elif isinstance(damage, End):
            self.end = damage.text
        elif (place := self._places.get(damage.column, len(self.cells))) < len(self.cells):
            value = damage.value if damage.raw else quoted(damage.value, self._delimiter)
            self.cells = [*self.cells[:place], value, *self.cells[place + 1 :]]
