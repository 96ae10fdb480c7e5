"""Actions of the portal: ours, and the one of core's that we wrap."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.scdl import config, conformity, figures, gate
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.derived import without_orphans
from ckanext.scdl.logic.context import fresh
from ckanext.scdl.model import FileReport
from ckanext.scdl.status import FileState, dataset_state, file_state

NEEDED = ("title", "collectivite", "siret", "exercice", "etape")
"""Fields of a budget that cannot be empty."""


@tk.chained_action
def package_update(up_func: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Before core's: tell new files their dataset, drop tables whose budget XML is gone, and fill
    in from a budget what the form left empty.

    A draft without any file is not published either: CKAN 2.12's form would, when its button is
    pressed on empty fields.
    package_revise gives a new resource without package_id, so that the gate could not know which
    standard its file must follow.
    """
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if package is None or package.type not in dataset_types():
        return up_func(context, data_dict)
    tk.check_access("package_update", {**context, "package": package}, data_dict)
    _refuse_empty_publication(package, data_dict)
    if data_dict.get("resources"):
        stored = {resource.id: resource for resource in package.resources}
        for resource in data_dict["resources"]:
            _complete(resource, stored.get(resource.get("id")), package.id)
        data_dict["resources"] = without_orphans(
            data_dict["resources"],
            set(stored),
            config.table_formats(),
            gate.not_convertible(package.id),
        )
        _fill_in(data_dict, package.id)
    return up_func(context, data_dict)


def _refuse_empty_publication(package: Any, data_dict: dict[str, Any]) -> None:
    leaves_draft = package.state.startswith("draft") and data_dict.get("state") == "active"
    if leaves_draft and not data_dict.get("resources"):
        message = tk._("Choose a file: nothing can be published without one.")
        raise tk.ValidationError({"url": [message]})


def _complete(resource: dict[str, Any], stored: Any | None, package_id: str) -> None:
    """What API clients leave out: the dataset of a new file, the role of a resource they update."""
    if "upload" in resource:
        resource["package_id"] = package_id
        # here already: which tables become orphans depends on what the file is
        gate.check_upload(resource)
    elif stored is not None and "role" not in resource:
        resource["role"] = (stored.extras or {}).get("role")


def _fill_in(data_dict: dict[str, Any], package_id: str) -> None:
    """Give the dataset what its budget says and nobody wrote; core's validators see it all.

    What the file said that another replaces follows the new one: nobody wrote anything else.  What
    a dataset must have is taken from the budget that it holds.  Every way in comes here with the
    whole dataset, between the gate and the storage.
    """
    for report, replaced in gate.coming_in(package_id, data_dict["resources"]):
        before = conformity.metadata(replaced) if replaced else {}
        for name, value in conformity.metadata(report).items():
            written = data_dict.get(name)
            # the period is scdl_temporal's: it follows the exercice, which the form may have given
            is_empty = not written and not name.startswith("temporal_")
            if is_empty or (written and written == before.get(name)):
                data_dict[name] = value
    if not all(data_dict.get(name) for name in NEEDED):
        _fill_in_needed(data_dict)


def _fill_in_needed(data_dict: dict[str, Any]) -> None:
    reports = (gate.held(resource.get("id")) for resource in data_dict["resources"])
    for said in (conformity.metadata(report) for report in reports if report):
        for name in NEEDED:
            if not data_dict.get(name) and name in said:
                data_dict[name] = said[name]


@tk.side_effect_free
def scdl_report_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The report on the file a resource holds.

    :param id: id of the resource
    :returns: ``{"resource_id", "package_id", "checked", "report"}``; ``report`` as
        ``conformity.Report.to_dict`` gives it.  Without the right to update the resource its
        findings and causes are left out: they quote cells.
    """
    resource_id = tk.get_or_bust(data_dict, "id")
    tk.check_access("scdl_report_show", context, data_dict)
    row = FileReport.get(resource_id)
    if row is None or not row.is_of(model.Resource.get(resource_id)):
        raise tk.ObjectNotFound(tk._("This file has not been checked yet."))
    report = dict(row.report)
    try:
        tk.check_access("resource_update", fresh(context), {"id": resource_id})
    except tk.NotAuthorized:
        report.pop("findings", None)
        report.pop("causes", None)
    return {
        "resource_id": resource_id,
        "package_id": row.package_id,
        "checked": row.checked.isoformat(),
        "report": report,
    }


@tk.side_effect_free
def scdl_status_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How a dataset stands, from the files that it holds now.

    :param id: id or name of the dataset
    :returns: ``{"dataset_id", "status", "files": [{"resource_id", "state", "standard",
        "checked"}]}``; ``status`` is conforming, partial, not-conforming, pending or none,
        ``state`` is conforming, partial, not-conforming, unreadable or pending; partial: conforming
        in what was checked, which is not all that the standard asks for; ``standard`` is
        name@version.  Files that nobody checks are not listed; one that waits has neither
        ``standard`` nor ``checked``.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("scdl_status_show", context, data_dict)
    dataset = tk.get_action("package_show")(fresh(context), {"id": data_dict["id"]})
    if dataset["type"] not in dataset_types():
        return {"dataset_id": dataset["id"], "status": "none", "files": []}
    reports = FileReport.of_package(dataset["id"])
    states = {r["id"]: file_state(r, reports.get(r["id"])) for r in dataset["resources"]}
    return {
        "dataset_id": dataset["id"],
        "status": dataset_state(dataset, reports),
        "files": [_file_dict(i, state, reports.get(i)) for i, state in states.items() if state],
    }


def _file_dict(resource_id: str, state: FileState, row: FileReport | None) -> dict[str, Any]:
    known = row if state != "pending" else None
    return {
        "resource_id": resource_id,
        "state": state,
        "standard": known.standard if known else None,
        "checked": known.checked.isoformat() if known else None,
    }


@tk.side_effect_free
def scdl_publication_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What data.gouv.fr told of a dataset at its last listing: use, quality, months.

    :param id: id or name of the dataset
    :returns: ``{"dataset_id", "published": [{"profile", "url", "views", "downloads", "reuses",
        "discussions", "quality", "resources", "missing", "months": [{"month", "views",
        "downloads"}], "read"}]}``; nothing in ``published`` for a dataset of which nothing was
        read.  Totals since publication; ``resources`` are downloads by resource id; ``quality``
        goes from 0 to 1, ``missing`` names its missing points as data.gouv.fr does; a month is
        YYYY-MM and has what it added, None where that is not known.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("scdl_publication_show", context, data_dict)
    dataset = tk.get_action("package_show")(fresh(context), {"id": data_dict["id"]})
    return {"dataset_id": dataset["id"], "published": figures.published(dataset["id"])}
