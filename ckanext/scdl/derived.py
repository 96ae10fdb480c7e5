"""Which readable table belongs to which budget XML: nothing to store, it is computed."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ckanext.scdl.model import FileReport

_origin: ContextVar[str | None] = ContextVar("scdl_origin", default=None)

_NAMESPACE = uuid.UUID("6f0e2d0c-5a55-4c50-9a2a-2f2f3c0f1c11")


def derived_id(source_id: str) -> str:
    """Id of the readable table made from the budget XML `source_id`.

    It follows from the source's id: a second run can only find the same resource again.
    """
    return str(uuid.uuid5(_NAMESPACE, source_id))


def without_orphans(resources: list[dict[str, Any]], known_ids: set[str]) -> list[dict[str, Any]]:
    """The resources, less the readable tables whose budget XML is not among them any more.

    known_ids: ids of the dataset's resources as stored, among them the ones being removed.
    """
    sources = {r["id"] for r in resources if r.get("id") and _is_source(r)}
    listed = {r["id"] for r in resources if r.get("id")}
    orphans = {derived_id(i) for i in (known_ids | listed) - sources}
    return [r for r in resources if r.get("id") not in orphans]


def _is_source(resource: dict[str, Any]) -> bool:
    """A budget XML that is stored here, or comes in; one replaced by a link is neither."""
    if resource.get("role") != "source":
        return False
    kept = resource.get("url_type") == "upload" and not resource.get("clear_upload")
    return "upload" in resource or kept


def outdated(reports: Mapping[str, FileReport], active: Collection[str]) -> list[str]:
    """Ids of the budget XML whose readable table is missing, or made from another file.

    reports: of one dataset, by resource id; active: ids of the resources it has.
    """
    return [
        source_id
        for source_id, report in reports.items()
        if report.kind == "totem" and report.conforming and source_id in active
        if not _is_current(report, reports.get(derived_id(source_id)), active)
    ]


def _is_current(source: FileReport, table: FileReport | None, active: Collection[str]) -> bool:
    return (
        table is not None and table.resource_id in active and table.source_sha256 == source.sha256
    )


@contextmanager
def made_from(source_sha256: str) -> Iterator[None]:
    """While the block runs, files that pass the gate are tables made from this budget XML.

    So that the table and its origin are stored in one transaction: a table without origin is
    outdated, and would be made again.
    """
    token = _origin.set(source_sha256)
    try:
        yield
    finally:
        _origin.reset(token)


def origin() -> str | None:
    """The sha256 of the budget XML whose table is being stored, if one is."""
    return _origin.get()
