"""Check a table against a standard, from what kind of file it is to its report.

The engine, and numpy with it, is only imported once the file is open: another process has begun to
read a workbook by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..budget.figures import BudgetFigures
from ..conclusion import concluded
from ..intake import Intake
from ..limits import Limits
from ..magic import WORKBOOKS, container
from ..report import Findings, Identity, Report, Source, Unreadable, error
from ..standards import Standard

if TYPE_CHECKING:
    from .sheets import Workbook

NO_LIMITS_BUT_OURS = Limits()


def check_table(
    intake: Intake,
    standard: Standard,
    *,
    sheet: str | None = None,
    limits: Limits = NO_LIMITS_BUT_OURS,
    budget: BudgetFigures | None = None,
) -> Report:
    """The report of a table against a standard; sheet: the one to read of a workbook; budget: what
    there was for the grants of the table."""
    intake.limit = limits.max_bytes
    try:
        with _opened(intake, limits) as book:
            from .reading import Reading

            reading = Reading(standard, limits, budget)
            if book:
                reading.workbook(book, sheet)
            else:
                reading.text(intake)
    except Unreadable as exception:
        findings = Findings()
        findings.add(exception.finding)
        intake.drain()
        return concluded(standard, intake, None, 0, Identity(), findings, Source(), complete=False)
    intake.drain()
    return concluded(
        standard,
        intake,
        "table",
        reading.rows,
        reading.identity,
        reading.findings,
        reading.source,
        complete=reading.complete,
    )


@contextmanager
def _opened(intake: Intake, limits: Limits) -> Iterator[Workbook | None]:
    """The workbook, if it is one; None for text; Unreadable for anything else."""
    kind = container(intake.head)
    if kind in WORKBOOKS:
        from .sheets import open_workbook

        with open_workbook(intake, limits) as book:
            yield book
    elif kind == "empty":
        raise Unreadable(error("file-empty"))
    elif kind in ("text", "utf-16"):
        yield None
    else:
        raise Unreadable(error("not-csv", rule=kind))
