"""Look again at the files that datasets hold: those that changed, or that were checked otherwise.

What is read, and under which standard, is `jobs.check_stored`'s.  Used by `ckan scdl recheck`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.scdl import gate, jobs
from ckanext.scdl.conformity import FORMATS
from ckanext.scdl.dataset_types import dataset_types, standard_of
from ckanext.scdl.derived import derived_ids
from ckanext.scdl.model import CHECKER, FileReport, is_link
from ckanext.scdl.status import CHECKED_ROLES, FileState, file_state

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTS = [name for name in FORMATS if name != "csv"]


@dataclass(frozen=True)
class Looked:
    """One file after the look; state is None when the storage has lost it, `problem` says how."""

    dataset: str
    resource: str
    standard: str
    read: bool
    state: FileState | None
    problem: str = ""


def package_ids() -> list[str]:
    """Every dataset of our types that is not deleted, drafts included."""
    ids = (
        model.Session.query(model.Package.id)
        .filter(model.Package.type.in_(dataset_types()), model.Package.state != "deleted")
        .order_by(model.Package.metadata_created, model.Package.id)
    )
    return [package_id for (package_id,) in ids]


def look_again(package_id: str, *, everything: bool, repin: bool) -> Iterator[Looked]:
    """Check the dataset's files again where that may change something, and say how each stands.

    everything: all of them; repin: against the version that the dataset's type names today.
    """
    package = model.Package.get(package_id)
    standard = standard_of(package.type) if repin else gate.standard_for(package)
    dataset = _shown(package_id)
    for resource in _checked_by_us(dataset["resources"]):
        row = FileReport.get(resource["id"])
        read = everything or is_link(resource) or _is_due(resource, row, standard)
        problem = _read(resource, standard) if read else ""
        model.Session.expire_all()
        state = None if problem else file_state(resource, FileReport.get(resource["id"]))
        named = resource.get("name") or resource["url"].rsplit("/", 1)[-1]
        yield Looked(dataset["name"], named, standard, read, state, problem)


def _shown(package_id: str) -> dict[str, Any]:
    context = {"ignore_auth": True, "use_cache": False}
    return tk.get_action("package_show")(context, {"id": package_id})


def _checked_by_us(resources: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """No check reads an export: a job makes it again."""
    exports = derived_ids([resource["id"] for resource in resources], EXPORTS)
    for resource in resources:
        row = FileReport.get(resource["id"])
        made = resource["id"] in exports and (row is None or row.kind == "export")
        if resource.get("role") in CHECKED_ROLES and not made:
            yield resource


def _is_due(resource: dict[str, Any], row: FileReport | None, standard: str) -> bool:
    """Is there no report on this very file, by this version of ours and of the standard?"""
    if row is None or not row.is_of(resource):
        return True
    other_file = (resource.get("hash") or row.sha256) != row.sha256
    return other_file or row.checker != CHECKER or row.standard != standard


def _read(resource: dict[str, Any], standard: str) -> str:
    """What keeps the file from being read, "" when nothing does."""
    try:
        jobs.check_stored(resource["id"], standard)
    except OSError as exception:
        return str(exception)
    return ""
