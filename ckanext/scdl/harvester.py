"""The plugin `datagouv_harvester`: ckanext-harvest schedules and queues the push to data.gouv.fr.

Gather stores the plan of the run, import carries one item of it out; what to do is decided in
`datagouv/`.  No exception may leave the stages: it would kill the consumer.  HarvestObjects keep
`package_id` and `content` empty: "Clear" deletes the packages they name, and content is public.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestGatherError, HarvestObject, HarvestObjectError
from sqlalchemy import event
from sqlalchemy.orm.attributes import flag_modified

from ckanext.scdl import config, gate, harvest_mends, jobs
from ckanext.scdl.datagouv import (
    Client,
    DatagouvError,
    Finding,
    Outcome,
    PlannedItem,
    Profile,
    Wanted,
    carry_out,
    gather,
    texts,
)
from ckanext.scdl.ledger import PLANNED, PostgresLedger
from ckanext.scdl.locks import Busy, exclusively
from ckanext.scdl.logic import auth
from ckanext.scdl.model import PushItem, PushRun
from ckanext.scdl.publication import present_obstacle, wanted_datasets

log = logging.getLogger(__name__)

DEFAULT_PROFILE = "default"
_WRITES = ("create", "update")
_QUIET = ("unchanged", "left_out")
_DONE = ("created", "updated", *_QUIET)
_LEFT_TO_JOBS = ("table_pending", "not_checked", "link_not_checked")
_KEPT = dt.timedelta(days=90)
_STATUS = "scdl_report_status"


class DatagouvHarvesterPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(IHarvester)

    def update_config(self, config_: Any) -> None:
        harvest_mends.keep_consumers_waiting(config_)

    def configure(self, config_: Any) -> None:
        if not event.contains(HarvestObject.report_status, "set", _true_status):
            event.listen(HarvestObject.report_status, "set", _true_status, retval=True)

    def get_actions(self) -> dict[str, Any]:
        return harvest_mends.actions()

    def get_auth_functions(self) -> dict[str, Any]:
        return {
            "package_create": auth.package_create,
            "package_update": auth.package_update,
            "package_delete": auth.package_delete,
            "bulk_update_private": auth.bulk_update_private,
            "bulk_update_public": auth.bulk_update_public,
            "bulk_update_delete": auth.bulk_update_delete,
        }

    def info(self) -> dict[str, str]:
        return {
            "name": config.SOURCE_TYPE,
            "title": "data.gouv.fr",
            "description": tk._(
                "Publishes the conforming budgets and subsidies of this portal on data.gouv.fr"
            ),
        }

    def validate_config(self, source_config: str) -> str:
        """`{"profile": "<id>"}`, nothing else: this text is public, the key is in the ini."""
        profile_id(source_config)
        return source_config

    def gather_stage(self, harvest_job: Any) -> list[str]:
        try:
            return _gather(harvest_job)
        except (DatagouvError, config.UnknownProfile, BadConfig, Busy) as error:
            problem = _finding(error)
        except Exception:
            log.exception("Gather for data.gouv.fr failed")
            problem = Finding("unexpected")
        model.Session.rollback()
        _note_problem(harvest_job, problem)
        HarvestGatherError.create(texts.sentence(problem, "fr"), harvest_job)
        return []

    def fetch_stage(self, harvest_object: Any) -> bool:
        """Nothing to fetch: the plan is in our table."""
        return True

    def import_stage(self, harvest_object: Any) -> bool | str:
        try:
            outcome = _import(harvest_object)
        except (DatagouvError, config.UnknownProfile, BadConfig, Busy) as error:
            outcome = _ended(harvest_object, _finding(error))
        except Exception:
            log.exception("Import for data.gouv.fr failed")
            outcome = _ended(harvest_object, Finding("unexpected"))
        return _told(harvest_object, outcome)


class BadConfig(ValueError):
    """The configuration of the harvest source is not `{"profile": "<id>"}`."""


def profile_id(source_config: str | None) -> str:
    """The profile that the configuration of a harvest source names; raises BadConfig."""
    if not (source_config or "").strip():
        return DEFAULT_PROFILE
    try:
        options = json.loads(source_config or "")
    except ValueError:
        options = None
    if not isinstance(options, dict) or set(options) != {"profile"}:
        raise BadConfig(
            tk._(
                'Write {"profile": "name"} and nothing else: this configuration is public, '
                "the key belongs in the portal's ini file."
            )
        )
    return str(options["profile"])


def _gather(job: Any) -> list[str]:
    name = profile_id(job.source.config)
    run = _run_of(job, name)
    _forget_old_runs(job.source_id)
    _close_interrupted(run)
    ledger = PostgresLedger(run)
    profile = config.profile(name)
    wanted = list(wanted_datasets())
    _ask_again(wanted)
    with exclusively(_lock(profile)), Client(profile) as client:
        items = gather(wanted, client, ledger)
    return [_queued(item, job, name) for item in items if _to_write(item, ledger)]


def _run_of(job: Any, profile: str) -> PushRun:
    """The run of this job: a gather that was cut short is delivered again."""
    run = model.Session.query(PushRun).filter_by(job_id=job.id).one_or_none()
    if run is None:
        run = PushRun(profile=profile, source_id=job.source_id, job_id=job.id)
        model.Session.add(run)
        model.Session.commit()
    return run


def _ask_again(wanted: list[Wanted]) -> None:
    """A job may have been lost: the next run finds its table or its report."""
    for one in wanted:
        # without obstacle an export may still be missing
        if one.obstacle is None or one.obstacle.code in _LEFT_TO_JOBS:
            jobs.ask_for(gate.left_to_do(one.dataset.id))


def _to_write(item: PlannedItem, ledger: PostgresLedger) -> bool:
    """Record the item; those that write nothing, or have been carried out, end here."""
    if ledger.outcome(item.dataset_id):
        return False
    if item.action in _WRITES:
        ledger.add(item)
        return True
    ledger.add(replace(item, payload={}))
    ledger.end(
        item.dataset_id,
        Outcome(item.action, item.reason, item.notes, item.remote_id, item.url),
    )
    return False


def _queued(item: PlannedItem, job: Any, profile: str) -> str:
    guid = f"push:{profile}:{item.dataset_id}"
    made = model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id, guid=guid).first()
    if made is None:
        made = HarvestObject(guid=guid, job=job)
        made.save()
    return str(made.id)


def _import(harvest_object: Any) -> Outcome:
    """Carry the object's item out, unless another delivery of the message already has."""
    run = model.Session.query(PushRun).filter_by(job_id=harvest_object.harvest_job_id).one()
    ledger = PostgresLedger(run)
    dataset_id = harvest_object.guid.rsplit(":", 1)[1]
    profile = config.profile(run.profile)
    with exclusively(_lock(profile)):
        known = ledger.outcome(dataset_id)
        if known:
            return known
        obstacle = present_obstacle(dataset_id)
        if obstacle:
            outcome = Outcome("left_out", obstacle)
            ledger.end(dataset_id, outcome)
            return outcome
        with Client(profile) as client:
            return carry_out(ledger.planned(dataset_id), client, ledger)


