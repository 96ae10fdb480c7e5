"""The one gate: every file of a budget or subventions dataset passes here before storage.

A budget XML that tells of people is stored masked, or refused, by the administrator's choice: the
unmasked file never reaches the storage.  What does not conform is refused, or stored with its
report where the administrator has chosen so; a large table is stored first and checked by a job.

`check_upload` is called by `IUploader.get_resource_uploader`, which CKAN calls for every way in
(resource_create, resource_update, resource_patch, package_update, package_revise).  It refuses by
ValidationError, so that nothing is written, or remembers the report until `settle` ties it to the
resource, inside the transaction that stores the file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader
from werkzeug.datastructures import FileStorage

from ckanext.scdl import config, conformity, masking
from ckanext.scdl.checking import checked
from ckanext.scdl.conformity import Format, Report, roles, texts
from ckanext.scdl.conformity.inflated import is_xml
from ckanext.scdl.conformity.rendering.typography import bound
from ckanext.scdl.conformity.report import is_root
from ckanext.scdl.dataset_types import dataset_types, standard_of
from ckanext.scdl.derived import derived_ids, export_report, making, outdated
from ckanext.scdl.language import reader_language
from ckanext.scdl.model import FileReport, is_link
from ckanext.scdl.status import CHECKED_ROLES

ROLE_OF_KIND = {"totem": "source", "table": "donnees", "export": "donnees"}

_CAUSES_SHOWN = 5
_HEAD = 4096
_CHUNK = 1 << 20
_BUDGET_MARKS = (b"BGT_", b"DocumentBudgetaire", b"CompteFinancierUnique")
_SUBSIDY_MARKS = (b"idAttribuant", b"nomBeneficiaire")
_PENDING = "scdl_admissions"


@dataclass(frozen=True)
class Admission:
    """A file that passed the gate and waits for its resource to be stored.

    `report` is None for documentation, which passes unread, and for a table left to a job.
    """

    package_id: str
    resource_id: str | None
    siblings: frozenset[str]
    report: Report | None
    upload: FileStorage


def check_upload(resource: dict[str, Any]) -> None:
    """Check the file in `resource["upload"]`, if any; fill in `role` and `hash` from it.

    Raises tk.ValidationError under the key `url`, in the reader's language, when the file is
    refused.  Files of other dataset types and documentation pass unread.
    """
    upload = resource.get("upload")
    # CKAN 2.11 asks for every resource of the dataset: most bring no file
    if not isinstance(upload, FileStorage) or not upload:
        return
    if any(admission.upload is upload for admission in _pending()):
        return
    package = _package(resource)
    if package is None or package.type not in dataset_types():
        return
    _refuse_too_large(upload)
    role = _role(resource, upload)
    if role == "documentation":
        resource["role"], report = role, None
    elif _is_left_to_a_job(upload):
        resource["role"], resource["hash"], report = role, _sha256(upload), None
    else:
        report = _checked(resource, upload, package)
    upload = resource["upload"]
    known = frozenset(r.id for r in package.resources)
    own = resource.get("id") if resource.get("id") in known else None
    _pending().append(Admission(package.id, own, known, report, upload))


def _checked(resource: dict[str, Any], upload: FileStorage, package: Any) -> Report:
    """The report on the file to store, its role and hash written on the resource; or the refusal.

    A budget XML that tells of people is replaced in `resource["upload"]` by a masked copy.
    """
    standard = standard_for(package)
    report = export_report(upload) or _read(upload, standard)
    if not report.conforming and not _stored_all_the_same(report, upload, package):
        _refuse(resource, upload, report, _better_type(upload, package.type))
    if masking.personal(report):
        if masking.refused():
            _refuse(resource, upload, masking.as_errors(report))
        resource["upload"], report = _masked(resource, upload, report, standard)
    resource["role"] = ROLE_OF_KIND[report.kind] if report.kind else "donnees"
    resource["hash"] = report.sha256
    return report


def _read(upload: FileStorage, standard: str) -> Report:
    report = checked(upload.stream, standard, upload.filename)
    upload.stream.seek(0)
    return report


def standard_for(package: Any) -> str:
    """The standard, as name@version, that the files of a dataset must follow.

    A dataset keeps to the version under which its files were accepted; one that has none follows
    its type's.
    """
    return standard_of(package.type, FileReport.kept_standard(package.id))


def _stored_all_the_same(report: Report, upload: FileStorage, package: Any) -> bool:
    """Is a file that does not conform stored with its report?

    Never an XML that is not read to its end as a budget: nobody can say whom it names.
    """
    if _is_xml(upload) and report.kind != "totem":
        return False
    organization = model.Group.get(package.owner_org) if package.owner_org else None
    return config.warns(package.type, organization.name if organization else None)


def _is_left_to_a_job(upload: FileStorage) -> bool:
    """Is this a table that takes too long to check while somebody waits?

    Never an XML, which has to be masked before it is stored, nor the table that a job has made.
    """
    table = making()
    if (table is not None and table.upload is upload) or _is_xml(upload):
        return False
    return _size(upload) > config.sync_max_size()


def _sha256(upload: FileStorage) -> str:
    digest = hashlib.sha256()
    while chunk := upload.stream.read(_CHUNK):
        digest.update(chunk)
    upload.stream.seek(0)
    return digest.hexdigest()


@dataclass(frozen=True)
class LeftToDo:
    """Left to the jobs: formats to make by id of the budget XML, ids of files never checked."""

    to_derive: dict[str, list[Format]]
    to_check: list[str]


def expected_role(resource_id: str) -> str | None:
    """The role that the file a resource holds imposes: a budget XML is never anything but a source.

    None where the role is free, or where another file is just coming in.
    """
    if comes_in(resource_id):
        return None
    row, resource = FileReport.get(resource_id), model.Resource.get(resource_id)
    known = row is not None and resource is not None and row.is_of(resource)
    return "source" if known and row.kind == "totem" else None


def comes_in(resource_id: str | None) -> bool:
    """Does a file that passed the gate wait for this resource (None: a new one) to be stored?"""
    return any(admission.resource_id == resource_id for admission in _pending())


def coming_in(
    package_id: str, resources: list[dict[str, Any]]
) -> list[tuple[Report, Report | None]]:
    """Reports on the files that come in with these resources, and on those that they replace.

    One that passed the gate in the same session, and was not stored after all, is not among them.
    """
    hashes = {resource.get("hash") for resource in resources}
    admitted = [a for a in _pending() if a.package_id == package_id]
    return [
        (a.report, held(a.resource_id)) for a in admitted if a.report and a.report.sha256 in hashes
    ]


def not_convertible(package_id: str) -> set[str]:
    """Ids of the resources whose new file cannot have a readable table: it does not conform."""
    admitted = (a for a in _pending() if a.package_id == package_id and a.resource_id)
    return {a.resource_id for a in admitted if not (a.report and a.report.conforming)}


def held(resource_id: str | None) -> Report | None:
    """The report on the file that a resource holds."""
    row = FileReport.get(resource_id) if resource_id else None
    return None if row is None else Report.from_dict(row.report)


def holds_file(resource_id: Any) -> bool:
    """Has a resource a stored file, or one that comes in?"""
    stored = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    if stored is None or stored.state == "deleted":
        return comes_in(None)
    return stored.url_type == "upload" or comes_in(stored.id)


def settle(package_id: str) -> LeftToDo:
    """Store the pending reports of the package's files; what is left to do after the commit.

    To be called in the transaction that stored the resources, once they have their ids.
    """
    resources = _resources(package_id)
    _forget_stale(resources)
    table = making()
    for admission in _take(package_id):
        report = admission.report
        resource = _admitted(admission, report.sha256, resources) if report else None
        if report and resource:
            FileReport.store(resource, report.to_dict(), table.source_sha256 if table else None)
        elif report is None and admission.resource_id:
            FileReport.forget({admission.resource_id})
    return _left_to_do(package_id, resources)


def left_to_do(package_id: str) -> LeftToDo:
    """What a job that was lost has left undone."""
    return _left_to_do(package_id, _resources(package_id))


def _resources(package_id: str) -> list[Any]:
    resources = model.Session.query(model.Resource)
    return list(resources.filter(model.Resource.package_id == package_id))


def _left_to_do(package_id: str, resources: list[Any]) -> LeftToDo:
    """Tables that are missing or outdated, files that no report is about."""
    reports = FileReport.of_package(package_id)
    active = {r.id for r in resources if r.state == "active"}
    to_derive = outdated(reports, active, config.table_formats())
    # no check reads an export: it is made again, with its report
    to_make = {i for source_id, names in to_derive.items() for i in derived_ids([source_id], names)}
    return LeftToDo(
        to_derive,
        to_check=[
            r.id
            for r in resources
            if r.id not in to_make
            and _to_be_checked(r)
            and not (r.id in reports and reports[r.id].is_of(r))
        ],
    )


def _masked(
    resource: dict[str, Any], upload: FileStorage, report: Report, standard: str
) -> tuple[FileStorage, Report]:
    """The masked copy and its report; what cannot be masked is refused."""
    try:
        copy, masked = masking.masked(upload, standard, report)
    except masking.NotMasked:
        _refuse(resource, upload, masking.as_errors(report))
    except conformity.NotConvertible as exception:
        _refuse(resource, upload, exception.report)
    _refuse_too_large(copy)
    return copy, masked


def _refuse(
    resource: dict[str, Any], upload: FileStorage, report: Report, more: str = ""
) -> NoReturn:
    _forget_upload(resource)
    message = refusal(report, upload.filename or "", reader_language())
    raise tk.ValidationError({"url": [message + more]})


def refusal(report: Report, filename: str, lang: str) -> str:
    """One text that names the file, its first causes and what to do, a line for each."""
    told = [c for c in report.causes if c.first.level == "error" or is_root(c)]
    shown, others = told[:_CAUSES_SHOWN], told[_CAUSES_SHOWN:]
    causes = "\n".join(texts.cause(cause, lang) for cause in shown)
    # one gesture is told once: errors may outnumber what there is to mend
    rest = sum(c.count for c in others if c.first.level == "error")
    head = tk._("The file “{name}” was refused and nothing was stored.").format(name=filename)
    more = tk.ungettext("({n} more error.)", "({n} more errors.)", max(rest, 1))
    tail = more.format(n=rest) if rest > 0 else ""
    return bound("\n".join(part for part in (head, causes, tail) if part), lang)


def _package(resource: dict[str, Any]) -> Any | None:
    """The dataset that holds the resource; a package_id that a caller writes moves nothing.

    Except a deleted resource's: CKAN lets another dataset take its id.
    """
    stored = model.Resource.get(resource["id"]) if resource.get("id") else None
    held = stored is not None and stored.state != "deleted"
    return model.Package.get(stored.package_id if held else resource.get("package_id"))


def _role(resource: dict[str, Any], upload: FileStorage) -> str:
    """As said by the uploader, else as told by the file.

    XML is never mere documentation, nor a PDF or an image ever anything else.
    """
    if _is_xml(upload):
        return "source"
    head = _head(upload)
    if roles.is_annex(upload.filename, head):
        return "documentation"
    return resource.get("role") or conformity.detect_role(upload.filename, head)


def _is_xml(upload: FileStorage) -> bool:
    """By its name or by its content: what may be a budget that names people."""
    if conformity.detect_role(upload.filename, b"") == "source":
        return True
    found = is_xml(upload.stream)
    upload.stream.seek(0)
    return found


def _head(upload: FileStorage) -> bytes:
    head = upload.stream.read(_HEAD)
    upload.stream.seek(0)
    return head


def _size(upload: FileStorage) -> int:
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return size


def _forget_upload(resource: dict[str, Any]) -> None:
    """Let the form ask for a file again: CKAN shows what it takes for an upload as a greyed box."""
    if not resource.get("id"):
        resource["url"] = resource["url_type"] = ""


def _better_type(upload: FileStorage, kind: str) -> str:
    """A line more when the file bears the marks of our other dataset type."""
    head = _head(upload)
    if kind == "subventions" and any(mark in head for mark in _BUDGET_MARKS):
        return "\n" + tk._("This file looks like a budget: use “Add a budget”.")
    if kind == "budget" and any(mark in head for mark in _SUBSIDY_MARKS):
        return "\n" + tk._("This file looks like subsidies: use “Add subsidies”.")
    return ""


def _refuse_too_large(upload: FileStorage) -> None:
    """CKAN measures the file while it stores it; we would have read it all before."""
    limit = uploader.get_max_resource_size()
    if limit and _size(upload) > limit * 1024 * 1024:
        message = tk._("The file is larger than the {limit} MB this portal accepts.")
        raise tk.ValidationError({"url": [message.format(limit=limit)]})


def _pending() -> list[Admission]:
    """Lives as long as the session: CKAN drops both at the end of a request."""
    pending: list[Admission] = model.Session().info.setdefault(_PENDING, [])
    return pending


def _take(package_id: str) -> list[Admission]:
    pending = _pending()
    taken = [a for a in pending if a.package_id == package_id]
    pending[:] = [a for a in pending if a.package_id != package_id]
    return taken


def _admitted(admission: Admission, sha256: str, resources: list[Any]) -> Any | None:
    """The stored resource of the file; a `hash` that a user wrote elsewhere gains nothing."""
    for resource in resources:
        same_file = resource.hash == sha256 and resource.state == "active"
        ours = (
            resource.id == admission.resource_id
            if admission.resource_id
            else resource.id not in admission.siblings
        )
        if same_file and ours:
            return resource
    return None


def _to_be_checked(resource: Any) -> bool:
    """A deleted resource or documentation is not checked."""
    return resource.state == "active" and (resource.extras or {}).get("role") in CHECKED_ROLES


def _forget_stale(resources: list[Any]) -> None:
    """Reports on what is not checked any more, and on the file or link that another link replaced.

    They quote cells.
    """
    reports = FileReport.of_package(resources[0].package_id) if resources else {}
    gone = {r.id for r in resources if not _to_be_checked(r)}
    relinked = {
        r.id for r in resources if r.id in reports and is_link(r) and not reports[r.id].is_of(r)
    }
    FileReport.forget(gone | relinked)
