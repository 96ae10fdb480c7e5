"""Yes and no written otherwise than the standard's words.  Imports the standard library only."""

from __future__ import annotations

import re

from ..standards import Field
from .accepted import booleans
from .diagnosis import Diagnosis

YES = frozenset(("oui", "o", "yes", "y", "vrai", "v", "true", "t", "1"))
NO = frozenset(("non", "n", "no", "faux", "f", "false", "0"))
BEGINS = re.compile(r"(?:oui|non)\b")


def find(field: Field, text: str) -> Diagnosis | None:
    """What is wrong with a yes or a no; « non concerné » may be an answer or none: no proposal."""
    true, false = booleans(field)
    plain = text.casefold()
    for words in (true, false):
        for word in words:
            if word.casefold() == plain:
                return Diagnosis("boolean-case", word)
    if plain in YES or plain in NO:
        return Diagnosis("boolean-words", (true if plain in YES else false)[0])
    return Diagnosis("boolean-words") if BEGINS.match(plain) else None
