"""Which readable tables belong to which budget XML: nothing to store, it is computed.

The CSV is the conforming table; an XLSX or a JSON, where the portal wants them, is an export of the
same rows.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.scdl.conformity import FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from werkzeug.datastructures import FileStorage

    from ckanext.scdl.conformity import Format, Report
    from ckanext.scdl.model import FileReport


@dataclass(frozen=True)
class Making:
    """A table on its way from a job to the storage.

    `export` is the report of an XLSX or a JSON, which no check reads: None for the CSV, which is
    checked as any other.
    """

    source_id: str
    source_sha256: str
    upload: FileStorage
    export: Report | None = None


_making: ContextVar[Making | None] = ContextVar("scdl_making", default=None)

_NAMESPACE = uuid.UUID("6f0e2d0c-5a55-4c50-9a2a-2f2f3c0f1c11")


def derived_id(source_id: str, name: Format = "csv") -> str:
    """Id of the readable table made from the budget XML `source_id`, in this format.

    It follows from the source's id: a second run can only find the same resource again.
    """
    named = source_id if name == "csv" else f"{source_id}.{name}"
    return str(uuid.uuid5(_NAMESPACE, named))


def derived_ids(source_ids: Iterable[str], formats: Iterable[Format]) -> set[str]:
    """Ids of all tables in these formats."""
    names = list(formats)
    return {derived_id(source_id, name) for source_id in source_ids for name in names}


def without_orphans(
    resources: list[dict[str, Any]],
    known_ids: set[str],
    wanted: Collection[Format],
    not_convertible: Collection[str] = (),
) -> list[dict[str, Any]]:
    """The resources, less the readable tables whose budget XML is not among them any more.

    Less those in a format that the portal does not want any more, too.
    known_ids: ids of the dataset's resources as stored, among them the ones being removed;
    not_convertible: ids of those that receive a file from which no table can be made.
    """
    sources = {r["id"] for r in resources if r.get("id") and _is_source(r)} - set(not_convertible)
    listed = {r["id"] for r in resources if r.get("id")}
    orphans = derived_ids(known_ids | listed, FORMATS) - derived_ids(sources, wanted)
    return [r for r in resources if r.get("id") not in orphans]


def _is_source(resource: dict[str, Any]) -> bool:
    """A budget XML that is stored here, or comes in; one replaced by a link is neither."""
    if resource.get("role") != "source":
        return False
    kept = resource.get("url_type") == "upload" and not resource.get("clear_upload")
    return "upload" in resource or kept


def outdated(
    reports: Mapping[str, FileReport], active: Collection[str], formats: Collection[Format]
) -> dict[str, list[Format]]:
    """The formats in which the table of a budget XML is missing, or made from another file.

    None is made of a linked one: it is not ours to publish, nor masked.
    reports: of one dataset, by resource id; active: ids of the resources it has.  By id of the
    budget XML, those that lack none left out.
    """
    lacking = {
        source_id: [
            name
            for name in formats
            if not _is_current(report, reports.get(derived_id(source_id, name)), active)
        ]
        for source_id, report in reports.items()
        if report.kind == "totem"
        and report.conforming
        and report.url is None
        and source_id in active
    }
    return {source_id: names for source_id, names in lacking.items() if names}


def _is_current(source: FileReport, table: FileReport | None, active: Collection[str]) -> bool:
    return (
        table is not None and table.resource_id in active and table.source_sha256 == source.sha256
    )


@contextmanager
def being_made(table: Making) -> Iterator[None]:
    """While the block runs, the file that passes the gate is this table.

    So that the table and its origin are stored in one transaction: a table without origin is
    outdated, and would be made again.
    """
    token = _making.set(table)
    try:
        yield
    finally:
        _making.reset(token)


def making() -> Making | None:
    """The table that is being stored, if one is."""
    return _making.get()


def export_report(upload: FileStorage) -> Report | None:
    """The report of an export that a job stores; None for every file that anybody else sends."""
    table = making()
    return table.export if table is not None and table.upload is upload else None