def _ended(harvest_object: Any, finding: Finding) -> Outcome:
    """The failure, also in our report: the job page says less, and in English."""
    model.Session.rollback()
    outcome = Outcome("failed", finding)
    run = model.Session.query(PushRun).filter_by(job_id=harvest_object.harvest_job_id).first()
    if run:
        PostgresLedger(run).end(harvest_object.guid.rsplit(":", 1)[1], outcome)
    return outcome


def _told(harvest_object: Any, outcome: Outcome) -> bool | str:
    """Say to ckanext-harvest how it went."""
    harvest_object.current = True
    if outcome.state not in _DONE:
        finding = outcome.finding or Finding("unexpected")
        HarvestObjectError.create(texts.sentence(finding, "fr"), harvest_object, "Import")
        return False
    if outcome.state in _QUIET:
        return "unchanged"
    setattr(harvest_object, _STATUS, "added" if outcome.state == "created" else "updated")
    return True


def _true_status(harvest_object: Any, value: Any, _old: Any, _initiator: Any) -> Any:
    """ckanext-harvest guesses added or updated from package_id, which we leave empty."""
    return getattr(harvest_object, _STATUS, value) if value in ("added", "updated") else value


def _lock(profile: Profile) -> str:
    """One writer for each data.gouv.fr: sources share profiles, and profiles organisations."""
    return f"scdl-push-{profile.url}"


def _finding(error: Exception) -> Finding:
    if isinstance(error, DatagouvError):
        return error.finding
    if isinstance(error, config.UnknownProfile):
        return error.finding
    if isinstance(error, Busy):
        return Finding("busy")
    return Finding("source_config")


def _note_problem(job: Any, problem: Finding) -> None:
    run = model.Session.query(PushRun).filter_by(job_id=job.id).one_or_none()
    if run:
        run.problem = problem.to_dict()
        model.Session.commit()


def _close_interrupted(run: PushRun) -> None:
    """Items of earlier runs that nothing ended: their job was aborted, or a consumer died."""
    earlier = model.Session.query(PushItem, PushRun).join(PushRun, PushRun.id == PushItem.run_id)
    rows = earlier.filter(
        PushRun.source_id == run.source_id, PushRun.id != run.id, PushItem.state == PLANNED
    )
    for item, its_run in rows.all():
        # the date of its last step stays: `unsettled` counts from there
        flag_modified(item, "updated")
        uncertain = item.step == "create"
        state = "uncertain" if uncertain else "failed"
        PostgresLedger(its_run).end(item.dataset_id, Outcome(state, Finding("interrupted")))


def _forget_old_runs(source_id: str) -> None:
    limit = dt.datetime.now(dt.timezone.utc) - _KEPT
    model.Session.query(PushRun).filter(
        PushRun.source_id == source_id, PushRun.started < limit
    ).delete()
    model.Session.commit()
