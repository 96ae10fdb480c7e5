"""Work towards data.gouv.fr that does not wait for the night, in CKAN's queue.

Like every job it reads the present state again: running twice, late or out of order gives the same.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ckan import model

from ckanext.scdl import config, runs
from ckanext.scdl.jobs import enqueue_after_commit
from ckanext.scdl.model import PushLink
from ckanext.scdl.source import BadConfig, published_by, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.scdl.source import Source

log = logging.getLogger(__name__)


def push_one(dataset_id: str) -> None:
    """Bring one dataset up to date on data.gouv.fr, by each profile that sends or has sent it."""
    linked = {row.profile for row in model.Session.query(PushLink).filter_by(dataset_id=dataset_id)}
    for source in _each_source():
        if source.profile_id in linked or _takes(source, dataset_id):
            runs.whole(source, only=[dataset_id])


def _each_source() -> Iterator[Source]:
    for profile_id in config.profiles():
        yield from (source for _, source in published_by(profile_id))


def _takes(source: Source, dataset_id: str) -> bool:
    package = model.Package.get(dataset_id)
    if package is None:
        return False
    group = model.Group.get(package.owner_org) if package.owner_org else None
    tags = {tag.name for tag in package.get_tags()}
    return source.takes(package.type, group.name if group else "", tags)


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
    if not getattr(package, "private", False) or dataset_id is None:
        return
    if model.Session.query(PushLink).filter_by(dataset_id=dataset_id).first() is not None:
        enqueue_after_commit(push_one, dataset_id)
