"""Work towards data.gouv.fr that does not wait for the night, in CKAN's queue.

Like every job it reads the present state again: running twice, late or out of order gives the same.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ckan import model

from ckanext.scdl import config, runs
from ckanext.scdl.jobs import ask, enqueue, enqueue_after_commit
from ckanext.scdl.ledger import PLANNED
from ckanext.scdl.model import PushItem, PushLink, PushRun
from ckanext.scdl.publication import must_be_hidden, to_hide
from ckanext.scdl.source import BadConfig, all_sources, read

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)


TIMEOUT = 5 * 60 * 60
"""Seconds: more than a run's time, twice for what hides, and than its patience with another one."""

TRIES = 5
"""How often a job tries to hide what must not be read, before it leaves it to the next run."""

BETWEEN = 60.0
"""Seconds between two tries: the worker waits, since CKAN's has no clock to wake it."""


def push_soon(dataset_id: str) -> None:
    """Queue `push_one` now; without Redis the next run does it."""
    ask(push_one, dataset_id, TIMEOUT)


def push_now(dataset_id: str) -> None:
    """As `push_soon`, and raise RedisError: somebody asked for it."""
    enqueue(push_one, dataset_id, TIMEOUT)


def hide_soon(profile_id: str, tried: int = 0) -> None:
    """Queue `hide_all` now, once; without Redis the next run does it."""
    ask(hide_all, profile_id, TIMEOUT, tried, once=True)


def plan_soon(source_id: str) -> None:
    """Queue `first_plan` once the source is saved."""
    enqueue_after_commit(first_plan, source_id, TIMEOUT)


def push_one(dataset_id: str) -> None:
    """Bring one dataset up to date on data.gouv.fr, by each profile that sends or has sent it.

    What must no longer be read there is tried again, by `hide_all`.
    """
    linked = {row.profile for row in model.Session.query(PushLink).filter_by(dataset_id=dataset_id)}
    package = model.Package.get(dataset_id)
    # of one that was purged nobody knows any more who sent it
    concerned = [
        source
        for _, source in all_sources(taking_back=must_be_hidden(dataset_id))
        if package is None or source.profile_id in linked or source.takes_package(package)
    ]
    ended = [runs.whole(source, only=[dataset_id])[0] for source in concerned]
    if must_be_hidden(dataset_id):
        _try_again(ended, 0)


def hide_all(profile_id: str, tried: int = 0) -> None:
    """Make private what a profile has sent and nobody must read any more, all in one run.

    Tried again when another run is under way or data.gouv.fr does not answer, `TRIES` times in
    all, the others of the queue in between.
    """
    if tried:
        time.sleep(BETWEEN)
    datasets = [dataset_id for dataset_id in to_hide(profile_id) if may_be_read(dataset_id)]
    if datasets:
        mine = (one for _, one in all_sources(taking_back=True) if one.profile_id == profile_id)
        _try_again([runs.whole(source, only=datasets)[0] for source in mine], tried)


def _try_again(ended: Iterable[PushRun], tried: int) -> None:
    """One job for a profile, not for a dataset: a hundred may have been made private at once."""
    for profile_id in sorted({run.profile for run in ended if runs.may_pass(run)}):
        if tried + 1 < TRIES:
            hide_soon(profile_id, tried + 1)


def first_plan(source_id: str) -> None:
    """What a run of this harvest source would do, for its page."""
    from ckanext.harvest.model import HarvestSource

    row = HarvestSource.get(source_id)
    if row is None or row.type != config.SOURCE_TYPE or not row.active:
        return
    try:
        source = read(row.config)
    except BadConfig:
        return
    runs.whole(source, source_id=source_id, dry=True)


def hide_at_once(package: object) -> None:
    """A dataset that was published and is made private does not wait for the night."""
    dataset_id = getattr(package, "id", None)
    if getattr(package, "private", False) and dataset_id and may_be_read(dataset_id):
        enqueue_after_commit(push_one, dataset_id, TIMEOUT)


def may_be_read(dataset_id: str) -> bool:
    """May it be there, and no run has found nor made it private since?"""
    return may_be_there(dataset_id) and not _is_hidden(dataset_id)


def may_be_there(dataset_id: str) -> bool:
    """Was it published, or its creation asked for, or about to be, be the answer lost?"""
    linked = model.Session.query(PushLink).filter_by(dataset_id=dataset_id)
    begun = (
        model.Session.query(PushItem)
        .join(PushRun, PushRun.id == PushItem.run_id)
        .filter(PushItem.dataset_id == dataset_id, PushRun.kind == "run")
        .filter((PushItem.step == "create") | (PushItem.state == PLANNED))
    )
    return linked.first() is not None or begun.first() is not None


def _is_hidden(dataset_id: str) -> bool:
    """Does the last run of each profile that sent it say so?"""
    links = model.Session.query(PushLink.profile).filter_by(dataset_id=dataset_id)
    last = (
        model.Session.query(PushRun.profile, PushItem)
        .join(PushRun, PushRun.id == PushItem.run_id)
        .filter(PushItem.dataset_id == dataset_id, PushRun.kind == "run")
        .distinct(PushRun.profile)
        .order_by(PushRun.profile, PushItem.updated.desc())
    )
    said = {profile: item.says_hidden for profile, item in last}
    return all(said.values()) and {profile for (profile,) in links} <= said.keys()
