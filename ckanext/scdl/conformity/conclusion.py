"""The end of every check, whatever the file was: what was read and found becomes the Report.

Imports the report, the intake and the standards.
"""

from __future__ import annotations

from .intake import Intake
from .report import Findings, Identity, Kind, Report, Source
from .standards import Standard

UNTOLD = Source()


def concluded(
    standard: Standard,
    intake: Intake,
    kind: Kind | None,
    lines: int,
    identity: Identity,
    findings: Findings,
    source: Source = UNTOLD,
    *,
    complete: bool = True,
) -> Report:
    """The report on a file that was read to its end; kind None means that it is unreadable."""
    return Report(
        standard=standard.name,
        version=standard.version,
        kind=kind,
        sha256=intake.sha256,
        size=intake.size,
        lines=lines,
        identity=identity,
        findings=findings.kept,
        totals=findings.totals,
        causes=findings.causes,
        source=source,
        complete=complete,
        unreadable=kind is None,
    )
