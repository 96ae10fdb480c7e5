"""The harvester on a real CKAN and a real udata, its stages called as the consumers call them."""

import datetime as dt
import io

import ckan.plugins.toolkit as tk
import pytest
from ckan import model, plugins
from ckan.lib import jobs as queues
from ckan.tests import factories
from ckanext.harvest import queue
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource
from werkzeug.datastructures import FileStorage

from ckanext.scdl import config, jobs, locks, push_jobs, runs
from ckanext.scdl import source as sources
from ckanext.scdl.derived import derived_id
from ckanext.scdl.ledger import PostgresLedger
from ckanext.scdl.locks import Busy
from ckanext.scdl.model import FileReport, PushItem, PushProfile, PushRun
from tests import generate

from .publishing import PREFIX, call, items_of, new_job, post, remote_datasets, writes

pytestmark = [pytest.mark.portal, pytest.mark.udata]

KINDS = [("csv", "main"), ("xml", "other")]
KEY = f"{PREFIX}.api_key"


def clear_all_jobs():
    queues.get_queue().empty()


def test_is_a_harvester_of_ckanext_harvest(portal):
    names = [h.info()["name"] for h in plugins.PluginImplementations(IHarvester)]
    assert "datagouv" in names


def test_publishes_the_table_then_the_xml(run, table, udata):
    items, job = run()

    assert items[table["id"]].state == "created"
    (remote,) = remote_datasets(udata)
    assert [(r["format"], r["type"]) for r in remote["resources"]] == KINDS
    schemas = [(r["schema"] or {}).get("name") for r in remote["resources"]]
    assert schemas == ["scdl/budget", None]
    assert remote["extras"]["ckanext-scdl:dataset"] == table["id"]
    (done,) = job.objects
    assert (done.report_status, done.package_id, done.content) == ("added", None, None)


def test_an_xml_that_still_tells_of_people_is_not_sent(run, table, udata):
    """It was stored before the gate masked such files."""
    (source,) = [r for r in table["resources"] if r["role"] == "source"]
    row = FileReport.get(source["id"])
    row.report = {
        **row.report,
        "totals": [{"level": "warning", "code": "totem-personal-data", "field": None, "count": 1}],
    }
    model.Session.commit()
    run()
    (remote,) = remote_datasets(udata)
    assert [r["format"] for r in remote["resources"]] == ["csv"]


def test_a_second_run_writes_nothing(run, table, udata):
    run()
    before = writes()
    assert before == 1
    items, job = run()
    assert items[table["id"]].state == "unchanged"
    assert writes() == before
    assert [o.report_status for o in job.objects] == ["not modified"]


def test_a_changed_title_is_an_update(run, table, udata):
    run()
    call("package_patch", id=table["id"], title="Un autre titre")
    items, job = run()
    assert items[table["id"]].state == "updated"
    assert [o.report_status for o in job.objects] == ["updated"]
    assert [d["title"] for d in remote_datasets(udata)] == ["Un autre titre"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"private": True}, "private"),
        ({"license_id": "cc-nc"}, "licence_unknown"),
    ],
)
def test_is_left_out_with_its_reason(run, table, udata, change, code):
    call("package_patch", id=table["id"], **change)
    items, job = run()
    assert items[table["id"]].state == "left_out"
    assert items[table["id"]].outcome["finding"]["code"] == code
    assert remote_datasets(udata) == []
    assert list(job.gather_errors) == []


def test_a_link_is_left_out(run, new_dataset, udata):
    dataset = new_dataset("budget")
    call("resource_create", package_id=dataset["id"], url="https://example.com/a.csv")
    items, _ = run()
    assert items[dataset["id"]].outcome["finding"]["code"] == "link_not_checked"


def test_a_table_not_derived_yet_is_left_out(run, budget):
    dataset, resource = budget(generate.budget_xml())
    clear_all_jobs()
    items, _ = run()
    assert items[dataset["id"]].outcome["finding"]["code"] == "table_pending"
    (job,) = queues.get_queue().jobs
    assert job.args == [resource["id"]], "a lost job is queued again"


