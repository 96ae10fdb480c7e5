"""From the portal's datasets to what the push wants on data.gouv.fr.

What became of a dataset decides its fate there: published, archived when it was deleted or
withdrawn, private when it is so here or was withdrawn for personal data.  A dataset is published
with the tables whose stored file, or whose link, conforms and was wholly checked, their exports,
the budget XML that tell of nobody (the gate has masked them), and its documentation.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.scdl import masking
from ckanext.scdl.conformity import FORMATS, Report
from ckanext.scdl.datagouv import Contact, Finding, PortalDataset, PortalResource, Wanted
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.derived import derived_ids, outdated
from ckanext.scdl.ledger import portal_id
from ckanext.scdl.links import unread
from ckanext.scdl.locks import dataset_held
from ckanext.scdl.model import (
    FileReport,
    PushItem,
    PushLink,
    PushPurged,
    PushRun,
    PushWithdrawal,
    is_link,
)
from ckanext.scdl.storage import stored_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ckanext.scdl.datagouv import Profile
    from ckanext.scdl.datagouv.portal import Fate
    from ckanext.scdl.source import Source

_ROLES = {"table": "donnees", "export": "donnees", "totem": "source"}

log = logging.getLogger(__name__)

Json = dict[str, Any]


def wanted_datasets(
    source: Source, profile: Profile, only: Collection[str] | None = None
) -> Iterator[Wanted]:
    """What the portal wants of each of its datasets of our types, in a stable order.

    Drafts are left out, since they were never public; those that the source does not take come with
    the fate `ignore`.  What must no longer be read and was purged comes first: the portal knows
    only its identifier.  only: these datasets, by identifier.
    """
    own_id = portal_id()
    ids = (
        model.Session.query(model.Package.id)
        .filter(model.Package.type.in_(dataset_types()))
        .filter(model.Package.state.in_(["active", "deleted"]))
        .order_by(model.Package.metadata_created, model.Package.id)
    )
    if only is not None:
        ids = ids.filter(model.Package.id.in_(list(only)))
    for dataset_id in hidden_and_purged(only):
        purged = PortalDataset(dataset_id, own_id, private=True)
        yield Wanted(purged, Finding("purged_private"), "hide")
    yield from _published_otherwise(own_id, only)
    for (package_id,) in ids.all():
        try:
            with dataset_held(package_id):
                one = _wanted_now(package_id, source, profile, own_id)
            yield one
        except tk.ObjectNotFound:
            log.info("Dataset %s was purged meanwhile", package_id)
        except Exception:
            # one dataset that cannot be read must not keep the others from being published
            log.exception("Dataset %s cannot be prepared for data.gouv.fr", package_id)
            yield _unreadable(model.Package.get(package_id), own_id)


def hidden_and_purged(only: Collection[str] | None = None) -> list[str]:
    """Datasets that exist no more, and were private or withdrawn for personal data."""
    withdrawn = sa.select(PushWithdrawal.dataset_id).where(PushWithdrawal.reason == "personal_data")
    private = sa.select(PushPurged.dataset_id)
    ids = set(model.Session.execute(sa.union(withdrawn, private)).scalars())
    if only is not None:
        ids &= set(only)
    existing = model.Session.query(model.Package.id).filter(model.Package.id.in_(ids))
    return sorted(ids - {package_id for (package_id,) in existing})


def must_be_hidden(dataset_id: str) -> bool:
    """Must nobody read it on data.gouv.fr, whatever is there?"""
    package = model.Package.get(dataset_id)
    gone = _gone(package) if package is not None else _purged(dataset_id)
    return gone is not None and gone[1] == "hide"


def to_hide(profile_id: str) -> list[str]:
    """Datasets that a profile may have sent and that nobody must read any more."""
    linked = model.Session.query(PushLink.dataset_id).filter_by(profile=profile_id)
    begun = model.Session.query(PushItem.dataset_id).filter(PushItem.step == "create")
    begun = begun.join(PushRun, PushRun.id == PushItem.run_id).filter_by(profile=profile_id)
    sent = {dataset_id for (dataset_id,) in linked.union(begun)}
    return sorted(filter(must_be_hidden, sent))


def _published_otherwise(own_id: str, only: Collection[str] | None) -> Iterator[Wanted]:
    """What was published and is no dataset of ours any more: a draft again, or of another type.

    It exists: it is neither gone nor archived, and its line says why it is left out, unless it
    became private or somebody withdrew it.
    """
    ours = model.Package.type.in_(dataset_types())
    known = model.Package.state.in_(["active", "deleted"])
    rows = model.Session.query(model.Package).filter(sa.not_(sa.and_(ours, known)))
    rows = rows.filter(model.Package.id.in_(sa.select(PushLink.dataset_id)))
    if only is not None:
        rows = rows.filter(model.Package.id.in_(list(only)))
    for package in rows.all():
        obstacle, fate = _gone(package) or (Finding("other_type"), "ignore")
        if obstacle.code == "deleted" and fate == "archive":
            obstacle, fate = Finding("other_type"), "ignore"
        yield Wanted(_bare(package, own_id), obstacle, fate)


def _wanted_now(package_id: str, source: Source, profile: Profile, own_id: str) -> Wanted:
    package = model.Package.get(package_id)
    if package is None:
        raise tk.ObjectNotFound
    gone = _gone(package)
    if gone is not None:
        obstacle, fate = gone
        return Wanted(_bare(package, own_id), obstacle, fate)
    if not source.takes_package(package):
        return Wanted(_bare(package, own_id), Finding("filtered"), "ignore")
    dataset = _shown(package_id)
    return wanted(dataset, FileReport.of_package(package_id), own_id, profile)


def _gone(package: Any) -> tuple[Finding, Fate] | None:
    """Why the dataset is not to be read on data.gouv.fr any more, and what becomes of it there."""
    taken_back = model.Session.get(PushWithdrawal, package.id)
    if taken_back is not None and taken_back.reason == "personal_data":
        return Finding("personal_data"), "hide"
    if package.state == "deleted":
        return Finding("deleted"), "hide" if package.private else "archive"
    if package.private:
        return Finding("private"), "hide"
    if taken_back is not None:
        return Finding("withdrawn"), "archive"
    return None


def present_obstacle(package_id: str, action: str = "update") -> Finding | None:
    """Why the action planned for the dataset no longer fits it: asked again just before writing."""
    with dataset_held(package_id):
        package = model.Package.get(package_id)
        gone = _gone(package) if package is not None else _purged(package_id)
        fate = gone[1] if gone else "publish"
        if action in ("hide", "archive"):
            flagging = action == "archive" and fate == "publish" and _blocked(package_id)
            return None if fate == action or flagging else Finding("changed_meanwhile")
        if gone is not None:
            return gone[0]
        obstacle = _blocked(package_id)
        if action == "flag":
            return None if obstacle else Finding("changed_meanwhile")
        return obstacle


def _purged(dataset_id: str) -> tuple[Finding, Fate]:
    if hidden_and_purged([dataset_id]):
        return Finding("purged_private"), "hide"
    return Finding("purged"), "archive"


def _blocked(package_id: str) -> Finding | None:
    return _obstacle(_shown(package_id), FileReport.of_package(package_id))


def _unreadable(package: Any, own_id: str) -> Wanted:
    """Enough of the dataset for its line in the report; what is there stays."""
    return Wanted(_bare(package, own_id), Finding("unexpected"))


def _bare(package: Any, own_id: str) -> PortalDataset:
    group = model.Group.get(package.owner_org) if package.owner_org else None
    return PortalDataset(
        id=package.id,
        portal_id=own_id,
        type=package.type,
        title=package.title or package.name,
        owner_org=group.name if group else "",
        private=bool(package.private),
    )


def _shown(package_id: str) -> Json:
    context = {"ignore_auth": True, "use_cache": False}
    return tk.get_action("package_show")(context, {"id": package_id})


def wanted(dataset: Json, reports: dict[str, FileReport], own_id: str, profile: Profile) -> Wanted:
    """One dataset as it should stand on data.gouv.fr, or why it should not."""
    late = _late(dataset, reports)
    resources = [
        _resource(resource, reports.get(resource["id"]), profile)
        for resource in dataset["resources"]
        if resource["id"] not in late and _published(resource, reports.get(resource["id"]))
    ]
    # what people can read comes first
    resources.sort(key=lambda resource: resource.role == "source")
    one = _dataset(dataset, tuple(resources), own_id, profile)
    return Wanted(one, _obstacle(dataset, reports))


def _late(dataset: Json, reports: dict[str, FileReport]) -> set[str]:
    """Ids of the tables made from another file than their budget XML holds now."""
    late = outdated(reports, {resource["id"] for resource in dataset["resources"]}, FORMATS)
    return {i for source_id, names in late.items() for i in derived_ids([source_id], names)}


def _published(resource: Json, report: FileReport | None) -> bool:
    if resource.get("role") == "documentation":
        return not _is_xml(resource)
    if report is None or not (report.conforming and report.complete):
        return False
    return not _tells_of_people(report)


def _tells_of_people(report: FileReport) -> bool:
    """A budget XML stored before the gate masked them."""
    return masking.FOUND in Report.from_dict(report.report).counts


def _is_xml(resource: Json) -> bool:
    """By its name or by what is said of it: a budget XML may name people, wherever it lies."""
    said = f"{resource.get('format') or ''} {resource.get('mimetype') or ''}"
    path = urlsplit(resource["url"]).path.lower()
    return path.endswith((".xml", ".xml.gz")) or "xml" in said.lower()


def _obstacle(dataset: Json, reports: dict[str, FileReport]) -> Finding | None:
    """The first file that keeps the dataset from being published, or that it has no data left.

    A missing export keeps nothing back: the CSV is the table.
    """
    late = outdated(reports, {resource["id"] for resource in dataset["resources"]}, ("csv",))
    for resource in dataset["resources"]:
        if resource.get("role") == "documentation":
            continue
        code = _file_obstacle(resource, reports.get(resource["id"]), late)
        if code:
            return Finding(code, {"resource": _title(resource)})
    checked = [resource for resource in dataset["resources"] if _has_data(resource, reports)]
    return None if checked else Finding("no_data")


def _has_data(resource: Json, reports: dict[str, FileReport]) -> bool:
    report = reports.get(resource["id"])
    documentation = resource.get("role") == "documentation"
    return report is not None and not documentation and _ROLES.get(report.kind) == "donnees"


def _file_obstacle(resource: Json, report: FileReport | None, late: Collection[str]) -> str | None:
    linked = is_link(resource)
    if report is None or not report.is_of(resource):
        return "link_not_checked" if linked else "not_checked"
    if linked and unread(report):
        return "link_not_checked"
    if not report.conforming:
        return "not_conforming"
    if not report.complete:
        return "partly_checked"
    return "table_pending" if resource["id"] in late else None


def _dataset(
    dataset: Json, resources: tuple[PortalResource, ...], own_id: str, profile: Profile
) -> PortalDataset:
    zone = dataset.get("zone") or ""
    start, end = dataset.get("temporal_start"), dataset.get("temporal_end")
    return PortalDataset(
        id=dataset["id"],
        portal_id=own_id,
        type=dataset["type"],
        title=dataset.get("title") or "",
        owner_org=(dataset.get("organization") or {}).get("name", ""),
        page=_public(
            tk.h.url_for(
                f"{dataset['type']}.read", id=dataset["name"], locale="default", qualified=True
            ),
            profile,
        ),
        resources=resources,
        description=dataset.get("notes") or "",
        licence_id=dataset.get("license_id") or "",
        frequency=dataset.get("frequency") or "",
        tags=tuple(tag["name"] for tag in dataset.get("tags", [])),
        temporal=(start, end) if start and end else None,
        zones=(zone,) if zone else (),
        granularity=_granularity(zone),
        private=bool(dataset.get("private")),
        contact=_contact(dataset),
    )


def _contact(dataset: Json) -> Contact | None:
    """Whom the dataset's form names; an e-mail alone is its own name."""
    name, email = dataset.get("maintainer") or "", dataset.get("maintainer_email") or ""
    return Contact(name.strip() or email.strip(), email.strip()) if email.strip() else None


