"""Let expat's handlers sleep through what is of no concern to them.

A handler in Python costs several times the parsing itself, and most of a large town's budget is
annexes.  Each listener says which elements matter to it; it hears the chunks that name one of them,
and goes on while it is busy.  Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Protocol

from .parser import Feed, check_root

MAX_ASLEEP = 500_000
"""Marks « < » of a document that nobody hears: the depth they reach is not known."""

MAX_ASLEEP_BYTES = 8 * 1024 * 1024
"""Bytes that nobody hears: the names in them are not counted."""


class Listener(Protocol):
    """What hears of elements; told of others, it does as if they were not there."""

    @property
    def names(self) -> Iterable[str]:
        """Those that matter, in any namespace, at their start or at their end."""
        ...

    @property
    def idle(self) -> bool:
        """Nothing half read: it may sleep."""
        ...

    def wake(self) -> None:
        """It hears again, from anywhere in the document."""
        ...

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...


class Listening:
    """Chooses who hears each chunk, once the root has been found to be a budget's.

    All hear what is beyond the annexes of any town.
    """

    def __init__(self, feed: Feed, listeners: Sequence[Listener]) -> None:
        self._parser = feed.parser
        self._all = listeners
        self._always = self._rooted = False
        self._last = [0] * len(listeners)
        self._patterns = [_patterns(listener.names) for listener in listeners]
        self._longest = max(len(name) for one in listeners for name in one.names) + len("</")
        self._carry = b""
        self._at = self._marks = self._bytes = 0
        self._hearing: Sequence[Listener] = listeners
        self._parser.StartElementHandler = self._root

    def choose(self, data: bytes) -> None:
        """Before `data` is parsed."""
        if self._always:
            return
        seen = self._carry + data
        concerned = [self._concerns(rank, seen) for rank in range(len(self._all))]
        if self._rooted:
            self._set([one for one, needed in zip(self._all, concerned, strict=True) if needed])
        self._at += len(data)
        self._carry = seen[1 - self._longest :]
        if not self._hearing:
            self._bound(data)

    def _concerns(self, rank: int, seen: bytes) -> bool:
        """Does `seen` name what matters to this listener, or has it not heard all about the last?

        The parser may hold a tag back.
        """
        listener = self._all[rank]
        named = chain.from_iterable(one.finditer(seen) for one in self._patterns[rank])
        if (last := max((found.start() for found in named), default=-1)) >= 0:
            self._last[rank] = self._at - len(self._carry) + last
            return True
        if listener not in self._hearing:
            return False
        return not listener.idle or self._parser.CurrentByteIndex <= self._last[rank]

    def _bound(self, data: bytes) -> None:
        self._marks += data.count(b"<")
        self._bytes += len(data)
        if self._marks > MAX_ASLEEP or self._bytes > MAX_ASLEEP_BYTES:
            self._always = True
            self._set(self._all)

    def _set(self, hearing: Sequence[Listener]) -> None:
        if list(hearing) == list(self._hearing):
            return
        for listener in hearing:
            if listener not in self._hearing:
                listener.wake()
        self._hearing = hearing
        if len(hearing) > 1:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
        else:
            self._parser.StartElementHandler = hearing[0].start if hearing else None
            self._parser.EndElementHandler = hearing[0].end if hearing else None

    def _root(self, tag: str, attributes: dict[str, str]) -> None:
        check_root(tag, self._parser.CurrentLineNumber)
        self._rooted = True
        self._hearing = ()
        self._set(self._all)
        for listener in self._all:
            listener.start(tag, attributes)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        for listener in self._hearing:
            listener.start(tag, attributes)

    def _end(self, tag: str) -> None:
        for listener in self._hearing:
            listener.end(tag)


def _patterns(names: Iterable[str]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Tags of these names, without and with a prefix: apart, each is found by its first byte."""
    some = b"|".join(name.encode() for name in sorted(names))
    return re.compile(b"</?(?:" + some + b")"), re.compile(b":(?:" + some + b")")
