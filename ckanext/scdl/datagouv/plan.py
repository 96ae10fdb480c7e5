"""Decides what becomes of each dataset, from the lists already read: pure, nothing is called.

Identity: a link recorded by the ledger, else our stamp on the remote dataset (an answer was lost,
our tables were), else, where the profile says so, the name that data.gouv.fr's own harvester gave
it.  The result is stored by the portal and carried out by another process.  Imports the mapping,
the comparison and the types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from ckanext.scdl.datagouv import mapping
from ckanext.scdl.datagouv.compare import (
    Change,
    Known,
    archive_is_ours,
    current,
    difference,
    digests,
    edited_there,
    stamp,
    values,
)
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Link
from ckanext.scdl.datagouv.portal import PortalDataset, Vocabulary, Wanted
from ckanext.scdl.datagouv.profile import Profile
from ckanext.scdl.datagouv.twins import Twins, is_live, is_public, named, public_page
from ckanext.scdl.datagouv.withdrawal import (
    flag_body,
    hidden_by_hand,
    hidden_files,
    is_readable,
)

Json = Mapping[str, Any]
Action = Literal[
    "create",
    "adopt",
    "update",
    "restore",
    "flag",
    "archive",
    "hide",
    "unchanged",
    "left_out",
    "conflict",
]


@dataclass(frozen=True)
class PlannedItem:
    """What to do for one portal dataset.

    ``payload`` is the wanted state (``mapping.to_datagouv``), empty when nothing is to be sent;
    ``changes`` tells what differs, ``requests`` the writes that it takes, in order (``create``,
    ``upload``, ``dataset``, ``resource``, ``delete``, ``archive``); ``reason`` says why, always but
    for create, update and unchanged; ``notes`` tell what was dropped or noticed; ``absent`` is the
    date since which the portal no longer wants the dataset there; ``found`` is the link
    (``Link.to_dict``) to remember without a write; ``duplicates`` names others with the same stamp,
    to be archived, or hidden with the dataset.  ``title`` and ``url`` are empty for a dataset
    that became private.  Holds nothing secret.
    """

    dataset_id: str
    title: str
    action: Action
    organization: str | None = None
    remote_id: str | None = None
    url: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    requests: tuple[str, ...] = ()
    reason: Finding | None = None
    notes: tuple[Finding, ...] = ()
    absent: str | None = None
    found: Mapping[str, Any] | None = None
    duplicates: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Does carrying it out take a request that changes something?"""
        return bool(self.requests)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            **vars(self),
            "payload": dict(self.payload),
            "found": self.found and dict(self.found),
            "changes": [change.to_dict() for change in self.changes],
            "requests": list(self.requests),
            "duplicates": list(self.duplicates),
            "reason": self.reason and self.reason.to_dict(),
            "notes": [note.to_dict() for note in self.notes],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PlannedItem:
        """The reverse of ``to_dict``; of an item of a former version too."""
        reason = data.get("reason")
        return cls(
            **{
                **data,
                "changes": tuple(map(Change.from_dict, data.get("changes") or ())),
                "requests": tuple(data.get("requests") or ()),
                "duplicates": tuple(data.get("duplicates") or ()),
                "reason": Finding.from_dict(reason) if reason else None,
                "notes": tuple(Finding.from_dict(note) for note in data.get("notes") or ()),
            }
        )


@dataclass(frozen=True)
class Context:
    """All that a plan is made against.

    ``unsettled`` names datasets whose creation may still be under way; ``archived_lately`` those
    that count for the brake, which ``forced`` releases.  ``whole`` tells that the portal handed
    over all its datasets: what is not among them is gone.
    """

    profile: Profile
    vocabulary: Vocabulary
    links: Mapping[str, Link]
    remote: Sequence[Json]
    now: datetime
    unsettled: Collection[str] = ()
    archived_lately: Collection[str] = ()
    forced: bool = False
    whole: bool = True


