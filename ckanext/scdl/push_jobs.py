"""Work towards data.gouv.fr that does not wait for the night, in CKAN's queue.

Like every job it reads the present state again: running twice, late or out of order gives the same.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ckan import model

from ckanext.scdl import config, runs
from ckanext.scdl.jobs import enqueue, enqueue_after_commit
from ckanext.scdl.model import PushItem, PushLink
from ckanext.scdl.source import BadConfig, published_by, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.scdl.source import Source

log = logging.getLogger(__name__)


TIMEOUT = 2 * 60 * 60
"""Seconds: a dataset's files may be large, and another run may hold data.gouv.fr for a while."""


def push_soon(dataset_id: str) -> None:
    """Queue `push_one` now."""
    enqueue(push_one, dataset_id, TIMEOUT)


def plan_soon(source_id: str) -> None:
    """Queue `first_plan` once the source is saved."""
    enqueue_after_commit(first_plan, source_id, TIMEOUT)


def push_one(dataset_id: str) -> None:
    """Bring one dataset up to date on data.gouv.fr, by each profile that sends or has sent it."""
    linked = {row.profile for row in model.Session.query(PushLink).filter_by(dataset_id=dataset_id)}
    package = model.Package.get(dataset_id)
    for source in _each_source():
        # of one that was purged nobody knows any more who sent it
        taken = package is None or source.takes_package(package)
        if taken or source.profile_id in linked:
            runs.whole(source, only=[dataset_id])


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
    if getattr(package, "private", False) and dataset_id and may_be_there(dataset_id):
        enqueue_after_commit(push_one, dataset_id, TIMEOUT)


def may_be_there(dataset_id: str) -> bool:
    """Was it published, or its creation asked for, be the answer lost?"""
    linked = model.Session.query(PushLink).filter_by(dataset_id=dataset_id)
    begun = model.Session.query(PushItem).filter_by(dataset_id=dataset_id, step="create")
    return linked.first() is not None or begun.first() is not None
