"""What the ZIP of a workbook holds, measured by inflating it: its headers may lie.

The directory is read with zipfile, in bounded memory; each member is inflated and counted, none is
kept.  Imports the standard library only.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from ..limits import MEBIBYTE, Limits
from ..report import Finding, Unreadable, error
from .amiss import Marks, marks_of

Kind = Literal["xlsx", "xlsb", "ods", "document", "presentation", "zip"]

MAX_ENTRIES = 10_000
"""Members of a workbook: a sheet, an image or a drawing each."""

MAX_DIRECTORY = 4 * MEBIBYTE
"""Bytes of the list of members, that zipfile reads whole."""

FREE = 16 * MEBIBYTE
"""Bytes held that are not held against a small file: sheets of formatted rows shrink well."""

CHUNK = 1 << 20
LOCAL_HEADER = struct.Struct("<4s22xHH")
ENCRYPTED = 0x1
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, KeyError, NotImplementedError, OSError, ValueError),
)
"""What zipfile raises on a directory that makes no sense, and the rest on members that do not."""

FOLDERS: tuple[tuple[str, Kind], ...] = (
    ("xl/workbook.bin", "xlsb"),
    ("xl/", "xlsx"),
    ("word/", "document"),
    ("ppt/", "presentation"),
)
OPENDOCUMENT = b"application/vnd.oasis.opendocument."
MIMETYPES: tuple[tuple[bytes, Kind], ...] = (
    (b"spreadsheet", "ods"),
    (b"text", "document"),
    (b"presentation", "presentation"),
)


@dataclass(frozen=True)
class Archive:
    """A ZIP: what it is, and its members as its directory tells them."""

    kind: Kind
    members: tuple[zipfile.ZipInfo, ...]

    @property
    def told_size(self) -> int:
        """Bytes that it says it holds."""
        return sum(member.file_size for member in self.members)


def open_archive(file: BinaryIO) -> Archive:
    """What the ZIP in this seekable file is; Unreadable when damaged or of too many members."""
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:
            members = tuple(archive.infolist())
    except DAMAGED:
        raise Unreadable(error("sheet-unreadable")) from None
    if len(members) > MAX_ENTRIES:
        raise Unreadable(_too_many())
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unreadable(error("sheet-encrypted"))
    return Archive(_kind(file, members), members)


def measure(file: BinaryIO, size: int, archive: Archive, limits: Limits) -> dict[str, Marks]:
    """Inflate and count what is held, up to the limits; Unreadable beyond, or when a member lies.

    size: bytes of the file.  Returns, by name of the member, the marks of cells of which calamine
    gives nothing.
    """
    _measure(archive.told_size, size, limits)
    total, found = 0, {}
    for member in archive.members:
        start = total
        marks = marks_of(member.filename)
        for data in _inflate(file, member):
            total += len(data)
            _measure(total, size, limits)
            if marks:
                marks.see(data)
        if total - start != member.file_size:
            raise Unreadable(error("sheet-unreadable"))
        if marks and (marks.errors or marks.uncalculated):
            found[member.filename] = marks
    return found


def content(file: BinaryIO, archive: Archive, name: str) -> Iterator[bytes]:
    """What the member of this name holds, nothing if there is none; the archive was measured."""
    for member in archive.members:
        if member.filename == name:
            yield from _inflate(file, member)
            return


def _measure(total: int, size: int, limits: Limits) -> None:
    if total > limits.max_inflated:
        raise Unreadable(error("archive-oversized", limit=limits.max_inflated // MEBIBYTE))
    if total > FREE + limits.max_ratio * size:
        raise Unreadable(error("archive-ratio", limit=limits.max_ratio))


class _Bounded:
    """The file as zipfile reads it: the directory at once, whatever size it says it has."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, MAX_DIRECTORY + 1) if size >= 0 else MAX_DIRECTORY + 1)
        if len(data) > MAX_DIRECTORY:
            raise Unreadable(_too_many())
        return data


def _too_many() -> Finding:
    return error("archive-entries", limit=MAX_ENTRIES)


def _kind(file: BinaryIO, members: tuple[zipfile.ZipInfo, ...]) -> Kind:
    names = [member.filename.replace("\\", "/").lower() for member in members]
    if "mimetype" in names:
        head = next(_inflate(file, members[names.index("mimetype")]), b"")
        for document, kind in MIMETYPES:
            if head.startswith(OPENDOCUMENT + document):
                return kind
    for folder, kind in FOLDERS:
        if any(name.startswith(folder) for name in names):
            return kind
    return "zip"


def _inflate(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member holds, to the end of its data and not to the size that it says."""
    try:
        file.seek(member.header_offset)
        signature, name, extra = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
        file.seek(name + extra, 1)
        if signature != b"PK\x03\x04":
            raise zipfile.BadZipFile
        yield from METHODS[member.compress_type](_taken(file, member.compress_size))
    except DAMAGED:
        raise Unreadable(error("sheet-unreadable")) from None


def _taken(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (data := file.read(min(size, CHUNK))):
        size -= len(data)
        yield data


def _inflated(stored: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=-15)
    for data in stored:
        rest, full = data, False
        while (rest or full) and not inflater.eof:
            held = inflater.decompress(rest, CHUNK)
            rest, full = inflater.unconsumed_tail, len(held) == CHUNK  # more may be kept inside
            yield held
    if not inflater.eof:
        raise EOFError


METHODS: dict[int, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    zipfile.ZIP_STORED: iter,
    zipfile.ZIP_DEFLATED: _inflated,
}
