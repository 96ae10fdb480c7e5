"""One block of a table against the standard: which rows, of which columns, break which rule.

The columns that the file has are compiled once into a `Plan`; `Plan.check` then judges one grid at
a time, in any thread.  What is valid beyond doubt is told for the whole block at once (`accept`);
every other cell is judged by itself, each distinct value once.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..budget.figures import BudgetFigures
from ..report import NOWHERE, SHORT_ROW, Cause, Finding, Identity, Level, Param, Place, cut
from .grid import Column, Grid, Ints, Mask
from .letters import column_letter

Accept = Callable[[Column], Mask]

MEMORY = 1 << 14
"""Distinct values of a column remembered; most columns repeat theirs."""

SHORT = 200
"""Characters of a value worth remembering."""


@dataclass(frozen=True)
class Trouble:
    """One thing to say of a cell, wherever it is."""

    level: Level
    code: str
    params: Mapping[str, Param]

    @property
    def key(self) -> tuple[object, ...]:
        """Same key, same cause."""
        return self.level, self.code, self.params.get("rule"), self.params.get("cause")


Judge = Callable[[str | None], tuple[Trouble, ...]]


@dataclass
class CheckedColumn:
    """A column of the file that a rule looks at.

    quiet: cells of which there is nothing to say; judge: what there is to say of any other one.
    """

    name: str
    position: int
    letter: str
    quiet: Accept
    judge: Judge
    _known: dict[str | None, tuple[Trouble, ...]] = field(default_factory=dict)

    def troubles(self, cell: str | None) -> tuple[Trouble, ...]:
        """What there is to say of a cell; None where the record is too short to have it."""
        known = self._known.get(cell)
        if known is None:
            known = self.judge(cell)
            if len(self._known) >= MEMORY:
                self._known.clear()
            if cell is None or len(cell) <= SHORT:
                self._known[cell] = known
        return known

    def suspects(self, grid: Grid) -> Mask:
        """Rows of which the cell must be judged by itself, where they have it."""
        column = grid.columns[self.position]
        if grid.constant(self.position) and not self.troubles(grid.text(0, self.position)):
            return np.zeros(grid.rows, dtype=bool)
        suspects = ~self.quiet(column)
        suspects[grid.without(self.position)] = False
        return suspects


@dataclass
class Hits:
    """The cells or records of a block that one cause explains.

    order: rank among what is said of one record; place: column name and letter, or NOWHERE.
    """

    order: int
    first: Trouble
    place: Place
    count: int = 0
    first_row: int = 0
    last_row: int = 0
    kept: list[tuple[int, Trouble]] = field(default_factory=list)

    def add(self, row: int, trouble: Trouble, room: int) -> None:
        """Rows come in order."""
        if not self.count:
            self.first_row = row
        self.count += 1
        self.last_row = row
        if len(self.kept) < room:
            self.kept.append((row, trouble))

    def add_rows(self, rows: Ints, trouble: Trouble, room: int) -> None:
        """The same trouble on all these rows, in order, among those that are already there."""
        first, last = int(rows[0]), int(rows[-1])
        self.first_row = min(first, self.first_row) if self.count else first
        self.last_row = max(last, self.last_row)
        self.count += rows.size
        kept = self.kept + [(row, trouble) for row in rows[:room].tolist()]
        self.kept = sorted(kept, key=lambda one: one[0])[:room]

    def add_many(
        self, row: int, values: Sequence[str], say: Callable[[str], Trouble], room: int
    ) -> None:
        """As many of one row, of which few are put into words: a row may have thousands."""
        if not self.count:
            self.first_row = row
        self.count += len(values)
        self.last_row = row
        self.kept += [(row, say(value)) for value in values[: max(0, room - len(self.kept))]]


Conclusion = tuple[Cause, list[Finding]]
"""A cause with its exact count, and those of its findings that are kept, in file order."""


class Observer(Protocol):
    """Looks at every block for what a single record does not tell (whose table it is, doubles…)."""

    def observe(self, grid: Grid, live: Mask) -> Any:
        """Called in any thread, for any block; live: records that are not blank."""

    def take(self, observed: Any, row: int, line: int) -> None:
        """What `observe` returned, block after block, in one thread; row, line: of its start."""

    def conclusions(self, room: Mapping[Level, int]) -> Iterable[Conclusion]:
        """What there is to say once every block was taken; `room` findings of a level are kept."""


class Counted(NamedTuple):
    """What one cause explains in a block, plain enough to travel between processes."""

    level: Level
    code: str
    params: Mapping[str, Param]
    field: str | None
    column: str | None
    number: int
    first_row: int
    first_line: int
    last_row: int
    last_line: int

    @property
    def key(self) -> tuple[object, ...]:
        """Same key, same cause, in any block."""
        params = self.params
        return self.level, self.code, params.get("rule"), params.get("cause"), self.field


class Short(NamedTuple):
    """The records of a block that have so many cells, fewer than the header."""

    cells: int
    number: int
    first_row: int
    first_line: int
    last_row: int
    last_line: int


class Reading(Protocol):
    """What is known of a table: at the start, the budget handed in; the rest once it was read."""

    @property
    def budget(self) -> BudgetFigures | None:
        """What a budget opens for grants, to hold the table against."""

    @property
    def identity(self) -> Identity:
        """Whose table it is, where all its rows agree."""

    @property
    def complete(self) -> bool:
        """It was read to its end."""


@dataclass
class Checked:
    """A block, judged; rows and lines are counted from its start."""

    rows: int
    lines: int
    causes: list[Counted]
    short: list[Short]
    kept: list[Finding]
    observed: list[object]


class Plan:
    """What is to be looked at in each block."""

    def __init__(
        self,
        columns: list[CheckedColumn],
        records: list[RecordRule],
        observers: list[Observer],
        labels: Sequence[str],
        missing: Sequence[str],
    ) -> None:
        """labels: names of all the file's columns; missing: cells that stand for nothing."""
        self.observers = observers
        self._columns = columns
        self._records = records
        self._labels = labels
        self._missing = missing

    def check(self, grid: Grid, room: Mapping[Level, int]) -> Checked:
        """Judge one block; at most `room` findings of each level are kept."""
        if not grid.rows:
            return Checked(0, grid.line_count, [], [], [], [])
        hits: list[Hits] = []
        blank = grid.blank(self._missing)
        live = ~blank
        for order, column in enumerate(self._columns):
            hits += _of_column(grid, column, live, order, room)
        orders = len(self._columns)
        hits += _said_of(blank.nonzero()[0], BLANK_ROW, orders, room)
        hits += self._ragged(grid, live, orders + 1, room)
        for order, rule in enumerate(self._records, orders + 2):
            hits += _of_records(grid, rule, live, order, room)
        return Checked(
            rows=grid.rows,
            lines=grid.line_count,
            causes=[_counted(grid, one) for one in hits if one.count],
            short=_short(grid, live),
            kept=_first(grid, hits, room),
            observed=[observer.observe(grid, live) for observer in self.observers],
        )

    def _ragged(
        self, grid: Grid, live: Mask, order: int, room: Mapping[Level, int]
    ) -> Iterator[Hits]:
        """Records with more or fewer cells than the header; cells that are missing are only kept
        here, and counted by `_short`: there may be hundreds in each record."""
        rows, cells = grid.short
        kept = live[rows]
        found: dict[int, Hits] = {}
        left = room["error"]
        for row, begin in zip(rows[kept][:left].tolist(), cells[kept][:left].tolist(), strict=True):
            for position in range(begin, min(grid.width, begin + left)):
                place = self._place(position)
                hits = found.setdefault(position, Hits(order, MISSING_CELL, place))
                hits.kept.append((row, MISSING_CELL))
            left -= min(left, grid.width - begin)
        yield from (found[position] for position in sorted(found))
        extra: Hits | None = None
        for row, ragged in grid.ragged.items():
            if ragged.extra and live[row]:
                extra = extra or Hits(order, _extra(ragged.extra[0]), NOWHERE)
                extra.add_many(row, ragged.extra, _extra, room["error"])
        if extra:
            yield extra

    def _place(self, position: int) -> Place:
        return Place(field=self._labels[position], column=column_letter(position))

    def missing(self, short: Iterable[Short]) -> Iterator[Cause]:
        """What is said of the cells that the records of a file lack, by column, with their number;
        rows and lines of `short` are those of the file."""
        left = sorted(short, reverse=True)
        number = 0
        firsts: list[tuple[int, int]] = []
        lasts: list[tuple[int, int]] = []
        for position in range(len(self._labels)):
            while left and left[-1].cells <= position:
                one = left.pop()
                number += one.number
                firsts = [min([*firsts, (one.first_row, one.first_line)])]
                lasts = [max([*lasts, (one.last_row, one.last_line)])]
            for (row, line), (last_row, last_line) in zip(firsts, lasts, strict=True):
                place = replace(self._place(position), row=row, line=line)
                finding = Finding(SHORT_ROW, "error", {}, place)
                yield Cause(finding, number, replace(place, row=last_row, line=last_line))


