"""Figures of data.gouv.fr, kept at each listing: one row for a dataset and a month."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.scdl.datagouv.figures import Figures, figures, identifier, months
from ckanext.scdl.datagouv.mapping import STAMP_DATASET, STAMP_PORTAL
from ckanext.scdl.ledger import portal_id
from ckanext.scdl.model import PushFigures, PushItem, PushLink

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

Json = dict[str, Any]


class Kept(NamedTuple):
    """The figures of one month, and when they were last read."""

    month: dt.date
    figures: Figures
    read: dt.datetime


def record(profile: str, remote: Iterable[Json]) -> None:
    """Keep the figures of the listed datasets that bear this portal's stamp.

    On a connection of its own, in one statement: it neither commits nor undoes anything of the
    run, and a failure goes to the log.
    """
    try:
        _record(profile, remote)
    except Exception:
        log.exception("The figures of data.gouv.fr could not be kept")


def of(dataset_id: str) -> dict[str, list[Kept]]:
    """What is kept of a dataset, by profile, oldest month first."""
    rows = model.Session.query(PushFigures).populate_existing().filter_by(dataset_id=dataset_id)
    kept: dict[str, list[Kept]] = defaultdict(list)
    for row in rows.order_by(PushFigures.profile, PushFigures.month):
        kept[row.profile].append(Kept(row.month, Figures.from_dict(row.figures), row.read))
    return dict(kept)


def published(dataset_id: str) -> list[Json]:
    """One dictionary for each profile, as `scdl_publication_show` gives it.

    Without the address of what was made private there: it leads nowhere.
    """
    row = PushItem.last_of(dataset_id)
    hidden = {"url": None} if row is not None and row.says_hidden else {}
    return [_published(profile, kept) | hidden for profile, kept in of(dataset_id).items()]


def _published(profile: str, kept: list[Kept]) -> Json:
    last = kept[-1]
    shown = ("url", "views", "downloads", "reuses", "discussions", "quality", "resources")
    return {
        "profile": profile,
        **{name: getattr(last.figures, name) for name in shown},
        "missing": list(last.figures.missing),
        "months": [
            {"month": f"{month:%Y-%m}", "views": views, "downloads": downloads}
            for month, views, downloads in months((one.month, one.figures) for one in kept)
        ],
        "read": last.read.isoformat(),
    }


def _record(profile: str, remote: Iterable[Json]) -> None:
    own_id = portal_id()
    listed: dict[str, list[Json]] = defaultdict(list)
    for one in remote:
        dataset_id = _stamped(one, own_id)
        if dataset_id:
            listed[dataset_id].append(one)
    if not listed:
        return
    with model.meta.engine.begin() as connection:
        rows = _rows(profile, listed, _recorded(connection, profile))
        new = insert(PushFigures.__table__).values(rows)
        replaced = {name: new.excluded[name] for name in ("figures", "read")}
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["profile", "dataset_id", "month"], set_=replaced
            )
        )


def _stamped(remote: Json, own_id: str) -> str | None:
    """The id of the dataset of this portal that a listed one stands for."""
    extras = remote.get("extras")
    if not isinstance(extras, dict) or remote.get("deleted"):
        return None
    return identifier(extras.get(STAMP_DATASET)) if extras.get(STAMP_PORTAL) == own_id else None


def _recorded(connection: Any, profile: str) -> set[str]:
    """Ids on data.gouv.fr of the datasets that are ours beyond doubt."""
    links = sa.select(PushLink.link["remote_id"].astext).where(PushLink.profile == profile)
    return set(connection.execute(links).scalars())


def _rows(profile: str, listed: dict[str, list[Json]], recorded: set[str]) -> list[Json]:
    now = dt.datetime.now(dt.timezone.utc)
    return [
        {
            "profile": profile,
            "dataset_id": dataset_id,
            "month": now.date().replace(day=1),
            # of two with one stamp, the recorded one stays
            "figures": figures(
                next((one for one in both if one.get("id") in recorded), both[0])
            ).to_dict(),
            "read": now,
        }
        for dataset_id, both in listed.items()
    ]
