"""The stream handed in by a portal or a shell: read once, hashed and measured, never closed.

Imports the standard library only.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from .magic import HEAD
from .report import Unreadable, error

MAX_BYTES = 512 * 1024 * 1024
"""Largest file read, where its reader has no limit of its own."""

CHUNK = 1 << 16


class Intake:
    """A readable over a stream: `head` may be looked at before reading; totals while reading."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.limit = MAX_BYTES
        self._hash = hashlib.sha256()
        self._size = 0
        self.head = self._take(HEAD)
        self._pending = self.head

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    @property
    def size(self) -> int:
        """Bytes read so far."""
        return self._size

    def read(self, size: int = CHUNK) -> bytes:
        """At most size bytes, b"" at the end; Unreadable beyond `limit` bytes in all."""
        if self._pending:
            data, self._pending = self._pending[:size], self._pending[size:]
            return data
        return self._count(self._stream.read(size))

    def drain(self) -> None:
        """Read to the end (or to `limit`) so that size and sha256 are those of the file."""
        try:
            while self.read():
                pass
        except Unreadable:
            return

    def _take(self, wanted: int) -> bytes:
        parts: list[bytes] = []
        while wanted > 0 and (data := self._stream.read(wanted)):
            parts.append(self._count(data))
            wanted -= len(data)
        return b"".join(parts)

    def _count(self, data: bytes) -> bytes:
        self._size += len(data)
        self._hash.update(data)
        if self._size > self.limit:
            raise Unreadable(error("file-too-large", limit=self.limit // 1024 // 1024))
        return data
