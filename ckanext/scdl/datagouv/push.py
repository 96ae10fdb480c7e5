"""The network's half of the push: read the lists, then carry one item out.

``gather`` reads and plans, and writes nothing; ``prepare`` makes what several items need;
``carry_out`` writes one item, each step recorded in the ledger before and after;
``check_connection`` refuses a profile that cannot work before anything is read or written.
Imports all the rest of the package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, BinaryIO

from ckanext.scdl.datagouv import errors, mapping
from ckanext.scdl.datagouv.client import Client
from ckanext.scdl.datagouv.compare import Difference, Known, difference, stamp
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Ledger, Link
from ckanext.scdl.datagouv.outcome import Outcome, State
from ckanext.scdl.datagouv.plan import Action, Context, PlannedItem, known, link_to, plan
from ckanext.scdl.datagouv.portal import Vocabulary, Wanted
from ckanext.scdl.datagouv.profile import Profile
from ckanext.scdl.datagouv.transport import Upload
from ckanext.scdl.datagouv.withdrawal import (
    archive_body,
    flag_body,
    hidden_by_hand,
    hidden_files,
    hide_body,
    is_readable,
)

Json = Mapping[str, Any]
Files = Callable[[str], AbstractContextManager[BinaryIO]]
"""Opens the file that a portal resource holds, by its identifier; OSError if it is lost."""

# A write whose answer was lost has been seen to appear some seconds later; a gateway gives up on
# its backend in a minute or two.
SETTLING = timedelta(minutes=2)
# After a change that nobody plans for, data.gouv.fr's lists are asked for again.
VOCABULARY_AGE = timedelta(hours=1)
CHUNK = 1024 * 1024

EDITING_ROLES = frozenset({"admin", "editor"})


@dataclass(frozen=True)
class Survey:
    """What was read and what follows: the ``items``, and the ``remote`` datasets as listed.

    ``problem`` tells what keeps part of the run back, such as the brake.
    """

    items: list[PlannedItem]
    remote: list[Json]
    problem: Finding | None = None


def gather(
    wanted: Sequence[Wanted],
    client: Client,
    ledger: Ledger,
    *,
    now: datetime | None = None,
    forced: bool = False,
    whole: bool = True,
) -> Survey:
    """Read data.gouv.fr's lists once and plan: one item for each wanted dataset, in order.

    ``forced`` releases the brake; ``whole`` tells that ``wanted`` holds all that the portal has:
    what is there and not among them is gone.  Waits for ``settling`` at first.  Raises the errors
    of ``check_connection``, and DatagouvError when a list cannot be read: there is no safe plan
    without it.  Writes nothing over there.
    """
    check_connection(client)
    delay = settling(wanted, ledger)
    if delay:
        client.sleep(delay)
    links = ledger.links()
    remote = _remote(wanted, links, client)
    vocabulary, age = _vocabulary(wanted, client, ledger)
    context = Context(
        profile=client.profile,
        vocabulary=vocabulary,
        links=links,
        remote=remote,
        now=now or datetime.now(timezone.utc),
        unsettled=ledger.unsettled(),
        archived_lately=ledger.archived_lately(),
        forced=forced,
        whole=whole,
    )
    items = plan(wanted, context)
    if age > VOCABULARY_AGE.total_seconds() and any(map(_depends_on_vocabulary, items)):
        fresh = _fresh_vocabulary(wanted, client, ledger)
        items = plan(wanted, replace(context, vocabulary=fresh))
    return Survey(_with_contacts(items, remote), remote, _problem(items))


def settling(wanted: Iterable[Wanted], ledger: Ledger) -> float:
    """Seconds for which writes of former runs, whose end is not known, are still waited for.

    ``SETTLING`` at most.  Whoever holds a lock while planning may wait before taking it.
    """
    doubtful = ledger.unsettled()
    concerned = (one for one in wanted if one.fate in ("publish", "hide"))
    waits = [doubtful.get(one.dataset.id, 0.0) for one in concerned]
    return min(max(waits, default=0.0), SETTLING.total_seconds())


def _problem(items: Iterable[PlannedItem]) -> Finding | None:
    """What the administrator must know of the whole run."""
    whole = ("braked", "organization_harvested")
    reasons = (item.reason for item in items)
    return next((reason for reason in reasons if reason and reason.code in whole), None)


# Vocabulary


def _depends_on_vocabulary(item: PlannedItem) -> bool:
    """Would what data.gouv.fr accepts today change it?"""
    said = (item.reason, *item.notes)
    return item.writes or any(f is not None and f.code in VOCABULARY_CODES for f in said)


VOCABULARY_CODES = frozenset(
    {"licence_unknown", "frequency_unknown", "granularity_unknown", "zone_unknown"}
    | {"schema_unknown", "extension_linked", "extension_dropped"}
)


def _vocabulary(
    wanted: Sequence[Wanted], client: Client, ledger: Ledger
) -> tuple[Vocabulary, float]:
    """What was read lately, if it answers all that is asked: a quiet night reads no list again."""
    remembered = ledger.vocabulary()
    if remembered is not None and _answers(remembered[0], wanted, client.profile):
        return remembered
    return _fresh_vocabulary(wanted, client, ledger), 0.0


def _answers(vocabulary: Vocabulary, wanted: Iterable[Wanted], profile: Profile) -> bool:
    """Extensions are asked for in upload mode only: the mode may have changed since."""
    hosts = profile.mode == "link" or bool(vocabulary.extensions)
    return hosts and _zones(wanted) <= vocabulary.asked_zones


def _zones(wanted: Iterable[Wanted]) -> frozenset[str]:
    zones = (zone for one in wanted if one.fate == "publish" for zone in one.dataset.zones)
    return frozenset(zone for zone in zones if mapping.ZONE_ID.fullmatch(zone))


def _fresh_vocabulary(wanted: Sequence[Wanted], client: Client, ledger: Ledger) -> Vocabulary:
    asked, remembered = _zones(wanted), ledger.vocabulary()
    # each costs a request, and none goes away
    known_zones = remembered[0].zones if remembered else frozenset()
    asked_before = remembered[0].asked_zones if remembered else frozenset()
    found = {zone for zone in sorted(asked - known_zones) if client.zone_exists(zone)}
    vocabulary = Vocabulary(
        licences=client.licences(),
        frequencies=client.frequencies(),
        granularities=client.granularities(),
        zones=known_zones | found,
        schemas=client.schemas(),
        asked_zones=asked | asked_before,
        extensions=client.extensions() if client.profile.mode == "upload" else frozenset(),
    )
    ledger.save_vocabulary(vocabulary)
    return vocabulary


# The lists


def _remote(wanted: Sequence[Wanted], links: Mapping[str, Link], client: Client) -> list[Json]:
    """Every dataset of the profile's organisations, and the linked ones that left them."""
    concerned = [links[one.dataset.id] for one in wanted if one.dataset.id in links]
    organizations = set(client.profile.all_organizations)
    organizations |= {link.organization for link in concerned if link.organization}
    remote: dict[str, Json] = {}
    for organization in sorted(organizations):
        remote |= {dataset["id"]: dataset for dataset in client.datasets(organization)}
    for link in concerned:
        moved = None if link.remote_id in remote else _found(client, link.remote_id)
        if moved:
            remote[link.remote_id] = moved
    return list(remote.values())


