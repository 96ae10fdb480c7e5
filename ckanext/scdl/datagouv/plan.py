"""Decides what becomes of each dataset, from the lists already read: pure, nothing is called.

Identity: a link recorded by the ledger, else our stamp on the remote dataset (an answer was lost).
The result is stored by the portal and carried out by another process.  Imports the mapping, the
comparison and the types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ckanext.scdl.datagouv import mapping
from ckanext.scdl.datagouv.compare import difference
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Link
from ckanext.scdl.datagouv.portal import PortalDataset, Vocabulary, Wanted
from ckanext.scdl.datagouv.profile import Profile

Json = Mapping[str, Any]
Action = Literal["create", "update", "unchanged", "left_out", "conflict"]


@dataclass(frozen=True)
class PlannedItem:
    """What to do for one portal dataset.

    ``payload`` is the wanted state (``mapping.to_datagouv``), empty when nothing is to be sent;
    ``changes`` names what differs; ``reason`` is set for left_out and conflict; ``notes`` tell what
    was dropped or noticed.  Holds nothing secret.
    """

    dataset_id: str
    title: str
    action: Action
    organization: str | None = None
    remote_id: str | None = None
    url: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    reason: Finding | None = None
    notes: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            **vars(self),
            "payload": dict(self.payload),
            "changes": list(self.changes),
            "reason": self.reason and self.reason.to_dict(),
            "notes": [note.to_dict() for note in self.notes],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PlannedItem:
        """The reverse of ``to_dict``."""
        reason = data.get("reason")
        return cls(
            **{
                **data,
                "changes": tuple(data.get("changes") or ()),
                "reason": Finding.from_dict(reason) if reason else None,
                "notes": tuple(Finding.from_dict(note) for note in data.get("notes") or ()),
            }
        )


@dataclass(frozen=True)
class Context:
    """All that a plan is made against."""

    profile: Profile
    vocabulary: Vocabulary
    links: Mapping[str, Link]
    remote: Sequence[Json]
    unsettled: Collection[str] = ()


def plan(wanted: Iterable[Wanted], context: Context) -> list[PlannedItem]:
    """One item for each wanted dataset, in the same order."""
    index = _Index(context.remote)
    return [_item(one, context, index) for one in wanted]


class _Index:
    """The remote datasets by identifier, by stamp and by the name that their harvester gave them.

    The third one is udata's own CKAN harvester: a dataset that it maintains is overwritten at its
    next run, and it makes a second one of a dataset that we pushed.
    """

    def __init__(self, remote: Sequence[Json]) -> None:
        self.by_id = {dataset["id"]: dataset for dataset in remote}
        self.harvested: dict[str, Json] = {}
        self._stamped: dict[tuple[str, str], list[Json]] = {}
        for dataset in sorted(remote, key=lambda dataset: str(dataset.get("created_at"))):
            self._add(dataset)

    def _add(self, dataset: Json) -> None:
        extras = dataset.get("extras") or {}
        # Anybody who edits the dataset there may write any JSON value under our keys.
        key = str(extras.get(mapping.STAMP_PORTAL)), str(extras.get(mapping.STAMP_DATASET))
        self._stamped.setdefault(key, []).append(dataset)
        harvest = dataset.get("harvest") or {}
        if harvest.get("remote_id") and not dataset.get("deleted"):
            self.harvested[harvest["remote_id"]] = dataset

    def stamped(self, dataset: PortalDataset) -> list[Json]:
        """Those with this dataset's stamp: living ones first, then the oldest first."""
        found = self._stamped.get((dataset.portal_id, dataset.id), [])
        return sorted(found, key=lambda remote: bool(remote.get("deleted")))