def in_order(items: Iterable[PlannedItem], last: Collection[str] = ()) -> list[PlannedItem]:
    """What must no longer be read there first, the rest as it was.

    ``last`` names datasets that failed lately: some that always fail would stop each run before it
    comes to the others.  Nothing goes before what hides.
    """
    return sorted(items, key=lambda item: (item.action != "hide", item.dataset_id in last))


def plan(wanted: Iterable[Wanted], context: Context) -> list[PlannedItem]:
    """One item for each wanted dataset, in the same order, then the orphans over there.

    A dataset that is not wanted and was never published gives none, except when it waits for
    somebody to act.
    """
    index = Twins(context.remote)
    wanted = list(wanted)
    items = [item for one in wanted for item in _items(one, context, index)]
    if context.whole:
        items += _orphans(wanted, context, index)
    return _braked(items, context, index)


def _items(wanted: Wanted, context: Context, index: Twins) -> Iterator[PlannedItem]:
    dataset = wanted.dataset
    link = context.links.get(dataset.id)
    twin, others = index.of(dataset.portal_id, dataset.id, link)
    if twin is None and context.profile.harvested == "adopt":
        twin = index.harvested.get(dataset.id)
    untold = wanted.fate == "ignore" and wanted.obstacle is None
    if untold or (twin is None and not _asks(wanted)):
        return
    one = _One(wanted, context, index, twin, tuple(others), link)
    yield one.item()


def _asks(wanted: Wanted) -> bool:
    """Is there something to say of a dataset that is not over there?

    Not of one that was deleted, nor of one that the run does not send.
    """
    code = wanted.obstacle.code if wanted.obstacle else ""
    return wanted.fate != "ignore" and code not in ("deleted", "purged", "purged_private")


