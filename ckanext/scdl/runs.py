"""A run towards data.gouv.fr, whoever asked for it: ckanext-harvest, a terminal or a job.

`plan` reads, decides and records; `carry` does one item; `finish` closes.  What is decided, and
what is sent, is `datagouv`'s.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm.attributes import flag_modified

from ckanext.scdl import config, figures, gate, jobs, push_letters
from ckanext.scdl.datagouv import (
    Client,
    DatagouvError,
    Finding,
    Limits,
    Outcome,
    PlannedItem,
    carry_out,
    check_catalogue,
    check_connection,
    gather,
    in_order,
    is_sent_once,
    prepare,
    settling,
)
from ckanext.scdl.dataset_types import dataset_types, standard_of
from ckanext.scdl.ledger import PLANNED, PostgresLedger
from ckanext.scdl.licences import LOV2
from ckanext.scdl.locks import Busy, exclusively, is_held
from ckanext.scdl.model import PushItem, PushProfile, PushRun, new_id
from ckanext.scdl.publication import opened, present_obstacle, wanted_datasets
from ckanext.scdl.source import BadConfig, Source, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckanext.scdl.datagouv import Profile, Survey, Wanted

log = logging.getLogger(__name__)

KEPT = dt.timedelta(days=90)
QUICK = Limits(connect=5, read=10, total=15, retries=0)
"""Somebody waits in front of a form."""
PATIENCE = 500.0
"""Seconds that a run waits for another one of its organisation: a large file takes minutes.

Less than ckanext.scdl.job_timeout, which ends a job; a plan that is only shown waits less.
"""
_LEFT_TO_JOBS = ("table_pending", "not_checked", "link_not_checked")

EXPECTED = (DatagouvError, config.UnknownProfile, BadConfig, Busy)
"""What may go wrong without being a fault of ours; `problem_of` words it."""


class Held(DatagouvError):
    """The run sends nothing: the profile is paused, or this portal is not the one it serves."""

    code = "paused"


def problem_of(error: Exception) -> Finding:
    """What to tell people about an error."""
    if isinstance(error, Busy):
        return Finding("busy")
    found = getattr(error, "finding", None)
    return found if isinstance(found, Finding) else Finding("unexpected")


def begin(
    source: Source,
    *,
    source_id: str | None = None,
    job_id: str | None = None,
    kind: str = "run",
    forced: bool = False,
    whole: bool = True,
    run_id: str | None = None,
) -> PushRun:
    """The run of this job, or a new one: a gather that was cut short is delivered again."""
    run = None
    if job_id is not None:
        run = model.Session.query(PushRun).filter_by(job_id=job_id).one_or_none()
    if run is None:
        run = PushRun(
            id=run_id,
            profile=source.profile_id,
            source_id=source_id,
            job_id=job_id,
            kind=kind,
            forced=forced,
            whole=whole,
        )
        model.Session.add(run)
        model.Session.commit()
    return run


def plan(run: PushRun, source: Source, only: Collection[str] | None = None) -> list[PlannedItem]:
    """Read both sides, decide, record; the items, those to hide first.

    A dry run does all of it but what would write on data.gouv.fr.  Raises the EXPECTED errors;
    nothing has been written then.
    """
    profile = source.profile()
    _check_profile(run, profile)
    _set_deadline(run, profile)
    if run.kind == "run":
        _close_interrupted(run)
    _forget_old(run)
    wanted = list(wanted_datasets(source, profile, only))
    if run.kind == "run":
        _ask_again(wanted)
    wanted = _of_this_source(wanted, run, source)
    ledger = PostgresLedger(run, profile.all_organizations)
    _let_settle(wanted, ledger)
    patience = PATIENCE if run.kind == "run" else PATIENCE / 4
    with exclusively(*locks(profile), patience=patience), Client(profile, pace=ledger) as client:
        survey = gather(wanted, client, ledger, forced=run.forced, whole=only is None)
        items = in_order(survey.items, last=_failed_before(run))
        if run.kind == "run":
            items = prepare(items, client)
    if run.kind == "run":
        figures.record(profile.id, survey.remote)
    _bind(run, profile)
    _record(run, survey, items, ledger)
    return items


def _let_settle(wanted: list[Wanted], ledger: PostgresLedger) -> None:
    """Before the locks are taken: others need not wait with us."""
    delay = settling(wanted, ledger)
    model.Session.commit()
    time.sleep(delay)


def locks(profile: Profile, organizations: Collection[str] | None = None) -> list[str]:
    """One writer for each data.gouv.fr organisation, whatever the profile, job or source.

    organizations: some of the profile's, all unless told.
    """
    names = profile.all_organizations if organizations is None else organizations
    return [f"scdl-push-{profile.url}-{name}" for name in names]


def _failed_before(run: PushRun) -> set[str]:
    """Datasets that failed in the source's run before this one, or of which nobody knows."""
    before = run.previous()
    if before is None:
        return set()
    rows = model.Session.query(PushItem.dataset_id).filter_by(run_id=before.id)
    return {name for (name,) in rows.filter(PushItem.state.in_(["failed", "uncertain"]))}


