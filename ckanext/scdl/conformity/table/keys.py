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

from .grid import WORD, Column, Words

_SEED = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_SHIFT = np.uint64(29)


def hashed(column: Column) -> Words:
    """A key for each cell."""
    lengths = column.lengths
    keys = lengths.astype(np.uint64) * _constant(0)
    keys += column.words(0) * _constant(1)
    longest = int(lengths.max(initial=0))
    for rank, begin in enumerate(range(WORD, longest, WORD), 2):
        rows = (lengths > begin).nonzero()[0]
        keys[rows] += column.take(rows).words(begin) * _constant(rank)
    return _mixed(keys)


def joined(columns: Iterable[Column]) -> Words:
    """A key for the cells of each record in these columns, at least one."""
    first, *others = columns
    keys = first.once(hashed)
    for column in others:
        keys = _mixed(keys * _constant(0) + column.once(hashed))
    return keys


@cache
def _constant(rank: int) -> np.uint64:
    """An odd number that nothing links to the next one (splitmix64)."""
    value = (_SEED * (rank + 1)) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return np.uint64((value ^ (value >> 31)) | 1)


def _mixed(keys: Words) -> Words:
    keys = keys * _constant(0)
    mixed: Words = keys ^ (keys >> _SHIFT)
    return mixed
