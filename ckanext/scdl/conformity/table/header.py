"""The header of a table against the standard's columns: what each column is, what is amiss.

A wrong header must not flood the report: columns are paired by name (as Validata does), and each
trouble is told once.  Imports the standard library only.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..report import Finding, Param, Place, error, quote, warning
from ..standards import Field, Standard

FIRST = Place(line=1, row=1)
SHOWN = 3
RECOGNISED = 4
"""One column of the standard in four, else the first record is a title or another table's header:
naming each missing column would bury that."""


@dataclass(frozen=True)
class Header:
    """`columns`: for each field found, its position in the file; `width`: cells of the header."""

    columns: dict[str, int]
    width: int
    findings: tuple[Finding, ...]

    @property
    def recognised(self) -> bool:
        return bool(self.columns)


def normalised(name: str) -> str:
    """A column name without case, accents, blanks or punctuation."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain.casefold() if c.isalnum() and c.isascii())


def read_header(cells: list[str], standard: Standard) -> Header:
    """Pair the cells of the first record with the standard's fields."""
    columns = _pair(cells, standard)
    if len(columns) * RECOGNISED < len(standard.fields):
        known = ", ".join(standard.field_names[:SHOWN])
        params: dict[str, Param] = {"standard": standard.name, "known": known}
        finding = error("header-unrecognised", FIRST, number=len(columns), **params)
        return Header({}, len(cells), (finding,))
    findings = (
        *_misspelt(cells, columns, standard),
        *_duplicates(cells, columns),
        *_missing(columns, standard),
        *_extra(cells, columns),
        *_order(columns, standard),
    )
    return Header(columns, len(cells), findings)


def _pair(cells: list[str], standard: Standard) -> dict[str, int]:
    """Exact names first, then names that only differ by case, accents or punctuation."""
    exact: dict[str, int] = {}
    close: dict[str, int] = {}
    for position, cell in enumerate(cells):
        exact.setdefault(cell, position)
        close.setdefault(normalised(cell), position)
    columns = {}
    for name in standard.field_names:
        if name in exact:
            columns[name] = exact[name]
        elif normalised(name) in close:
            columns[name] = close[normalised(name)]
    return columns


def _misspelt(cells: list[str], columns: dict[str, int], standard: Standard) -> Iterator[Finding]:
    for name, position in columns.items():
        if cells[position] != name:
            yield _absent(standard.field(name), rule="misspelt", value=quote(cells[position]))


def _duplicates(cells: list[str], columns: dict[str, int]) -> Iterator[Finding]:
    for name, number in Counter(cells).items():
        if number > 1 and name in columns:
            yield error("duplicate-label", _place(name), number=number)


def _missing(columns: dict[str, int], standard: Standard) -> Iterator[Finding]:
    for field in standard.fields:
        if field.name not in columns:
            yield _absent(field)


def _absent(field: Field, **params: Param) -> Finding:
    if field.required:
        return error("missing-label", _place(field.name), **params)
    return warning("missing-optional-label", _place(field.name), **params)


def _extra(cells: list[str], columns: dict[str, int]) -> Iterator[Finding]:
    for position, cell in enumerate(cells):
        if position in columns.values() or cell in columns:
            continue
        if cell.strip():
            yield warning("extra-label", FIRST, value=quote(cell))
        else:
            yield warning("extra-label", FIRST, rule="blank", position=position + 1)


def _order(columns: dict[str, int], standard: Standard) -> Iterator[Finding]:
    positions = [columns[name] for name in standard.field_names if name in columns]
    if positions != sorted(positions):
        yield warning("label-order", FIRST)


def _place(name: str) -> Place:
    return Place(line=1, row=1, field=name)
