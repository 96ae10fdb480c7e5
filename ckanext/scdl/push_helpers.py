"""What the templates ask for about publishing on data.gouv.fr: runs, states, decisions, figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask_babel import format_date, format_datetime, format_decimal, format_percent

from ckanext.scdl import config, datagouv, figures
from ckanext.scdl.datagouv import texts
from ckanext.scdl.datagouv.compare import Change
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.language import page_text, reader_language
from ckanext.scdl.ledger import PLANNED
from ckanext.scdl.model import PushItem, PushWithdrawal
from ckanext.scdl.publication import must_be_hidden
from ckanext.scdl.push_jobs import may_be_read


def run_in_words(run: dict[str, Any]) -> dict[str, Any]:
    """A run of `scdl_push_report` with its states and findings in the reader's language.

    `counts` is one phrase: how many datasets ended in each state, or are planned to; `source` the
    title of the harvest source, None where there is none.
    """
    problem = run["problem"]
    items = [_item_in_words(item, run["kind"]) for item in run["items"]]
    labels = [item["label"] for item in items]
    counts = [f"{label} : {labels.count(label)}" for label in dict.fromkeys(labels)]
    return {
        **run,
        "source": _source_title(run["source_id"]),
        "started": _date(run["started"]),
        "finished": _date(run["finished"]) if run["finished"] else None,
        "problem": _said(problem) if problem else None,
        "counts": ", ".join(counts),
        "items": items,
    }


def _source_title(source_id: str | None) -> str | None:
    """Several sources may share a profile."""
    source = model.Package.get(source_id) if source_id else None
    return source.title if source is not None and source.type == "harvest" else None


def _date(iso: str) -> str:
    return format_datetime(dt.datetime.fromisoformat(iso))


def _item_in_words(item: dict[str, Any], kind: str) -> dict[str, Any]:
    lang = reader_language()
    found = [finding for finding in (item["finding"], *item["notes"]) if finding]
    changes = [Change.from_dict(change) for change in item["changes"]]
    planned = kind == "dry"
    return {
        **item,
        "label": texts.action(item["action"], lang) if planned else _state(item["state"]),
        "sentences": [_said(f) for f in found],
        "changes": [page_text(texts.change, change) for change in changes],
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
    return page_text(texts.sentence, datagouv.Finding.from_dict(finding))


def _state(state: str) -> str:
    return tk._("In progress") if state == PLANNED else texts.state(state, reader_language())


def scdl_publication(dataset: dict[str, Any]) -> dict[str, Any] | None:
    """How the dataset stands towards data.gouv.fr after the last run; None if it was in none.

    Who may not edit it sees only the link.
    """
    row = PushItem.last_of(dataset["id"])
    if row is None:
        return None
    url = None if row.says_hidden else (row.outcome or {}).get("url")
    if not tk.h.check_access("package_update", {"id": dataset["id"]}):
        return {"url": url, "label": None, "sentences": []}
    label, sentences = _standing(row)
    return {"url": url, "label": label, "sentences": sentences}


def _standing(row: PushItem) -> tuple[str, list[str]]:
    """What is still to be done, as things are now; else what the last run did."""
    label, found = _state(row.state), _found(row)
    private = must_be_hidden(row.dataset_id)
    if private and row.state != "conflict" and may_be_read(row.dataset_id):
        why = found if row.state in _NOT_DONE else []
        return tk._("To be made private"), [_still_read(), *why]
    if row.says_hidden and not private:
        return tk._("To be made public again"), [_public_again()]
    if _withdrawn_since(row):
        label = tk._("Withdrawn since")
    return label, found


def _withdrawn_since(row: PushItem) -> PushWithdrawal | None:
    withdrawn = model.Session.get(PushWithdrawal, row.dataset_id)
    return withdrawn if withdrawn is not None and row.updated < withdrawn.at else None


def _found(row: PushItem) -> list[str]:
    """Why the last run ended so for this dataset; of one withdrawn since, the withdrawal."""
    withdrawn = _withdrawn_since(row)
    if withdrawn is not None:
        return [_said(datagouv.Finding(withdrawn.reason).to_dict())]
    outcome = row.outcome or {}
    return [_said(f) for f in (outcome.get("finding"), *outcome.get("notes", [])) if f]


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
        "missing": [page_text(texts.quality, p) for p in one["missing"]] if may_edit else [],
    }


def _month_in_words(month: dict[str, Any]) -> dict[str, str]:
    day = dt.date.fromisoformat(month["month"] + "-01")
    added = {name: _number(month[name]) for name in ("views", "downloads")}
    return {"name": format_date(day, "LLLL y"), **added}


def _number(value: int | None) -> str:
    return tk._("not known") if value is None else format_decimal(value)
