"""The network's half of the push: read the lists, then carry one item out.

``gather`` reads and plans; ``carry_out`` writes one item, each step recorded in the ledger before
and after; ``check_connection`` refuses a profile that cannot work before anything is read or
written.  Imports all the rest of the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from ckanext.scdl.datagouv import errors, mapping
from ckanext.scdl.datagouv.client import Client
from ckanext.scdl.datagouv.compare import Difference, difference, stamp
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Ledger, Link
from ckanext.scdl.datagouv.outcome import Outcome, State
from ckanext.scdl.datagouv.plan import Context, PlannedItem, plan, public_page
from ckanext.scdl.datagouv.portal import Vocabulary, Wanted

Json = Mapping[str, Any]

# A creation whose answer was lost has been seen to appear some seconds later; ten minutes leave a
# slow queue the time to end.
SETTLING = timedelta(minutes=10)

EDITING_ROLES = frozenset({"admin", "editor"})


def gather(wanted: Sequence[Wanted], client: Client, ledger: Ledger) -> list[PlannedItem]:
    """Read data.gouv.fr's lists once and plan: one item for each wanted dataset, in order.

    Datasets found again by their stamp are linked in the ledger at once.  Raises the errors of
    ``check_connection``, and DatagouvError when a list cannot be read: there is no safe plan
    without it.
    """
    check_connection(client)
    links = ledger.links()
    remote = _remote(wanted, links, client)
    context = Context(
        profile=client.profile,
        vocabulary=_vocabulary(wanted, client),
        links=links,
        remote=remote,
        unsettled=ledger.unsettled(),
    )
    items = plan(wanted, context)
    _adopt(items, remote, ledger)
    return items


def _adopt(items: Iterable[PlannedItem], remote: Iterable[Json], ledger: Ledger) -> None:
    by_id = {dataset["id"]: dataset for dataset in remote}
    for item in items:
        if any(note.code == "adopted" for note in item.notes):
            ledger.save_link(_link(item, by_id[item.remote_id or ""]))


def _vocabulary(wanted: Iterable[Wanted], client: Client) -> Vocabulary:
    asked = {zone for one in wanted for zone in one.dataset.zones}
    return Vocabulary(
        licences=client.licences(),
        frequencies=client.frequencies(),
        granularities=client.granularities(),
        zones=frozenset(
            zone
            for zone in sorted(asked)
            if mapping.ZONE_ID.fullmatch(zone) and client.zone_exists(zone)
        ),
        schemas=client.schemas(),
    )


def _remote(wanted: Sequence[Wanted], links: Mapping[str, Link], client: Client) -> list[Json]:
    """Every dataset of the organisations concerned, and the linked ones that left them."""
    concerned = [links[one.dataset.id] for one in wanted if one.dataset.id in links]
    organizations = {client.profile.organization_for(one.dataset.owner_org) for one in wanted}
    organizations |= {link.organization for link in concerned}
    remote: dict[str, Json] = {}
    for organization in sorted(name for name in organizations if name):
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


# One item


def carry_out(item: PlannedItem, client: Client, ledger: Ledger) -> Outcome:
    """Do what the plan says for one dataset and return how it ended; raises nothing expected.

    Safe to call twice for one item: a creation is sent once in a run, an update writes only what
    still differs.  Sends nothing once the run's last ``Limits.failures`` items had no answer.  The
    outcome is recorded in the ledger.
    """
    try:
        outcome = _carry_out(item, client, ledger)
    except errors.DatagouvError as error:
        outcome = _failure(item, error)
    ledger.end(item.dataset_id, outcome)
    return outcome


def _carry_out(item: PlannedItem, client: Client, ledger: Ledger) -> Outcome:
    if item.action == "left_out":
        return Outcome("left_out", item.reason, item.notes, item.remote_id, item.url)
    if item.action == "conflict":
        return Outcome("conflict", item.reason, item.notes, item.remote_id, item.url)
    if item.action == "create":
        return _create(item, client, ledger)
    link = ledger.link(item.dataset_id)
    if item.action == "unchanged" and link and link.remote_id == item.remote_id:
        return Outcome("unchanged", None, item.notes, item.remote_id, item.url)
    return _bring_up_to_date(item, item.remote_id or "", link, client, ledger)


def _create(item: PlannedItem, client: Client, ledger: Ledger) -> Outcome:
    """One POST holds everything, stamps included; never a second one, in this run or another.

    The plan may be hours old: another run may have created the dataset since, or be in doubt.
    """
    link = ledger.link(item.dataset_id)
    if link is not None:
        _check_circuit(client, ledger)
        remote = _found(client, link.remote_id)
        if remote is not None:
            return _brought_up_to_date(item, remote, link, client, ledger)
    if item.dataset_id in ledger.unsettled() or not ledger.begin(item.dataset_id, "create"):
        return Outcome("uncertain", Finding("already_sent"), item.notes, retry=True)
    _check_circuit(client, ledger)
    body = {**item.payload, "organization": item.organization}
    return _written("created", item, client.create_dataset(body), ledger)


def _bring_up_to_date(
    item: PlannedItem, remote_id: str, link: Link | None, client: Client, ledger: Ledger
) -> Outcome:
    """Read again, then write only what differs: the plan may be hours old."""
    _check_circuit(client, ledger)
    return _brought_up_to_date(item, client.dataset(remote_id), link, client, ledger)


def _brought_up_to_date(
    item: PlannedItem, remote: Json, link: Link | None, client: Client, ledger: Ledger
) -> Outcome:
    known = link.resources if link else {}
    changes = difference(item.payload, remote, known)
    if not changes:
        return _written("unchanged", item, remote, ledger)
    ledger.begin(item.dataset_id, "update")
    return _written("updated", item, _write(remote, changes, client), ledger)


def _check_circuit(client: Client, ledger: Ledger) -> None:
    """Raise Unavailable (``circuit_open``) rather than wait for a data.gouv.fr that is silent.

    The client's own count starts again with each process, the ledger's does not.  A creation asks
    after ``begin``: one whose answer was lost must stay uncertain, or it would be sent twice.
    """
    most = client.limits.failures
    if ledger.recent_failures() >= most:
        raise errors.Unavailable("circuit_open", failures=str(most))


def _write(remote: Json, changes: Difference, client: Client) -> Json:
    """Send the changes and return the dataset as data.gouv.fr now describes it."""
    after = dict(remote)
    if changes.dataset is not None:
        after = client.update_dataset(remote["id"], changes.dataset)
    resources = {resource["id"]: resource for resource in after.get("resources") or []}
    for resource_id, body in changes.files.items():
        resources[resource_id] = client.update_resource(remote["id"], resource_id, body)
    return {**after, "resources": list(resources.values())}


def _written(state: State, item: PlannedItem, remote: Json, ledger: Ledger) -> Outcome:
    """Record the link and compare what is there with what was wanted: nothing is lost silently."""
    link = _link(item, remote)
    ledger.save_link(link)
    left = difference(item.payload, remote, link.resources).fields
    lost = (Finding("not_kept", {"fields": ", ".join(left)}),) if left else ()
    return Outcome(state, None, (*item.notes, *lost), link.remote_id, link.url or None)


def _link(item: PlannedItem, remote: Json) -> Link:
    stamped = ((stamp(resource), resource["id"]) for resource in remote.get("resources") or [])
    return Link(
        item.dataset_id,
        remote["id"],
        item.organization or "",
        public_page(remote) or "",
        {ours: theirs for ours, theirs in stamped if ours},
    )


def _failure(item: PlannedItem, error: errors.DatagouvError) -> Outcome:
    """A lost answer leaves us uncertain; everything else is a failure.

    Of an update, the requests before the one that failed were carried out.
    """
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
    organisation at all) or Unavailable.
    """
    if not client.profile.all_organizations:
        raise errors.ProfileInvalid("profile_no_organization", profile=client.profile.id)
    me = client.me()
    for organization in client.profile.all_organizations:
        _check_role(me, _organization(client, organization))


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
