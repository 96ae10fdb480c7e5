"""What we know of budget tables beyond the standard's rules: lost zeros, and the accountant's view.

The rules are those of `budget.zeros` and `budget.coherence`, the latter the same as for a budget
XML; here the lines are summed a block at a time.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from ..budget.coherence import coherence
from ..budget.cumuls import AMOUNTS, Cumuls, Poste
from ..budget.etapes import reference_amount
from ..budget.zeros import SECTIONS, SENS
from ..report import MAX_KEPT, Cause, Finding, Level, Param, Place, cut, warning
from ..totem.grammar import grammar
from .columns import Advice
from .engine import Conclusion, Observer, Reading
from .grid import LOW_BYTES, Column, Grid, Ints, Mask, Words
from .keys import joined
from .letters import column_letter
from .places import placed
from .sums import NotSummed, sums
from .zeros import ORDRE, Lost, LostZeros

ADVICE: dict[str, Advice] = {}

POSTE = ("BGT_SECTION", "BGT_CODRD", "BGT_OPBUDG", "BGT_CONTNAT")
"""What lines are summed by, with the functional chapter."""

KINDS = {"réel", ORDRE}
MAX_POSTES = 10_000
"""Several times what all the plans of accounts together allow."""

COLUMNS = {
    element: rule.column
    for element, rule in grammar().blocks["LigneBudget"].items()
    if element in AMOUNTS and rule.column
}
"""The column of each amount."""

REPORTS = COLUMNS["MtRARPrec"]
REALISED = {"totem-realise-au-budget", "totem-depassement"}
"""Codes that are about the realised amounts; the others are about those of the étape."""

FUNCTIONAL = 3
"""Digits of a functional chapter, by which the function of a budget voted by function starts."""

NOT_FUNCTIONAL = (b"921", b"928")
"""Functions of M52 with three digits that start with a 9, as functional chapters do."""


def observers(columns: Mapping[str, int], reading: Reading) -> list[Observer]:
    """Those for which the file has the columns; columns: position by field name."""
    found: list[Observer] = [Zeros(columns)]
    if set(POSTE) <= columns.keys():
        found.append(Lines(columns, reading))
    return found


@dataclass(frozen=True)
class _LostCodes:
    """The codes of one column of a block: those to show (row, line, code, code meant), and all."""

    count: int
    last: tuple[int, int]
    shown: list[tuple[int, int, str, str]]


class Zeros:
    """An observer: codes that have lost their zeros."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        """columns: position by field name."""
        self._columns = columns
        self._zeros = LostZeros(columns)
        self._found: dict[str, list[Finding]] = {}
        self._count: dict[str, int] = {}
        self._last: dict[str, Place] = {}

    def observe(self, grid: Grid, live: Mask) -> dict[str, _LostCodes]:
        """By column."""
        return {
            field: self._shown(grid, field, lost)
            for field, lost in self._zeros.look(grid, live).items()
        }

    def _shown(self, grid: Grid, field: str, lost: Lost) -> _LostCodes:
        rows = lost.rows.tolist()
        room = max(0, MAX_KEPT - len(self._found.get(field, ())))
        position = self._columns[field]
        shown = [
            (row, grid.line(row), grid.text(row, position), meant)
            for row, meant in zip(rows[:room], lost.meant, strict=False)
        ]
        return _LostCodes(len(rows), (rows[-1], grid.line(rows[-1])), shown)

    def take(self, observed: dict[str, _LostCodes], row: int, line: int) -> None:
        """One block more."""
        for field, lost in observed.items():
            letter = column_letter(self._columns[field])
            found = self._found.setdefault(field, [])
            for away, lines_away, value, meant in lost.shown:
                place = placed(row, line, away, lines_away, field, letter)
                params: dict[str, Param] = {"value": cut(value), "proposal": meant}
                found.append(warning("budget-zero-lost", place, **params))
            self._count[field] = self._count.get(field, 0) + lost.count
            self._last[field] = placed(row, line, *lost.last, field, letter)

    def conclusions(self, room: Mapping[Level, int]) -> Iterator[Conclusion]:
        """A warning on every such cell, one cause a column; a column of few first, so that there is
        room for it."""
        for field, found in sorted(self._found.items(), key=lambda item: self._count[item[0]]):
            cause = Cause(found[0], self._count[field], self._last[field])
            yield cause, found[: room["warning"]]


@dataclass(frozen=True)
class _Sums:
    """The sums of one poste in a block; row and line of its first record, from 0."""

    poste: Poste
    montants: Mapping[str, Decimal]
    row: int
    line: int


@dataclass(frozen=True)
class _Block:
    sums: Sequence[_Sums]
    filled: frozenset[str]


class Lines:
    """An observer: the sums of the table, and what the accountant's checks say of them.

    A line whose section, sense, kind, chapter or amount is an error cannot be summed; a total that
    lacks a line would be told wrong, so nothing is said then, nor of several budgets in one table,
    nor of a table that was not read to its end.
    """

    def __init__(self, columns: Mapping[str, int], reading: Reading) -> None:
        self._columns = columns
        self._reading = reading
        self._zeros = LostZeros(columns, ["BGT_CONTNAT"])
        self._amounts = {e: columns[name] for e, name in COLUMNS.items() if name in columns}
        self._cumuls = Cumuls()
        self._filled: set[str] = set()
        self._summable = True

    def observe(self, grid: Grid, live: Mask) -> _Block | None:
        """The sums of a block, None as soon as one line cannot be summed."""
        if not self._summable:
            return None
        try:
            return self._observe(grid, live)
        except NotSummed:
            return None

    def _observe(self, grid: Grid, live: Mask) -> _Block:
        if any(live[row] for row in grid.ragged):
            raise NotSummed
        lost = self._zeros.look(grid, live).get("BGT_CONTNAT")
        functional = self._functional(grid)
        firsts, groups = self._groups(grid, live, lost, functional)
        meant = dict(zip(lost.rows.tolist(), lost.meant, strict=True)) if lost else {}
        postes = [
            self._poste(grid, row, meant.get(row), functional=bool(functional[row]))
            for row in firsts.tolist()
        ]
        montants = {
            element: sums(grid, position, groups, firsts.size, live)
            for element, position in self._amounts.items()
        }
        found = [
            _Sums(
                poste,
                {element: by_group[group] for element, by_group in montants.items()},
                int(firsts[group]),
                0 if poste in self._cumuls else grid.line(int(firsts[group])),
            )
            for group, poste in enumerate(postes)
        ]
        return _Block(found, self._not_empty(grid))

    def _functional(self, grid: Grid) -> Words:
        fonction = self._columns.get("BGT_FONCTION")
        nothing = np.zeros(grid.rows, dtype=np.uint64)
        return nothing if fonction is None else _functional(grid.columns[fonction])

    def _groups(
        self, grid: Grid, live: Mask, lost: Lost | None, functional: Words
    ) -> tuple[Ints, Ints]:
        """The first row of each poste, in order, and the rank of each live row's poste."""
        keys = joined([grid.columns[self._columns[name]] for name in POSTE])
        keys ^= functional * _ODD
        if lost is not None:
            codes = [int.from_bytes(code.encode(), "little") for code in lost.meant]
            keys[lost.rows] ^= np.array(codes, dtype=np.uint64) * _OTHER
        rows = np.flatnonzero(live)
        _, firsts, kinds = np.unique(keys[rows], return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        groups = np.zeros(grid.rows, dtype=np.int64)
        groups[rows] = rank[kinds]
        return rows[firsts[order]], groups

    def _poste(self, grid: Grid, row: int, meant: str | None, *, functional: bool) -> Poste:
        section, sens, kind, chapitre = (grid.text(row, self._columns[name]) for name in POSTE)
        if section not in SECTIONS or sens not in SENS or kind not in KINDS or not chapitre:
            raise NotSummed
        chapitre = meant or chapitre
        above = grid.text(row, self._columns["BGT_FONCTION"])[:FUNCTIONAL] if functional else ""
        return Poste(section, sens, kind == ORDRE, chapitre, above, "")

    def _not_empty(self, grid: Grid) -> frozenset[str]:
        return frozenset(
            element
            for element, position in self._amounts.items()
            if grid.columns[position].lengths.any()
        )

    def take(self, observed: _Block | None, row: int, line: int) -> None:
        """One block more."""
        if observed is None:
            self._summable = False
            return
        for one in observed.sums:
            place = placed(row, line, one.row, one.line)
            self._cumuls.add_sums(one.poste, one.montants, place)
        self._filled |= observed.filled
        if len(self._cumuls) > MAX_POSTES:
            self._summable = False
            self._cumuls = Cumuls()

    def conclusions(self, _room: object) -> Iterator[Conclusion]:
        """The warnings on the whole budget, if it is one and was summed whole."""
        identity = self._reading.identity
        etape = identity.etape
        one = etape and identity.exercice and identity.siret
        if not etape or not one or not self._summable or not self._reading.complete:
            return
        for finding in (*self._coherence(etape), *self._absent(etape)):
            yield Cause(finding, 1, finding.place), [finding]

    def _coherence(self, etape: str) -> Iterator[Finding]:
        """Without the reports of the year before, the investissement has no balance to judge."""
        for finding in coherence(self._cumuls, etape, projet=False):
            unknown = REPORTS not in self._columns and finding.code == "totem-desequilibre"
            if unknown and finding.params["section"] == "investissement":
                continue
            realised = finding.code in REALISED
            element = "MtReal" if realised else reference_amount(etape, projet=False)
            yield replace(finding, place=self._in_column(finding.place, element))

    def _absent(self, etape: str) -> Iterator[Finding]:
        """A table does not say whether it is a projet, which has its proposals alone."""
        expected = {reference_amount(etape, projet) for projet in (False, True)}
        if len(self._cumuls) and not expected & self._filled:
            place = self._in_column(Place(), reference_amount(etape, projet=False))
            yield warning("totem-amounts-absent", place, etape=etape)

    def _in_column(self, place: Place, element: str) -> Place:
        position = self._amounts.get(element)
        letter = None if position is None else column_letter(position)
        return replace(place, field=COLUMNS[element], column=letter)


_ODD = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)
_NINE = np.uint64(ord("9"))
_BYTE = np.uint64(0xFF)


def _functional(column: Column) -> Words:
    """The first characters of functions that start with a functional chapter, 0 for the others."""
    words = column.words(0)
    known = [np.uint64(int.from_bytes(code, "little")) for code in NOT_FUNCTIONAL]
    found = (words & _BYTE == _NINE) & (column.lengths >= FUNCTIONAL) & ~np.isin(words, known)
    codes: Words = np.where(found, words & LOW_BYTES[FUNCTIONAL], np.uint64(0))
    return codes