def _found(client: Client, remote_id: str) -> Json | None:
    """A linked dataset that is in no list: given to somebody else, or purged."""
    try:
        return client.dataset(remote_id)
    except (errors.NotFound, errors.Gone):
        return None


# Contact points


def _contact_key(organization: str | None, contact: Json) -> tuple[str, str, str]:
    return organization or "", contact["name"], contact["email"]


def _with_contacts(items: Sequence[PlannedItem], remote: Iterable[Json]) -> list[PlannedItem]:
    """Contact points that datasets of the organisation already show are named by identifier."""
    there = {
        _contact_key((dataset.get("organization") or {}).get("id"), contact): contact["id"]
        for dataset in remote
        for contact in dataset.get("contact_points") or []
    }
    return [_with_contact(item, there) for item in items]


def _with_contact(
    item: PlannedItem, identifiers: Mapping[tuple[str, str, str], str]
) -> PlannedItem:
    contact = item.payload.get("contact") or {}
    found = identifiers.get(_contact_key(item.organization, contact)) if contact else None
    if not found:
        return item
    return replace(item, payload={**item.payload, "contact": {**contact, "id": found}})


ContactKey = tuple[str, str, str]


def prepare(items: Sequence[PlannedItem], client: Client) -> list[PlannedItem]:
    """Make the contact points that items to write need and that are not there yet, each once.

    data.gouv.fr gives back the one that is already like it.  One that it refuses, or cannot make
    now, is told on the dataset, which goes without: it keeps nothing from being published, nor
    from being hidden.  Raises Unauthorized only.
    """
    made: dict[ContactKey, str] = {}
    lacking: dict[ContactKey, str] = {}
    answers = True
    for key in _missing_contacts(items):
        if not answers:
            lacking[key] = "contact_unavailable"
            continue
        try:
            made[key] = client.contact(*key)
        except errors.Unauthorized:
            raise
        except errors.DatagouvError as error:
            refused = isinstance(error, errors.Refused)
            lacking[key] = "contact_refused" if refused else "contact_unavailable"
            answers = not isinstance(error, errors.Unavailable)
    prepared = [_with_contact(item, made) for item in items]
    return [_without_contact(item, lacking) for item in prepared]


