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
from typing import Any, Generic, TypeVar, cast

R = TypeVar("R")
Job = Callable[[bytes, Any], R]
"""Bytes and some small thing that goes with them."""

MOST = 4
"""Helpers; reading, which one process does, would not keep more of them busy."""

AHEAD = 2
"""Blocks that wait at each helper, so that none of them is idle."""


_allowed = False


def allow() -> None:
    """Let this process be forked: it has nothing that a copy of it could disturb.

    A command has not; a portal has connections, threads and sockets, and is never forked.
    """
    global _allowed  # noqa: PLW0603 (a choice of the whole process)
    _allowed = True


def number() -> int:
    """How many helpers to start: none where it was not allowed, or brings nothing."""
    if not _allowed or not sys.platform.startswith("linux"):
        return 0
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    # this process works too
    return min(MOST, len(os.sched_getaffinity(0)) - 1) if alone else 0


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
        self._helpers: list[tuple[Any, Connection]] = []
        for rank in range(count):
            ours, theirs = context.Pipe()
            not_its_own = [ours, *(connection for _, connection in self._helpers)]
            process = context.Process(
                target=_serve,
                args=(job, theirs, self._memory, not_its_own, os.getpid()),
                daemon=True,
                name=f"scdl-{rank}",
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
            process.kill()  # it holds nothing, and a server's own signals are not for it
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

    @property
    def ready(self) -> bool:
        """Is the answer about the first block there?"""
        return self._helpers[self._turn[0]][1].poll()

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


WAITING = 8
"""Blocks that are kept until those before them are judged."""


class Shared(Generic[R]):
    """Blocks in the order of the file, each given to a helper, or judged here when all are full."""

    def __init__(self, others: Helpers[R], job: Job[R]) -> None:
        self._others, self._job = others, job
        self._waiting: deque[tuple[bytes, R | None, bool]] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def wants(self) -> bool:
        """Is another block better than waiting for what was made of the first one?"""
        if not self._waiting or not self._others.full:
            return len(self._waiting) < WAITING
        _, _, given = self._waiting[0]
        return given and not self._others.ready and len(self._waiting) < WAITING

    def add(self, block: bytes, more: Any) -> None:
        """One block more."""
        if self._others.full:
            self._waiting.append((block, self._job(block, more), False))
        else:
            self._others.give(block, more)
            self._waiting.append((block, None, True))

    def first(self, more: Any) -> tuple[bytes, R]:
        """The first block, and what was made of it."""
        block, result, given = self._waiting.popleft()
        if given:
            try:
                result = self._others.next()
            except Lost:
                result = self._job(block, more)
        return block, cast("R", result)

    def blocks(self) -> deque[bytes]:
        """Those that wait."""
        return deque(block for block, _, _ in self._waiting)

    def forget(self) -> None:
        """Leave them all."""
        for _, _, given in self._waiting:
            if given:
                self._others.skip()
        self._waiting.clear()


def _serve(
    job: Job[R], connection: Connection, memory: mmap.mmap, others: list[Connection], parent: int
) -> None:
    """In a helper: until nothing more is asked, or nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed is for the one who started us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()  # held here, they would hide that the other end is gone
    while os.getppid() == parent:
        try:
            begin, length, more = connection.recv()
            connection.send(job(memory[begin : begin + length], more))
        except (EOFError, OSError):
            return
