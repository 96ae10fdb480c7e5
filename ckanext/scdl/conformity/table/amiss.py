"""Cells of an XLSX sheet of which calamine gives nothing: those in error, and formulas of which the
program that wrote them kept no result.

Told from the XML of the sheet, in bounded memory; only where the measuring of the archive has seen
marks of them.  Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import PurePosixPath

ERROR = b' t="e"'
ODS_ERROR = b' calcext:value-type="error"'
UNCALCULATED = (b"</f></c>", b"</f><v/>", b"</f><v />", b"</f><v></v>")
KEPT = max(map(len, (ODS_ERROR, *UNCALCULATED))) - 1
"""Bytes that may begin a mark."""

MOST = 10_000
"""Cells in error of which the place is kept."""

CELL_END = b"</c>"
LONGEST = 1 << 20
"""Bytes of a cell beyond which its end is not waited for."""

REFERENCE = re.compile(rb'<c\b[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})"')
VALUE = re.compile(rb"<v>([^<]{1,40})</v>")
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(rb"<Relationship\b[^>]*>")
TEXT_RESULT = b' t="str"'
"""A formula whose result is an empty text has one."""


@dataclass
class Marks:
    """What a member of the archive shows of such cells, before any is looked at."""

    error: bytes
    errors: int = 0
    uncalculated: int = 0
    _before: bytes = b""

    def see(self, data: bytes) -> None:
        """Some more of the member."""
        before, seen = self._before, self._before + data
        self.errors += seen.count(self.error) - before.count(self.error)
        if b"</f>" in seen:
            for mark in UNCALCULATED:
                self.uncalculated += seen.count(mark) - before.count(mark)
        self._before = seen[-KEPT:]


def marks_of(member: str) -> Marks | None:
    """None for a member that holds no sheet."""
    if member.startswith("xl/worksheets/"):
        return Marks(ERROR)
    return Marks(ODS_ERROR) if member == "content.xml" else None


@dataclass
class Amiss:
    """Cells of a sheet, by row and column from 0.

    errors: what those in error show, MOST at most; number: how many there are; uncalculated: how
    many formulas have no result; first: the place of the first of each, "" where it is not told.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    number: int = 0
    uncalculated: int = 0
    first_error: str = ""
    first_uncalculated: str = ""


def cells_amiss(xml: Iterable[bytes]) -> Amiss:
    """Those of a sheet, from its XML."""
    found = Amiss()
    for cell in _marked_cells(xml):
        tag = cell[: cell.find(b">")]
        place = REFERENCE.match(cell)
        name = (place[1] + place[2]).decode() if place else ""
        if ERROR in tag:
            found.number += 1
            found.first_error = found.first_error or name
            value = VALUE.search(cell)
            if place and value and len(found.errors) < MOST:
                at = (int(place[2]) - 1, _column(place[1]))
                found.errors[at] = unescape(value[1].decode("utf-8", "replace"))
        elif TEXT_RESULT not in tag:
            found.uncalculated += 1
            found.first_uncalculated = found.first_uncalculated or name
    return found


def _marked_cells(xml: Iterable[bytes]) -> Iterator[bytes]:
    """Whole cells that bear a mark, in order."""
    left = b""
    for data in xml:
        seen = left + data
        end = seen.rfind(CELL_END) + len(CELL_END)
        if end < len(CELL_END):
            left = seen[-LONGEST:]
            continue
        left = seen[end:]
        yield from _marked(seen[:end])


def _marked(seen: bytes) -> Iterator[bytes]:
    done = 0
    for at in sorted(_places(seen)):
        if at < done:
            continue
        begin = seen.rfind(b"<c ", done, at)
        if begin < 0 or seen.find(CELL_END, begin, at) >= 0:
            done = at  # no cell goes on from before: nothing is looked at twice
            continue
        tag_end = seen.find(b">", begin) + 1
        if seen.endswith(b"/>", begin, tag_end):
            done = tag_end  # it has no content
            continue
        done = seen.find(CELL_END, at) + len(CELL_END)
        yield seen[begin:done]


def _places(seen: bytes) -> Iterator[int]:
    for mark in (ERROR, *UNCALCULATED):
        at = seen.find(mark)
        while at >= 0:
            yield at
            at = seen.find(mark, at + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def member_of(name: str, workbook: bytes, relations: bytes) -> str | None:
    """The member of the archive that holds the sheet of this name, from xl/workbook.xml and its
    relations; None if they do not say it as spreadsheets write it."""
    for tag in SHEET.findall(workbook):
        if _attribute(tag, b"name") == name:
            wanted = _attribute(tag, rb"\w+:id")
            for relation in RELATION.findall(relations):
                target = _attribute(relation, b"Target")
                if target and wanted and _attribute(relation, b"Id") == wanted:
                    return str(PurePosixPath("xl", target)).lstrip("/")
    return None


def _attribute(tag: bytes, name: bytes) -> str | None:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else None
