"""How much of a table is read, so that no file can hold a portal: each limit has its own message.

Imports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Beyond one of these a table is refused, or its reading stops where the report says.

    max_bytes: size of the file; max_inflated: bytes that a workbook (a ZIP) holds once inflated;
    max_ratio: the same, as a multiple of the file's size; max_memory: bytes of memory that the
    reading of a workbook may take, in a process of its own; max_rows: rows, header included (the
    formats have their own: 1 048 576 for XLSX and ODS, 65 536 for XLS); max_columns: columns;
    max_cell: characters of a cell, 1 048 576 at most; max_seconds: time that the
    reading may take, looked at after each megabyte, and processor time of what reads a workbook.
    """

    max_bytes: int = 4096 * MEBIBYTE
    max_inflated: int = 2048 * MEBIBYTE
    max_ratio: int = 200
    max_memory: int = 4096 * MEBIBYTE
    max_rows: int = 10_000_000
    max_columns: int = 1_000
    max_cell: int = 131_000
    max_seconds: int = 600