def _public(url: str, profile: Profile) -> str:
    """An address of this portal as the outside knows it."""
    site = tk.config["ckan.site_url"].rstrip("/")
    if not profile.portal_url or not url.startswith(f"{site}/"):
        return url
    return profile.portal_url + url.removeprefix(site)


def _granularity(zone: str) -> str:
    """`fr:commune:99001` is of the level `fr:commune`, `country:fr` of `country`."""
    return zone.rsplit(":", 1)[0]


def _resource(resource: Json, report: FileReport | None, profile: Profile) -> PortalResource:
    kind = report.kind if report else None
    table = report if kind == "table" else None
    return PortalResource(
        id=resource["id"],
        title=_title(resource),
        url=_public(resource["url"], profile),
        role=_ROLES.get(kind, "documentation"),
        description=resource.get("description") or "",
        format=resource.get("format") or "",
        mime=resource.get("mimetype"),
        size=resource.get("size"),
        sha256=report.sha256 if report else None,
        modified=resource.get("last_modified"),
        schema=(table.report["standard"], table.report["version"]) if table else None,
        stored=not is_link(resource),
    )


@contextmanager
def opened(resource_id: str) -> Iterator[BinaryIO]:
    """The file that a resource holds, for an upload; OSError when there is none."""
    context = {"ignore_auth": True}
    try:
        resource = tk.get_action("resource_show")(context, {"id": resource_id})
    except tk.ObjectNotFound:
        raise FileNotFoundError(resource_id) from None
    with stored_file(resource) as file:
        yield file


def _title(resource: Json) -> str:
    """CKAN's own helper for this needs a request, which a consumer has not."""
    return resource.get("name") or resource["url"].rsplit("/", 1)[-1] or resource["id"]
