"""What the file says against what the contributor's form says.  Imports the standard library."""

from __future__ import annotations

from .report import Declared, Finding, Identity, quote, warning

COMPARED = {"siret": "siret-differs", "exercice": "exercice-differs", "etape": "etape-differs"}


def differences(identity: Identity, declared: Declared) -> list[Finding]:
    """A warning per value that both give and that differs, naming both values."""
    found = []
    for name, code in COMPARED.items():
        ours, theirs = getattr(identity, name), getattr(declared, name)
        if ours and theirs and _plain(ours) != _plain(theirs):
            found.append(warning(code, file=quote(ours), form=quote(str(theirs))))
    return found


def _plain(value: object) -> str:
    return "".join(str(value).split()).casefold()
