"""The state of a file and of a dataset, from the files that they hold now.

A report on an earlier file counts for nothing: its resource waits for its check.  Imports the
reports; CKAN only to name what is on its way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.scdl.model import FileReport

CHECKED_ROLES = ("donnees", "source")

FileState = Literal["conforming", "partial", "not-conforming", "unreadable", "pending"]
State = Literal["conforming", "partial", "not-conforming", "pending", "none"]


def file_state(resource: dict[str, Any], row: FileReport | None) -> FileState | None:
    """The state of a resource's file or link; None for what nobody checks.

    Nor is an export checked: the CSV is.  "partial": nothing is wrong in what was checked, but the
    standard asks for more than we know how to check.
    """
    if resource.get("role") not in CHECKED_ROLES:
        return None
    if row is None or not row.is_of(resource):
        return "pending"
    if row.kind == "export":
        return None
    return "partial" if row.conforming and not row.complete else row.report["verdict"]


def dataset_state(dataset: dict[str, Any], reports: Mapping[str, FileReport]) -> State:
    """The worst of its files' states; "none" when none of them is checked.

    reports: by resource id.
    """
    files = dataset.get("resources", [])
    states = {file_state(resource, reports.get(resource["id"])) for resource in files}
    if states & {"not-conforming", "unreadable"}:
        return "not-conforming"
    if "pending" in states:
        return "pending"
    if "partial" in states:
        return "partial"
    return "conforming" if "conforming" in states else "none"