@dataclass(frozen=True)
class _One:
    """One wanted dataset, its twin over there, others with its stamp, and all that was read."""

    wanted: Wanted
    context: Context
    index: Twins
    twin: Json | None
    others: tuple[Json, ...]
    link: Link | None

    @property
    def living(self) -> tuple[Json, ...]:
        """The others that somebody may find: they are to be archived."""
        return tuple(other for other in self.others if is_live(other))

    def item(self) -> PlannedItem:
        """What becomes of it."""
        fate = self.wanted.fate
        if fate == "hide":
            return self._hide()
        if fate == "ignore":
            return self._left_out(self.wanted.obstacle or Finding("filtered"))
        conflict = self._conflict()
        if conflict:
            return replace(self._blank(), action="conflict", reason=conflict)
        if fate == "archive":
            return self._archive()
        reason = self._reason_to_leave_out()
        if reason is None:
            return self._publish()
        if reason.code in NOT_CONFORMING and self._is_visible():
            return self._no_longer_conforms(reason)
        return self._left_out(reason)

    def _blank(self) -> PlannedItem:
        dataset = self.wanted.dataset
        # the address over there is made from the title
        private = dataset.private or self.wanted.fate == "hide"
        page = public_page(self.twin) if self.twin and not private else None
        return PlannedItem(
            dataset.id,
            "" if private else mapping.shorten(dataset.title, mapping.TITLE_MAX),
            "left_out",
            self._organization(),
            remote_id=self.twin["id"] if self.twin else None,
            url=page,
        )

    def _organization(self) -> str | None:
        """Where it goes; of what is taken back, where it is."""
        here = next((one for one in self._copies if self._is_here(one)), None)
        if self.wanted.fate in ("archive", "hide") and here is not None:
            return str(here["organization"]["id"])
        return self.context.profile.organization_for(self.wanted.dataset.owner_org)

    @property
    def _copies(self) -> tuple[Json, ...]:
        """The twin and the others."""
        return (self.twin, *self.others) if self.twin is not None else ()

    def _is_here(self, remote: Json) -> bool:
        """Is it in an organisation that this profile may write to?"""
        organization = (remote.get("organization") or {}).get("id")
        return organization in self.context.profile.all_organizations

    def _is_visible(self) -> bool:
        return self.twin is not None and is_public(self.twin)

    def _left_out(self, reason: Finding) -> PlannedItem:
        stays = self._is_visible() and reason.code in STAYS
        notes = (self._stays(),) if stays else ()
        return replace(self._blank(), reason=reason, notes=notes)

    def _stays(self) -> Finding:
        """What readers still find over there: present files by links, or those that were sent."""
        hosted = self.context.profile.mode == "upload"
        return Finding("still_published_files" if hosted else "still_published")

    # Reasons

    def _reason_to_leave_out(self) -> Finding | None:
        dataset, context = self.wanted.dataset, self.context
        reason = self.wanted.obstacle or mapping.obstacle(
            dataset, context.vocabulary, context.profile
        )
        if reason:
            return reason
        if self._organization() is None:
            return Finding("organization_unmapped", {"organization": dataset.owner_org})
        if self.twin is None and dataset.id in context.unsettled:
            return Finding("unsettled")
        return None

    def _conflict(self) -> Finding | None:
        if self.wanted.fate == "archive":
            return self._elsewhere(self.context.profile.all_organizations)
        if self.context.profile.harvested == "stop":
            found = self._harvested()
            if found:
                return found
        if self.twin is not None and hidden_by_hand(self.twin):
            return Finding("hidden_there")
        organization = self._organization()
        return self._elsewhere((organization,)) if organization else None

    def _elsewhere(self, organizations: Collection[str]) -> Finding | None:
        twin = self.twin
        if twin is None or (twin.get("organization") or {}).get("id") in organizations:
            return None
        return Finding("other_organization", {"page": named(twin)})

    def _harvested(self) -> Finding | None:
        """data.gouv.fr's own harvester would make a second one, or overwrite ours."""
        dataset = self.wanted.dataset
        harvested = self.index.harvested.get(dataset.id)
        if harvested:
            return Finding("harvested", {"page": named(harvested)})
        if self.twin is not None and (self.twin.get("harvest") or {}).get("remote_id"):
            return Finding("harvested", {"page": named(self.twin)})
        host = urlsplit(self.context.profile.portal_url or dataset.page).hostname or ""
        if self.index.harvests(self._organization(), host):
            return Finding("organization_harvested", {"domain": host})
        return None

    # Actions

    def _publish(self) -> PlannedItem:
        context, blank = self.context, self._blank()
        cleaned, notes = mapping.usable(self.wanted.dataset, context.vocabulary, context.profile)
        payload = mapping.to_datagouv(cleaned)
        if self.twin is None:
            uploads = sum(resource["filetype"] == "file" for resource in payload["resources"])
            requests = ("create", *["upload"] * uploads, *["dataset"] * bool(uploads))
            return replace(blank, action="create", payload=payload, notes=notes, requests=requests)
        found = difference(payload, self.twin, known(self.link, context.profile))
        notes = (*notes, *self._remarks(payload))
        there = link_to(blank, self.twin)
        return replace(
            blank,
            found=None if _says(self.link, there) else there.to_dict(),
            action=self._action((*found.fields, *self.living)),
            payload=payload,
            changes=found.changes,
            requests=(*found.requests, *["archive"] * len(self.living)),
            duplicates=tuple(other["id"] for other in self.living),
            reason=self._why(),
            notes=notes,
        )

    def _action(self, differences: Sequence[Any]) -> Action:
        if self._why() is not None:
            return "adopt" if self._why() == Finding("adopted") else "restore"
        return "update" if differences else "unchanged"

    def _why(self) -> Finding | None:
        """The reason of an adoption or a restoration."""
        twin = self.twin or {}
        extras = twin.get("extras") or {}
        if twin.get("deleted"):
            return Finding("undeleted")
        if archive_is_ours(twin):
            return Finding("unarchived")
        if twin.get("private") and mapping.MARK_HIDDEN in extras:
            return Finding("public_again")
        if self.link is None or self.link.remote_id != twin.get("id"):
            return Finding("adopted")
        return None

    def _remarks(self, payload: Json) -> Iterator[Finding]:
        twin = self.twin or {}
        if twin.get("archived") and not archive_is_ours(twin):
            yield Finding("archived_there")
        for other in self.living:
            yield Finding("duplicate", {"page": named(other)})
        yield from self._edits(payload)

    def _edits(self, payload: Json) -> Iterator[Finding]:
        """What somebody edited over there: set again where it is ours, else left as it is."""
        owned = self.context.profile.owned_fields
        edited = edited_there(self.twin or {}, self.link.digests if self.link else {})
        wanted, there = values(payload), current(self.twin or {})
        differing = [name for name in wanted if wanted[name] != there[name]]
        for name in differing:
            if name in owned and name in edited:
                yield Finding("edited_there", {"field": name})
            elif name not in owned and name != "private":
                yield Finding("kept_there", {"field": name})

    def _no_longer_conforms(self, reason: Finding) -> PlannedItem:
        """In upload mode the last good version stays; a link leads to the present file."""
        profile, twin = self.context.profile, self.twin or {}
        if profile.mode == "link" and profile.not_conforming == "archive":
            return self._archived(reason, None)
        if mapping.MARK_FLAGGED in (twin.get("extras") or {}):
            notes = (self._stays(), Finding("flagged_there"))
            return replace(self._blank(), reason=reason, notes=notes)
        body = flag_body(twin, reason, profile, self.context.now)
        blank = self._blank()
        return replace(blank, action="flag", payload=body, requests=("dataset",), reason=reason)

    def _archive(self) -> PlannedItem:
        reason = self.wanted.obstacle or Finding("deleted")
        if not (self._is_visible() or self.living):
            return replace(self._blank(), reason=reason)
        since = (self.link.absent if self.link else None) or self.context.now.isoformat()
        due = datetime.fromisoformat(since) + timedelta(days=self.context.profile.grace_days)
        if self.context.now < due:
            notes = (Finding("grace", {"date": due.date().isoformat()}),)
            return replace(self._blank(), reason=reason, notes=notes, absent=since)
        return self._archived(reason, since)

    def _archived(self, reason: Finding, since: str | None) -> PlannedItem:
        requests = ("dataset",) * self._is_visible() + ("archive",) * len(self.living)
        return replace(
            self._blank(),
            action="archive",
            requests=requests,
            reason=reason,
            absent=since,
            duplicates=tuple(other["id"] for other in self.living),
        )

    def _hide(self) -> PlannedItem:
        """At once, without grace nor brake: what is there may tell of somebody.

        A copy that was given to somebody else is theirs to hide, and keeps none of ours readable.
        """
        reason = self.wanted.obstacle or Finding("private")
        requests = {one["id"]: _to_hide(one) for one in self._copies if self._is_here(one)}
        # by identifier: the page is named after the title
        away = tuple(
            Finding("other_organization", {"page": one["id"]})
            for one in self._copies
            if not self._is_here(one) and is_readable(one)
        )
        if any(requests.values()):
            return replace(
                self._blank(),
                action="hide",
                requests=tuple(request for each in requests.values() for request in each),
                reason=reason,
                notes=away,
                duplicates=tuple(one["id"] for one in self.others if requests.get(one["id"])),
            )
        if away:
            return replace(self._blank(), action="conflict", reason=away[0], notes=away[1:])
        return replace(self._blank(), reason=reason)


