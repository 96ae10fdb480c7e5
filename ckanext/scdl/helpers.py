"""What the templates ask for about files: badges, reports, and names of our dataset types."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask_babel import format_datetime

from ckanext.scdl import conformity
from ckanext.scdl.conformity import Declared, Report, roles, texts
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.derived import derived_id
from ckanext.scdl.language import page_text, reader_language
from ckanext.scdl.model import FileReport
from ckanext.scdl.status import dataset_state, file_state


def scdl_dataset_types() -> list[str]:
    """Our dataset types, in the order of their buttons."""
    return dataset_types()


def scdl_role_extensions() -> str:
    """Extensions by role, as JSON for the form's script; any other file is data."""
    lists = {"source": roles.SOURCE, "documentation": roles.DOCUMENTATION}
    return json.dumps({role: sorted(extensions) for role, extensions in lists.items()})


def scdl_only_documentation(dataset: dict[str, Any]) -> bool:
    """Has a dataset of our types files, none of which is checked?"""
    roles = {resource.get("role") for resource in dataset.get("resources", [])}
    return dataset.get("type") in dataset_types() and roles == {"documentation"}


def scdl_badge(resource: dict[str, Any], dataset: dict[str, Any]) -> dict[str, str] | None:
    """State and label of the badge of a resource of our types; None where there is nothing to say.

    A PDF that was sent as data is told to be documentation.
    """
    if dataset.get("type") not in dataset_types():
        return None
    if resource.get("role") == "documentation":
        return {"state": "unknown", "label": tk._("Documentation: not checked")}
    row = FileReport.get(resource["id"])
    state = file_state(resource, row)
    if state is None:
        return None
    if state != "conforming":
        return _badge(state)
    warnings = _with_differences(Report.from_dict(row.report), dataset).warning_count
    if warnings:
        label = tk.ungettext("Conforming, {n} remark", "Conforming, {n} remarks", warnings)
        return {"state": "warnings", "label": label.format(n=warnings)}
    return _badge(state)


def _badge(state: str) -> dict[str, str]:
    labels = {
        "conforming": ("conforming", tk._("Conforming")),
        "partial": ("partial", tk._("Partly checked")),
        "not-conforming": ("errors", tk._("Not conforming")),
        "unreadable": ("errors", tk._("Unreadable")),
        "pending": ("pending", tk._("Waiting for its check")),
    }
    return dict(zip(("state", "label"), labels[state], strict=True))


def scdl_status(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """The badge of a dataset of our types, from its present files; None when none is checked.

    `failing`, `partial`: names of the files that do not conform, of those checked in part only, for
    who may edit the dataset.
    """
    if dataset.get("type") not in dataset_types():
        return None
    reports = FileReport.of_package(dataset["id"])
    state = dataset_state(dataset, reports)
    if state == "none":
        return None
    named: dict[str | None, list[str]] = {}
    if tk.h.check_access("package_update", {"id": dataset["id"]}):
        for resource in dataset.get("resources", []):
            found = file_state(resource, reports.get(resource["id"]))
            named.setdefault(found, []).append(tk.h.resource_display_name(resource))
    failing = [*named.get("not-conforming", []), *named.get("unreadable", [])]
    return {**_badge(state), "failing": failing, "partial": named.get("partial", [])}


def scdl_report(resource: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any] | None:
    """The report of a resource, in words, for its page; None when it was never checked.

    Nor has an export one: the check is the CSV's.  Causes come first, `findings` has those that
    share one, told one by one under `findings_title`.
    All quote cells: they are left out for who may not edit the resource.
    """
    row = FileReport.get(resource["id"])
    if row is None or row.kind == "export" or dataset.get("type") not in dataset_types():
        return None
    if not row.is_of(resource):
        return None
    report = _with_differences(Report.from_dict(row.report), dataset)
    may_edit = tk.h.check_access("resource_update", {"id": resource["id"]})
    return {
        "summary": page_text(texts.summary, report),
        "standard": f"{report.standard} {report.version}",
        "checked": format_datetime(row.checked),
        "errors": _causes(report, "error") if may_edit else [],
        "warnings": _causes(report, "warning") if may_edit else [],
        "findings_title": texts.labels(reader_language())["cells"],
        "findings": _one_by_one(report) if may_edit else [],
        "derived": _derived(resource, dataset),
        "table_expected": report.conforming and report.kind == "totem" and not row.url,
    }


def _causes(report: Report, level: str) -> list[str]:
    """Causes of this level in the reader's language."""
    return [page_text(texts.cause, c) for c in report.causes if c.first.level == level]


def _one_by_one(report: Report) -> list[str]:
    """Each finding in the reader's language; none where the causes tell them all."""
    if all(cause.count == 1 for cause in report.causes):
        return []
    return [page_text(texts.sentence, finding) for finding in report.findings]


def _with_differences(report: Report, dataset: dict[str, Any]) -> Report:
    """The report and where the file and the form contradict each other, as both stand today."""
    declared = Declared(
        siret=dataset.get("siret"), exercice=dataset.get("exercice"), etape=dataset.get("etape")
    )
    return report.with_findings(conformity.differences(report.identity, declared))


def _derived(resource: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any] | None:
    wanted = derived_id(resource["id"])
    return next((r for r in dataset.get("resources", []) if r["id"] == wanted), None)


@tk.chained_helper
def humanize_entity_type(
    next_helper: Any, entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Buttons and headings that name our types as a person would."""
    wording = _wording(object_type) if entity_type == "package" else {}
    return wording.get(purpose) or next_helper(entity_type, object_type, purpose)


def _wording(object_type: str) -> dict[str, str]:
    if object_type == "budget":
        return {
            "add link": tk._("Add a budget"),
            "breadcrumb": tk._("Budgets"),
            "content tab": tk._("Budgets"),
            "create label": tk._("Add a budget"),
            "create title": tk._("Add a budget"),
            "edit label": tk._("Edit the budget"),
            "form label": tk._("Budget form"),
            "main nav": tk._("Budgets"),
            "page title": tk._("Budgets"),
            "save label": tk._("Save the budget"),
            "search placeholder": tk._("Search budgets…"),
            "update label": tk._("Update the budget"),
            "view label": tk._("View the budget"),
            "no any objects": tk._("There is no budget yet"),
            "no description": tk._("This budget has no description"),
        }
    if object_type == "subventions":
        return {
            "add link": tk._("Add subsidies"),
            "breadcrumb": tk._("Subsidies"),
            "content tab": tk._("Subsidies"),
            "create label": tk._("Add subsidies"),
            "create title": tk._("Add subsidies"),
            "edit label": tk._("Edit the subsidies"),
            "form label": tk._("Subsidies form"),
            "main nav": tk._("Subsidies"),
            "page title": tk._("Subsidies"),
            "save label": tk._("Save the subsidies"),
            "search placeholder": tk._("Search subsidies…"),
            "update label": tk._("Update the subsidies"),
            "view label": tk._("View the subsidies"),
            "no any objects": tk._("There are no subsidies yet"),
            "no description": tk._("These subsidies have no description"),
        }
    return {}