def _missing_contacts(items: Iterable[PlannedItem]) -> list[ContactKey]:
    """Each once, in order."""
    contacts = ((item, item.payload.get("contact")) for item in items if item.writes)
    keys = (_contact_key(i.organization, c) for i, c in contacts if c and not c.get("id"))
    return list(dict.fromkeys(keys))


def _without_contact(item: PlannedItem, lacking: Mapping[ContactKey, str]) -> PlannedItem:
    contact = item.payload.get("contact") or {}
    code = lacking.get(_contact_key(item.organization, contact)) if contact else None
    if code is None:
        return item
    payload = {key: value for key, value in item.payload.items() if key != "contact"}
    note = Finding(code, {"email": contact["email"]})
    return replace(item, payload=payload, notes=(*item.notes, note))


# One item


def carry_out(
    item: PlannedItem, client: Client, ledger: Ledger, files: Files | None = None
) -> Outcome:
    """Do what the plan says for one dataset and return how it ended; raises nothing expected.

    Safe to call twice for one item: a creation is sent once in a run, an update writes only what
    still differs.  Sends nothing once the run is stopped (key refused, too many failures in a row,
    no time left); what must no longer be read has a row of failures of its own, and twice the
    time.  ``files`` opens what
    is to be uploaded.  The outcome is recorded in the ledger.
    """
    try:
        outcome = _carry_out(_Work(item, client, ledger, files))
    except _Stopped as stopped:
        outcome = Outcome("left_out", stopped.finding, item.notes, item.remote_id, item.url)
    except errors.DatagouvError as error:
        outcome = _failure(item, error, ledger)
    ledger.end(item.dataset_id, outcome)
    return outcome


@dataclass(frozen=True)
class _Work:
    item: PlannedItem
    client: Client
    ledger: Ledger
    files: Files | None

    @property
    def known(self) -> Known:
        """What we remember of the twin, as it stands now."""
        return known(self.ledger.link(self.item.dataset_id), self.client.profile)


