"""The push's memory in PostgreSQL: `datagouv.Ledger` for one profile and one run."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.model import system_info

from ckanext.scdl.datagouv import SETTLING, Link, Outcome, PlannedItem
from ckanext.scdl.model import PushItem, PushLink, PushRun

if TYPE_CHECKING:
    from collections.abc import Mapping

_PORTAL_ID = "ckanext.scdl.portal_id"
PLANNED = "planned"
_RECENT = 20


def portal_id() -> str:
    """The portal's own UUID, drawn once: its address may change, its datasets stay its own."""
    known: str | None = system_info.get_system_info(_PORTAL_ID)
    if known:
        return known
    system_info.set_system_info(_PORTAL_ID, str(uuid.uuid4()))
    return system_info.get_system_info(_PORTAL_ID)


class PostgresLedger:
    """See `datagouv.Ledger`; every write is committed at once."""

    def __init__(self, run: PushRun) -> None:
        self._run_id: str = run.id
        self._profile: str = run.profile

    def links(self) -> Mapping[str, Link]:
        rows = model.Session.query(PushLink).filter(PushLink.profile == self._profile)
        return {row.dataset_id: Link.from_dict(row.link) for row in rows}

    def link(self, dataset_id: str) -> Link | None:
        row = model.Session.get(PushLink, (self._profile, dataset_id))
        return Link.from_dict(row.link) if row else None

    def save_link(self, link: Link) -> None:
        model.Session.merge(
            PushLink(profile=self._profile, dataset_id=link.dataset_id, link=link.to_dict())
        )
        model.Session.commit()

    def unsettled(self) -> frozenset[str]:
        since = dt.datetime.now(dt.timezone.utc) - SETTLING
        rows = (
            model.Session.query(PushItem.dataset_id)
            .join(PushRun, PushRun.id == PushItem.run_id)
            .filter(PushRun.profile == self._profile, PushItem.updated > since)
            .filter(PushItem.step == "create", PushItem.state.in_([PLANNED, "uncertain"]))
        )
        return frozenset(dataset_id for (dataset_id,) in rows)

    def add(self, item: PlannedItem) -> None:
        """Record what is planned, before anything is sent."""
        model.Session.merge(
            PushItem(
                run_id=self._run_id, dataset_id=item.dataset_id, state=PLANNED, plan=item.to_dict()
            )
        )
        model.Session.commit()

    def planned(self, dataset_id: str) -> PlannedItem:
        """What this run planned for the dataset; KeyError if nothing."""
        row = self._row(dataset_id)
        if row is None:
            raise KeyError(dataset_id)
        return PlannedItem.from_dict(row.plan)

    def outcome(self, dataset_id: str) -> Outcome | None:
        """How the item ended, None while it has not."""
        row = self._row(dataset_id)
        return Outcome.from_dict(row.outcome) if row and row.outcome else None

    def recent_failures(self) -> int:
        rows = (
            model.Session.query(PushItem.outcome)
            .filter(PushItem.run_id == self._run_id, PushItem.outcome.isnot(None))
            .filter(PushItem.state.notin_(["left_out", "conflict"]))
            .order_by(PushItem.updated.desc())
            .limit(_RECENT)
        )
        in_a_row = takewhile(lambda outcome: outcome.get("retry"), (row[0] for row in rows))
        return len(list(in_a_row))

    def begin(self, dataset_id: str, step: str) -> bool:
        row = self._row(dataset_id)
        if row is None or (row.step == step and row.state != "failed"):
            return False
        row.step = step
        model.Session.commit()
        return True

    def end(self, dataset_id: str, outcome: Outcome) -> None:
        """Record it; where the dataset stands on data.gouv.fr is known from the plan at least."""
        row = self._row(dataset_id)
        if row is not None:
            place = {key: row.plan.get(key) for key in ("remote_id", "url")}
            told = {key: value for key, value in outcome.to_dict().items() if value is not None}
            row.state, row.outcome = outcome.state, place | told
            model.Session.commit()

    def _row(self, dataset_id: str) -> Any:
        return model.Session.get(PushItem, (self._run_id, dataset_id))
