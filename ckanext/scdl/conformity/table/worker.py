"""Reads a workbook in a process of its own, limited in memory and time.

calamine holds a sheet whole, as wide and high as its last cells: a few bytes of a hostile file may
ask for all the memory there is, or for a chain of sectors without end, and Rust then aborts the
process.  So it is another process than the portal's.

Started by `sheets`, by path: it sees nothing of the package, and imports only the standard library
and python-calamine.  It writes one line of JSON a sheet, then an empty line; it is told the name of
a sheet and its cells in error, in one line of JSON, and writes its rows as CSV.  Its exit code says
why it stopped.
"""

from __future__ import annotations

import datetime
import io
import itertools
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, TextIO

ENCRYPTED, OVERSIZED, DAMAGED = 3, 4, 5
"""Exit codes."""

HEAD_ROWS, HEAD_COLUMNS, HEAD_CELL = 30, 256, 200
"""Of each sheet, from its first row that is not empty: where its header is looked for."""

HEAD, HEADS = 1 << 17, 1 << 20
"""Characters of these of one sheet, and of all: the process that asks must keep them, and look for
a header in them."""

SHEETS = 1_000
"""Sheets of a workbook at most."""

BUFFER = 1 << 18
"""Bytes written at once."""

FALSE, TRUE = "FAUX", "VRAI"

DIGITS = 15
"""Significant digits that a spreadsheet shows."""

HALF_SECOND = datetime.timedelta(milliseconds=500)
Value = Any


def main() -> int:
    request = json.loads(sys.argv[1])
    _limit(request["memory"], request["seconds"])
    sys.path[:] = request["path"]
    import python_calamine as calamine

    out = io.TextIOWrapper(os.fdopen(1, "wb", BUFFER), "utf-8", newline="")
    try:
        sheets = _describe(calamine, request["file"], out)
        asked = json.loads(sys.stdin.readline())
        sheet = sheets.pop(asked["name"])
        sheets.clear()
        rows = _with_errors(sheet.iter_rows(), asked["errors"])
        out.writelines(_lines(sheet, rows, request["cell"]))
        out.flush()
    except MemoryError:
        return OVERSIZED
    except calamine.PasswordError:
        return ENCRYPTED
    except calamine.CalamineError as exception:
        return OVERSIZED if "limit exceeded" in str(exception) else DAMAGED
    except OverflowError:
        return DAMAGED
    except BaseException as exception:
        if type(exception).__name__ != "PanicException":  # calamine's, from Rust: no other name
            raise
        return DAMAGED
    return 0


def _limit(memory: int, seconds: int) -> None:
    import resource

    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),  # a signal, then the end
    ):
        _, allowed = resource.getrlimit(kind)
        most = hard if allowed == resource.RLIM_INFINITY else min(hard, allowed)
        resource.setrlimit(kind, (min(soft, most), most))


def _describe(calamine: Any, file: str, out: TextIO) -> dict[str, Any]:
    """Write what each sheet is; the sheets by name."""
    workbook = calamine.CalamineWorkbook.from_path(file)
    sheets: dict[str, Any] = {}
    room = HEADS
    for known in workbook.sheets_metadata:
        if len(sheets) == SHEETS:
            raise MemoryError
        sheet = sheets[known.name] = workbook.get_sheet_by_name(known.name)
        rows, columns = (last + 1 for last in sheet.end or (-1, -1))
        head = _head(sheet, min(room, HEAD))
        room -= sum(len(cell) + 1 for cells in head for cell in cells)
        told = {
            "name": known.name,
            "visible": known.visible == calamine.SheetVisibleEnum.Visible,
            "chart": known.typ == calamine.SheetTypeEnum.ChartSheet,
            "filled": rows > 0 and any(value != "" for row in sheet.iter_rows() for value in row),
            "rows": rows,
            "columns": columns,
            "head": head,
        }
        out.write(json.dumps(told) + "\n")
    out.write("\n")
    out.flush()
    return sheets


def _head(sheet: Any, room: int) -> list[list[str]]:
    """Its first rows, as many whole ones as so many characters hold."""
    head = []
    for row in sheet.to_python(nrows=HEAD_ROWS):
        cells = [shown(value)[:HEAD_CELL] for value in row[:HEAD_COLUMNS]]
        room -= sum(map(len, cells)) + len(cells)
        if room < 0:
            break
        head.append(cells)
    return head


def _with_errors(rows: Any, errors: list[list[Any]]) -> Any:
    """The rows with what cells in error show, where calamine gives an empty text.

    errors: row and column from 0, and the text of each.
    """
    if not errors:
        return rows
    by_row: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in errors:
        by_row.setdefault(row, []).append((column, text))
    return map(partial(_patched, by_row), itertools.count(), rows)


def _patched(errors: dict[int, list[tuple[int, str]]], row: int, values: list[Any]) -> list[Any]:
    for column, text in errors.get(row, ()):
        if column < len(values) and values[column] == "":
            values[column] = text
    return values


def _lines(sheet: Any, rows: Any, longest: int) -> Iterator[str]:
    """Every row as CSV, from the first of the sheet to the last that is not empty, all of one
    width.

    A cell is cut one character beyond the longest that is read: the reader will see it.
    """
    width = sheet.end[1] + 1
    left = [""] * sheet.start[1]
    empty = ",".join([""] * width) or '""'
    blank = 0
    for values in rows:
        row = left + [v if type(v) is str else SHOWN[type(v)](v) for v in values]
        text = ",".join(row)
        if len(text) < width:  # nothing but commas
            blank += 1
            continue
        for _ in range(blank):
            yield f"{empty}\r\n"
        blank = 0
        if len(text) > longest:
            row = [cell[: longest + 1] for cell in row]
            text = ",".join(row)
        # most rows have nothing to quote, and joining is thrice as fast as csv.writer
        if text.count(",") >= width or _special(text):
            text = ",".join(map(_quoted, row))
        yield f"{text}\r\n"


def _special(text: str) -> bool:
    return '"' in text or "\n" in text or "\r" in text


def _quoted(cell: str) -> str:
    if "," not in cell and not _special(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def shown(value: Value) -> str:
    """A value as the text that a French spreadsheet shows, dates and numbers in their plain form.

    Dates as the standards write them (2017-06-27), numbers with a point and without exponent;
    calamine gives "" for an error such as #N/A.
    """
    return SHOWN[type(value)](value)


def _number(value: float) -> str:
    """21560046100010.0 is 21560046100010; digits beyond those shown are the calculation's noise."""
    if not math.isfinite(value):
        return repr(value)
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    if len(text) > DIGITS or "e" in text:
        return format(Decimal(format(value, f".{DIGITS}g")), "f")
    return text


def _moment(value: datetime.datetime) -> str:
    """To the second; midnight is a date alone."""
    rounded = (value + HALF_SECOND).replace(microsecond=0)
    return rounded.isoformat(" ").removesuffix(" 00:00:00")


def _duration(value: datetime.timedelta) -> str:
    """Hours beyond twenty-four are not days: 26:30:00."""
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < datetime.timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


SHOWN: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: (FALSE, TRUE).__getitem__,
    int: str,
    float: _number,
    datetime.datetime: _moment,
    datetime.date: str,
    datetime.time: lambda value: value.isoformat("seconds"),
    datetime.timedelta: _duration,
}

if __name__ == "__main__":
    sys.exit(main())
