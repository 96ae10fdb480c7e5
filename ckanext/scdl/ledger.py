"""The push's memory in PostgreSQL: `datagouv.Ledger` for one profile and one run."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckan.model import system_info

from ckanext.scdl.datagouv import (
    SETTLING,
    Finding,
    Link,
    Outcome,
    PlannedItem,
    Vocabulary,
    is_sent_once,
)
from ckanext.scdl.model import PushItem, PushLink, PushProfile, PushRun

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PORTAL_ID = "ckanext.scdl.portal_id"
PLANNED = "planned"
_RECENT = 20
_DAY = dt.timedelta(days=1)
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_TURN = sa.text(
    """
    UPDATE scdl_push_run SET next_request = greatest(
        clock_timestamp(),
        (SELECT max(next_request) FROM scdl_push_run
         WHERE profile = :profile AND next_request > clock_timestamp())
    ) + make_interval(secs => :interval)
    WHERE id = :run
    RETURNING extract(epoch FROM next_request - clock_timestamp()) - :interval
    """
)


def portal_id() -> str:
    """The portal's own UUID, drawn once: its address may change, its datasets stay its own."""
    known: str | None = system_info.get_system_info(_PORTAL_ID)
    if known:
        return known
    system_info.set_system_info(_PORTAL_ID, str(uuid.uuid4()))
    return system_info.get_system_info(_PORTAL_ID)


class PostgresLedger:
    """See `datagouv.Ledger`; every write is committed at once.

    organizations: those of data.gouv.fr that the run writes to: what other profiles recorded of
    them counts too.
    """

    def __init__(self, run: PushRun, organizations: Collection[str] = ()) -> None:
        self._run_id: str = run.id
        self._profile: str = run.profile
        self._organizations = list(organizations)

    # Links

    def links(self) -> Mapping[str, Link]:
        served = PushLink.link["organization"].astext.in_(self._organizations)
        rows = model.Session.query(PushLink).filter((PushLink.profile == self._profile) | served)
        found = {row.dataset_id: row for row in sorted(rows, key=self._is_own)}
        return {dataset_id: Link.from_dict(row.link) for dataset_id, row in found.items()}

    def _is_own(self, row: PushLink) -> bool:
        return bool(row.profile == self._profile)

    def link(self, dataset_id: str) -> Link | None:
        served = PushLink.link["organization"].astext.in_(self._organizations)
        rows = model.Session.query(PushLink).filter(
            PushLink.dataset_id == dataset_id, (PushLink.profile == self._profile) | served
        )
        row = max(rows.populate_existing(), key=self._is_own, default=None)
        return Link.from_dict(row.link) if row else None

    def save_link(self, link: Link) -> None:
        model.Session.merge(
            PushLink(profile=self._profile, dataset_id=link.dataset_id, link=link.to_dict())
        )
        model.Session.commit()

    # Doubt

    def unsettled(self) -> Mapping[str, float]:
        since = dt.datetime.now(dt.timezone.utc) - SETTLING
        step = PushItem.step
        served = PushItem.plan["organization"].astext.in_(self._organizations)
        rows = (
            model.Session.query(PushItem.dataset_id, PushItem.updated)
            .join(PushRun, PushRun.id == PushItem.run_id)
            .filter((PushRun.profile == self._profile) | served, PushItem.updated > since)
            .filter((step == "create") | step.like("upload %"))
            .filter(PushItem.state.in_([PLANNED, "uncertain"]), PushItem.run_id != self._run_id)
        )
        return {
            dataset_id: max(0.0, (updated - since).total_seconds()) for dataset_id, updated in rows
        }

    # The run

    def stop(self, problem: Finding) -> None:
        row = self._run()
        if row is not None and not self._stops(row):
            row.problem = {**problem.to_dict(), "stops": True}
            model.Session.commit()

    def stopped(self) -> Finding | None:
        row = self._run()
        return Finding.from_dict(row.problem) if row and self._stops(row) else None

    def _stops(self, row: PushRun) -> bool:
        return bool((row.problem or {}).get("stops"))

    def _run(self) -> PushRun | None:
        return model.Session.query(PushRun).populate_existing().get(self._run_id)

    def turn(self, interval: float) -> float:
        """On a connection of its own: the session may be in the middle of something."""
        with model.meta.engine.begin() as connection:
            # two runs of one profile share its rate
            connection.execute(_ONE_AT_A_TIME, {"name": f"scdl-turn-{self._profile}"})
            values = {"run": self._run_id, "profile": self._profile, "interval": interval}
            waits = connection.execute(_TURN, values).scalar()
        return max(0.0, float(waits or 0.0))

    def time_left(self) -> float:
        row = self._run()
        if row is None or row.deadline is None:
            return float("inf")
        return float((row.deadline - dt.datetime.now(dt.timezone.utc)).total_seconds())

    def archived_lately(self) -> Collection[str]:
        since = dt.datetime.now(dt.timezone.utc) - _DAY
        rows = model.Session.query(PushItem.dataset_id)
        rows = rows.join(PushRun, PushRun.id == PushItem.run_id)
        about_to = sa.and_(
            PushItem.state == PLANNED,
            PushItem.plan["action"].astext == "archive",
            PushItem.run_id != self._run_id,
            PushRun.kind == "run",
        )
        rows = rows.filter(PushRun.profile == self._profile, PushItem.updated > since)
        rows = rows.filter((PushItem.state == "archived") | about_to)
        return {dataset_id for (dataset_id,) in rows}

    # What data.gouv.fr accepts

    def vocabulary(self) -> tuple[Vocabulary, float] | None:
        row = PushProfile.find(self._profile)
        if row is None or row.vocabulary is None or row.vocabulary_read is None:
            return None
        age = dt.datetime.now(dt.timezone.utc) - row.vocabulary_read
        try:
            return Vocabulary.from_dict(row.vocabulary), age.total_seconds()
        except KeyError:
            return None

    def save_vocabulary(self, vocabulary: Vocabulary) -> None:
        row = PushProfile.of(self._profile)
        row.vocabulary = vocabulary.to_dict()
        row.vocabulary_read = dt.datetime.now(dt.timezone.utc)
        model.Session.commit()

    # Items

    def add(self, item: PlannedItem) -> None:
        """Record what is planned, before anything is sent; not the body of what is not."""
        plan = (item if item.writes else replace(item, payload={})).to_dict()
        model.Session.merge(
            PushItem(run_id=self._run_id, dataset_id=item.dataset_id, state=PLANNED, plan=plan)
        )
        model.Session.commit()

    def planned(self, dataset_id: str) -> PlannedItem:
        """What this run planned for the dataset; KeyError if nothing."""
        row = self._row(dataset_id)
        if row is None:
            raise KeyError(dataset_id)
        return PlannedItem.from_dict(row.plan)

    def step(self, dataset_id: str) -> str | None:
        """The last write that was begun for the dataset in this run."""
        row = self._row(dataset_id)
        return row.step if row else None

    def outcome(self, dataset_id: str) -> Outcome | None:
        """How the item ended, None while it has not."""
        row = self._row(dataset_id)
        return Outcome.from_dict(row.outcome) if row and row.outcome else None

    def recent_failures(self, *, hides: bool = False) -> int:
        rows = (
            model.Session.query(PushItem.outcome)
            .filter(PushItem.run_id == self._run_id, PushItem.outcome.isnot(None))
            .filter((PushItem.plan["action"].astext == "hide") == hides)
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
        # what may be sent twice does not hide what may not, whose answer may have been lost
        if is_sent_once(step) or row.state == "failed" or not is_sent_once(row.step or ""):
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
