"""What a refused cell suffers from, and the cell mended.  Imports the standard library only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """cause: a key of `texts` ("comma"); proposal: what to write instead, None when unsure."""

    cause: str
    proposal: str | None = None
