"""A block of CSV as columns of text: where each cell is, found by numpy without making a string.

A block is regular when cutting it at its delimiters and line ends gives the cells that Python's csv
gives.  That is proved, not assumed: every run of quotes opens after and closes before an edge of a
cell, no carriage return stands alone, and each record has as many cells as the header.  A block
that is not regular has no grid: csv reads it (`records`), which is exact, and twenty times slower.
Imports numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]

T = TypeVar("T")

WORD = 8
PADDING = 4 * WORD
"""Zero bytes after a block, so that the words of its last cells can be read."""

ZEROS = bytes(PADDING)

LONG = 64
"""Bytes of a value beyond which it is not compared with all others of its column."""

QUOTE, LF, CR = 0x22, 0x0A, 0x0D
NOTHING: Ints = np.empty(0, dtype=np.int64)
LOW_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(WORD + 1)], dtype=np.uint64)


def low_bytes(numbers: Ints) -> Words:
    """Words that keep so many of the first bytes: none below 0, all beyond 8."""
    found: Words = LOW_BYTES.take(numbers, mode="clip")
    return found


@dataclass(frozen=True)
class Column:
    """The cells of one column: byte offsets of each cell's content, without its quotes."""

    bytes_: Bytes
    words_at: Words
    starts: Ints
    lengths: Ints
    _known: dict[Any, Any] = field(default_factory=dict)

    def raw_words(self, begin: int) -> Words:
        """Bytes begin to begin+7 of each cell as one number, first byte lowest; what follows a cell
        where it is shorter.  Not to be changed: it is kept, since many ask for it."""
        if begin not in self._known:
            at = self.starts + begin if begin else self.starts
            if begin > PADDING - WORD:  # a short cell at the end of the block
                at = np.minimum(at, self.words_at.size - 1)
            self._known[begin] = self.words_at[at]
        words: Words = self._known[begin]
        return words

    def words(self, begin: int, length: int | None = None) -> Words:
        """The same, 0 beyond the cell.  length: that of every cell, if they have the same; cells
        of different lengths must have more than `begin` bytes, or begin be 0."""
        words = self.raw_words(begin)
        masked: Words
        if length is None:
            masked = words & low_bytes(self.lengths - begin)
        elif length - begin < WORD:
            masked = words & LOW_BYTES[length - begin]
        else:
            masked = words
        return masked

    def once(self, look: Callable[[Column], T]) -> T:
        """What this function says of the column, asked for once."""
        if look not in self._known:
            self._known[look] = look(self)
        known: T = self._known[look]
        return known

    def bytes_at(self, position: int) -> Bytes:
        """The byte of each cell at this position; what follows the cell where it is shorter."""
        found: Bytes = self.bytes_[np.minimum(self.starts + position, self.bytes_.size - 1)]
        return found

    def take(self, rows: Ints) -> Column:
        """The same column, of these rows."""
        return Column(self.bytes_, self.words_at, self.starts[rows], self.lengths[rows])


@dataclass(frozen=True)
class Ragged:
    """A record that has not as many cells as the header: how many it has, and those in excess."""

    cells: int
    extra: tuple[str, ...] = ()


