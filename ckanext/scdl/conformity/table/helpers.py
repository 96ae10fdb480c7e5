"""Processes that judge blocks beside ours: forked, so that they know all that we know.

Python's threads take turns at every small step of numpy, which costs more than it brings; processes
do not.  A block is handed over in memory that both see, its judgement comes back pickled.
Imports the standard library only.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Generic, TypeVar

R = TypeVar("R")
Job = Callable[[bytes, Any], R]
"""Bytes and some small thing that goes with them."""

MOST = 4
"""Helpers; reading, which one process does, would not keep more of them busy."""

AHEAD = 2
"""Blocks that wait at each helper, so that none of them is idle."""


def number() -> int:
    """How many helpers to start: none where forking is not safe, or brings nothing.

    A fork copies one thread alone: a portal that has several keeps to one process.
    """
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    if not sys.platform.startswith("linux") or not alone:
        return 0
    processors = len(os.sched_getaffinity(0))
    return min(MOST, processors) if processors > 1 else 0


class Lost(Exception):
    """A helper has gone; what it was given must be done here."""


class Helpers(Generic[R]):
    """Gives blocks to helpers in turn, and returns what they made of them in the same order."""

    def __init__(self, job: Job[R], count: int, size: int) -> None:
        """size: bytes of a block at most."""
        self._size = size
        self._memory = mmap.mmap(-1, count * AHEAD * size)
        self._turn: deque[int] = deque()
        self._given = 0
        context = multiprocessing.get_context("fork")
        self._helpers = []
        for rank in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(job, theirs, self._memory), daemon=True, name=f"scdl-{rank}"
            )
            process.start()
            theirs.close()
            self._helpers.append((process, ours))

    def __enter__(self) -> Helpers[R]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for process, connection in self._helpers:
            connection.close()
            process.terminate()
        for process, _ in self._helpers:
            process.join()
        self._memory.close()

    @property
    def full(self) -> bool:
        """Has every helper all that it can be given?"""
        return len(self._turn) >= AHEAD * len(self._helpers)

    def give(self, block: bytes, more: Any) -> None:
        """Only when not full."""
        rank = self._given % len(self._helpers)
        slot = self._given % (AHEAD * len(self._helpers))
        begin = slot * self._size
        self._memory[begin : begin + len(block)] = block
        self._given += 1
        self._turn.append(rank)
        try:
            self._helpers[rank][1].send((begin, len(block), more))
        except OSError:
            return  # `next` will tell

    def next(self) -> R:
        """What was made of the first block given that has not been asked for; Lost if nothing."""
        _, connection = self._helpers[self._turn.popleft()]
        try:
            result: R = connection.recv()
        except (OSError, EOFError):
            raise Lost from None
        return result

    def skip(self) -> None:
        """Leave the first block that was given and not asked for."""
        try:
            self.next()
        except Lost:
            return


def _serve(job: Job[R], connection: Connection, memory: mmap.mmap) -> None:
    """In a helper: until nothing more is asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed is for the one who started us
    while True:
        try:
            begin, length, more = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(job(memory[begin : begin + length], more))
