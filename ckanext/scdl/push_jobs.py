"""Work towards data.gouv.fr that does not wait for the night, in CKAN's queue.

Like every job it reads the present state again: running twice, late or out of order gives the same.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ckan import model

from ckanext.scdl import config, runs
from ckanext.scdl.jobs import enqueue, enqueue_after_commit
from ckanext.scdl.model import PushItem, PushLink, PushRun
from ckanext.scdl.publication import must_be_hidden, to_hide
from ckanext.scdl.source import BadConfig, published_by, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ckanext.scdl.source import Source

log = logging.getLogger(__name__)


TIMEOUT = 2 * 60 * 60
"""Seconds: a dataset's files may be large, and another run may hold data.gouv.fr for a while."""

TRIES = 5
"""How often a job tries to hide what must not be read, before it leaves it to the next run."""

BETWEEN = 60.0
"""Seconds between two tries: the worker waits, since CKAN's has no clock to wake it."""


def push_soon(dataset_id: str) -> None:
    """Queue `push_one` now."""
    enqueue(push_one, dataset_id, TIMEOUT)


def hide_soon(profile_id: str) -> None:
    """Queue `hide_all` now."""
    enqueue(hide_all, profile_id, TIMEOUT)


def plan_soon(source_id: str) -> None:
    """Queue `first_plan` once the source is saved."""
    enqueue_after_commit(first_plan, source_id, TIMEOUT)


def push_one(dataset_id: str, tried: int = 0) -> None:
    """Bring one dataset up to date on data.gouv.fr, by each profile that sends or has sent it.

    What must no longer be read there is tried again when another run is under way or data.gouv.fr
    does not answer, `TRIES` times in all, the others of the queue in between.
    """
    _wait(tried)
    linked = {row.profile for row in model.Session.query(PushLink).filter_by(dataset_id=dataset_id)}
    package = model.Package.get(dataset_id)
    # of one that was purged nobody knows any more who sent it
    concerned = [
        source
        for source in _each_source()
        if package is None or source.profile_id in linked or source.takes_package(package)
    ]
    ended = [runs.whole(source, only=[dataset_id])[0] for source in concerned]
    if must_be_hidden(dataset_id):
        _try_again(push_one, dataset_id, tried, ended)


def hide_all(profile_id: str, tried: int = 0) -> None:
    """Make private what a profile has sent and nobody must read: it was suspended meanwhile."""
    _wait(tried)
    datasets = to_hide(profile_id)
    if datasets:
        sources = [source for _, source in published_by(profile_id)]
        ended = [runs.whole(source, only=datasets)[0] for source in sources]
        _try_again(hide_all, profile_id, tried, ended)


def _wait(tried: int) -> None:
    if tried:
        time.sleep(BETWEEN)


def _try_again(
    job: Callable[[str, int], None], subject_id: str, tried: int, ended: Iterable[PushRun]
) -> None:
    if tried + 1 < TRIES and any(map(runs.may_pass, ended)):
        enqueue(job, subject_id, TIMEOUT, tried + 1)


def _each_source() -> Iterator[Source]:
    for profile_id in config.profiles():
        yield from (source for _, source in published_by(profile_id))


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
    """Was it published, or its creation asked for, be the answer lost?"""
    linked = model.Session.query(PushLink).filter_by(dataset_id=dataset_id)
    begun = model.Session.query(PushItem).filter_by(dataset_id=dataset_id, step="create")
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
