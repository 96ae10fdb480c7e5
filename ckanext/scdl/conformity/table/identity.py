"""Whose table it is, gathered from its rows: a value counts when the whole file agrees on it.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..report import Finding, Identity, Place, quote, warning
from ..standards import Standard

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


class Gathering:
    """The distinct values of the columns that identify a table."""

    def __init__(self, standard: Standard) -> None:
        self._columns = COLUMNS.get(standard.name, {})
        self._single = SINGLE.get(standard.name, ())
        self._values: dict[str, dict[str, None]] = {name: {} for name in self._columns}
        self._allowed = {
            name: standard.field(column).constraints.get("enum")
            for name, column in self._columns.items()
        }

    def take(self, row: Mapping[str, str]) -> None:
        for name, column in self._columns.items():
            value = row.get(column, "")
            if column == "dateConvention":
                value = value[:YEAR] if value[:YEAR].isdigit() else ""
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

    def findings(self) -> Iterator[Finding]:
        for name in self._single:
            values = list(self._values[name])
            if len(values) > 1:
                place = Place(field=self._columns[name])
                yield warning("several-values", place, number=len(values), value=quote(values[1]))
