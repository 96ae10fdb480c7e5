"""Work done after the answer: the readable table of a budget XML, and late checks.

Every job reads the portal's present state again, so that running twice, late or out of order
gives the same result.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from redis.exceptions import RedisError
from sqlalchemy import event
from werkzeug.datastructures import FileStorage

from ckanext.scdl import conformity, gate
from ckanext.scdl.config import job_timeout
from ckanext.scdl.derived import derived_id, made_from
from ckanext.scdl.locks import dataset_held, exclusively
from ckanext.scdl.model import FileReport
from ckanext.scdl.storage import stored_file

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_NAMED = " – table lisible (CSV)"
"""Stored, hence in French, the language of the data."""

_AFTER_COMMIT = "scdl_jobs"


def enqueue_after_commit(job: Any, resource_id: str) -> None:
    """Queue `job(resource_id)` once the transaction that stores the file is through.

    A job queued earlier could run before the resource can be seen.
    """
    model.Session().info.setdefault(_AFTER_COMMIT, []).append((job, resource_id))


def listen() -> None:
    """Hook the queue to CKAN's database session, once per process."""
    if not event.contains(model.Session, "after_commit", _queue_waiting):
        event.listen(model.Session, "after_commit", _queue_waiting)
        event.listen(model.Session, "after_rollback", _drop_waiting)


def _queue_waiting(session: Any) -> None:
    # a savepoint's end is no commit yet (CKAN 2.12 nests one)
    if session.in_nested_transaction():
        return
    for job, resource_id in session.info.pop(_AFTER_COMMIT, ()):
        try:
            enqueue(job, resource_id)
        except RedisError:
            # the file is stored: the next save or the next harvest asks for the job again
            log.exception("Could not queue %s for resource %s", job.__name__, resource_id)


def enqueue(job: Any, resource_id: str) -> None:
    """Queue `job(resource_id)` now."""
    tk.enqueue_job(
        job,
        [resource_id],
        title=f"scdl {job.__name__} {resource_id}",
        rq_kwargs={"timeout": job_timeout()},
    )


def ask_for(left: gate.LeftToDo, put: Callable[[Any, str], None] = enqueue) -> None:
    """Queue what is left to do, at once unless `put` says otherwise."""
    for resource_id in left.to_derive:
        put(derive, resource_id)
    for resource_id in left.to_check:
        put(check_stored, resource_id)


def _drop_waiting(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AFTER_COMMIT, None)


class ForeignTable(Exception):
    """A resource of another dataset bears the id of the readable table: it is not overwritten."""


def derive(source_id: str) -> None:
    """Write the SCDL table of the budget XML `source_id` beside it, replacing the previous one."""
    with exclusively(f"scdl-derive-{source_id}"):
        source = _resource(source_id)
        if source is None or not _lacks_table(source):
            log.info("Nothing to derive from resource %s any more", source_id)
            return
        table, source_sha256 = _table_of(source)
        with dataset_held(source["package_id"]):
            if not _is_still(source):
                log.info("Resource %s has changed meanwhile: its own job follows", source_id)
                return
            with made_from(source_sha256):
                _write_table(source, table)


def check_stored(resource_id: str) -> None:
    """Check the file that a resource already holds: its role became a checked one."""
    resource = _resource(resource_id)
    if resource is None or resource.get("url_type") != "upload":
        return
    package = model.Package.get(resource["package_id"])
    if package is None or package.type not in gate.DATASET_TYPES:
        return
    with stored_file(resource) as file:
        report = conformity.check(file, package.type, filename=resource["url"].rsplit("/", 1)[-1])
    with dataset_held(resource["package_id"]):
        if not _is_still(resource):
            return
        FileReport.store(model.Resource.get(resource_id), report.to_dict())
        model.Session.commit()
    if report.conforming and report.kind == "totem":
        derive(resource_id)


def _resource(resource_id: str) -> dict[str, Any] | None:
    try:
        return tk.get_action("resource_show")(_as_site_user(), {"id": resource_id})
    except tk.ObjectNotFound:
        return None


def _as_site_user() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True, "use_cache": False}


def _lacks_table(source: dict[str, Any]) -> bool:
    """A table that was asked for twice is made once: writing it again would look like news."""
    return source["id"] in gate.left_to_do(source["package_id"]).to_derive


def _table_of(source: dict[str, Any]) -> tuple[FileStorage, str]:
    """The table as a file to deposit, and the sha256 of the XML it was made from."""
    table = io.StringIO(newline="")
    with stored_file(source) as file:
        report = conformity.convert(file, table)
    identity = report.identity
    parts = (identity.siret, identity.exercice, identity.etape) if identity else (source["id"],)
    name = "-".join(part.replace(" ", "-") for part in ("budget", *filter(None, parts)))
    file_ = FileStorage(io.BytesIO(table.getvalue().encode("utf-8")), f"{name}.csv")
    return file_, report.sha256


def _is_still(source: dict[str, Any]) -> bool:
    """Does the resource still hold the file that was read?"""
    now = _resource(source["id"])
    return now is not None and now["last_modified"] == source["last_modified"]


def _write_table(source: dict[str, Any], table: FileStorage) -> None:
    resource_id = derived_id(source["id"])
    data = {"id": resource_id, "upload": table, "role": "donnees", "format": "CSV"}
    existing = _resource(resource_id)
    if existing and existing["package_id"] != source["package_id"]:
        raise ForeignTable(resource_id)
    name = source.get("name") or source["url"].rsplit("/", 1)[-1]
    if existing:
        # a name that somebody gave stays
        named = {"name": name + _NAMED} if (existing.get("name") or "").endswith(_NAMED) else {}
        tk.get_action("resource_patch")(_as_site_user(), data | named)
        return
    data |= {
        "package_id": source["package_id"],
        "name": name + _NAMED,
        "description": "Table au format SCDL budget, tirée automatiquement du budget XML.",
    }
    tk.get_action("resource_create")(_as_site_user(), data)
