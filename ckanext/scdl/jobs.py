"""Work done after the answer: the readable tables of a budget XML, and late checks.

Every job reads the portal's present state again, so that running twice, late or out of order
gives the same result.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs as queues
from redis.exceptions import RedisError
from sqlalchemy import event
from werkzeug.datastructures import FileStorage

from ckanext.scdl import conformity, gate, letter, links
from ckanext.scdl.checking import checked
from ckanext.scdl.config import job_timeout
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.derived import Making, being_made, derived_id, making
from ckanext.scdl.locks import dataset_held, exclusively
from ckanext.scdl.model import CHECKER, FileReport, is_link
from ckanext.scdl.status import CHECKED_ROLES
from ckanext.scdl.storage import stored_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.scdl.conformity import Format, Report
    from ckanext.scdl.model import Fetched

log = logging.getLogger(__name__)

# stored, hence in French, the language of the data
_NAMED = " – table lisible ({})"
_TABLE = "Table au format SCDL budget, tirée automatiquement du budget XML."
_EXPORT = "Les mêmes lignes que la table CSV, au format {}, tirées automatiquement du budget XML."

_AFTER_COMMIT = "scdl_jobs"


def enqueue_after_commit(job: Any, subject_id: str, timeout: int | None = None) -> None:
    """As `enqueue`, once the transaction that stores the file is through.

    A job queued earlier could run before the resource can be seen.
    """
    model.Session().info.setdefault(_AFTER_COMMIT, []).append((job, subject_id, timeout))


def listen() -> None:
    """Hook the queue to CKAN's database session, once per process."""
    if not event.contains(model.Session, "after_commit", _queue_waiting):
        event.listen(model.Session, "after_commit", _queue_waiting)
        event.listen(model.Session, "after_rollback", _drop_waiting)


def _queue_waiting(session: Any) -> None:
    # a savepoint's end is no commit yet (CKAN 2.12 nests one)
    if session.in_nested_transaction():
        return
    for job, subject_id, timeout in session.info.pop(_AFTER_COMMIT, ()):
        try:
            enqueue(job, subject_id, timeout)
        except RedisError:
            # the file is stored: the next save or the next harvest asks for the job again
            log.exception("Could not queue %s for %s", job.__name__, subject_id)


def enqueue(job: Any, subject_id: str, timeout: int | None = None, *more: Any) -> None:
    """Queue `job(subject_id, *more)` now.

    It may take `timeout` seconds, `job_timeout` unless told.
    """
    tk.enqueue_job(
        job,
        [subject_id, *more],
        title=_title(job, subject_id),
        rq_kwargs={"timeout": timeout or job_timeout()},
    )


def _title(job: Any, subject_id: str) -> str:
    return f"scdl {job.__name__} {subject_id}"


def ask(
    job: Any, subject_id: str, timeout: int | None = None, *more: Any, once: bool = False
) -> None:
    """As `enqueue`; a Redis that is away is told to the log: the next run does it.

    once: not if the same one waits already.
    """
    try:
        waiting = queues.get_queue().jobs if once else ()
        if not any(one.meta.get("title") == _title(job, subject_id) for one in waiting):
            enqueue(job, subject_id, timeout, *more)
    except RedisError:
        log.exception("%s could not be queued", _title(job, subject_id))


def ask_for(left: gate.LeftToDo, put: Callable[[Any, str], None] = enqueue) -> None:
    """Queue what is left to do, at once unless `put` says otherwise."""
    table = making()
    for source_id in left.to_derive:
        # the job that stores a table goes on with the other formats by itself
        if table is None or table.source_id != source_id:
            put(derive, source_id)
    for resource_id in left.to_check:
        put(check_stored, resource_id)


def _drop_waiting(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AFTER_COMMIT, None)


class ForeignTable(Exception):
    """A resource of another dataset bears the id of the readable table: it is not overwritten."""


def derive(source_id: str) -> None:
    """Write the SCDL tables of the budget XML `source_id` beside it, replacing previous ones."""
    with exclusively(f"scdl-derive-{source_id}"):
        source = _resource(source_id)
        lacking = _lacking(source) if source else []
        if source is None or not lacking:
            log.info("Nothing to derive from resource %s any more", source_id)
            return
        for name in lacking:
            table = _table_of(source, name)
            with dataset_held(source["package_id"]):
                if not _is_still(source):
                    log.info("Resource %s has changed meanwhile: its own job follows", source_id)
                    return
                with being_made(table):
                    _write_table(source, name, table.upload)


