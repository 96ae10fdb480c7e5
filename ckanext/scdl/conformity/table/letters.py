"""Columns as spreadsheets name them.  Imports nothing."""

from __future__ import annotations


def column_letter(position: int) -> str:
    """Of the column at this position, from 0: 0 -> "A", 26 -> "AA"."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
