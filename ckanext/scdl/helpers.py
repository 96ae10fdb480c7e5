"""What the templates ask for: badges, sentences, and names of our dataset types."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from flask_babel import format_date, format_datetime, format_decimal, format_percent

from ckanext.scdl import config, conformity, datagouv, figures
from ckanext.scdl.conformity import Declared, Report, roles, texts
from ckanext.scdl.conformity.rendering.typography import bound
from ckanext.scdl.datagouv import texts as push_texts
from ckanext.scdl.datagouv.compare import Change
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.derived import derived_id
from ckanext.scdl.language import reader_language
from ckanext.scdl.ledger import PLANNED
from ckanext.scdl.model import FileReport, PushItem, PushWithdrawal
from ckanext.scdl.publication import must_be_hidden
from ckanext.scdl.push_jobs import may_be_read
from ckanext.scdl.status import dataset_state, file_state

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


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
        "summary": _page_text(texts.summary, report),
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
    return [_page_text(texts.cause, c) for c in report.causes if c.first.level == level]


def _one_by_one(report: Report) -> list[str]:
    """Each finding in the reader's language; none where the causes tell them all."""
    if all(cause.count == 1 for cause in report.causes):
        return []
    return [_page_text(texts.sentence, finding) for finding in report.findings]


def _page_text(words: Callable[[T, str], str], told: T) -> str:
    """What `words` says of something, for a page in the reader's language."""
    lang = reader_language()
    return bound(words(told, lang), lang)


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


def run_in_words(run: dict[str, Any]) -> dict[str, Any]:
    """A run of `scdl_push_report` with its states and findings in the reader's language.

    `counts` is one phrase: how many datasets ended in each state, or are planned to.
    """
    problem = run["problem"]
    items = [_item_in_words(item, run["kind"]) for item in run["items"]]
    labels = [item["label"] for item in items]
    counts = [f"{label} : {labels.count(label)}" for label in dict.fromkeys(labels)]
    return {
        **run,
        "started": _date(run["started"]),
        "finished": _date(run["finished"]) if run["finished"] else None,
        "problem": _said(problem) if problem else None,
        "counts": ", ".join(counts),
        "items": items,
    }


def _date(iso: str) -> str:
    return format_datetime(dt.datetime.fromisoformat(iso))


def _item_in_words(item: dict[str, Any], kind: str) -> dict[str, Any]:
    lang = reader_language()
    found = [finding for finding in (item["finding"], *item["notes"]) if finding]
    changes = [Change.from_dict(change) for change in item["changes"]]
    planned = kind == "dry"
    return {
        **item,
        "label": push_texts.action(item["action"], lang) if planned else _state(item["state"]),
        "sentences": [_said(f) for f in found],
        "changes": [_page_text(push_texts.change, change) for change in changes],
    }


def scdl_last_plan(source_id: str) -> dict[str, Any] | None:
    """The last plan of a harvest source towards data.gouv.fr, in words, for who may see it."""
    if not tk.h.check_access("scdl_push_profiles"):
        return None
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    last = {"source_id": source_id, "whole": True, "limit": 1}
    runs = tk.get_action("scdl_push_report")(context, last)
    return run_in_words(runs[0]) if runs else None


def scdl_publishes() -> bool:
    """Does the portal's configuration name somewhere to publish?"""
    return bool(config.profiles())


def scdl_may_publish(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """What an administrator may decide of a dataset of our types; None for anybody else.

    `withdrawn`: the reason for which it is withdrawn, None when it is not.
    """
    if dataset.get("type") not in dataset_types() or not tk.h.check_access("scdl_push_profiles"):
        return None
    row = model.Session.get(PushWithdrawal, dataset["id"])
    return {"withdrawn": row.reason if row else None}


def _said(finding: dict[str, Any]) -> str:
    return _page_text(push_texts.sentence, datagouv.Finding.from_dict(finding))


def _state(state: str) -> str:
    return tk._("In progress") if state == PLANNED else push_texts.state(state, reader_language())


def scdl_publication(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """How the dataset stands towards data.gouv.fr after the last run; None if it was in none.

    Who may not edit it sees only the link.
    """
    row = PushItem.last_of(dataset["id"])
    if row is None:
        return None
    outcome = row.outcome or {}
    url = None if row.says_hidden else outcome.get("url")
    if not tk.h.check_access("package_update", {"id": dataset["id"]}):
        return {"url": url, "label": None, "sentences": []}
    found = [_said(f) for f in (outcome.get("finding"), *outcome.get("notes", [])) if f]
    label = _state(row.state)
    withdrawn = model.Session.get(PushWithdrawal, dataset["id"])
    if row.says_hidden and not must_be_hidden(dataset["id"]):
        label, found = tk._("To be made public again"), [_public_again()]
    elif withdrawn is not None and row.updated < withdrawn.at:
        found = [_said(datagouv.Finding(withdrawn.reason).to_dict())]
    if row.state != "conflict" and must_be_hidden(dataset["id"]) and may_be_read(dataset["id"]):
        label, why = tk._("To be made private"), found if row.state in _NOT_DONE else []
        found = [_still_read(), *why]
    return {"url": url, "label": label, "sentences": found}


_NOT_DONE = ("failed", "uncertain", "left_out")


def _public_again() -> str:
    return tk._("It may be read again: a job or the next run makes it public on data.gouv.fr.")


def _still_read() -> str:
    return tk._(
        "It may still be read on data.gouv.fr. A job makes it private there, or else the next run; "
        "while the profile is paused, nothing is sent."
    )


_MONTHS_SHOWN = 12


def scdl_figures(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """What data.gouv.fr told of the dataset, one dictionary for each profile, newest month first.

    The quality score and what to do about it are for who may edit the dataset.
    """
    published = figures.published(dataset["id"])
    may_edit = bool(published) and tk.h.check_access("package_update", {"id": dataset["id"]})
    return [_figures_in_words(one, may_edit) for one in published]


def _figures_in_words(one: dict[str, Any], may_edit: bool) -> dict[str, Any]:
    newest_first = reversed(one["months"][-_MONTHS_SHOWN:])
    shown = may_edit and one["quality"] is not None
    return {
        "url": one["url"],
        **{name: _number(one[name]) for name in ("views", "downloads", "reuses", "discussions")},
        "read": format_datetime(dt.datetime.fromisoformat(one["read"])),
        "months": [_month_in_words(month) for month in newest_first],
        "quality": format_percent(one["quality"]) if shown else None,
        "missing": [_page_text(push_texts.quality, p) for p in one["missing"]] if may_edit else [],
    }


def _month_in_words(month: dict[str, Any]) -> dict[str, str]:
    day = dt.date.fromisoformat(month["month"] + "-01")
    added = {name: _number(month[name]) for name in ("views", "downloads")}
    return {"name": format_date(day, "LLLL y"), **added}


def _number(value: int | None) -> str:
    return tk._("not known") if value is None else format_decimal(value)
