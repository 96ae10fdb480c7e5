"""Where the real files are, and how a test says that it needs them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ckanext.scdl import conformity
from ckanext.scdl.conformity import Report

ROOT = Path(__file__).resolve().parents[2]
SHARED = (ROOT / "../shared").resolve()
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real files (../shared) are not part of the project"
)

COHERENCE = frozenset(
    f"totem-{what}"
    for what in (
        *("desequilibre", "virement", "ordre-sections", "ordre-interne"),
        *("depassement", "realise-au-budget", "amounts-absent"),
    )
)
"""What is said of a whole budget from the sums of its lines, be it an XML or a table."""


def real(pattern: str) -> list[Path]:
    """Real files by glob; one impossible path when they are absent, so that the test shows."""
    return sorted(SHARED.glob(pattern)) or [SHARED / pattern]


def check(content: bytes, standard: str, **arguments: object) -> Report:
    """`conformity.check` on bytes."""
    return conformity.check(io.BytesIO(content), standard, **arguments)  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]