def _short(grid: Grid, live: Mask) -> list[Short]:
    rows, cells = grid.short
    kept = live[rows]
    rows, cells = rows[kept], cells[kept]
    kinds, first, number = np.unique(cells, return_index=True, return_counts=True)
    last = cells.size - 1 - np.unique(cells[::-1], return_index=True)[1]
    return [
        Short(cells, number, one, grid.line(one), other, grid.line(other))
        for cells, number, one, other in zip(
            *(each.tolist() for each in (kinds, number, rows[first], rows[last])), strict=True
        )
    ]


def _extra(value: str) -> Trouble:
    return Trouble("error", "extra-cell", {"value": cut(value)})


MISSING_CELL = Trouble("error", SHORT_ROW, {})
BLANK_ROW = Trouble("error", "blank-row", {})


@dataclass(frozen=True)
class RecordRule:
    """A rule on several cells of one record: the rows that break it, and what is said of them."""

    broken: Callable[[Grid], Mask]
    trouble: Trouble


def _of_column(
    grid: Grid, column: CheckedColumn, live: Mask, order: int, room: Mapping[Level, int]
) -> Iterator[Hits]:
    found: dict[tuple[object, ...], Hits] = {}
    suspects = column.suspects(grid) & live
    place = Place(field=column.name, column=column.letter)
    wrong: list[int] = []
    for row in suspects.nonzero()[0].tolist():
        troubles = column.troubles(grid.text(row, column.position))
        if troubles and troubles[0].level == "error":
            wrong.append(row)
        for trouble in troubles:
            hits = found.get(trouble.key)
            if hits is None:
                hits = found[trouble.key] = Hits(order, trouble, place)
            hits.add(row, trouble, room[trouble.level])
    absent = grid.without(column.position)
    absent = absent[live[absent]]
    if absent.size:
        troubles = column.troubles(None)
        for trouble in troubles:
            hits = found.setdefault(trouble.key, Hits(order, trouble, place))
            hits.add_rows(absent, trouble, room[trouble.level])
        if troubles and troubles[0].level == "error":
            wrong += absent.tolist()
    if wrong:
        grid.wrong[column.position] = sorted(wrong)
    yield from found.values()