def check_stored(resource_id: str, standard: str | None = None) -> None:
    """Check the file that a resource already holds, or that its link leads to.

    It was too large to be checked at once, its role became a checked one, or somebody asks again.
    standard: as name@version; the one that the dataset keeps to unless told.  Raises
    OSError when the storage has lost the file.  A file that does not conform is told by a letter,
    once; a link that cannot be read is not.
    """
    resource = _resource(resource_id)
    if resource is None or resource.get("role") not in CHECKED_ROLES:
        return
    package = model.Package.get(resource["package_id"])
    if package is None or package.type not in dataset_types():
        return
    found = _checked(resource, standard or gate.standard_for(package))
    if found is None:
        return
    report, fetched = found
    with dataset_held(resource["package_id"]):
        if not _is_still(resource):
            return
        before = FileReport.get(resource_id)
        same_file = before is not None and before.sha256 == report.sha256
        made_from = before.source_sha256 if before is not None and same_file else None
        stored = model.Resource.get(resource_id)
        told = before.told if before is not None else None
        FileReport.store(stored, report.to_dict(), made_from, fetched)
        model.Session.commit()
    # without a sha256, a link that could not be read: the depositor can mend no outage
    if not report.conforming and report.sha256 not in ("", told):
        letter.write(resource, report)
    if report.conforming and report.kind == "totem" and fetched is None:
        derive(resource_id)


def _checked(resource: dict[str, Any], standard: str) -> tuple[Report, Fetched | None] | None:
    """The report, and where a link was read; None when the link still leads to the same file."""
    if is_link(resource):
        return links.checked(resource, standard, _same_check(resource, standard))
    with stored_file(resource) as file:
        name = resource["url"].rsplit("/", 1)[-1]
        return checked(file, standard, name), None


def _same_check(resource: dict[str, Any], standard: str) -> FileReport | None:
    """The report on the same link, by this version of ours and of the standard."""
    row = FileReport.get(resource["id"])
    if row is None or not row.is_of(resource) or row.checker != CHECKER or links.unread(row):
        return None
    return row if row.standard == standard else None


def _resource(resource_id: str) -> dict[str, Any] | None:
    try:
        return tk.get_action("resource_show")(_as_site_user(), {"id": resource_id})
    except tk.ObjectNotFound:
        return None


def _as_site_user() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True, "use_cache": False}


def _lacking(source: dict[str, Any]) -> list[Format]:
    """A table that was asked for twice is made once: writing it again would look like news."""
    return gate.left_to_do(source["package_id"]).to_derive.get(source["id"], [])


def _table_of(source: dict[str, Any], name: Format) -> Making:
    """The table in this format as a file to deposit, and which XML it was made from."""
    out: Any = io.BytesIO() if name == "xlsx" else io.StringIO(newline="")
    with stored_file(source) as file:
        report = conformity.convert(file, out, format=name)
    made = out.getvalue()
    content = made if isinstance(made, bytes) else made.encode("utf-8")
    upload = FileStorage(io.BytesIO(content), f"{_stem(source, report)}.{name}")
    export = None if name == "csv" else _as_export(report, content)
    return Making(source["id"], report.sha256, upload, export)


def _stem(source: dict[str, Any], report: Report) -> str:
    identity = report.identity
    parts = (identity.siret, identity.exercice, identity.etape) if identity else (source["id"],)
    return "-".join(part.replace(" ", "-") for part in ("budget", *filter(None, parts)))


def _as_export(report: Report, content: bytes) -> Report:
    """What is known of an export without reading it: the library wrote it from a conforming XML."""
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(report.only(()), kind="export", sha256=sha256, size=len(content))


def _is_still(source: dict[str, Any]) -> bool:
    """Does the resource still hold the file that was read?"""
    now = _resource(source["id"])
    return now is not None and all(now[key] == source[key] for key in ("last_modified", "url"))


def _write_table(source: dict[str, Any], name: Format, upload: FileStorage) -> None:
    resource_id = derived_id(source["id"], name)
    label = name.upper()
    data = {"id": resource_id, "upload": upload, "role": "donnees", "format": label}
    existing = _resource(resource_id)
    if existing and existing["package_id"] != source["package_id"]:
        raise ForeignTable(resource_id)
    ending = _NAMED.format(label)
    title = (source.get("name") or source["url"].rsplit("/", 1)[-1]) + ending
    if existing:
        # a name that somebody gave stays
        named = {"name": title} if (existing.get("name") or "").endswith(ending) else {}
        tk.get_action("resource_patch")(_as_site_user(), data | named)
        return
    data |= {
        "package_id": source["package_id"],
        "name": title,
        "description": _TABLE if name == "csv" else _EXPORT.format(label),
    }
    tk.get_action("resource_create")(_as_site_user(), data)
