"""Actions on the publication to data.gouv.fr: what was done, and what an administrator decides."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model

from ckanext.scdl import config, publication, push_jobs, runs
from ckanext.scdl.datagouv import DatagouvError, Finding, texts
from ckanext.scdl.dataset_types import dataset_types
from ckanext.scdl.ledger import PLANNED
from ckanext.scdl.logic.context import fresh
from ckanext.scdl.model import PushItem, PushProfile, PushRun, PushWithdrawal

REASONS = ("withdrawn", "personal_data")


@tk.side_effect_free
def scdl_push_report(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The last runs towards data.gouv.fr, newest first, with one line for each dataset.

    :param dataset_id: (optional) only this dataset
    :param run_id: (optional) only this run
    :param job_id: (optional) only the run of this job of ckanext-harvest
    :param source_id: (optional) only runs of this harvest source
    :param kind: (optional) only runs of this kind, run or dry
    :param whole: (optional) only runs that met all the datasets, not some that somebody chose
    :param limit: (optional) number of runs, 10 at most; 3 unless told
    :param offset: (optional) how many newer runs are passed over
    :returns: ``[{"id", "profile", "kind", "source_id", "job_id", "started", "finished", "problem",
        "running", "whole", "states", "items": [{"dataset_id", "title", "exists", "action",
        "state", "finding", "notes", "changes", "requests", "url", "updated"}]}]``; ``title`` is
        None for a private dataset, ``exists`` False for one that was purged; ``kind`` is run, or
        dry for a plan that was only shown; ``states`` counts the items by state.  Only datasets
        that the user may edit.
    """
    tk.check_access("scdl_push_report", context, data_dict)
    limit = min(_positive(data_dict, "limit") or 3, 10)
    offset = _positive(data_dict, "offset")
    rows = model.Session.query(PushRun).order_by(PushRun.started.desc())
    for name, column in (
        ("run_id", PushRun.id),
        ("job_id", PushRun.job_id),
        ("source_id", PushRun.source_id),
        ("kind", PushRun.kind),
    ):
        if data_dict.get(name):
            rows = rows.filter(column == data_dict[name])
    organizations = _editable_organizations(context)
    if tk.asbool(data_dict.get("whole") or False):
        rows = rows.filter(PushRun.whole)
    only = data_dict.get("dataset_id")
    return [_run_dict(run, only, organizations) for run in rows.offset(offset).limit(limit).all()]


_MOST = 10**9
"""PostgreSQL refuses a number without bounds."""


def _positive(data_dict: dict[str, Any], name: str) -> int:
    try:
        number = tk.get_validator("natural_number_validator")(data_dict.get(name) or 0, {})
    except tk.Invalid as error:
        raise tk.ValidationError({name: [error.error]}) from None
    return min(number, _MOST)


def _run_dict(run: PushRun, only: str | None, organizations: set[str] | None) -> dict[str, Any]:
    rows = (
        model.Session.query(PushItem, model.Package)
        .outerjoin(model.Package, model.Package.id == PushItem.dataset_id)
        .filter(PushItem.run_id == run.id)
        .order_by(model.Package.title, PushItem.dataset_id)
    )
    if organizations is not None:
        rows = rows.filter(model.Package.owner_org.in_(organizations))
    if only:
        rows = rows.filter(PushItem.dataset_id == only)
    running = run.finished is None and runs.is_alive(run)
    purged = publication.hidden_and_purged()
    items = [
        _item_dict(
            row,
            package,
            secret=package.private if package else row.dataset_id in purged,
            running=running or run.kind == "dry",
        )
        for row, package in rows
    ]
    states = [item["state"] for item in items]
    return {
        "id": run.id,
        "profile": run.profile,
        "kind": run.kind,
        "source_id": run.source_id,
        "job_id": run.job_id,
        "started": run.started.isoformat(),
        "finished": run.finished and run.finished.isoformat(),
        "problem": run.problem and {key: run.problem.get(key) for key in ("code", "params")},
        "running": running,
        "whole": run.whole,
        "states": {state: states.count(state) for state in dict.fromkeys(states)},
        "items": items,
    }


