"""Tests on eight bytes at once: what most valid cells look like, told without reading them.

"SIMD within a register": a cell's bytes lie in 64-bit words, first byte lowest.  Every function is
exact for what it claims, for any bytes.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .grid import WORD, Column, Ints, Mask, Words

U = np.uint64
HIGH = U(0x8080808080808080)
EACH = U(0x0101010101010101)
NIBBLES = U(0x0F0F0F0F0F0F0F0F)
ZEROS = U(0x3030303030303030)  # "00000000"


@dataclass(frozen=True)
class Template:
    """Cells of one length, each byte within a range of ASCII characters.

    low, high: bytes, one per position ("0" and "9" for a digit, twice the same for a letter).
    """

    low: bytes
    high: bytes

    @property
    def length(self) -> int:
        """In bytes."""
        return len(self.low)


DIGIT = (b"0", b"9")


def template(*ranges: tuple[bytes, bytes]) -> Template:
    """From one (low, high) a position."""
    return Template(b"".join(r[0] for r in ranges), b"".join(r[1] for r in ranges))


def digits(count: int) -> Template:
    """ASCII digits alone."""
    return template(*[DIGIT] * count)


def fits(column: Column, templates: Sequence[Template]) -> Mask:
    """Cells that fit one of these templates."""
    found = np.zeros(column.lengths.size, dtype=bool)
    for one in templates:
        same = column.lengths == one.length
        if same.all():
            found |= _fits(column, one)
        elif same.any():
            rows = same.nonzero()[0]
            found[rows] |= _fits(column.take(rows), one)
    return found


def _fits(column: Column, one: Template) -> Mask:
    """Cells of the template's length: byte b is within [low, high] when neither (b|128) - low nor
    (high|128) - b borrows its high bit."""
    amiss = np.zeros(column.lengths.size, dtype=U)
    for begin in range(0, one.length, WORD):
        words = column.words(begin, one.length)
        low = U(int.from_bytes(one.low[begin : begin + WORD].ljust(WORD, b"\0"), "little"))
        high = U(int.from_bytes(one.high[begin : begin + WORD].ljust(WORD, b"\0"), "little"))
        amiss |= words
        within = (words | HIGH) - low
        within &= (high | HIGH) - (words & ~HIGH)
        amiss |= ~within
    found: Mask = (amiss & HIGH) == 0
    return found


def equals(column: Column, values: Sequence[bytes]) -> Mask:
    """Cells equal to one of these."""
    found = np.zeros(column.lengths.size, dtype=bool)
    for value in values:
        same = column.lengths == len(value)
        if not same.any():
            continue
        rows = same.nonzero()[0]
        part = column if rows.size == same.size else column.take(rows)
        amiss = np.zeros(rows.size, dtype=U)
        for begin in range(0, len(value), WORD):
            word = value[begin : begin + WORD].ljust(WORD, b"\0")
            amiss |= part.words(begin, len(value)) ^ U(int.from_bytes(word, "little"))
        found[rows] |= amiss == 0
    return found


def number(words: Words, *positions: int) -> Ints:
    """The number that these bytes of each word write, digits in order; exact for ASCII digits."""
    total = np.zeros(words.size, dtype=np.int64)
    for position in positions:
        digit = (words >> U(8 * position)) & U(0x0F)
        total = total * 10 + digit.astype(np.int64)
    return total


def luhn(column: Column) -> tuple[Mask, Mask]:
    """Of cells of 14 ASCII digits: a valid key on all 14, and on the first 9 (the SIREN)."""
    first, last = column.raw_words(0) & NIBBLES, column.words(WORD, 14) & NIBBLES
    # counted from the right, every second digit is doubled: the 1st, 3rd… of 14, the 2nd, 4th… of 9
    even = _total(first, 0x00FF00FF00FF00FF) + _total(last, 0x000000FF00FF00FF)
    odd = _total(first, 0xFF00FF00FF00FF00) + (last & U(0x0F)).astype(np.int64)
    return even % 10 == 0, odd % 10 == 0


def _total(digits_: Words, doubled: int) -> Ints:
    """The sum of eight digits, those under the mask doubled as Luhn doubles."""
    twice = (digits_ & U(doubled)) << U(1)
    tens = ((twice + U(0x7676767676767676)) & HIGH) >> U(7)
    summed = (twice - tens * U(9)) + (digits_ & ~U(doubled))
    total: Ints = ((summed * EACH) >> U(56)).astype(np.int64)
    return total