def _check_profile(run: PushRun, profile: Profile) -> None:
    row = PushProfile.find(profile.id)
    paused = _pause(row)
    if paused is not None and run.kind == "run":
        raise Held("paused", **paused.params)
    if row and row.portal_url and row.portal_url != profile.portal_url:
        raise Held(
            "portal_moved", profile=profile.id, bound=row.portal_url, here=profile.portal_url
        )
    profile.check_portal_address()


def _pause(row: PushProfile | None) -> Finding | None:
    if row is None or row.paused is None:
        return None
    by, date = row.paused_by or "?", row.paused.date().isoformat()
    return Finding("paused", {"profile": row.profile, "by": by, "date": date})


def _bind(run: PushRun, profile: Profile) -> None:
    """From the first real run on the profile serves this portal only."""
    if run.kind == "run" and not PushProfile.of(profile.id).portal_url:
        bind(profile)


def bind(profile: Profile) -> None:
    """The profile serves the portal at its present address."""
    PushProfile.of(profile.id).portal_url = profile.portal_url
    model.Session.commit()


def _set_deadline(run: PushRun, profile: Profile) -> None:
    """Anew when a gather is delivered again: hours may have passed."""
    now = dt.datetime.now(dt.timezone.utc)
    run.deadline = now + dt.timedelta(minutes=profile.budget_minutes)
    model.Session.commit()


def _of_this_source(wanted: list[Wanted], run: PushRun, source: Source) -> list[Wanted]:
    """What another source of the profile sends is nothing to tell of; it is not gone either.

    It archives it too; what must not be read is hidden by whichever comes first.
    """
    others = [one for key, one in sources(run.profile).items() if key != run.source_id]
    if not others:
        return wanted
    theirs = {one.dataset.id for one in wanted if _is_theirs(one, source, others)}
    return [
        replace(one, obstacle=None, fate="ignore") if one.dataset.id in theirs else one
        for one in wanted
    ]


def _is_theirs(one: Wanted, source: Source, others: list[Source]) -> bool:
    if one.fate not in ("ignore", "archive"):
        return False
    package = model.Package.get(one.dataset.id)
    if package is None or source.takes_package(package):
        return False
    return any(other.takes_package(package) for other in others)


def _ask_again(wanted: list[Wanted]) -> None:
    """A job may have been lost: the next run finds its table or its report."""
    for one in wanted:
        # without obstacle an export may still be missing
        ready = one.obstacle is None and one.fate == "publish"
        if ready or (one.obstacle and one.obstacle.code in _LEFT_TO_JOBS):
            jobs.ask_for(gate.left_to_do(one.dataset.id))


def _record(run: PushRun, survey: Survey, items: list[PlannedItem], ledger: PostgresLedger) -> None:
    # nor would a run send anything while the profile is suspended
    problem = survey.problem or _pause(PushProfile.find(run.profile))
    if problem is not None:
        note_problem(run, problem)
    for item in items:
        if not ledger.outcome(item.dataset_id):
            ledger.add(item)


def not_planned(run: PushRun, error: Exception) -> Finding:
    """What kept the run from being planned, recorded and returned."""
    model.Session.rollback()
    if not isinstance(error, EXPECTED):
        log.error("No plan for data.gouv.fr", exc_info=error)
    problem = problem_of(error)
    note_problem(run, problem)
    return problem


def verify(source: Source) -> tuple[Finding, ...]:
    """Would the source work?  Asked when it is saved.

    Raises the EXPECTED errors: what is written of the profile, an address that nobody can reach,
    the key, the rights on each organisation.  Returns remarks on licences and standards that this
    data.gouv.fr does not know.
    """
    profile = source.profile()
    run = PushRun(profile=profile.id, kind="dry")
    _check_profile(run, profile)
    with Client(profile, QUICK) as client:
        check_connection(client)
        return check_catalogue(client, _standards(), [LOV2["id"]])


