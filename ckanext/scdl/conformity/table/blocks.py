"""A table in blocks of whole records, judged in several threads and handed back in order.

A block ends at some line end.  Where that one is inside quotes, or a quote is where none should be,
the block's own proof fails (`grid`): the block is cut again before the quotes that do not close, or
read by csv to the end of a record, and the cutting starts afresh from there.  numpy lets other
threads run while it works.  Imports numpy by way of grid.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from .grid import Grid, read_grid
from .records import TooLong, read_irregular
from .text import Text

BLOCK = 1 << 20
"""Bytes of a block: what is read again and again stays in a processor's cache."""

WORKERS = min(4, os.cpu_count() or 1)

T = TypeVar("T")


@dataclass(frozen=True)
class Judged(Generic[T]):
    """A block, judged; stop: its last record is too long, nothing after it was read."""

    result: T
    stop: TooLong | None = None


class Blocks:
    """The blocks of a text, from what follows its header."""

    def __init__(self, text: Text, start: bytes, delimiter: str, width: int, longest: int) -> None:
        """start: what was read of the text and is not yet used; longest: characters of a record."""
        self._text = text
        self._left = start
        self._delimiter, self._width = delimiter, width
        self._longest = longest

    def judged(self, check: Callable[[Grid], T]) -> Iterator[Judged[T]]:
        """Each block judged by `check`, in the order of the file."""
        first = self._next()
        if not first:
            return
        if not (second := self._next()):
            yield from self._inline(first, check)
            return
        with ThreadPoolExecutor(WORKERS, "scdl-check") as pool:
            yield from self._threaded(deque([first, second]), check, pool)

    def _inline(self, block: bytes, check: Callable[[Grid], T]) -> Iterator[Judged[T]]:
        """A small file: starting threads would cost more than they save."""
        while block:
            grid = self._grid(block)
            if grid is not None:
                yield Judged(check(grid))
                block = self._next()
                continue
            judged, self._left = self._irregular(block, deque(), check)
            yield judged
            block = b"" if judged.stop else self._next()

    def _threaded(
        self, waiting: deque[bytes], check: Callable[[Grid], T], pool: ThreadPoolExecutor
    ) -> Iterator[Judged[T]]:
        def try_(block: bytes) -> T | None:
            grid = self._grid(block)
            return None if grid is None else check(grid)

        running: deque[tuple[bytes, Future[T | None]]] = deque()
        while True:
            while len(running) <= WORKERS and (
                block := waiting.popleft() if waiting else self._next()
            ):
                running.append((block, pool.submit(try_, block)))
            if not running:
                return
            block, future = running.popleft()
            result = future.result()
            if result is not None:
                yield Judged(result)
                continue
            ahead = deque(block for block, _ in running)
            before = len(ahead)
            judged, rest = self._irregular(block, ahead, check)
            yield judged
            if judged.stop:
                return
            if len(ahead) == before and not rest:
                continue  # the record ended with the block: what follows was cut rightly
            running.clear()
            self._left = b"".join((rest, *ahead, *waiting, self._left))
            waiting.clear()

    def _irregular(
        self, block: bytes, ahead: deque[bytes], check: Callable[[Grid], T]
    ) -> tuple[Judged[T], bytes]:
        """A block that was cut inside quotes, or that csv must read; and what is left of the last
        block that was needed."""
        end = _even_end(block)
        if 0 < end < len(block):
            grid = self._grid(block[:end])
            if grid is not None:
                return Judged(check(grid)), block[end:]

        def more() -> bytes:
            return ahead.popleft() if ahead else self._next()

        grid, rest, stop = read_irregular(block, more, self._delimiter, self._width, self._longest)
        return Judged(check(grid), stop), rest

    def _next(self) -> bytes:
        """The next block, whole lines but for the end of the file; b"" when there is no more."""
        data, self._left = self._left, b""
        if not data:
            return self._text.read(BLOCK)
        if len(data) > 2 * BLOCK and (end := data.rfind(b"\n", 0, BLOCK) + 1):
            data, self._left = data[:end], data[end:]
        return data

    def _grid(self, block: bytes) -> Grid | None:
        whole = block if block.endswith(b"\n") else block + b"\n"
        grid = read_grid(whole, self._delimiter, self._width)
        # bytes, at least as many as characters: csv will count those
        return grid if grid is not None and grid.longest <= self._longest else None


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
