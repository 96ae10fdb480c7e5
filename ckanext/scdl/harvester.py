"""The plugin `datagouv_harvester`: ckanext-harvest schedules and queues the push to data.gouv.fr.

Gather stores the plan of the run, import carries one item of it out; both are `runs`.  No exception
may leave the stages: it would kill the consumer.  HarvestObjects keep `package_id` and `content`
empty: "Clear" deletes the packages they name, and content is public.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestGatherError, HarvestObject, HarvestObjectError
from flask import has_request_context
from sqlalchemy import event

from ckanext.scdl import config, harvest_mends, push_jobs, runs
from ckanext.scdl import source as sources
from ckanext.scdl.datagouv import Finding, Outcome, PlannedItem, texts
from ckanext.scdl.language import reader_language
from ckanext.scdl.logic import auth
from ckanext.scdl.model import PushRun

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_QUIET = ("unchanged", "left_out", "adopted")
_COUNTED_AS = {
    "created": "added",
    "archived": "deleted",
    "hidden": "deleted",
    "updated": "updated",
    "restored": "updated",
    "flagged": "updated",
}
_OBJECTS_KEPT = dt.timedelta(days=30)
_STATUS = "scdl_report_status"


def _survives(otherwise: Any) -> Callable[[Any], Any]:
    """Whatever a stage meets, its consumer goes on: PostgreSQL itself may be away."""

    def decorate(stage: Any) -> Any:
        @functools.wraps(stage)
        def guarded(plugin: Any, subject: Any) -> Any:
            try:
                return stage(plugin, subject)
            except Exception:
                log.exception("%s was cut short", stage.__name__)
                with suppress(Exception):
                    model.Session.rollback()
                return otherwise

        return guarded

    return decorate


class DatagouvHarvesterPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IPackageController, inherit=True)
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

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _plan_first(pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        _plan_first(pkg_dict)

    def info(self) -> dict[str, str]:
        return {
            "name": config.SOURCE_TYPE,
            "title": "data.gouv.fr",
            "description": tk._(
                "Publishes the conforming budgets and subsidies of this portal on data.gouv.fr"
            ),
        }

    def validate_config(self, source_config: str) -> str:
        """What `source.read` tells; data.gouv.fr is asked too.  This text is public: no key."""
        source = sources.read(source_config)
        sources.check(source)
        for remark in runs.verify(source):
            if has_request_context():
                tk.h.flash_notice(texts.sentence(remark, reader_language()))
        return source_config

    @_survives(otherwise=[])
    def gather_stage(self, harvest_job: Any) -> list[str]:
        try:
            return _gather(harvest_job)
        except Exception as error:  # noqa: BLE001
            problem = _not_planned(harvest_job, error)
        HarvestGatherError.create(_for_everybody(problem), harvest_job)
        return []

    def fetch_stage(self, harvest_object: Any) -> bool:
        """Nothing to fetch: the plan is in our table."""
        return True

    @_survives(otherwise=False)
    def import_stage(self, harvest_object: Any) -> bool | str:
        run = model.Session.query(PushRun).filter_by(job_id=harvest_object.harvest_job_id).first()
        dataset_id = harvest_object.guid.rsplit(":", 1)[1]
        if run is None:  # forgotten, or the database was put back
            outcome = Outcome("failed", Finding("interrupted"))
            return _told(harvest_object, outcome)
        try:
            source = sources.read(harvest_object.source.config)
            outcome = runs.carry(run, dataset_id, source)
        except Exception as error:  # noqa: BLE001
            outcome = runs.failed(run, dataset_id, error)
        told = _told(harvest_object, outcome)
        if not runs.left(run) and runs.finish(run):
            _tell_stop(run, harvest_object.job)
        return told


def _plan_first(saved: dict[str, Any]) -> None:
    """A source that has just been saved shows what its next run would do."""
    if saved.get("type") == "harvest" and saved.get("source_type") == config.SOURCE_TYPE:
        push_jobs.plan_soon(saved["id"])


def _gather(job: Any) -> list[str]:
    source = sources.read(job.source.config)
    run = runs.begin(source, source_id=job.source_id, job_id=job.id)
    _forget_old_objects(job.source_id)
    items = runs.plan(run, source)
    queued, settled = [], []
    for item in items:
        (queued if item.writes else settled).append(item)
    ends = {item.dataset_id: runs.carried(run, item.dataset_id, source) for item in settled}
    _count_settled([item for item in settled if ends[item.dataset_id].state in _QUIET], job)
    for item in settled:
        if ends[item.dataset_id].state not in _QUIET:  # a conflict asks for nothing but somebody
            _fail_settled(item, ends[item.dataset_id], job, source.profile_id)
    if run.problem:
        HarvestGatherError.create(_for_everybody(Finding.from_dict(run.problem)), job)
    if not runs.left(run):
        runs.finish(run)
    return [_queued(item, job, source.profile_id) for item in queued]


def _not_planned(job: Any, error: Exception) -> Finding:
    """What kept the job from being planned, also in our report."""
    model.Session.rollback()
    try:
        source = sources.read(job.source.config)
    except sources.BadConfig:
        return runs.problem_of(error)
    run = runs.begin(source, source_id=job.source_id, job_id=job.id)
    problem = runs.not_planned(run, error)
    runs.finish(run)
    return problem


def _guid(item: PlannedItem, profile: str) -> str:
    return f"push:{profile}:{item.dataset_id}"


def _queued(item: PlannedItem, job: Any, profile: str) -> str:
    """The object of an item to carry out, the same when the message is delivered again."""
    guid = _guid(item, profile)
    made = model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id, guid=guid).first()
    if made is None:
        made = HarvestObject(guid=guid, job=job)
        made.save()
    return str(made.id)


def _count_settled(items: list[PlannedItem], job: Any) -> None:
    """Objects that are done: ckanext-harvest counts its objects, so that a quiet night says so."""
    profile = sources.read(job.source.config).profile_id
    known = model.Session.query(HarvestObject.guid).filter_by(harvest_job_id=job.id)
    there = {guid for (guid,) in known}
    now = _now()
    rows = [
        {
            "guid": guid,
            "harvest_job_id": job.id,
            "harvest_source_id": job.source_id,
            "state": "COMPLETE",
            "report_status": "not modified",
            "current": True,
            "gathered": now,
            "import_started": now,
            "import_finished": now,
            "retry_times": 0,
        }
        for guid in (_guid(item, profile) for item in items)
        if guid not in there
    ]
    model.Session.bulk_insert_mappings(HarvestObject, rows)
    model.Session.commit()


def _fail_settled(item: PlannedItem, outcome: Outcome, job: Any, profile: str) -> None:
    """An object in error, without a message for the consumers."""
    made = HarvestObject.get(_queued(item, job, profile))
    now = _now()
    made.gathered = made.import_started = made.import_finished = now
    made.state, made.report_status = "ERROR", "errored"
    _told(made, outcome)
    made.save()


def _tell_stop(run: PushRun, job: Any) -> None:
    """What stopped the run after its plan, unless an object of the job says it already."""
    model.Session.refresh(run)
    if not run.problem:
        return
    told = _for_everybody(Finding.from_dict(run.problem))
    said = (
        model.Session.query(HarvestObjectError)
        .join(HarvestObject)
        .filter(HarvestObject.harvest_job_id == job.id, HarvestObjectError.message == told)
    )
    if said.first() is None and told not in [error.message for error in job.gather_errors]:
        HarvestGatherError.create(told, job)


def _now() -> dt.datetime:
    """As ckanext-harvest writes dates: UTC, without saying so."""
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def _told(harvest_object: Any, outcome: Outcome) -> bool | str:
    """Say to ckanext-harvest how it went."""
    harvest_object.current = True
    if outcome.state in _QUIET:
        return "unchanged"
    status = _COUNTED_AS.get(outcome.state)
    if status is None:
        finding = outcome.finding or Finding("unexpected")
        HarvestObjectError.create(_for_everybody(finding), harvest_object, "Import")
        return False
    setattr(harvest_object, _STATUS, status)
    return True


def _for_everybody(finding: Finding) -> str:
    """Anybody may read the errors of a job: no name of a file, of a dataset nor of a person.

    Our own report has the whole sentence.
    """
    return texts.sentence(finding.discreet(), "fr")


def _true_status(harvest_object: Any, value: Any, _old: Any, _initiator: Any) -> Any:
    """ckanext-harvest guesses added or updated from package_id, which we leave empty."""
    return getattr(harvest_object, _STATUS, value) if value in ("added", "updated") else value


def _forget_old_objects(source_id: str) -> None:
    """A thousand datasets make 365 000 objects a year; our report keeps what they say."""
    old = sa.select(HarvestObject.id).where(
        HarvestObject.harvest_source_id == source_id,
        HarvestObject.gathered < _now() - _OBJECTS_KEPT,
    )
    for table, column in (
        (HarvestObjectError, HarvestObjectError.harvest_object_id),
        (HarvestObject, HarvestObject.id),
    ):
        model.Session.query(table).filter(column.in_(old)).delete(synchronize_session=False)
    model.Session.commit()
