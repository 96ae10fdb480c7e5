"""Cells as 64-bit keys: equal cells have equal keys, and others differ but once in 2^60 or so.

Multilinear hashing (each word times a constant of its rank, summed): cells of any length cost one
multiplication for eight bytes, and what lies beyond a short cell adds nothing.  Enough for advice
over millions of rows: of ten million, one chance in ten thousand of one false remark.
Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from .grid import WORD, Column, Words, low_bytes

_SEED = np.uint64(0x9E3779B97F4A7C15)


def hashed(column: Column) -> Words:
    """A key for each cell."""
    lengths = column.lengths
    keys = lengths.astype(np.uint64) * _constants(1)[0]
    keys += column.words(0) * _constants(2)[1]
    longest = int(lengths.max(initial=0))
    begin, width = WORD, WORD
    while begin < longest:
        if begin >= WIDE:
            width = begin  # few cells are so long: twice as far each time
        rows = (lengths > begin).nonzero()[0]
        if begin < WIDE and 2 * rows.size > lengths.size:
            keys += _within(column, begin) * _constants(begin // WORD + 2)[-1]
        else:
            keys[rows] += _summed(column.take(rows), begin, min(width, longest - begin))
        begin += width
    return _mixed(keys)


WIDE = 4 * WORD


def _within(column: Column, begin: int) -> Words:
    """The words there, 0 beyond a cell that is shorter."""
    words: Words = column.raw_words(begin) & low_bytes(column.lengths - begin)
    return words


def _summed(column: Column, begin: int, width: int) -> Words:
    """What so many bytes of each cell add to its key; the cells have more than `begin` bytes."""
    first = begin // WORD + 1
    if width <= WORD:
        single: Words = column.words(begin) * _constants(first + 1)[first]
        return single
    ranks = np.arange((width + WORD - 1) // WORD) * WORD
    at = np.minimum(column.starts[:, None] + (begin + ranks), column.words_at.size - 1)
    words = column.words_at[at] & low_bytes(column.lengths[:, None] - (begin + ranks))
    total: Words = words @ _constants(first + ranks.size)[first:]
    return total


def joined(columns: Iterable[Column]) -> Words:
    """A key for the cells of each record in these columns, at least one."""
    first, *others = columns
    keys = first.once(hashed)
    for column in others:
        keys = _mixed(keys * _SEED + column.once(hashed))
    return keys


@cache
def _constants(number: int) -> Words:
    """Odd numbers that nothing links to one another (splitmix64); more are the same, then others.

    One for the length, then one a word.
    """
    values = (np.arange(1, number + 1, dtype=np.uint64)) * _SEED
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    constants: Words = (values ^ (values >> np.uint64(31))) | np.uint64(1)
    return constants


def _mixed(keys: Words) -> Words:
    keys = keys * _SEED
    mixed: Words = keys ^ (keys >> np.uint64(29))
    return mixed
