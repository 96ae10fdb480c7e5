"""Codes that have lost their zeros, in a block of a budget table.

The rules are those of `budget.zeros`; here each distinct line is asked for once, among those whose
code may be one.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..budget.zeros import Booking, doubtful, lost_in_chapitre, lost_in_fonction, lost_in_nature
from .grid import Grid, Ints, Mask
from .keys import joined
from .swar import equals

MAX_TEXT = 200
"""Characters of a cell that tell one code from another; labels are shorter."""

BOOKING = (
    *("BGT_SECTION", "BGT_CODRD", "BGT_OPBUDG"),
    *("BGT_CONTNAT", "BGT_CONTNAT_LABEL", "BGT_NATURE", "BGT_NATURE_LABEL"),
)
FONCTION = ("BGT_FONCTION", "BGT_FONCTION_LABEL")
ORDRE = "ordre"

Told = Callable[[Sequence[str]], "str | None"]


@dataclass(frozen=True)
class Lost:
    """The cells of a column that have lost their zeros: rows in order, and the code meant."""

    rows: Ints
    meant: list[str]


@dataclass(frozen=True)
class _Search:
    """field: the column of the codes; names: the columns that tell; table: of the plans."""

    field: str
    names: Sequence[str]
    table: str
    told: Told


def booking(texts: Sequence[str]) -> Booking:
    """From the cells of BOOKING."""
    section, sens, ordre, *others = texts
    return Booking(section, sens, ordre == ORDRE, *others)


FIELDS = ("BGT_CONTNAT", "BGT_NATURE", "BGT_FONCTION")

SEARCHES = (
    _Search("BGT_CONTNAT", BOOKING, "chapitres", lambda t: lost_in_chapitre(booking(t))),
    _Search("BGT_NATURE", BOOKING, "comptes", lambda t: lost_in_nature(booking(t))),
    _Search("BGT_FONCTION", FONCTION, "fonctions", lambda t: lost_in_fonction(*t)),
)


class LostZeros:
    """Looks at the columns of codes that the file has."""

    def __init__(self, columns: Mapping[str, int], fields: Sequence[str] = FIELDS) -> None:
        """columns: position by field name; fields: those to look at."""
        self._columns = columns
        self._searches = [
            (search, [code.encode() for code in doubtful(search.table)])
            for search in SEARCHES
            if search.field in fields and search.field in columns
        ]

    def look(self, grid: Grid, live: Mask) -> dict[str, Lost]:
        """By column, what is lost in the live rows; columns that have lost nothing are left out."""
        found = {}
        for search, codes in self._searches:
            rows = np.flatnonzero(equals(grid.columns[self._columns[search.field]], codes) & live)
            if rows.size and (lost := self._lost(grid, rows, search)):
                found[search.field] = lost
        return found

    def _lost(self, grid: Grid, rows: Ints, search: _Search) -> Lost | None:
        columns = [self._columns.get(name) for name in search.names]
        present = [grid.columns[at].take(rows) for at in columns if at is not None]
        _, firsts, kinds = np.unique(joined(present), return_index=True, return_inverse=True)
        meant = [
            search.told(["" if at is None else grid.text(row, at)[:MAX_TEXT] for at in columns])
            for row in rows[firsts].tolist()
        ]
        lost = np.array([code is not None for code in meant])[kinds]
        if not lost.any():
            return None
        return Lost(rows[lost], [meant[kind] or "" for kind in kinds[lost].tolist()])
