"""A table in blocks of whole records, judged by one process or several, handed back in order.

A block ends at some line end.  Where that one is inside quotes, or a quote is where none should be,
the block's own proof fails (`grid`): the block is cut again before the quotes that do not close, or
read by csv to the end of a record, and the cutting starts afresh from there.  Imports numpy by way
of grid.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from ..report import Level
from . import helpers
from .grid import Grid, read_grid
from .helpers import Helpers, Shared
from .records import MAX_RECORD, TooLong, allow_cells_of, read_irregular
from .text import Damaged, Text

BLOCK = 1 << 20
"""Bytes of a block: what is read again and again stays in a processor's cache."""

ALONE = 2
"""Blocks that one process judges sooner than others are started."""

LARGEST = 8 * BLOCK
"""Bytes that a block never reaches, even one long line of Windows-1252 become UTF-8."""

T = TypeVar("T")
Room = Mapping[Level, int]
Check = Callable[[Grid, Room], T]


@dataclass(frozen=True)
class Judged(Generic[T]):
    """A block, judged; grid: where its records are, made again only when it is asked for; stop: the
    record after it is too long, nothing more was read."""

    result: T
    grid: Callable[[], Grid]
    stop: TooLong | None = None


class Blocks:
    """The blocks of a text, from what follows its header."""

    def __init__(self, text: Text, start: bytes, delimiter: str, width: int, longest: int) -> None:
        """start: what was read of the text and is not yet used; longest: characters of a cell."""
        self._text = text
        self._left = start
        self._delimiter, self._width = delimiter, width
        self._longest = longest
        allow_cells_of(longest)
        self._damage: Damaged | None = None

    def judged(self, check: Check[T], room: Callable[[], Room]) -> Iterator[Judged[T]]:
        """Each block judged by `check`, in the order of the file; room: asked anew for each.

        Raises Damaged, whose line is counted from the end of the last block handed back.
        """
        yield from self._all(check, room)
        if self._damage:
            raise self._damage

    def _all(self, check: Check[T], room: Callable[[], Room]) -> Iterator[Judged[T]]:
        for _ in range(ALONE):
            block = self._next()
            if not block:
                return
            judged = self._alone(block, check, room())
            yield judged
            if judged.stop:
                return
        count = helpers.number()
        if count:
            yield from self._helped(check, room, count)
        else:
            while block := self._next():
                judged = self._alone(block, check, room())
                yield judged
                if judged.stop:
                    return

    def _alone(self, block: bytes, check: Check[T], room: Room) -> Judged[T]:
        grid = self._grid(block)
        if grid is not None:
            return Judged(check(grid, room), lambda: grid)
        judged, rest = self._irregular(block, deque(), check, room)
        self._left = rest + self._left
        return judged

    def _helped(self, check: Check[T], room: Callable[[], Room], count: int) -> Iterator[Judged[T]]:
        def job(block: bytes, room: Room) -> T | None:
            grid = self._grid(block)
            return None if grid is None else check(grid, room)

        with Helpers(job, count, LARGEST) as others:
            shared = Shared(others, job)
            while True:
                while shared.wants and (block := self._next()):
                    shared.add(block, room())
                if not shared:
                    return
                block, result = shared.first(room())
                if result is not None:
                    yield Judged(result, partial(self._again, block))
                    continue
                ahead = shared.blocks()
                judged, rest = self._irregular(block, ahead, check, room())
                yield judged
                if judged.stop:
                    return
                if rest or len(ahead) < len(shared):
                    # the record did not end with the block: what follows was cut wrongly
                    shared.forget()
                    self._left = b"".join((rest, *ahead, self._left))

    def _irregular(
        self, block: bytes, ahead: deque[bytes], check: Check[T], room: Room
    ) -> tuple[Judged[T], bytes]:
        """A block that was cut inside quotes, or that csv must read; and what is left of the last
        block that was needed."""
        end = _even_end(block)
        if 0 < end < len(block):
            grid = self._grid(block[:end])
            if grid is not None:
                return Judged(check(grid, room), lambda: grid), block[end:]

        def more() -> bytes:
            return ahead.popleft() if ahead else self._next()

        read, rest, stop = read_irregular(block, more, self._delimiter, self._width, self._longest)
        return Judged(check(read, room), lambda: read, stop), rest

    def _next(self) -> bytes:
        """The next block, whole lines but for the end of the file; b"" when there is no more."""
        data, self._left = self._left, b""
        if len(data) < BLOCK:
            data += self._read()
        if len(data) > 2 * BLOCK:
            end = data.rfind(b"\n", 0, BLOCK) + 1 or data.find(b"\n", BLOCK) + 1 or len(data)
            data, self._left = data[:end], data[end:]
        return data

    def _read(self) -> bytes:
        """What was read before damage is judged all the same: the line of the damage is counted."""
        if self._damage:
            return b""
        try:
            return self._text.read(BLOCK)
        except Damaged as damage:
            self._damage = damage
            return b""

    def _grid(self, block: bytes) -> Grid | None:
        whole = block if block.endswith(b"\n") else block + b"\n"
        grid = read_grid(whole, self._delimiter, self._width)
        # bytes, at least as many as characters: csv will count those
        return grid if grid is not None and self._short(grid) else None

    def _again(self, block: bytes) -> Grid:
        """The grid of a block that another process has read."""
        grid = self._grid(block)
        assert grid is not None
        return grid

    def _short(self, grid: Grid) -> bool:
        longest = grid.longest
        return longest <= self._longest or (
            longest <= MAX_RECORD and grid.longest_cell <= self._longest
        )


def _even_end(data: bytes) -> int:
    """After the last line end before which quotes come in pairs; 0 if there is none."""
    end = len(data)
    odd = data.count(b'"') & 1
    while odd and end:
        quote = data.rfind(b'"', 0, end)
        line_end = data.rfind(b"\n", 0, quote) + 1
        odd ^= data.count(b'"', line_end, end) & 1
        end = line_end
    return end
