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


def column_position(letters: str) -> int:
    """The reverse: "A" -> 0."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
