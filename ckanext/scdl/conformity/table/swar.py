"""Tests on eight bytes at once: what most valid cells look like, told without reading them.

"SIMD within a register": a cell's bytes lie in 64-bit words, first byte lowest.  Every function is
exact for what it claims, for any bytes.  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .grid import WORD, Column, Mask, Words, low_bytes

U = np.uint64
HIGH = U(0x8080808080808080)
EACH = U(0x0101010101010101)
NIBBLES = U(0x0F0F0F0F0F0F0F0F)
ZEROS = U(0x3030303030303030)  # "00000000"
DOTS = U(0x2E2E2E2E2E2E2E2E)


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
        found |= _of_length(column, one.length, partial(_fits, one=one))
    return found


def _of_length(column: Column, length: int, test: Callable[[Column], Mask]) -> Mask:
    """Cells of this length that pass a test, which is only asked for cells of that length, or not
    listened to: what most cells are is looked at in all of them, since choosing costs as much."""
    same: Mask = column.lengths == length
    number = np.count_nonzero(same)
    if number == same.size:
        return test(column)
    if 2 * number > same.size:
        same &= test(column)
    elif number:
        rows = same.nonzero()[0]
        same[rows] = test(column.take(rows))
    return same


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
        found |= _of_length(column, len(value), partial(_equals, value=value))
    return found


def _equals(column: Column, value: bytes) -> Mask:
    """Cells of this value's length that are it."""
    amiss = np.zeros(column.lengths.size, dtype=U)
    for begin in range(0, len(value), WORD):
        word = value[begin : begin + WORD].ljust(WORD, b"\0")
        amiss |= column.words(begin, len(value)) ^ U(int.from_bytes(word, "little"))
    found: Mask = amiss == 0
    return found


def written_number(column: Column, *, positive: bool) -> Mask:
    """Cells of at most 16 characters that are digits with at most one dot, perhaps after a minus;
    positive: without minus, and not all zeros."""
    lengths = column.lengths
    first = column.words(0)
    minus = (first & U(0xFF)) == U(ord("-"))
    if not positive:
        first = np.where(minus, first ^ U(ord("-") ^ ord("0")), first)
    # beyond the cell, a zero
    first |= ZEROS & ~low_bytes(lengths)
    others, dots, zero = _digits(first)
    if (lengths > WORD).any():
        within = low_bytes(lengths - WORD)
        more, more_dots, more_zero = _digits((column.raw_words(WORD) & within) | (ZEROS & ~within))
        others |= more
        single = (_single(dots) & (more_dots == 0)) | (_single(more_dots) & (dots == 0))
        zero &= more_zero
        dots |= more_dots
    else:
        single = _single(dots)
    # a dot is no digit: there must be another character
    enough = lengths > (dots != 0).astype(np.int64) + (minus & (not positive))
    found: Mask = (others == 0) & single & enough & (lengths <= 2 * WORD)
    if positive:
        found &= ~zero
    return found


def _digits(words: Words) -> tuple[Words, Words, Mask]:
    """The high bit of each byte that is neither digit nor dot; of each dot; no digit but zeros."""
    digit = words ^ ZEROS
    not_digit = (((digit & ~HIGH) + U(0x7676767676767676)) | digit) & HIGH
    away = words ^ DOTS
    dot = ~(((away & ~HIGH) + ~HIGH) | away | ~HIGH)
    # a dot differs from "0" by 0x1E
    zero = (digit & ~((dot >> U(7)) * U(0xFF))) == 0
    return not_digit & ~dot, dot, zero


def _single(flags: Words) -> Mask:
    """At most one bit."""
    one: Mask = (flags & (flags - U(1))) == 0
    return one


def two_digits(words: Words, position: int) -> Words:
    """The number that two bytes of each word write; exact for ASCII digits."""
    tens = (words >> U(8 * position)) & U(0x0F)
    tens *= U(10)
    tens += (words >> U(8 * position + 8)) & U(0x0F)
    return tens


def luhn(column: Column) -> tuple[Mask, Mask]:
    """Of cells of 14 ASCII digits: a valid key on all 14, and on the first 9 (the SIREN)."""
    first, last = column.raw_words(0) & NIBBLES, column.words(WORD, 14) & NIBBLES
    # counted from the right, every second digit is doubled: the 1st, 3rd… of 14, the 2nd, 4th… of 9
    whole = _total(first, ODD_BYTES) + _total(last, ODD_BYTES)
    siren = _total(first, ~ODD_BYTES) + (last & U(0x0F))
    return VALID_KEYS[whole], VALID_KEYS[siren]


ODD_BYTES = U(0x00FF00FF00FF00FF)
"""The 1st, 3rd, 5th and 7th of a word."""

VALID_KEYS = np.arange(256) % 10 == 0


def _total(digits_: Words, doubled: np.uint64) -> Words:
    """The sum of eight digits, those under the mask doubled as Luhn doubles: less 9 from 10 on."""
    twice = digits_ & doubled
    from_five = ((twice + U(0x7B7B7B7B7B7B7B7B)) & HIGH) >> U(7)
    summed = digits_ + twice - from_five * U(9)
    total: Words = (summed * EACH) >> U(56)
    return total