class _Stopped(Exception):
    """The run sends nothing more; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def _carry_out(work: _Work) -> Outcome:
    item = work.item
    if not item.writes:
        return _without_a_write(work)
    if item.action == "create":
        return _create(work)
    _check_run(work)
    if item.action in _TAKING_BACK:
        work.ledger.begin(item.dataset_id, item.action)
        return _take_back(work, work.client.dataset(item.remote_id or ""))
    remote = work.client.dataset(item.remote_id or "")
    return _bring_up_to_date(work, remote)


def _without_a_write(work: _Work) -> Outcome:
    """Nothing to send; what the plan found is remembered all the same."""
    item = work.item
    if item.found:
        work.ledger.save_link(Link.from_dict(item.found))
    _remember_absence(work)
    state = _STATES.get(item.action, item.action)
    return Outcome(state, item.reason, item.notes, item.remote_id, item.url)  # type: ignore[arg-type]


def _remember_absence(work: _Work) -> None:
    """Since when the portal no longer wants the dataset there; forgotten when it does again."""
    item, link = work.item, work.ledger.link(work.item.dataset_id)
    if link is None and item.absent and item.remote_id:
        link = Link(item.dataset_id, item.remote_id, item.organization or "", item.url or "")
    if link is not None and link.absent != item.absent:
        work.ledger.save_link(replace(link, absent=item.absent))


def _create(work: _Work) -> Outcome:
    """One POST holds everything, stamps included; never a second one, in this run or another.

    The plan may be hours old: another run may have created the dataset since, or be in doubt.
    Where files are to be uploaded the dataset is private until they are all there.
    """
    item, ledger, client = work.item, work.ledger, work.client
    link = ledger.link(item.dataset_id)
    if link is not None:
        _check_run(work)
        remote = _found(client, link.remote_id)
        if remote is not None:
            return _bring_up_to_date(work, remote)
    if item.dataset_id in ledger.unsettled() or not ledger.begin(item.dataset_id, "create"):
        return Outcome("uncertain", Finding("already_sent"), item.notes, retry=True)
    _check_run(work)
    linked = [one for one in item.payload["resources"] if one["filetype"] != "file"]
    uploads = len(linked) < len(item.payload["resources"])
    body = {
        **_sendable(item.payload),
        "resources": linked,
        "private": uploads,
        "organization": item.organization,
    }
    if uploads:
        body["extras"] = {**body["extras"], mapping.MARK_PENDING: "upload"}
    remote = client.create_dataset(body)
    if not uploads:
        return _written("created", work, remote)
    ledger.save_link(_begun(item, remote))
    return _bring_up_to_date(work, remote, "created")


def _begun(item: PlannedItem, remote: Json) -> Link:
    """A dataset that is not yet as wanted: what its fields hold says nothing of edits."""
    return replace(link_to(item, remote), digests={})


def _sendable(payload: Json) -> dict[str, Any]:
    """The body of a request: a contact point is named by its identifier."""
    body = {key: value for key, value in payload.items() if key != "contact"}
    identifier = (payload.get("contact") or {}).get("id")
    return {**body, "contact_points": [identifier]} if identifier else body


def _bring_up_to_date(work: _Work, remote: Json, state: State | None = None) -> Outcome:
    """Write only what differs from what is there now: the plan may be hours old."""
    item = work.item
    if hidden_by_hand(remote):
        return Outcome("conflict", Finding("hidden_there"), item.notes, remote["id"], item.url)
    _archive_duplicates(work, remote)
    changes = difference(item.payload, remote, work.known)
    state = state or _STATES.get(item.action, "updated")
    if not changes:
        if state != "adopted":
            state = "updated" if item.duplicates else "unchanged"
        return _written(state, work, remote)
    work.ledger.begin(item.dataset_id, "update")
    return _written(state, work, _write(work, remote, changes))


def _archive_duplicates(work: _Work, kept: Json) -> None:
    """Of several with one stamp one stays; the others lose nothing but their place in lists."""
    for remote_id in work.item.duplicates:
        other = _found(work.client, remote_id)
        if other and other["id"] != kept["id"] and not other.get("archived"):
            reason = Finding("duplicate")
            work.ledger.begin(work.item.dataset_id, f"archive {remote_id}")
            now = datetime.now(timezone.utc)
            work.client.update_dataset(remote_id, archive_body(other, reason, now))


_STATES: dict[Action, State] = {"adopt": "adopted", "restore": "restored"}


def _write(work: _Work, remote: Json, changes: Difference) -> Json:
    """Send the changes and return the dataset as data.gouv.fr now describes it."""
    client = work.client
    after = dict(remote)
    if changes.uploads:
        after, sent = _upload_all(work, after, changes)
        changes = difference(work.item.payload, after, replace(work.known, uploaded=sent))
    if changes.dataset is not None:
        after = client.update_dataset(remote["id"], _sendable(changes.dataset))
    resources = {resource["id"]: resource for resource in after.get("resources") or []}
    for resource_id, body in changes.files.items():
        resources[resource_id] = client.update_resource(remote["id"], resource_id, body)
    for resource_id in changes.surplus:
        client.delete_resource(remote["id"], resource_id)
        resources.pop(resource_id, None)
    return {**after, "resources": list(resources.values())}


def _upload_all(
    work: _Work, remote: dict[str, Any], changes: Difference
) -> tuple[dict[str, Any], list[str]]:
    """Send the files one by one; the link remembers each before the next."""
    resources = {resource["id"]: resource for resource in remote.get("resources") or []}
    linked = dict(work.known.resources)
    sent = []
    for ours, twin_id in changes.uploads:
        held = _upload(work, remote["id"], ours, twin_id)
        resources[held["id"]] = held
        name = stamp(ours) or ""
        sent.append(name)
        linked[name] = held["id"]
        link = work.ledger.link(work.item.dataset_id) or _begun(work.item, remote)
        work.ledger.save_link(replace(link, resources=dict(linked)))
    return {**remote, "resources": list(resources.values())}, sent


def _upload(work: _Work, dataset: str, ours: Json, twin_id: str | None) -> Json:
    """One file; a new one is never sent twice in a run, since its answer may have been lost."""
    name = stamp(ours) or ""
    if twin_id is None and not work.ledger.begin(work.item.dataset_id, f"upload {name}"):
        raise errors.Unavailable("already_sent", maybe_committed=True)
    if work.files is None:
        raise errors.Refused("file_lost", resource=ours["title"])
    try:
        with work.files(name) as file:
            _check_file(ours, file)
            upload = Upload(ours["name"], ours["mime"], file)
            if twin_id is None:
                return work.client.add_file(dataset, upload)
            return work.client.replace_file(dataset, twin_id, upload)
    except OSError:
        raise errors.Refused("file_lost", resource=ours["title"]) from None


def _check_file(ours: Json, file: BinaryIO) -> None:
    """The file may have been replaced since it was checked: only what was checked is sent."""
    expected = ours["extras"][mapping.STAMP_FILE]
    if len(expected) != hashlib.sha256().digest_size * 2:
        return  # a date: documentation, which is not checked
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(CHUNK), b""):
        digest.update(chunk)
    if digest.hexdigest() != expected:
        raise errors.Refused("file_changed", resource=ours["title"])
    file.seek(0)


def _take_back(work: _Work, remote: Json) -> Outcome:
    """Archive, flag or hide, with the present state as the base."""
    item = work.item
    reason = item.reason or Finding("withdrawn")
    state, after = _TAKING_BACK[item.action](work, remote, reason)
    work.ledger.save_link(replace(link_to(item, after), absent=item.absent))
    away = [note for note in item.notes if note.code == "other_organization"]
    if away:  # what is ours is hidden; the rest is for people to settle
        return Outcome("conflict", away[0], item.notes[1:], remote["id"], item.url)
    return Outcome(state, reason, item.notes, remote["id"], item.url)


def _hide(work: _Work, remote: Json, reason: Finding) -> tuple[State, Json]:
    """The dataset and its copies: a second one tells as much as the first.

    Not the dataset itself if it was given to another organisation: the plan says so.
    """
    after = remote
    organization = (remote.get("organization") or {}).get("id")

    def first() -> None:
        nonlocal after
        if organization in work.client.profile.all_organizations:
            after = _hidden(work, remote, reason)

    def another(remote_id: str) -> None:
        other = _found(work.client, remote_id)
        if other and other["id"] != remote["id"]:
            _hidden(work, other, reason)

    _try_each([first, *(partial(another, remote_id) for remote_id in work.item.duplicates)])
    return "hidden", after


def _hidden(work: _Work, remote: Json, reason: Finding) -> Json:
    """One PUT, and the files of ours that data.gouv.fr holds are deleted."""
    after = remote
    client, files = work.client, hidden_files(remote)

    def hide() -> None:
        nonlocal after
        after = client.update_dataset(remote["id"], hide_body(remote, reason))

    delete = [partial(client.delete_resource, remote["id"], resource_id) for resource_id in files]
    _try_each([*([hide] if is_readable(remote) else []), *delete])
    left = [one for one in remote.get("resources") or [] if one["id"] not in files]
    return {**after, "resources": left}


def _try_each(steps: Iterable[Callable[[], object]]) -> None:
    """What one of them meets keeps no other back; the first error is raised in the end.

    A key or a right that is refused is refused to all: raised at once.
    """
    problem: errors.DatagouvError | None = None
    for step in steps:
        try:
            step()
        except (errors.Unauthorized, errors.Forbidden):
            raise
        except errors.DatagouvError as error:
            problem = problem or error
    if problem is not None:
        raise problem


def _archive(work: _Work, remote: Json, reason: Finding) -> tuple[State, Json]:
    _archive_duplicates(work, remote)
    if remote.get("archived") or not is_readable(remote):
        return "archived", remote
    body = archive_body(remote, reason, datetime.now(timezone.utc))
    return "archived", work.client.update_dataset(remote["id"], body)


def _flag(work: _Work, remote: Json, reason: Finding) -> tuple[State, Json]:
    if mapping.MARK_FLAGGED in (remote.get("extras") or {}):
        return "flagged", remote
    body = flag_body(remote, reason, work.client.profile, datetime.now(timezone.utc))
    return "flagged", work.client.update_dataset(remote["id"], body)


_TAKING_BACK: Mapping[Action, Callable[[_Work, Json, Finding], tuple[State, Json]]] = {
    "hide": _hide,
    "archive": _archive,
    "flag": _flag,
}

# What spares data.gouv.fr, and is no reason to leave there what must not be read.
_SPARING = ("circuit_open", "out_of_time")


def _check_run(work: _Work) -> None:
    """Raise _Stopped rather than send anything more in a run that is to end.

    It is asked of the ledger: each item may be carried out by another process.  A creation asks
    after ``begin``: one whose answer was lost must stay uncertain, or it would be sent twice.
    What hides is stopped by the row of its own failures, which stops nothing else, and has the
    run's time once more.
    """
    problem = work.ledger.stopped()
    hides = work.item.action == "hide"
    if hides and problem and problem.code in _SPARING:
        problem = None
    problem = problem or _sparing(work.ledger, work.client, hides=hides)
    if problem is not None:
        if not hides:
            work.ledger.stop(problem)
        raise _Stopped(problem)


def _sparing(ledger: Ledger, client: Client, *, hides: bool) -> Finding | None:
    most, minutes = client.limits.failures, client.profile.budget_minutes
    if ledger.recent_failures(hides=hides) >= most:
        return Finding("circuit_open", {"failures": str(most)})
    more = minutes if hides else 0
    if ledger.time_left() <= -60 * more:
        return Finding("out_of_time", {"minutes": str(minutes + more)})
    return None


def _written(state: State, work: _Work, remote: Json) -> Outcome:
    """Record the link and compare what is there with what was wanted: nothing is lost silently."""
    item = work.item
    link = link_to(item, remote)
    work.ledger.save_link(link)
    compared = Known(link.resources, owned=work.known.owned)
    left = difference(item.payload, remote, compared).fields
    lost = (Finding("not_kept", {"fields": ", ".join(left)}),) if left else ()
    reason = item.reason if state in ("adopted", "restored") else None
    return Outcome(state, reason, (*item.notes, *lost), link.remote_id, link.url or None)


def _failure(item: PlannedItem, error: errors.DatagouvError, ledger: Ledger) -> Outcome:
    """A lost answer leaves us uncertain; everything else is a failure.

    Of an update, the requests before the one that failed were carried out.  A key or a right that
    is refused stops the run: every other item would be refused too.
    """
    if isinstance(error, (errors.Unauthorized, errors.Forbidden)):
        ledger.stop(error.finding)
    uncertain = isinstance(error, errors.Unavailable) and error.maybe_committed
    return Outcome(
        "uncertain" if uncertain else "failed",
        error.finding,
        item.notes,
        item.remote_id,
        item.url,
        retry=isinstance(error, (errors.Unavailable, errors.ReadOnly)),
    )


# The profile


def check_connection(client: Client) -> None:
    """Is the key valid, do the organisations exist, may this account edit their datasets?

    One request for the account and one for each organisation of the profile.  Raises
    Unauthorized, NotFound, Gone, Forbidden (``not_member``, ``role_too_weak``), ProfileInvalid (no
    organisation at all, or a portal that nobody can reach) or Unavailable.
    """
    client.profile.check_portal_address()
    if not client.profile.all_organizations:
        raise errors.ProfileInvalid("profile_no_organization", profile=client.profile.id)
    me = _account(client)
    for organization in client.profile.all_organizations:
        _check_role(me, _organization(client, organization))


def _account(client: Client) -> Json:
    """A server that does not know this address is not data.gouv.fr's API."""
    try:
        return client.me()
    except (errors.NotFound, errors.Gone):
        raise errors.Unavailable("not_json") from None