def _standards() -> list[tuple[str, str]]:
    """Names and versions of the standards that our dataset types follow."""
    pairs = (standard_of(kind).partition("@") for kind in dataset_types())
    return [(name, version) for name, _, version in pairs]


# One item


def carry(run: PushRun, dataset_id: str, source: Source) -> Outcome:
    """Do one item of a recorded plan, unless another delivery of it already has.

    Raises the EXPECTED errors.
    """
    profile = source.profile()
    ledger = PostgresLedger(run, profile.all_organizations)
    item = ledger.planned(dataset_id)
    if profile.id != run.profile:  # the source was given another one meanwhile
        outcome = Outcome("left_out", Finding("changed_meanwhile"), (), item.remote_id, item.url)
        ledger.end(dataset_id, outcome)
        return outcome
    _stop_if_held(run, profile, ledger)
    organizations = [item.organization] if item.writes and item.organization else []
    with exclusively(*locks(profile, organizations), patience=PATIENCE):
        known = ledger.outcome(dataset_id)
        if known:
            return known
        obstacle = _obstacle(item)
        if obstacle:
            outcome = Outcome("left_out", obstacle, (), item.remote_id, item.url)
            ledger.end(dataset_id, outcome)
            return outcome
        with Client(profile, pace=ledger) as client:
            return carry_out(item, client, ledger, opened)


def _stop_if_held(run: PushRun, profile: Profile, ledger: PostgresLedger) -> None:
    """A profile may be paused in the middle of a run: what is left is not sent."""
    try:
        _check_profile(run, profile)
    except Held as held:
        ledger.stop(held.finding)


def _obstacle(item: PlannedItem) -> Finding | None:
    """Hours may have passed: what must no longer be sent is not."""
    if not item.writes:
        return None
    reason = item.reason.code if item.reason else ""
    if reason in ("purged", "purged_private") and model.Package.get(item.dataset_id) is not None:
        return Finding("changed_meanwhile")
    if reason == "purged_private":
        return None  # its mark over there may be all that tells it
    return present_obstacle(item.dataset_id, item.action)


def failed(run: PushRun, dataset_id: str, error: Exception) -> Outcome:
    """The failure, in our report: the job page says less, and in English.

    An item that had ended already, in another delivery, stays as it ended.
    """
    model.Session.rollback()
    if not isinstance(error, EXPECTED):
        log.error("Push of dataset %s failed", dataset_id, exc_info=error)
    ledger = PostgresLedger(run)
    known = ledger.outcome(dataset_id)
    if known:
        return known
    outcome = _cut_short(ledger.step(dataset_id), problem_of(error))
    ledger.end(dataset_id, outcome)
    return outcome


def _cut_short(step: str | None, problem: Finding) -> Outcome:
    """How an item ended that nothing ended: what makes something new may have been carried out."""
    return Outcome("uncertain" if is_sent_once(step or "") else "failed", problem)


def interrupted(item: PushItem) -> Outcome:
    """How an item of a run that was killed ended; nothing failed where nothing was to be sent."""
    problem = Finding("interrupted")
    if not item.plan.get("requests"):
        return Outcome("left_out", problem)
    return _cut_short(item.step, problem)


# The end


def note_problem(run: PushRun, problem: Finding) -> None:
    """What the administrator must know of the whole run; what stops it stays."""
    if not (run.problem or {}).get("stops"):
        run.problem = problem.to_dict()
        model.Session.commit()


def left(run: PushRun) -> int:
    """How many items of the run have not ended."""
    rows = model.Session.query(PushItem).filter_by(run_id=run.id, state=PLANNED)
    return int(rows.count())


def finish(run: PushRun) -> bool:
    """Once nothing is left: the end is dated and logged, and people are told what changed.

    Two consumers may come here at once: one of them does it, and is told True.
    """
    rows = model.Session.query(PushRun).filter(PushRun.id == run.id, PushRun.finished.is_(None))
    ended = rows.update({"finished": dt.datetime.now(dt.timezone.utc)}, synchronize_session=False)
    model.Session.commit()
    if not ended:
        return False
    log.info("data.gouv.fr %s", json.dumps(summary(run), ensure_ascii=False))
    push_letters.after_run(run)
    return True


