"""UTF-8 told without decoding it: half the time, for texts of Latin letters.  Imports numpy."""

from __future__ import annotations

import numpy as np

from .grid import WORD, Bytes, Ints

HIGH = np.uint64(0x8080808080808080)
ASCII_END = 0x80
TWO, THREE, FOUR = 0xC2, 0xE0, 0xF0
"""First bytes of characters of two, three and four bytes start here."""

SURROGATES = 0xED
"""First byte of some characters that UTF-8 does not have."""


def surely_utf8(data: bytes) -> bool:
    """True for UTF-8 whose characters have three bytes at most; False says nothing."""
    raw = np.frombuffer(data, dtype=np.uint8)
    at = _beyond_ascii(raw)
    if not at.size:
        return True
    high = raw[at]
    first = ((high & 0xC0) != ASCII_END).nonzero()[0]
    if not first.size or first[0] != 0:
        return False
    lead = high[first]
    # of three bytes, those whose second one has no rule of its own
    plain = (lead >= TWO) & (lead < FOUR) & (lead != THREE) & (lead != SURROGATES)
    follow = 1 + (lead >= THREE)
    if not plain.all() or (np.diff(first, append=high.size) != follow + 1).any():
        return False
    return bool((at[first + follow] - at[first] == follow).all())


def _beyond_ascii(raw: Bytes) -> Ints:
    """Where the bytes of the characters that are not ASCII are: eight bytes looked at together."""
    whole = raw.size // WORD * WORD
    words = ((raw[:whole].view(np.uint64) & HIGH) != 0).nonzero()[0]
    eight = raw[:whole].view(np.uint64)[words].view(np.uint8) >= ASCII_END
    among = eight.nonzero()[0]
    rest = (raw[whole:] >= ASCII_END).nonzero()[0] + whole
    found: Ints = np.concatenate(((words[among >> 3] << 3) + (among & 7), rest))
    return found