def _to_hide(remote: Json) -> tuple[str, ...]:
    """What it takes to hide one dataset over there; nothing when it is hidden."""
    return ("dataset",) * is_readable(remote) + ("delete",) * len(hidden_files(remote))


STAYS = frozenset(
    {"not_conforming", "partly_checked", "link_not_checked", "no_data", "licence_unknown"}
    | {
        "no_licence",
        "no_title",
        "filtered",
        "other_type",
        "url_local",
        "url_unusable",
        "url_credentials",
    }
)
"""Reasons that last until somebody acts, while the former version is read over there."""

NOT_CONFORMING = frozenset({"not_conforming", "partly_checked", "no_data"})
"""What the portal holds now is not what it would have published."""


def link_to(item: PlannedItem, remote: Json) -> Link:
    """What to remember of a dataset as data.gouv.fr describes it now."""
    stamped = ((stamp(resource), resource["id"]) for resource in remote.get("resources") or [])
    return Link(
        item.dataset_id,
        remote["id"],
        item.organization or "",
        public_page(remote) or "",
        {ours: theirs for ours, theirs in stamped if ours},
        digests(remote),
    )


def _says(link: Link | None, there: Link) -> bool:
    """Do we remember what is there?  A process may have died between a write and its record."""
    if link is None or not link.digests:
        return False
    return (link.remote_id, link.resources) == (there.remote_id, there.resources)