def _of_records(
    grid: Grid, rule: RecordRule, live: Mask, order: int, room: Mapping[Level, int]
) -> Iterator[Hits]:
    yield from _said_of((rule.broken(grid) & live).nonzero()[0], rule.trouble, order, room)


def _said_of(
    rows: Ints, trouble: Trouble, order: int, room: Mapping[Level, int], place: Place = NOWHERE
) -> Iterator[Hits]:
    if rows.size:
        kept = [(row, trouble) for row in rows[: room[trouble.level]].tolist()]
        yield Hits(order, trouble, place, rows.size, int(rows[0]), int(rows[-1]), kept)


def _counted(grid: Grid, hits: Hits) -> Counted:
    first, place = hits.first, hits.place
    return Counted(
        first.level,
        first.code,
        first.params,
        place.field,
        place.column,
        hits.count,
        hits.first_row,
        grid.line(hits.first_row),
        hits.last_row,
        grid.line(hits.last_row),
    )


def _first(grid: Grid, hits: list[Hits], room: Mapping[Level, int]) -> list[Finding]:
    """The first findings of the block, of each level, in the order of the file."""
    kept: list[Finding] = []
    for level in room:
        found = [
            (row, one.order, rank, one, trouble)
            for rank, one in enumerate(hits)
            if one.first.level == level
            for row, trouble in one.kept
        ]
        found.sort(key=lambda f: f[:3])
        kept += [
            _finding(grid, one, row, trouble) for row, _, _, one, trouble in found[: room[level]]
        ]
    return kept


def _finding(grid: Grid, hits: Hits, row: int, trouble: Trouble) -> Finding:
    place = replace(hits.place, row=row, line=grid.line(row))
    return Finding(trouble.code, trouble.level, trouble.params, place)
