"""Which amount column speaks at each étape.

Votes (BP, BS, DM) are in MtPrev; a projet de budget has not been voted and its MtPropNouv counts
instead (documentation of the DGCL's XML schema); accounts (CA, CFU) are in MtReal.
Imports nothing.
"""

from __future__ import annotations

COMPTE_ADMINISTRATIF = "compte administratif"


def reference_amount(etape: str | None, projet: bool) -> str:
    """The XML element that holds the étape's own amounts."""
    if etape == COMPTE_ADMINISTRATIF:
        return "MtReal"
    return "MtPropNouv" if projet else "MtPrev"