class Grid:
    """The cells of a regular block of UTF-8; rows and columns are counted from 0.

    wrong: by column, the rows whose cell breaks a rule, once the column was judged.
    """

    def __init__(
        self,
        data: bytes,
        starts: Ints,
        ends: Ints,
        line_count: int,
        *,
        width: int | None = None,
        delimiter: str = ",",
        lines: Ints | None = None,
        ragged: Mapping[int, Ragged] | None = None,
    ) -> None:
        """starts, ends: (columns, rows), quotes left out; line_count: line ends, those inside
        quotes included; width: columns of the header, where no record of the block has as many.

        lines: line of each record, from 0, if the block is not as it was in the file; ragged:
        records that were completed or cut, by row.
        """
        self._data = data
        self._starts, self._ends = starts, ends
        self.line_count = line_count
        self.delimiter = delimiter
        self.unclosed = False
        """The last record ends within quotes, where the file ends."""
        self._lines = lines
        self.ragged = ragged or {}
        self._constant: dict[int, bool] = {}
        self.wrong: dict[int, list[int]] = {}
        self._held, self.rows = starts.shape
        self.width = self._held if width is None else width
        padded = data + ZEROS
        self._bytes: Bytes = np.frombuffer(padded, dtype=np.uint8)
        self._words: Words = np.ndarray(
            len(padded) - WORD + 1, dtype=np.uint64, buffer=padded, strides=(1,)
        )

    @cached_property
    def columns(self) -> list[Column]:
        """By position in the file."""
        lengths = self._ends - self._starts
        held = [
            Column(self._bytes, self._words, self._starts[c], lengths[c]) for c in range(self._held)
        ]
        nothing = np.zeros(self.rows, dtype=np.int64)
        absent = Column(self._bytes, self._words, nothing, nothing)
        return held + [absent] * (self.width - self._held)

    @cached_property
    def short(self) -> tuple[Ints, Ints]:
        """The records that have fewer cells than the header, in order, and how many they have."""
        found = [(row, one.cells) for row, one in self.ragged.items() if one.cells < self.width]
        rows, cells = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
        return rows, cells

    def without(self, column: int) -> Ints:
        """The records that are too short to have a cell of this column, in order."""
        rows, cells = self.short
        found: Ints = rows[cells <= column]
        return found

    def text(self, row: int, column: int) -> str:
        """The cell as csv gives it."""
        if column >= self._held:
            return ""
        start, end = int(self._starts[column, row]), int(self._ends[column, row])
        raw = self._data[start:end]
        return raw.replace(b'""', b'"').decode("utf-8")  # a regular cell holds quotes in pairs

    def constant(self, column: int) -> bool:
        """The same value on every row, of at most LONG bytes."""
        if column not in self._constant:
            self._constant[column] = self._is_constant(column)
        return self._constant[column]

    def _is_constant(self, position: int) -> bool:
        first = self.text(0, position)
        if any(self.text(row, position) != first for row in (self.rows // 2, self.rows - 1)):
            return False
        column = self.columns[position]
        length = int(column.lengths[0])
        if length > LONG or (column.lengths != length).any():
            return False
        for begin in range(0, length, WORD):
            words = column.words(begin, length)
            if (words != words[0]).any():
                return False
        return True

    def blank(self, missing: Sequence[str]) -> Mask:
        """Rows of which every cell is one of these; "" is usually the only one."""
        others = {value for value in missing if value}
        rows = np.arange(self.rows)
        for column in range(self._held):
            if not rows.size:
                break
            empty = self._starts[column, rows] == self._ends[column, rows]
            if others:
                empty |= [self.text(row, column) in others for row in rows.tolist()]
            rows = rows[empty]
        found = np.zeros(self.rows, dtype=bool)
        found[rows] = True
        return found

    def line(self, row: int) -> int:
        """Line ends between the start of the block and this row."""
        if self._lines is not None:
            return int(self._lines[row])
        return row if self.line_count == self.rows else int(self.lines[row])

    @cached_property
    def lines(self) -> Ints:
        """The same, of every row."""
        if self._lines is not None:
            return self._lines[: self.rows]
        ends = (self._bytes == LF).nonzero()[0]
        found: Ints = np.searchsorted(ends, self._starts[0])
        return found

    @property
    def longest(self) -> int:
        """Bytes of the longest record."""
        return int((self._ends[-1] - self._starts[0]).max(initial=0))

    @property
    def longest_cell(self) -> int:
        """Bytes of the longest cell."""
        return int((self._ends - self._starts).max(initial=0))


def read_grid(data: bytes, delimiter: str, width: int) -> Grid | None:
    """The grid of a block that ends with a line end; None if it is not regular.

    delimiter: one ASCII character; width: cells of the header.
    """
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None  # alone, it ends a record for csv
    cut = _cut(data, ord(delimiter), width)
    return None if cut is None else Grid(data, *cut, delimiter=delimiter)


def canonical_grid(
    data: bytes,
    width: int,
    *,
    lines: Ints,
    ragged: Mapping[int, Ragged] | None = None,
    held: int | None = None,
    unclosed: bool = False,
) -> Grid:
    """The grid of what csv.writer wrote: commas, `held` cells a record, `width` unless told.

    lines: that of each record in the file, from 0, then their number.
    """
    if not data:
        nothing = np.empty((width, 0), dtype=np.int64)
        return Grid(data, nothing, nothing, int(lines[-1]), lines=lines)
    cut = _cut(data, ord(","), held or width)
    assert cut is not None
    grid = Grid(data, *cut[:2], int(lines[-1]), width=width, lines=lines, ragged=ragged)
    grid.unclosed = unclosed
    return grid


def blank_grid(rows: int, width: int) -> Grid:
    """The grid of empty lines."""
    nothing = np.zeros((1, rows), dtype=np.int64)
    ragged = dict.fromkeys(range(rows), Ragged(0))
    lines = np.arange(rows + 1)
    return Grid(b"", nothing, nothing, rows, width=width, lines=lines, ragged=ragged)


def _cut(data: bytes, delimiter: int, width: int) -> tuple[Ints, Ints, int] | None:
    """Where each cell's content starts and ends, (columns, rows), and the number of line ends; None
    if the block is not regular."""
    raw = np.frombuffer(data, dtype=np.uint8)
    found = _edges(raw, data, delimiter)
    if found is None or found.places.size == 0 or found.places.size % width:
        return None
    ends = np.ascontiguousarray(found.places.reshape(-1, width).T)
    # as many line ends as records, and one at the end of each: none is elsewhere
    if found.line_ends != ends.shape[1] or not (raw[ends[-1]] == LF).all():
        return None
    starts = np.empty_like(ends)
    starts[1:] = ends[:-1] + 1
    starts[0, 0] = 0
    starts[0, 1:] = ends[-1, :-1] + 1
    if b"\r" in data:
        ends[-1] -= (raw[ends[-1] - 1] == CR) & (ends[-1] > starts[-1])
    if found.quoted.size:
        rows, columns = np.divmod(found.quoted, width)
        starts[columns, rows] += 1
        ends[columns, rows] -= 1
    return starts, ends, found.line_ends + found.line_ends_inside


@dataclass(frozen=True)
class _Edges:
    """Delimiters and line ends outside quotes.

    line_ends: how many of them are line ends; line_ends_inside: line ends inside quotes; quoted:
    the cells that are quoted, numbered in the order of the file.
    """

    places: Ints
    line_ends: int
    line_ends_inside: int
    quoted: Ints


def _edges(raw: Bytes, data: bytes, delimiter: int) -> _Edges | None:
    """The edges of a block; None if a quote is misplaced."""
    found = raw == delimiter
    found |= raw == LF
    line_ends = data.count(b"\n")
    if b'"' not in data:
        return _Edges(found.nonzero()[0], line_ends, 0, NOTHING)
    found |= raw == QUOTE
    places = found.nonzero()[0]
    marks = raw[places]
    quoted = (marks == QUOTE).nonzero()[0]
    quotes = places[quoted]
    first, last = quoted[::2], quoted[1::2]
    if quotes.size & 1 or not _well_placed(raw, quotes[::2], quotes[1::2], delimiter):
        return None
    kept = np.ones(places.size, dtype=bool)
    kept[quoted] = False
    between = last - first - 1  # what lies between two quotes is no edge
    before = np.cumsum(between) - between
    inside = 0
    if number := int(between.sum()):
        dropped = np.repeat(first + 1 - before, between) + np.arange(number)
        kept[dropped] = False
        inside = int(np.count_nonzero(marks[dropped] == LF))
    # edges before a quote: marks before it, less the quotes and what lies between them
    cells = first - before - 2 * np.arange(between.size)
    opening = raw[quotes[::2] - 1] != QUOTE  # the others double one that closes
    return _Edges(places[kept], line_ends - inside, inside, cells[opening])


def _well_placed(raw: Bytes, first: Ints, last: Ints, delimiter: int) -> bool:
    """Quotes open at the start of a cell (or double one that closes) and close at its end.

    first, last: where the 1st, 3rd… quotes are, and the 2nd, 4th…
    """
    before = raw[first - 1]
    starts = (before == delimiter) | (before == LF) | (before == QUOTE) | (first == 0)
    if not starts.all():
        return False
    # the block ends with a line end: there is a byte after every quote
    after = raw[last + 1]
    ends = (after == delimiter) | (after == LF) | (after == CR) | (after == QUOTE)
    return bool(ends.all())
