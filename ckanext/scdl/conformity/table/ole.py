"""What an old Office file (OLE, Compound File Binary) is, from the names of its streams.

[MS-CFB]: sectors chained by a table; the directory is one of the chains.  Imports the standard
library only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal

Kind = Literal["xls", "encrypted", "document", "presentation", "office", "damaged"]

STREAMS: dict[str, Kind] = {
    "encryptedpackage": "encrypted",
    "workbook": "xls",
    "book": "xls",
    "worddocument": "document",
    "powerpoint document": "presentation",
}
HEADER = 512
HEADER_TABLES = 109
"""Sectors of the table that the header names itself."""
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
MAX_SECTORS = 4096
"""Sectors of the directory: some thousands of streams, where a workbook has ten."""


def ole_kind(file: BinaryIO) -> Kind:
    """What the OLE in this seekable file is."""
    try:
        names = set(_Directory(file).names())
    except (struct.error, ValueError, OSError):
        return "damaged"
    return next((kind for name, kind in STREAMS.items() if name in names), "office")


class _Directory:
    """The chain of sectors that lists the streams."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        header = file.read(HEADER)
        (shift,) = struct.unpack_from("<H", header, 30)
        if shift not in (9, 12):
            raise ValueError
        self._size = 1 << shift
        self._start, self._next_tables = struct.unpack_from("<I16xI", header, 48)
        self._tables = list(struct.unpack_from(f"<{HEADER_TABLES}I", header, 76))

    def names(self) -> Iterator[str]:
        """Of the streams, in lower case."""
        for sector in self._chain():
            data = self._sector(sector)
            for at in range(0, len(data) - ENTRY + 1, ENTRY):
                name = data[at : at + 64].decode("utf-16-le", "replace")
                yield name.partition("\0")[0].lower()

    def _chain(self) -> Iterator[int]:
        sector = self._start
        for _ in range(MAX_SECTORS):
            if sector >= LAST_SECTOR:
                return
            yield sector
            sector = self._next(sector)
        raise ValueError

    def _next(self, sector: int) -> int:
        """The sector that follows, by the table."""
        per_sector = self._size // 4
        table, place = divmod(sector, per_sector)
        self._know_table(table)
        (following,) = struct.unpack_from("<I", self._sector(self._tables[table]), place * 4)
        return int(following)

    def _know_table(self, number: int) -> None:
        """Beyond those of the header, the sectors of the table are listed in further sectors."""
        while number >= len(self._tables):
            if self._next_tables >= LAST_SECTOR:
                raise ValueError
            more = struct.unpack(f"<{self._size // 4}I", self._sector(self._next_tables))
            self._tables += more[:-1]
            self._next_tables = more[-1]

    def _sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._size)
        return self._file.read(self._size)