def test_a_table_older_than_its_xml_is_left_out(run, table, udata):
    (source_id,) = [r["id"] for r in table["resources"] if r["role"] == "source"]
    other = FileStorage(io.BytesIO(generate.budget_xml(seed=2)), "nouveau.xml")
    call("resource_patch", id=source_id, upload=other)
    items, _ = run()
    assert items[table["id"]].outcome["finding"]["code"] == "table_pending"
    assert remote_datasets(udata) == []


@pytest.fixture
def all_formats(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.table_formats", "csv xlsx json")


def test_exports_are_published_between_the_table_and_the_xml(all_formats, run, table, udata):
    """As data, without the schema: it is the CSV that follows the standard."""
    run()
    (remote,) = remote_datasets(udata)
    exports = [("xlsx", "main"), ("json", "main")]
    assert [(r["format"], r["type"]) for r in remote["resources"]] == [KINDS[0], *exports, KINDS[1]]
    schemas = [(r["schema"] or {}).get("name") for r in remote["resources"]]
    assert schemas == ["scdl/budget", None, None, None]


def test_an_export_older_than_its_xml_is_not_sent(all_formats, run, table, udata):
    """The job was cut short after the CSV."""
    source_id = table["resources"][0]["id"]
    FileReport.get(derived_id(source_id, "json")).source_sha256 = "another file"
    model.Session.commit()
    run()
    (remote,) = remote_datasets(udata)
    assert [r["format"] for r in remote["resources"]] == ["csv", "xlsx", "xml"]


def test_formats_wanted_later_are_made_by_the_next_harvest(run, table, ckan_config, monkeypatch):
    clear_all_jobs()
    monkeypatch.setitem(ckan_config, "ckanext.scdl.table_formats", "csv json")
    items, _ = run()
    assert items[table["id"]].state == "created", "a missing export keeps nothing back"
    (job,) = queues.get_queue().jobs
    assert job.args == [table["resources"][0]["id"]]


@pytest.mark.parametrize(
    "link",
    [
        {"url": "https://portail.example/budget.xml"},
        {"url": "https://x.example/d", "format": "XML"},
    ],
)
def test_an_xml_offered_as_documentation_is_not_sent(run, table, udata, link):
    call("resource_create", package_id=table["id"], role="documentation", **link)
    run()
    (remote,) = remote_datasets(udata)
    assert [(r["format"], r["type"]) for r in remote["resources"]] == KINDS


def test_one_dataset_that_cannot_be_read_stops_no_other(run, budget, table, udata):
    broken, resource = budget(generate.budget_xml())
    FileReport.get(resource["id"]).report = {}
    model.Session.commit()
    items, _ = run()
    assert items[table["id"]].state == "created"
    told = items[broken["id"]]
    assert (told.state, told.outcome["finding"]["code"]) == ("left_out", "unexpected")
    assert told.plan["title"] == broken["title"]


def test_an_interrupted_item_is_closed_by_the_next_run(run, source, table, udata):
    plugin = plugins.get_plugin("datagouv_harvester")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    queue.gather_stage(plugin, job)
    job.status = "Finished"  # what ckanext-harvest's time limit does
    job.save()
    items, _ = run()
    (first,) = model.Session.query(PushItem).join(PushRun).filter(PushRun.job_id == job.id)
    assert (first.state, first.outcome["finding"]["code"]) == ("failed", "interrupted")
    assert items[table["id"]].state == "created"


def test_of_an_interrupted_run_nothing_failed_that_was_not_to_be_sent(run, table, udata):
    """Ctrl-C in a terminal, between the plan and the end."""
    run()
    killed = runs.begin(sources.Source("essai"))
    runs.plan(killed, sources.Source("essai"))
    run()
    model.Session.expire_all()
    (line,) = model.Session.query(PushItem).filter_by(run_id=killed.id)
    assert (line.plan["action"], line.state) == ("unchanged", "left_out")
    assert line.outcome["finding"]["code"] == "interrupted"


def test_a_run_that_ended_without_saying_so_is_closed(run, source, table, udata, letters):
    """Killed between its last item and its end: nothing is left to do, but nobody was told."""
    _, job = run()
    (killed,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    killed.finished = None
    model.Session.commit()
    run()
    model.Session.expire_all()
    assert killed.finished
    assert killed.problem is None


@pytest.mark.parametrize("kind", ["run", "dry"])
def test_a_terminal_closed_while_planning_leaves_a_run_that_is_closed(run, table, udata, kind):
    """Whatever the source of the run that finds it."""
    killed = PushRun(profile="essai", kind=kind)
    model.Session.add(killed)
    model.Session.commit()
    run()
    model.Session.expire_all()
    assert killed.finished
    assert killed.problem["code"] == "interrupted"


def test_a_run_under_way_is_left_alone(run, table, udata):
    """In a terminal, by another source: its lock is held before it can be seen."""
    with locks.exclusively("scdl-run-en-cours"):
        model.Session.add(PushRun(id="en-cours", profile="essai"))
        model.Session.commit()
        run()
        model.Session.expire_all()
        assert model.Session.get(PushRun, "en-cours").finished is None


def test_two_consumers_end_a_run_once(run, table, udata, monkeypatch):
    told = []
    monkeypatch.setattr(runs.push_letters, "after_run", told.append)
    _, job = run()
    (one,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    as_seen_before = PushRun(id=one.id, profile="essai", kind="run")
    runs.finish(as_seen_before)
    assert len(told) == 1


@pytest.mark.parametrize(("step", "state"), [("create", "uncertain"), ("update", "failed")])
def test_a_job_ended_inside_a_creation_leaves_it_in_doubt(source, table, udata, step, state):
    plugin, job = plugins.get_plugin("datagouv_harvester"), new_job(source)
    queue.gather_stage(plugin, job)
    (one,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    PostgresLedger(one).begin(table["id"], step)
    assert runs.failed(one, table["id"], RuntimeError("temps écoulé")).state == state


def test_what_ended_well_in_another_delivery_stays_so(run, table, udata):
    _, job = run()
    (one,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    assert runs.failed(one, table["id"], Busy("scdl-push")).state == "created"
    assert items_of(job)[table["id"]].state == "created"


def test_no_stage_kills_its_consumer(source, table, udata, monkeypatch):
    """Even when our own report cannot be written."""
    plugin, job = plugins.get_plugin("datagouv_harvester"), new_job(source)
    (object_id,) = plugin.gather_stage(job)
    monkeypatch.setattr(runs, "begin", lambda *_, **__: 1 / 0)
    assert plugin.gather_stage(job) == []
    monkeypatch.setattr(runs, "carry", lambda *_: 1 / 0)
    monkeypatch.setattr(runs, "failed", lambda *_: 1 / 0)
    assert plugin.import_stage(HarvestObject.get(object_id)) is False


def test_the_errors_of_a_job_name_nobody(run, table, udata):
    """Anybody may read them: who paused the profile is for its administrators."""
    row = PushProfile.of("essai")
    row.paused, row.paused_by = dt.datetime.now(dt.timezone.utc), "camille-durand"
    model.Session.commit()
    _, job = run()
    (error,) = job.gather_errors
    assert "camille-durand" not in error.message
    assert "essai" in error.message


def test_a_push_may_last_longer_than_a_check(portal, profile, table):
    clear_all_jobs()
    call("scdl_push_again", id=table["id"])
    (job,) = queues.get_queue().jobs
    assert job.timeout == push_jobs.TIMEOUT > config.job_timeout()


def test_a_gather_delivered_again_has_its_time(source, table, udata):
    """ckanext-harvest delivers it again after hours, when its consumer was killed."""
    plugin, job = plugins.get_plugin("datagouv_harvester"), new_job(source)
    plugin.gather_stage(job)
    (one,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    now = dt.datetime.now(dt.timezone.utc)
    one.deadline = now - dt.timedelta(hours=1)
    model.Session.commit()
    plugin.gather_stage(job)
    model.Session.refresh(one)
    assert one.deadline > now


def test_a_source_given_another_profile_sends_nothing_of_the_former(
    source, table, udata, ckan_config, monkeypatch
):
    for name in ("url", "api_key", "organization"):
        value = ckan_config[f"{PREFIX}.{name}"]
        monkeypatch.setitem(ckan_config, f"ckanext.scdl.profile.second.{name}", value)
    plugin, job = plugins.get_plugin("datagouv_harvester"), new_job(source)
    plugin.gather_stage(job)
    (one,) = model.Session.query(PushRun).filter_by(job_id=job.id)
    outcome = runs.carry(one, table["id"], sources.Source("second"))
    assert (outcome.state, outcome.finding.code) == ("left_out", "changed_meanwhile")
    assert writes() == 0


def test_a_creation_cut_short_long_ago_is_made_again(run, source, table, udata):
    """Ten minutes are waited from its sending, not from the run that finds it unfinished."""
    plugin = plugins.get_plugin("datagouv_harvester")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    queue.gather_stage(plugin, job)
    (begun,) = model.Session.query(PushItem).join(PushRun).filter(PushRun.job_id == job.id)
    begun.step, begun.updated = "create", begun.updated - dt.timedelta(days=1)
    job.status = "Finished"
    job.save()
    model.Session.commit()
    items, _ = run()
    assert items[table["id"]].state == "created"
    assert begun.state == "uncertain"


def test_a_gather_delivered_again_is_taken_up(source, table, udata):
    plugin = plugins.get_plugin("datagouv_harvester")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    (first,) = queue.gather_stage(plugin, job)
    (again,) = queue.gather_stage(plugin, job)
    assert again == first
    queue.fetch_and_import_stages(plugin, HarvestObject.get(first))
    assert queue.gather_stage(plugin, job) == []
    (item,) = model.Session.query(PushItem).join(PushRun).filter(PushRun.job_id == job.id)
    assert item.state == "created"
    assert list(job.gather_errors) == []


def test_a_failure_keeps_the_way_to_the_published_dataset(run, table, udata, monkeypatch):
    items, _ = run()
    url = items[table["id"]].outcome["url"]
    call("package_patch", id=table["id"], title="Un autre titre")
    monkeypatch.setattr(runs, "present_obstacle", lambda *_: 1 / 0)
    items, _ = run()
    assert items[table["id"]].state == "failed"
    assert items[table["id"]].outcome["url"] == url


def test_a_lost_check_is_asked_for_again(run, budget):
    dataset, resource = budget(generate.budget_xml())
    clear_all_jobs()
    FileReport.forget({resource["id"]})
    model.Session.commit()
    items, _ = run()
    assert items[dataset["id"]].outcome["finding"]["code"] == "not_checked"
    (job,) = queues.get_queue().jobs
    assert (job.func, job.args) == (jobs.check_stored, [resource["id"]])


def test_an_unexpected_failure_is_in_our_report(source, table, udata, monkeypatch):
    plugin = plugins.get_plugin("datagouv_harvester")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    (object_id,) = queue.gather_stage(plugin, job)
    monkeypatch.setattr(runs, "present_obstacle", lambda *_: 1 / 0)
    queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    (item,) = model.Session.query(PushItem).join(PushRun).filter(PushRun.job_id == job.id)
    assert (item.state, item.outcome["finding"]["code"]) == ("failed", "unexpected")


def test_subsidies_are_published(run, new_dataset, udata):
    dataset = new_dataset("subventions")
    upload = FileStorage(io.BytesIO(generate.subventions_csv()), "subventions.csv")
    call("resource_create", package_id=dataset["id"], upload=upload)
    items, _ = run()
    assert items[dataset["id"]].state == "created"
    (remote,) = remote_datasets(udata)
    assert remote["resources"][0]["schema"] == {
        "name": "scdl/subventions",
        "version": "2.1.1",
        "url": None,
    }


def test_what_becomes_private_between_gather_and_import_is_not_sent(source, table, udata):
    plugin = plugins.get_plugin("datagouv_harvester")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    (object_id,) = queue.gather_stage(plugin, job)
    call("package_patch", id=table["id"], private=True)
    queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    assert remote_datasets(udata) == []


def test_a_wrong_key_is_said_and_never_shown(run, table, udata, ckan_config, monkeypatch, caplog):
    monkeypatch.setitem(ckan_config, KEY, "udata_fausse-clef-0123456789")
    items, job = run()
    (error,) = job.gather_errors
    assert items == {}
    assert "clé" in error.message
    assert "fausse-clef" not in error.message + caplog.text


def test_a_pair_that_cannot_be_read_is_said(run, table, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.profile.essai.organizations", "fontargent")
    items, job = run()
    (error,) = job.gather_errors
    assert "organizations" in error.message
    assert items == {}


def test_an_organisation_without_twin_is_left_out(run, table, ckan_config, monkeypatch, udata):
    prefix = "ckanext.scdl.profile.essai.organization"
    monkeypatch.delitem(ckan_config, prefix)
    monkeypatch.setitem(ckan_config, f"{prefix}s", f"autre={udata['organization']}")
    items, _ = run()
    assert items[table["id"]].outcome["finding"]["code"] == "organization_unmapped"


def test_a_missing_profile_is_said(run, table, ckan_config, monkeypatch):
    monkeypatch.delitem(ckan_config, KEY)
    _, job = run()
    (error,) = job.gather_errors
    assert KEY in error.message


def test_the_key_may_come_from_the_environment(run, table, udata, ckan_config, monkeypatch):
    monkeypatch.delitem(ckan_config, KEY)
    monkeypatch.setenv("CKANEXT__SCDL__PROFILE__ESSAI__API_KEY", udata["keys"]["editor"])
    items, _ = run()
    assert items[table["id"]].state == "created"


def test_a_failure_of_data_gouv_fr_does_not_kill_the_consumer(run, table, udata):
    post(
        f"{udata['base_url']}/__lab__/fault",
        {"method": "POST", "path": "/api/1/datasets/", "status": 502, "after": True},
    )
    items, job = run()
    assert items[table["id"]].state == "uncertain"
    (error,) = [e for o in job.objects for e in o.errors]
    assert error.message


def test_clear_destroys_no_dataset(run, source, table, udata):
    run()
    call("harvest_source_clear", id=source["id"])
    assert call("package_show", id=table["id"])["state"] == "active"


@pytest.mark.parametrize(
    "config", ['{"profile": "a", "api_key": "secret"}', "[]", "{", '{"profil": "a"}']
)
def test_a_config_that_says_more_is_refused(portal, config):
    with pytest.raises(sources.BadConfig):
        sources.read(config)


def test_the_report_keeps_to_the_datasets_one_may_edit(run, table):
    run()
    stranger = factories.User()
    shown = tk.get_action("scdl_push_report")({"user": stranger["name"]}, {"limit": 1})
    assert shown[0]["items"] == []


def test_a_sysadmin_sees_the_datasets_of_no_organisation_too(run, table):
    run()
    model.Package.get(table["id"]).owner_org = None
    model.Session.commit()
    sysadmin = factories.Sysadmin()
    shown = tk.get_action("scdl_push_report")({"user": sysadmin["name"]}, {"limit": 1})
    assert table["id"] in [item["dataset_id"] for item in shown[0]["items"]]
