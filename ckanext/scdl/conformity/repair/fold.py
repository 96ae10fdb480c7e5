"""Text without what people do not see or do not mind: blanks, case, accents.

Imports the standard library only.
"""

from __future__ import annotations

import re
import unicodedata

BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x20\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
    "\xad\u180e\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What str.strip takes for a blank, and what copying brings along unseen: characters of no width,
marks of the direction of writing."""

ANY_BLANKS = re.compile(f"[{BLANKS}]+")
APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def squeezed(text: str) -> str:
    """One plain blank where there are several or other ones, none at the ends."""
    return ANY_BLANKS.sub(" ", text).strip()


def without_accents(text: str) -> str:
    """« décision » -> « decision », « œuvre » -> « oeuvre »; case is kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES).translate(APOSTROPHES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def folded(text: str) -> str:
    """Lower case, no accents, single blanks."""
    return squeezed(without_accents(text.casefold()))


def one_slip(a: str, b: str) -> bool:
    """True when one letter added, lost or changed, or two swapped, separates the two; linear."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    shorter = min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) <= 1 and len(right) <= 1:
        return True
    return len(left) == 2 and left == right[::-1]
