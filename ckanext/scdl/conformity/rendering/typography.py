"""What French does not part at the end of a line.  Imports nothing."""

from __future__ import annotations

BOUND = ("« ", " »", " ;", " :", " ?", " !", " €", " %")


def bound(text: str) -> str:
    """A sentence of ours for a page, with no-break spaces where French wants them."""
    for pair in BOUND:
        text = text.replace(pair, pair.replace(" ", "\N{NO-BREAK SPACE}"))
    return text
