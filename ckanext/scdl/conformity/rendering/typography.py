"""What French does not part at the end of a line.  Imports the standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator

SIGNS = re.compile(r" (?=[;:?!€%])")
QUOTES = re.compile("(« | »)")
BREAK, NO_BREAK = " ", "\N{NO-BREAK SPACE}"


def bound(text: str, lang: str) -> str:
    """A sentence of ours for a page, with no-break spaces where French wants them.

    What it quotes « so », a cell of a file, keeps its own; marks that a cell opens or closes alone
    may mislead it.  English wants none.
    """
    return text if lang == "en" else "".join(_bound(QUOTES.split(text)))


def _bound(parts: list[str]) -> Iterator[str]:
    depth = 0
    for part in parts:
        depth -= part == " »" and depth > 0
        quoted = depth > 0
        depth += part == "« "
        if part in ("« ", " »"):
            yield part if quoted else part.replace(BREAK, NO_BREAK)
        else:
            yield part if quoted else SIGNS.sub(NO_BREAK, part)