def _close_interrupted(run: PushRun) -> None:
    """Earlier runs of the profile that nothing ended: a job was aborted, or a process killed."""
    waiting = sa.select(PushItem.run_id).where(PushItem.state == PLANNED)
    unfinished = PushRun.finished.is_(None)
    earlier = model.Session.query(PushRun).filter(
        PushRun.profile == run.profile,
        PushRun.id != run.id,
        PushRun.started < run.started,
        unfinished | ((PushRun.kind == "run") & PushRun.id.in_(waiting)),
    )
    for one in earlier.order_by(PushRun.started).all():
        if not is_alive(one):
            _close(one)


def _close(run: PushRun) -> None:
    items = model.Session.query(PushItem).filter_by(run_id=run.id)
    left = items.filter_by(state=PLANNED).all() if run.kind == "run" else []
    for item in left:
        # the date of its last step stays: `unsettled` counts from there
        flag_modified(item, "updated")
        PostgresLedger(run).end(item.dataset_id, interrupted(item))
    if run.finished is None and run.problem is None and (left or not items.count()):
        note_problem(run, Finding("interrupted"))
    finish(run)


def is_alive(run: PushRun) -> bool:
    """Is somebody still at it?  A terminal holds a lock; a job is ended by ckanext-harvest."""
    if run.job_id is None:
        return is_held(_own_lock(run.id))
    from ckanext.harvest.model import HarvestJob

    job = HarvestJob.get(run.job_id)
    return job is not None and job.status != "Finished"


def _own_lock(run_id: str) -> str:
    return f"scdl-run-{run_id}"


def _forget_old(run: PushRun) -> None:
    """Runs are kept for three months, plans that were only shown for as long as they are last."""
    now = dt.datetime.now(dt.timezone.utc)
    others = model.Session.query(PushRun).filter(PushRun.id != run.id)
    others.filter(PushRun.started < now - KEPT).delete()
    others.filter(
        PushRun.source_id == run.source_id,
        PushRun.profile == run.profile,
        PushRun.kind == "dry",
        PushRun.started < now - dt.timedelta(days=1),
    ).delete()
    model.Session.commit()


# All at once, from a terminal or a job


def whole(
    source: Source,
    *,
    source_id: str | None = None,
    dry: bool = False,
    forced: bool = False,
    only: Collection[str] | None = None,
    tell: Callable[[PlannedItem, Outcome | None], None] | None = None,
) -> tuple[PushRun, list[PlannedItem]]:
    """Plan and, unless `dry`, carry out in this process; the run as it ended, and its plan.

    Nothing is raised: the run's `problem` tells.  `tell` is called with each item once it has
    ended, or is planned if `dry`.
    """
    kind, run_id = "dry" if dry else "run", new_id()
    items: list[PlannedItem] = []
    # held before the run can be seen: another one would take it for interrupted
    with exclusively(_own_lock(run_id)):
        run = begin(
            source,
            source_id=source_id,
            kind=kind,
            forced=forced,
            whole=only is None,
            run_id=run_id,
        )
        try:
            items = plan(run, source, only)
        except Exception as error:  # noqa: BLE001
            not_planned(run, error)
        for item in items:
            outcome = None if dry else carried(run, item.dataset_id, source)
            if tell is not None:
                with suppress(OSError, UnicodeError):  # nobody reads any more: the run goes on
                    tell(item, outcome)
        finish(run)
    return run, items


def carried(run: PushRun, dataset_id: str, source: Source) -> Outcome:
    """As `carry`, and what it raises is the item's end."""
    try:
        return carry(run, dataset_id, source)
    except Exception as error:  # noqa: BLE001
        return failed(run, dataset_id, error)


def outcomes(run: PushRun) -> dict[str, Outcome]:
    """How each item ended, by dataset; those that have not are left out."""
    rows = model.Session.query(PushItem.dataset_id, PushItem.outcome).filter_by(run_id=run.id)
    return {name: Outcome.from_dict(told) for name, told in rows if told}


def may_pass(run: PushRun) -> bool:
    """Did something keep it from its work that may be gone in a while?"""
    ends = outcomes(run).values()
    met = {outcome.finding.code for outcome in ends if outcome.finding}
    met.add((run.problem or {}).get("code", ""))
    passing = {*push_letters.PASSING, *push_letters.NOT_SAID}
    return bool(met & passing) or any(outcome.retry for outcome in ends)


def summary(run: PushRun) -> dict[str, Any]:
    """Counts by state, for a line of a log: `{"run", "profile", "problem", "states": {…}}`."""
    states = model.Session.query(PushItem.state).filter_by(run_id=run.id)
    return {
        "run": run.id,
        "profile": run.profile,
        "kind": run.kind,
        "problem": (run.problem or {}).get("code"),
        "states": dict(Counter(state for (state,) in states)),
    }