def _item_dict(
    row: PushItem, package: Any | None, *, secret: bool, running: bool
) -> dict[str, Any]:
    """secret: it is private, or was when it was purged: nothing is said that comes from its title.

    Its address on data.gouv.fr does, and earlier runs met it when it was public.
    """
    outcome, plan, state = row.outcome or {}, row.plan, row.state
    if state == PLANNED and not running:  # its job was killed, and no later run has said so yet
        outcome = runs.interrupted(row).to_dict()
        state = outcome["state"]
    finding = outcome.get("finding") or plan.get("reason")
    notes = outcome.get("notes") or plan.get("notes") or []
    return {
        "dataset_id": row.dataset_id,
        "title": None if secret else _title(row, package),
        "exists": package is not None,
        "action": plan["action"],
        "state": state,
        "finding": _discreet(finding) if secret and finding else finding,
        "notes": [_discreet(note) for note in notes] if secret else notes,
        "changes": [] if secret else plan.get("changes") or [],
        "requests": plan.get("requests") or [],
        "url": None if secret else outcome.get("url") or plan.get("url"),
        "updated": row.updated.isoformat(),
    }


def _discreet(finding: dict[str, Any]) -> dict[str, Any]:
    return Finding.from_dict(finding).discreet().to_dict()


def _title(row: PushItem, package: Any | None) -> str | None:
    """The present one."""
    return row.plan["title"] or None if package is None else package.title or package.name


def _editable_organizations(context: Any) -> set[str] | None:
    """Ids of the organisations whose datasets the user may update; None, a sysadmin: everything."""
    if authz.is_sysadmin(context.get("user")):
        return None
    rows = tk.get_action("organization_list_for_user")(
        fresh(context), {"permission": "update_dataset"}
    )
    return {row["id"] for row in rows}


# What an administrator decides