def _item(wanted: Wanted, context: Context, index: _Index) -> PlannedItem:
    dataset = wanted.dataset
    organization = context.profile.organization_for(dataset.owner_org)
    link = context.links.get(dataset.id)
    twin, others = _twin(dataset, link, index)
    blank = PlannedItem(
        dataset.id,
        mapping.shorten(dataset.title, mapping.TITLE_MAX),
        "left_out",
        organization,
        remote_id=twin["id"] if twin else None,
        url=public_page(twin) if twin else None,
    )
    reason = _reason_to_leave_out(wanted, context, twin)
    if reason:
        notes = (Finding("still_published"),) if _is_public(twin) and reason.code in STAYS else ()
        return replace(blank, reason=reason, notes=notes)
    conflict = _conflict(dataset, organization, twin, index)
    if conflict:
        return replace(blank, action="conflict", reason=conflict)
    return _action(dataset, context, blank, twin, others)


def public_page(remote: Json) -> str | None:
    """Where everybody can read the dataset: an http(s) address, fit for a link, or None."""
    page = str(remote.get("page") or "")
    return page if page.startswith(("https://", "http://")) else None


def _named(remote: Json) -> str:
    """For a sentence: the page, or else the identifier."""
    return public_page(remote) or str(remote["id"])


def _twin(
    dataset: PortalDataset, link: Link | None, index: _Index
) -> tuple[Json | None, list[Json]]:
    """The remote dataset that is ours, and the living ones that also carry its stamp."""
    recorded = index.by_id.get(link.remote_id) if link else None
    stamped = index.stamped(dataset)
    candidates = [*([recorded] if recorded else []), *stamped]
    twin = min(candidates, key=lambda remote: bool(remote.get("deleted")), default=None)
    others = [other for other in stamped if twin and other["id"] != twin["id"]]
    return twin, [other for other in others if not other.get("deleted")]


def _reason_to_leave_out(wanted: Wanted, context: Context, twin: Json | None) -> Finding | None:
    dataset = wanted.dataset
    if dataset.private and _is_public(twin):
        return Finding("private_published")
    reason = wanted.obstacle or mapping.obstacle(dataset, context.vocabulary)
    if reason:
        return reason
    if context.profile.organization_for(dataset.owner_org) is None:
        return Finding("organization_unmapped", {"organization": dataset.owner_org})
    if twin is None and dataset.id in context.unsettled:
        return Finding("unsettled")
    return None


STAYS = frozenset(
    {"not_conforming", "partly_checked", "link_not_checked", "no_data", "licence_unknown"}
)
"""Reasons that last until somebody acts, while the former version is read over there."""


def _is_public(twin: Json | None) -> bool:
    return twin is not None and not twin.get("deleted") and not twin.get("private")


def _conflict(
    dataset: PortalDataset, organization: str | None, twin: Json | None, index: _Index
) -> Finding | None:
    harvested = index.harvested.get(dataset.id)
    if harvested:
        return Finding("harvested", {"page": _named(harvested)})
    if twin is None:
        return None
    if (twin.get("harvest") or {}).get("remote_id"):
        return Finding("harvested", {"page": _named(twin)})
    if (twin.get("organization") or {}).get("id") != organization:
        return Finding("other_organization", {"page": _named(twin)})
    return None


def _action(
    dataset: PortalDataset,
    context: Context,
    blank: PlannedItem,
    twin: Json | None,
    others: Sequence[Json],
) -> PlannedItem:
    cleaned, notes = mapping.usable(dataset, context.vocabulary)
    payload = mapping.to_datagouv(cleaned)
    if twin is None:
        return replace(blank, action="create", payload=payload, notes=notes)
    link = context.links.get(dataset.id)
    changes = difference(payload, twin, link.resources if link else None).fields
    return replace(
        blank,
        action="update" if changes else "unchanged",
        payload=payload,
        changes=changes,
        notes=(*notes, *_remarks(twin, others, link)),
    )


def _remarks(twin: Json, others: Sequence[Json], link: Link | None) -> Iterable[Finding]:
    if link is None or link.remote_id != twin["id"]:
        yield Finding("adopted")
    if twin.get("deleted"):
        yield Finding("undeleted")
    if twin.get("archived"):
        yield Finding("archived_there")
    for other in others:
        yield Finding("duplicate", {"page": _named(other)})