def check_catalogue(
    client: Client, schemas: Iterable[tuple[str, str]], licences: Iterable[str]
) -> tuple[Finding, ...]:
    """Which of these licences and schemas (name, version) data.gouv.fr does not know.

    Datasets with such a licence are left out, files lose the mention of such a schema.
    """
    known_schemas, known_licences = client.schemas(), client.licences()
    found = [
        Finding("schema_unknown", {"schema": name, "version": version})
        for name, version in schemas
        if version not in known_schemas.get(name, ())
    ]
    found += [
        Finding("licence_unknown", {"licence": name})
        for name in licences
        if mapping.licence(name) not in known_licences
    ]
    return tuple(found)


def _organization(client: Client, organization: str) -> Json:
    try:
        return client.organization(organization)
    except (errors.NotFound, errors.Gone) as error:
        raise type(error)("organization_missing", organization=organization) from None


def _check_role(me: Json, organization: Json) -> None:
    """The permissions that the organisation announces do not tell a partial editor; roles do."""
    name = str(organization.get("name"))
    role = next((m.get("role") for m in organization["members"] if _is(m["user"], me)), None)
    if "admin" in (me.get("roles") or []) or role in EDITING_ROLES:
        return
    if role is None:
        raise errors.Forbidden("not_member", organization=name)
    raise errors.Forbidden("role_too_weak", organization=name, role=str(role))


def _is(user: Any, me: Json) -> bool:
    """Is this member the account?  One that was erased is null."""
    return isinstance(user, dict) and user.get("id") == me["id"]