def known(link: Link | None, profile: Profile) -> Known:
    """What the comparison needs of our memory."""
    return Known(link.resources if link else {}, owned=profile.owned_fields)


# Orphans


def _orphans(wanted: Sequence[Wanted], context: Context, index: Twins) -> Iterator[PlannedItem]:
    """Datasets with our stamp that the portal no longer knows: purged, or an old backup put back.

    And those that our tables know and that carry a stamp of theirs no more.
    """
    portals = {one.dataset.portal_id for one in wanted}
    here = {one.dataset.id for one in wanted}
    gone = {dataset_id for portal, dataset_id in index.stamps() if portal in portals} - here
    gone |= {dataset_id for dataset_id in context.links if dataset_id not in here}
    portal_id = next(iter(portals), "")
    for dataset_id in sorted(gone):
        link = context.links.get(dataset_id)
        twin, others = index.of(portal_id, dataset_id, link)
        organization = ((twin or {}).get("organization") or {}).get("id")
        if twin is None or organization not in context.profile.all_organizations:
            continue
        one = _lost(dataset_id, portal_id, twin)
        yield _One(one, context, index, twin, tuple(others), link).item()


def _lost(dataset_id: str, portal_id: str, twin: Json) -> Wanted:
    """What we had hidden stays so: nobody says any more that it may be read."""
    hidden = mapping.MARK_HIDDEN in (twin.get("extras") or {})
    title = "" if hidden else str(twin.get("title") or "")
    dataset = PortalDataset(dataset_id, portal_id, title=title, private=hidden)
    if hidden:
        return Wanted(dataset, Finding("purged_private"), "hide")
    return Wanted(dataset, Finding("purged"), "archive")


# The brake


def _braked(items: list[PlannedItem], context: Context, index: Twins) -> list[PlannedItem]:
    """Without ``forced``, none of too many archivings: a slip must not empty an organisation."""
    asked = {item.dataset_id for item in items if item.action == "archive"}
    # another run of the day may have planned the same ones
    count = len(asked | set(context.archived_lately)) if asked else 0
    limit = brake_limit(context.profile, index.visible_count)
    if context.forced or count <= limit:
        return items
    why = Finding("braked", {"count": str(count), "limit": str(limit)})
    return [_held(item, why) if item.action == "archive" else item for item in items]


def brake_limit(profile: Profile, published: int) -> int:
    """How many datasets may be archived in a day; a single one always may."""
    share = published * profile.brake_percent // 100
    return min(profile.brake_count, max(1, share))


def _held(item: PlannedItem, why: Finding) -> PlannedItem:
    first = (item.reason,) if item.reason else ()
    return replace(item, action="left_out", requests=(), reason=why, notes=(*first, *item.notes))