@tk.side_effect_free
def scdl_push_profiles(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The profiles of the portal's configuration, without their keys.

    :returns: ``[{"profile", "url", "portal_url", "mode", "paused", "paused_by", "problem"}]``;
        ``problem`` is the sentence of an option to mend, in French.
    """
    tk.check_access("scdl_push_profiles", context, data_dict)
    return [_profile_dict(profile_id) for profile_id in config.profiles()]


def _profile_dict(profile_id: str) -> dict[str, Any]:
    row = PushProfile.find(profile_id)
    paused = row.paused if row else None
    found: dict[str, Any] = {
        "profile": profile_id,
        "paused": paused and paused.isoformat(),
        "paused_by": row.paused_by if row else None,
        "problem": None,
    }
    try:
        profile = config.profile(profile_id)
    except (config.UnknownProfile, DatagouvError) as error:
        return {**found, "problem": texts.sentence(error.finding, "fr")}
    return {**found, "url": profile.url, "portal_url": profile.portal_url, "mode": profile.mode}


def scdl_push_pause(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Suspend a profile: its runs send nothing until it is resumed.

    :param profile: identifier of the profile
    """
    tk.check_access("scdl_push_pause", context, data_dict)
    row = _profile_row(data_dict)
    if row.paused is None:
        row.paused, row.paused_by = sa.func.now(), context.get("user") or None
        model.Session.commit()
    return _profile_dict(row.profile)


def scdl_push_resume(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a suspended profile publish again, from its next run on.

    What nobody must read any more, and waited for it, is made private there by a job.

    :param profile: identifier of the profile
    """
    tk.check_access("scdl_push_resume", context, data_dict)
    row = _profile_row(data_dict)
    was_paused, row.paused, row.paused_by = row.paused, None, None
    model.Session.commit()
    if was_paused is not None:
        push_jobs.hide_soon(row.profile)
    return _profile_dict(row.profile)


def _profile_row(data_dict: dict[str, Any]) -> PushProfile:
    profile_id = tk.get_or_bust(data_dict, "profile")
    if profile_id not in config.profiles():
        named = ", ".join(config.profiles()) or "–"
        raise tk.ObjectNotFound(
            tk._("The portal's configuration has no such profile. It has: {names}.").format(
                names=named
            )
        )
    return PushProfile.of(profile_id)


def scdl_push_withdraw(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a dataset back from data.gouv.fr, though it stays on the portal.

    :param id: id or name of the dataset; for personal_data, also the id of one that was purged
    :param reason: (optional) withdrawn: archived there by the next run after the grace delay;
        personal_data: made private there, and its uploaded files deleted, at once, and this
        reason stays until it is restored
    """
    tk.check_access("scdl_push_withdraw", context, data_dict)
    reason = data_dict.get("reason") or REASONS[0]
    if reason not in REASONS:
        raise tk.ValidationError({"reason": [tk._("Write withdrawn or personal_data.")]})
    purged = reason == "personal_data" and _is_purged(data_dict)
    dataset_id = data_dict["id"] if purged else _dataset(data_dict).id
    known = model.Session.get(PushWithdrawal, dataset_id)
    if known is not None and known.reason == "personal_data":
        reason = known.reason
    model.Session.merge(
        PushWithdrawal(dataset_id=dataset_id, reason=reason, by=context.get("user") or None)
    )
    model.Session.commit()
    if reason == "personal_data":
        push_jobs.push_soon(dataset_id)
    return {"dataset_id": dataset_id, "reason": reason}


def _is_purged(data_dict: dict[str, Any]) -> bool:
    """Does the portal know no more of it than its twin on data.gouv.fr?"""
    dataset_id = tk.get_or_bust(data_dict, "id")
    return model.Package.get(dataset_id) is None and push_jobs.may_be_there(dataset_id)


def scdl_push_restore(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a withdrawn dataset go to data.gouv.fr again, and push it at once.

    :param id: id or name of the dataset
    :returns: ``{"dataset_id", "reason"}``; ``reason`` is the one for which it was withdrawn, None
        when it was not: nothing is done then
    """
    tk.check_access("scdl_push_restore", context, data_dict)
    package = _dataset(data_dict)
    row = model.Session.get(PushWithdrawal, package.id)
    if row is None:
        return {"dataset_id": package.id, "reason": None}
    reason = row.reason
    model.Session.delete(row)
    model.Session.commit()
    push_jobs.push_soon(package.id)
    return {"dataset_id": package.id, "reason": reason}


def scdl_push_again(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Push one dataset now, by a job, without waiting for the night.

    :param id: id or name of the dataset
    """
    tk.check_access("scdl_push_again", context, data_dict)
    package = _dataset(data_dict)
    push_jobs.push_now(package.id)
    return {"dataset_id": package.id}


@tk.chained_action
def bulk_update_private(up_func: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """After core's, which tells no plugin: what is on data.gouv.fr is hidden there at once."""
    done = up_func(context, data_dict)
    if any(push_jobs.may_be_read(dataset_id) for dataset_id in data_dict.get("datasets") or []):
        for profile_id in config.profiles():
            push_jobs.hide_soon(profile_id)
    return done


def _dataset(data_dict: dict[str, Any]) -> Any:
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    known = package is not None and package.type in dataset_types()
    # one whose type was taken out of the portal's schemas may still have to be withdrawn
    if not known and not (package and push_jobs.may_be_there(package.id)):
        raise tk.ObjectNotFound(tk._("No budget nor subsidies of this portal bear this name."))
    return package


ACTIONS = {
    action.__name__: action
    for action in (
        scdl_push_report,
        scdl_push_profiles,
        scdl_push_pause,
        scdl_push_resume,
        scdl_push_withdraw,
        scdl_push_restore,
        scdl_push_again,
    )
}
