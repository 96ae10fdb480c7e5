"""Whose table it is, gathered from its rows: a value counts when the whole file agrees on it.

Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..report import Cause, Finding, Identity, Place, quote, warning
from ..standards import Standard
from .grid import LOW_BYTES, Grid, Ints, Mask
from .keys import hashed

COLUMNS = {
    "scdl/budget": {
        "siret": "BGT_SIRET",
        "nom": "BGT_NOM",
        "exercice": "BGT_ANNEE",
        "etape": "BGT_NATDEC",
    },
    "scdl/subventions": {
        "siret": "idAttribuant",
        "nom": "nomAttribuant",
        "exercice": "dateConvention",
    },
}
SINGLE = {"scdl/budget": ("siret", "exercice", "etape")}
"""What a file should hold one value of: a budget table is about one budget."""

MAX_VALUES = 100
YEAR = 4
YEAR_BYTES = LOW_BYTES[YEAR]
DATES = {"dateConvention"}


class Gathering:
    """The distinct values of the columns that identify a table; an observer of the engine."""

    def __init__(self, standard: Standard) -> None:
        self._columns = COLUMNS.get(standard.name, {})
        self._single = SINGLE.get(standard.name, ())
        self._values: dict[str, dict[str, None]] = {name: {} for name in self._columns}
        self._allowed = {
            name: standard.field(column).constraints.get("enum")
            for name, column in self._columns.items()
        }
        self._positions: dict[str, int] = {}

    def of(self, columns: Mapping[str, int]) -> Gathering:
        """Itself, once it knows where the columns of the file are."""
        self._positions = {n: columns[c] for n, c in self._columns.items() if c in columns}
        return self

    def observe(self, grid: Grid, live: Mask) -> dict[str, list[str]]:
        """The distinct values of a block, while another one would tell something."""
        return {
            name: list(_distinct(grid, position, live, year=self._columns[name] in DATES))
            for name, position in self._positions.items()
            if len(self._values[name]) < (MAX_VALUES if name in self._single else 2)
        }

    def take(self, observed: dict[str, list[str]], _row: int, _line: int) -> None:
        """The values of one block more."""
        for name, values in observed.items():
            for value in values:
                if value and len(self._values[name]) < MAX_VALUES:
                    self._values[name][value] = None

    @property
    def identity(self) -> Identity:
        return Identity(
            siret=self._only("siret"),
            nom=self._only("nom"),
            exercice=self._only("exercice"),
            etape=self._only("etape"),
        )

    def _only(self, name: str) -> str | None:
        """The value of the whole file, None when there are several or it is not an allowed one."""
        values = self._values.get(name, {})
        value = next(iter(values)) if len(values) == 1 else None
        allowed = self._allowed.get(name)
        return quote(value) if value and (allowed is None or value in allowed) else None

    def conclusions(self, _room: object) -> Iterator[tuple[Cause, list[Finding]]]:
        """A warning for each column that should hold one value and holds several."""
        for name in self._single:
            values = list(self._values[name])
            if len(values) > 1:
                place = Place(field=self._columns[name])
                found = warning("several-values", place, number=len(values), value=quote(values[1]))
                yield Cause(found, 1, place), [found]


def _distinct(grid: Grid, position: int, live: Mask, *, year: bool) -> Iterator[str]:
    """Each value once, in the order of the file."""
    rows = _firsts(grid, position, live, year=year)
    for row in rows[:MAX_VALUES].tolist():
        text = grid.text(row, position)
        if not year:
            yield text
        elif text[:YEAR].isdigit():
            yield text[:YEAR]


def _firsts(grid: Grid, position: int, live: Mask, *, year: bool) -> Ints:
    """The first row of each value."""
    alive = live.nonzero()[0]
    if not year and grid.constant(position):
        return alive[:1]
    column = grid.columns[position]
    seen = (column.raw_words(0) & YEAR_BYTES if year else column.once(hashed))[alive]
    if alive.size and (seen == seen[0]).all():
        return alive[:1]
    _, rows = np.unique(seen, return_index=True)
    return alive[np.sort(rows)]
