"""What a standard wants once only: a column said `unique`, the columns of its `primaryKey`.

Cells are compared as they are written: 1 and 1.0 are two values.  Eight bytes a record are kept for
each of these rules.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..report import Cause, Level, Param, Place, error
from ..standards import Standard
from .doubles import repeats
from .engine import Conclusion
from .grid import Grid, Mask, Words
from .keys import joined
from .letters import column_letter
from .places import Lines, Places, lines_of
from .swar import equals

UNIQUE, KEY = "unique-error", "primary-key"


def observers(standard: Standard, columns: Mapping[str, int]) -> Iterator[Unique]:
    """Those for which the file has the columns; columns: position by field name."""
    for field in standard.fields:
        if field.unique and field.name in columns:
            position = columns[field.name]
            place = Place(field=field.name, column=column_letter(position))
            yield Unique([position], field.missing_values, UNIQUE, place)
    key = standard.primary_key
    if key and columns.keys() >= set(key):
        positions = [columns[name] for name in key]
        yield Unique(positions, standard.missing_values, KEY, Place(), ", ".join(key))


@dataclass(frozen=True)
class _Block:
    keys: Words
    empty: NDArray[np.int64]
    lines: Lines | None


class Unique:
    """An observer: no two records with the same cells in these columns, all empty ones aside.

    fields: names of the columns of a key, which may not be empty all together; "" for one column,
    which may.
    """

    def __init__(
        self,
        positions: Sequence[int],
        missing: Sequence[str],
        code: str,
        place: Place,
        fields: str = "",
    ) -> None:
        self._positions, self._code, self._place = positions, code, place
        self._missing = [value.encode() for value in missing if value]
        self._fields = fields
        self._places = Places()
        self._keys: list[Words] = []
        self._empty: list[NDArray[np.int64]] = []

    def observe(self, grid: Grid, live: Mask) -> _Block:
        """The key of each record, 0 where it has none."""
        columns = [grid.columns[position] for position in self._positions]
        filled = np.zeros(grid.rows, dtype=bool)
        for column in columns:
            told = column.lengths > 0
            if self._missing:
                told &= ~equals(column, self._missing)
            filled |= told
        keys = joined(columns)
        keys[~(filled & live)] = 0
        empty = (~filled & live).nonzero()[0] if self._fields else np.empty(0, dtype=np.int64)
        return _Block(keys, empty, lines_of(grid))

    def take(self, observed: _Block, row: int, line: int) -> None:
        """One block more."""
        self._keys.append(observed.keys)
        self._empty.append(observed.empty + self._places.rows)
        self._places.take(observed.keys.size, observed.lines, row, line)

    def conclusions(self, room: Mapping[Level, int]) -> Iterator[Conclusion]:
        """An error on every record after the first of its kind, and where a key is empty."""
        if not self._keys:
            return
        left = room["error"]
        later, first = repeats(np.concatenate(self._keys))
        self._keys.clear()
        yield from self._told(later, first, left)
        yield from self._told(np.concatenate(self._empty), None, max(0, left - later.size))

    def _told(
        self, rows: NDArray[np.int64], first: NDArray[np.int64] | None, room: int
    ) -> Iterator[Conclusion]:
        if not rows.size:
            return
        found = []
        for at, row in enumerate(rows[: max(1, room)].tolist()):
            params: dict[str, Param] = {"fields": self._fields} if self._fields else {}
            if first is None:
                params["rule"] = "empty"
            else:
                params["line"] = self._where(int(first[at])).line or 0
            found.append(error(self._code, self._where(row), **params))
        yield Cause(found[0], int(rows.size), self._where(int(rows[-1]))), found[:room]

    def _where(self, row: int) -> Place:
        return self._places.place(row, self._place.field, self._place.column)
