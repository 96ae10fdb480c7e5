"""Cells as 64-bit keys: equal cells have equal keys, and others differ but once in 2^64.

Enough for advice over millions of rows (ten million rows: three chances in a million of one false
remark).  Imports numpy.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .grid import WORD, Column, Words

_ODD = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)


def hashed(column: Column) -> Words:
    """A key for each cell."""
    keys = _mixed(column.lengths.astype(np.uint64) * _OTHER ^ column.words(0))
    longest = int(column.lengths.max(initial=0))
    for begin in range(WORD, longest, WORD):
        rows = np.flatnonzero(column.lengths > begin)
        if rows.size == keys.size:
            keys = _mixed(keys ^ column.words(begin))
        else:
            keys[rows] = _mixed(keys[rows] ^ column.take(rows).words(begin))
    return keys


def joined(columns: Iterable[Column]) -> Words:
    """A key for the cells of each record in these columns, at least one."""
    first, *others = columns
    keys = first.once(hashed)
    for column in others:
        keys = _mixed(keys * _OTHER ^ column.once(hashed))
    return keys


def _mixed(keys: Words) -> Words:
    keys = keys * _ODD
    mixed: Words = keys ^ (keys >> _SHIFT)
    return mixed
