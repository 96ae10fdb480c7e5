"""What becomes on data.gouv.fr of a dataset that the portal deletes, hides, withdraws or breaks."""

import datetime as dt
import io
import json
import urllib.request
from contextlib import ExitStack
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan import model, plugins
from ckan.tests import factories
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestObject, HarvestSource
from werkzeug.datastructures import FileStorage

from ckanext.scdl import config, push_jobs, runs
from ckanext.scdl.ledger import PostgresLedger
from ckanext.scdl.locks import exclusively
from ckanext.scdl.model import FileReport, PushItem, PushLink, PushProfile, PushRun, PushWithdrawal
from ckanext.scdl.source import Source
from tests import generate

from .publishing import (
    PREFIX,
    call,
    fault,
    finding,
    get,
    harvest,
    items_of,
    new_job,
    remote_datasets,
    writes,
)

_LONG_AGO = dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)

pytestmark = [pytest.mark.portal, pytest.mark.udata]


@pytest.fixture
def option(ckan_config, monkeypatch):
    """A function that sets an option of the profile."""
    return lambda name, value: monkeypatch.setitem(ckan_config, f"{PREFIX}.{name}", value)


def age(dataset_id, days):
    """As if the portal had not wanted the dataset for so many days."""
    row = model.Session.query(PushLink).filter_by(dataset_id=dataset_id).one()
    since = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=days)
    row.link = {**row.link, "absent": since.isoformat()}
    model.Session.commit()


def break_file(dataset):
    """Its data file no longer conforms, as a late check would say."""
    for row in FileReport.of_package(dataset["id"]).values():
        row.conforming = False
    model.Session.commit()


def test_a_deleted_dataset_is_archived_after_the_grace_delay(run, table, udata):
    run()
    call("package_delete", id=table["id"])
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("left_out", "deleted")
    assert [n["code"] for n in items[table["id"]].outcome["notes"]] == ["grace"]
    age(table["id"], 8)
    items, job = run()
    assert items[table["id"]].state == "archived"
    assert [o.report_status for o in job.objects] == ["deleted"]
    (remote,) = remote_datasets(udata)
    assert remote["archived"]
    before = writes()
    run()
    assert writes() == before


def test_a_dataset_put_back_in_time_is_forgiven(run, table, udata):
    run()
    call("package_delete", id=table["id"])
    run()
    call("package_patch", id=table["id"], state="active")
    items, _ = run()
    assert items[table["id"]].state == "unchanged"
    assert model.Session.query(PushLink).one().link["absent"] is None


def test_an_archived_dataset_put_back_is_restored(run, table, udata, option):
    option("grace_days", "0")
    run()
    call("package_delete", id=table["id"])
    run()
    call("package_patch", id=table["id"], state="active")
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("restored", "unarchived")
    (remote,) = remote_datasets(udata)
    assert remote["archived"] is None


def test_a_purged_dataset_is_archived_too(run, table, udata, option):
    option("grace_days", "0")
    run()
    call("dataset_purge", id=table["id"])
    items, _ = run()
    assert items[table["id"]].state == "archived"


def test_a_dataset_made_private_is_private_there_at_once(run, table, udata):
    run()
    call("package_patch", id=table["id"], private=True)
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("hidden", "private")
    (remote,) = remote_datasets(udata)
    assert remote["private"]
    assert items[table["id"]].plan["title"] == ""
    call("package_patch", id=table["id"], private=False)
    items, _ = run()
    assert items[table["id"]].state == "restored"
    assert remote_datasets(udata)[0]["private"] is False


def test_making_private_does_not_wait_for_the_night(run, table, udata, run_jobs):
    run()
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


@pytest.fixture
def between(monkeypatch):
    """A list of what is to be called while a job waits before another try."""
    calls = []
    clock = SimpleNamespace(sleep=lambda _: [call() for call in calls])
    monkeypatch.setattr(push_jobs, "time", clock)
    return calls


def runs_made():
    model.Session.expire_all()
    return model.Session.query(PushRun).filter_by(kind="run").count()


def test_hiding_is_tried_again_after_another_run(run, table, udata, run_jobs, between, monkeypatch):
    run()
    monkeypatch.setattr(runs, "PATIENCE", 0.2)
    with ExitStack() as held:
        held.enter_context(exclusively(*runs.locks(config.profile("essai"))))
        between.append(held.close)
        call("package_patch", id=table["id"], private=True)
        run_jobs()
    assert remote_datasets(udata)[0]["private"]
    assert runs_made() == 3


def test_hiding_is_tried_again_for_a_while_only(run, table, udata, run_jobs, between):
    run()
    call("package_patch", id=table["id"], private=True)
    fault(path="/api/1/me/", status=423, times=1000)
    run_jobs()
    assert runs_made() == 1 + push_jobs.TRIES
    assert not remote_datasets(udata)[0]["private"]


def test_what_is_only_published_waits_for_the_night(run, table, udata, run_jobs, between):
    run()
    fault(path="/api/1/me/", status=423, times=1000)
    call("scdl_push_again", id=table["id"])
    run_jobs()
    assert runs_made() == 2


def test_a_hundred_made_private_at_once_are_tried_again_together(
    run, table, budget, udata, run_jobs, between
):
    dataset, _ = budget(generate.budget_xml(seed=3))
    run_jobs()
    run()
    fault(path="/api/1/me/", status=423, times=1000)
    for one in (table, dataset):
        call("package_patch", id=one["id"], private=True)
    run_jobs()
    assert runs_made() == 1 + 2 + push_jobs.TRIES - 1


def test_what_became_private_before_its_turn_may_still_be_read(source, table, udata, run_jobs):
    """Nothing was sent for it: no run has made it private yet."""
    harvest(source)
    call("package_patch", id=table["id"], title="Un autre titre")
    job, plugin = new_job(source), plugins.get_plugin("datagouv_harvester")
    (object_id,) = queue.gather_stage(plugin, job)
    model.Package.get(table["id"]).private = True
    model.Session.commit()
    queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    line = items_of(job)[table["id"]]
    assert (line.state, finding(line), line.says_hidden) == ("left_out", "private", False)
    assert push_jobs.may_be_read(table["id"])


def test_without_redis_what_is_decided_is_kept(run, table, udata, no_redis):
    run()
    done = call("scdl_push_withdraw", id=table["id"], reason="personal_data")
    assert done["reason"] == "personal_data"
    call("scdl_push_pause", profile="essai")
    assert call("scdl_push_resume", profile="essai")["paused"] is None
    items, _ = run()
    assert items[table["id"]].state == "hidden"


def test_what_met_another_run_at_its_turn_is_tried_again(run, table, udata):
    one = PushRun(profile="essai", whole=False)
    model.Session.add(one)
    model.Session.flush()
    busy = {"state": "failed", "finding": {"code": "busy", "params": {}}}
    item = {"run_id": one.id, "dataset_id": table["id"], "state": "failed", "plan": {}}
    model.Session.add(PushItem(**item, outcome=busy))
    model.Session.commit()
    assert runs.may_pass(one)


def test_a_creation_without_answer_is_hidden_at_the_resume(run, table, udata, run_jobs):
    run()
    model.Session.query(PushLink).delete()
    model.Session.query(PushItem).filter_by(dataset_id=table["id"]).one().step = "create"
    model.Session.commit()
    call("scdl_push_pause", profile="essai")
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    call("scdl_push_resume", profile="essai")
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def test_what_a_run_is_about_to_create_may_be_read(table):
    """Made private between the plan and its turn, it is asked for again by a job."""
    one = PushRun(profile="essai")
    model.Session.add(one)
    model.Session.flush()
    model.Session.add(PushItem(run_id=one.id, dataset_id=table["id"], state="planned", plan={}))
    model.Session.commit()
    assert push_jobs.may_be_read(table["id"])
    model.Session.delete(one)
    model.Session.commit()
    assert not push_jobs.may_be_read(table["id"])


def test_hiding_needs_no_source_that_can_be_read(run, source, table, udata, run_jobs):
    """Its filters do not matter to what nobody must read."""
    run()
    HarvestSource.get(source["id"]).config = "{"
    model.Session.commit()
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def test_who_reads_a_run_may_go_away(run, table, udata):
    def gone(*told):
        raise BrokenPipeError

    ended, _ = runs.whole(Source("essai"), tell=gone)
    model.Session.expire_all()
    assert ended.finished
    assert len(remote_datasets(udata)) == 1


@pytest.mark.parametrize(("action", "hides"), [("hide", True), ("update", False)])
def test_what_hides_has_a_row_of_failures_of_its_own(run, table, udata, action, hides):
    one = PushRun(profile="essai")
    model.Session.add(one)
    model.Session.flush()
    outcome = {"state": "failed", "retry": True}
    for name in ("a", "b"):
        planned = {"state": "failed", "plan": {"action": action}, "outcome": outcome}
        model.Session.add(PushItem(run_id=one.id, dataset_id=name, **planned))
    model.Session.commit()
    ledger = PostgresLedger(one)
    assert ledger.recent_failures(hides=hides) == 2
    assert ledger.recent_failures(hides=not hides) == 0


def test_each_save_of_what_is_hidden_asks_nothing_more(run, table, udata, run_jobs):
    run()
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    call("package_patch", id=table["id"], notes="Une note")
    call("bulk_update_private", datasets=[table["id"]], org_id=table["owner_org"])
    assert tk.get_action("job_list")({"ignore_auth": True}, {}) == []
    run()
    call("package_patch", id=table["id"], notes="Une autre note")
    assert tk.get_action("job_list")({"ignore_auth": True}, {}) == []
    call("package_patch", id=table["id"], private=False)
    run()
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


@pytest.mark.parametrize("how", ["private", "personal_data", "bulk"])
def test_what_must_not_be_read_is_hidden_though_it_was_purged(run, table, udata, how):
    """Purged before data.gouv.fr knew: nothing on the portal tells of it any more."""
    run()
    if how == "private":
        call("package_patch", id=table["id"], private=True)
    elif how == "bulk":
        call("bulk_update_private", datasets=[table["id"]], org_id=table["owner_org"])
    else:
        model.Session.add(PushWithdrawal(dataset_id=table["id"], reason="personal_data"))
        model.Session.commit()
    call("dataset_purge", id=table["id"])
    items, _ = run()
    told = items[table["id"]]
    assert (told.state, finding(told), told.plan["title"]) == ("hidden", "purged_private", "")
    assert remote_datasets(udata)[0]["private"]
    before = writes()
    run()
    assert writes() == before
    context = {"user": factories.Sysadmin()["name"]}
    for one in tk.get_action("scdl_push_report")(context, {"limit": 10}):
        (line,) = one["items"]
        assert (line["title"], line["url"], line["changes"]) == (None, None, [])


def test_a_withdrawal_for_personal_data_stays_one(run, table, udata):
    run()
    call("scdl_push_withdraw", id=table["id"], reason="personal_data")
    assert call("scdl_push_withdraw", id=table["id"])["reason"] == "personal_data"
    assert call("scdl_push_restore", id=table["id"])["reason"] == "personal_data"
    assert call("scdl_push_restore", id=table["id"])["reason"] is None


@pytest.mark.parametrize("how", ["private", "personal_data"])
def test_a_draft_is_hidden_too(run, table, udata, how, run_jobs):
    run()
    call("package_patch", id=table["id"], state="draft")
    if how == "private":
        call("package_patch", id=table["id"], private=True)
        run_jobs()
    else:
        model.Session.add(PushWithdrawal(dataset_id=table["id"], reason="personal_data"))
        model.Session.commit()
        runs.whole(Source("essai"), only=[table["id"]])
    assert remote_datasets(udata)[0]["private"]


def test_made_private_with_others_it_does_not_wait_for_the_night(run, table, udata, run_jobs):
    """From its organisation's page: core tells no plugin."""
    run()
    call("bulk_update_private", datasets=[table["id"]], org_id=table["owner_org"])
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def edit(udata, remote, **fields):
    """Somebody's change over there."""
    headers = {"X-API-KEY": udata["keys"]["editor"], "Content-Type": "application/json"}
    address = f"{udata['base_url']}/api/1/datasets/{remote['id']}/"
    data = json.dumps({**remote, **fields}).encode()
    urllib.request.urlopen(urllib.request.Request(address, data, headers, method="PUT")).close()


def test_what_only_its_mark_over_there_tells_is_hidden(run, table, udata):
    """The tables were lost, and somebody made it public there since."""
    run()
    call("package_patch", id=table["id"], private=True)
    run()
    (remote,) = remote_datasets(udata)
    edit(udata, remote, private=False)
    call("dataset_purge", id=table["id"])
    model.Session.query(PushLink).delete()
    model.Session.commit()
    items, _ = run()
    assert items[table["id"]].state == "hidden"


def test_purged_without_a_link_it_is_withdrawn_at_once(run, table, udata, run_jobs):
    """The answer to its creation was lost: the portal knows only that it was asked for."""
    run()
    call("dataset_purge", id=table["id"])
    model.Session.query(PushLink).delete()
    model.Session.query(PushItem).filter_by(dataset_id=table["id"]).one().step = "create"
    model.Session.commit()
    call("scdl_push_withdraw", id=table["id"], reason="personal_data")
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def test_created_without_an_answer_made_private_and_purged_it_is_hidden(run, table, udata):
    """No link tells that it is there: its stamp does, and its title is nobody's business."""
    run()
    model.Session.query(PushLink).delete()
    model.Session.commit()
    call("package_patch", id=table["id"], private=True)
    call("dataset_purge", id=table["id"])
    items, _ = run()
    told = items[table["id"]]
    assert (told.state, finding(told), told.plan["title"]) == ("hidden", "purged_private", "")
    assert remote_datasets(udata)[0]["private"]


def test_the_job_hides_it_even_so(run, table, udata, run_jobs):
    run()
    call("package_patch", id=table["id"], private=True)
    call("dataset_purge", id=table["id"])
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def test_what_became_private_after_the_plan_is_not_archived(source, table, udata, option):
    """Deleted when the night was planned; withdrawn for personal data and purged since."""
    option("grace_days", "0")
    harvest(source)
    call("package_delete", id=table["id"])
    plugin, job = plugins.get_plugin("datagouv_harvester"), new_job(source)
    (object_id,) = queue.gather_stage(plugin, job)
    model.Session.add(PushWithdrawal(dataset_id=table["id"], reason="personal_data"))
    model.Session.commit()
    call("dataset_purge", id=table["id"])
    queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    item = items_of(job)[table["id"]]
    assert (item.state, finding(item)) == ("left_out", "changed_meanwhile")


def test_uploaded_files_are_deleted_with_personal_data(run, table, udata, option):
    option("mode", "upload")
    items, _ = run()
    assert items[table["id"]].state == "created"
    (remote,) = remote_datasets(udata)
    assert [r["filetype"] for r in remote["resources"]] == ["file", "file"]
    model.Session.add(PushWithdrawal(dataset_id=table["id"], reason="personal_data"))
    model.Session.commit()
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("hidden", "personal_data")
    (remote,) = remote_datasets(udata)
    assert (remote["private"], remote["resources"]) == (True, [])


def test_the_uploaded_file_is_the_stored_one(run, table, udata, option):
    option("mode", "upload")
    run()
    (remote,) = remote_datasets(udata)
    rows = FileReport.of_package(table["id"])
    sizes = {rows[r["extras"]["ckanext-scdl:resource"]].file_size for r in remote["resources"]}
    assert {r["filesize"] for r in remote["resources"]} == sizes
    assert [(r["format"], r["type"]) for r in remote["resources"]] == [
        ("csv", "main"),
        ("xml", "other"),
    ]
    assert remote["private"] is False


def test_a_dataset_that_no_longer_conforms_is_flagged(run, table, udata):
    run()
    before = remote_datasets(udata)[0]["description"]
    break_file(table)
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("flagged", "not_conforming")
    assert "ne suit plus le standard" in remote_datasets(udata)[0]["description"]
    items, _ = run()
    assert items[table["id"]].state == "left_out"
    for row in FileReport.of_package(table["id"]).values():
        row.conforming = True
    model.Session.commit()
    items, _ = run()
    assert items[table["id"]].state == "updated"
    assert remote_datasets(udata)[0]["description"] == before


def test_or_archived_where_the_administrator_chose_so(run, table, udata, option):
    option("not_conforming", "archive")
    run()
    break_file(table)
    items, _ = run()
    assert items[table["id"]].state == "archived"


def test_a_withdrawn_dataset_is_archived_and_comes_back(run, table, udata, option):
    option("grace_days", "0")
    run()
    sysadmin = factories.Sysadmin()
    call("scdl_push_withdraw", id=table["name"], user=sysadmin["name"])
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("archived", "withdrawn")
    call("scdl_push_restore", id=table["id"])
    items, _ = run()
    assert items[table["id"]].state == "restored"


def test_the_brake_holds_and_force_releases_it(run, budget, udata, option):
    option("grace_days", "0")
    made = [budget(generate.budget_xml(seed=n))[0] for n in range(3)]
    from ckanext.scdl import jobs

    for dataset in made:
        jobs.derive(dataset["resources"][0]["id"])
    run()
    for dataset in made[:2]:
        call("package_delete", id=dataset["id"])
    items, job = run()
    assert finding(items[made[0]["id"]]) == "braked"
    assert "archivés" in job.gather_errors[0].message
    assert not any(remote["archived"] for remote in remote_datasets(udata))
    runs.whole(Source("essai"), forced=True)
    assert sum(bool(remote["archived"]) for remote in remote_datasets(udata)) == 2


def test_what_has_no_data_left_is_told_to_readers(run, budget, udata, run_jobs):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    run()
    notice = FileStorage(io.BytesIO(b"%PDF-1.4 notice"), "notice.pdf")
    call("resource_patch", id=resource["id"], upload=notice)
    run_jobs()
    items, _ = run()
    item = items[dataset["id"]]
    assert (item.state, finding(item)) == ("flagged", "no_data")
    assert "n'a plus de fichier de données" in remote_datasets(udata)[0]["description"]


def test_what_exists_is_never_taken_for_purged(run, table, udata, option):
    """A draft again, or of a type that the portal no longer publishes."""
    option("grace_days", "0")
    run()
    model.Package.get(table["id"]).state = "draft"
    model.repo.commit()
    items, _ = run()
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("left_out", "other_type")
    assert remote_datasets(udata)[0]["archived"] is None


def test_what_is_no_longer_of_our_types_may_be_withdrawn(run, table, udata, run_jobs):
    """Its type was taken out of the portal's schemas since it was published."""
    run()
    model.Package.get(table["id"]).type = "ancien"
    model.repo.commit()
    call("scdl_push_withdraw", id=table["id"], reason="personal_data")
    run_jobs()
    assert remote_datasets(udata)[0]["private"]
    other = factories.Dataset()
    with pytest.raises(tk.ObjectNotFound):
        call("scdl_push_withdraw", id=other["id"], reason="withdrawn")


def test_made_private_it_does_not_wait_for_the_night_either(run, table, udata, run_jobs):
    run()
    model.Package.get(table["id"]).type = "dataset"
    model.repo.commit()
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    assert remote_datasets(udata)[0]["private"]


def test_the_body_of_what_is_not_sent_is_not_kept(run, table, udata):
    items, _ = run()
    assert items[table["id"]].plan["payload"]
    items, _ = run()
    assert (items[table["id"]].state, items[table["id"]].plan["payload"]) == ("unchanged", {})


def test_the_brake_counts_what_another_job_is_about_to_archive(new_source, budget, udata, option):
    option("grace_days", "0")
    option("brake_percent", "34")
    from ckanext.scdl import jobs

    made = [budget(generate.budget_xml(seed=n))[0] for n in range(3)]
    for dataset in made:
        jobs.derive(dataset["resources"][0]["id"])
    source = new_source()
    harvest(source)
    plugin = plugins.get_plugin("datagouv_harvester")
    call("package_delete", id=made[0]["id"])
    queue.gather_stage(plugin, new_job(source))  # queued, not yet carried out
    call("package_delete", id=made[1]["id"])
    runs.whole(Source("essai"), only=[made[1]["id"]])
    assert not any(remote["archived"] for remote in remote_datasets(udata))


def test_an_upload_without_answer_is_not_sent_again_in_the_run(source, table, udata, option):
    """The worker died after it: the message is delivered again."""
    option("mode", "upload")
    job = new_job(source)
    queue.gather_stage(plugins.get_plugin("datagouv_harvester"), job)
    run_row = model.Session.query(PushRun).filter_by(job_id=job.id).one()
    ledger = PostgresLedger(run_row)
    steps = ("create", "update", "upload a", "update", "upload a", "upload b")
    begun = [ledger.begin(table["id"], step) for step in steps]
    assert begun == [True, True, True, True, False, True]


# The profile


def test_a_pause_in_the_middle_of_a_run_holds(source, table, udata):
    job = new_job(source)
    plugin = plugins.get_plugin("datagouv_harvester")
    (object_id,) = queue.gather_stage(plugin, job)
    call("scdl_push_pause", profile="essai")
    queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    items = items_of(job)
    assert (items[table["id"]].state, finding(items[table["id"]])) == ("left_out", "paused")
    assert writes() == 0


def test_a_paused_profile_sends_nothing(run, table, udata):
    call("scdl_push_pause", profile="essai")
    items, job = run()
    assert (items, writes()) == ({}, 0)
    assert "suspendue" in job.gather_errors[0].message
    call("scdl_push_resume", profile="essai")
    items, _ = run()
    assert items[table["id"]].state == "created"


def test_what_must_be_hidden_is_when_the_profile_is_resumed(run, table, udata, run_jobs):
    run()
    call("scdl_push_pause", profile="essai")
    call("package_patch", id=table["id"], private=True)
    run_jobs()
    assert not remote_datasets(udata)[0]["private"]
    call("scdl_push_resume", profile="essai")
    run_jobs()
    assert remote_datasets(udata)[0]["private"]
    call("scdl_push_resume", profile="essai")
    assert tk.get_action("job_list")({"ignore_auth": True}, {}) == []


def test_each_source_archives_its_own(new_source, table, budget, udata, option):
    """Two of one profile, by type: what the other takes is no line of this one's report."""
    option("grace_days", "0")
    grants = new_source(types=["subventions"])
    budgets = new_source(types=["budget"])
    harvest(grants)
    harvest(budgets)
    call("package_delete", id=table["id"])
    items, _ = harvest(budgets if table["type"] == "subventions" else grants)
    assert table["id"] not in items
    items, _ = harvest(grants if table["type"] == "subventions" else budgets)
    assert items[table["id"]].state == "archived"


def test_a_copied_database_pushes_nothing(run, table, udata, ckan_config, monkeypatch):
    run()
    call("package_patch", id=table["id"], title="Ailleurs")
    before = writes()
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://copie.example.org")
    items, job = run()
    assert (items, writes()) == ({}, before)
    assert "copie.example.org" in job.gather_errors[0].message


def test_a_local_portal_is_refused_before_any_call(run, table, udata, option):
    option("portal_url", "http://localhost:5000")
    before = get("/__lab__/requests")
    _, job = run()
    assert get("/__lab__/requests") == before
    assert "localhost" in job.gather_errors[0].message


def test_links_are_those_of_the_public_address(run, table, udata, option):
    option("portal_url", "https://opendata.exemple-sur-loire.fr")
    run()
    (remote,) = remote_datasets(udata)
    urls = [resource["url"] for resource in remote["resources"]]
    assert all(url.startswith("https://opendata.exemple-sur-loire.fr/") for url in urls)
    assert "https://opendata.exemple-sur-loire.fr/budget/" in remote["description"]


def test_an_unchanged_night_reads_no_list_again(run, table, udata):
    run()
    before = get("/__lab__/requests")["GET"]
    run()
    assert get("/__lab__/requests")["GET"] - before == 3  # the account, the organisation, one page


def test_a_run_without_time_left_stops_with_one_error(run, table, udata, option):
    option("budget_minutes", "0")
    items, job = run()
    assert finding(items[table["id"]]) == "out_of_time"
    assert writes() == 0
    run_row = model.Session.query(PushRun).filter_by(job_id=job.id).one()
    assert run_row.problem["code"] == "out_of_time"
    model.Session.expire_all()
    assert ["Le temps accordé" in error.message for error in job.gather_errors] == [True]


def test_a_conflict_found_by_the_plan_is_an_error_of_the_job(run, source, table, udata):
    """Somebody made it private over there: nobody is asked for anything, but to decide."""
    run()
    (remote,) = remote_datasets(udata)
    edit(udata, remote, private=True)
    items, job = run()
    assert items[table["id"]].state == "conflict"
    stats = call("harvest_job_show", id=job.id)["stats"]
    assert (stats["errored"], stats["not modified"]) == (1, 0)
    (told,) = call("harvest_job_report", id=job.id)["object_errors"].values()
    assert "data.gouv.fr" in told["errors"][0]["message"]
    assert table["title"] not in str(told)


def test_the_rate_holds_across_processes(run, table, udata, option):
    run()
    first, second = (runs.begin(Source("essai")) for _ in range(2))
    waits = [PostgresLedger(one).turn(10.0) for one in (first, second, first)]
    assert waits[0] < 1
    assert 5 < waits[1] <= 10 < 15 < waits[2] <= 20  # less what the turns themselves took


def test_the_same_plan_dry_and_real(run, table, udata):
    dry, planned = runs.whole(Source("essai"), dry=True)
    assert writes() == 0
    assert dry.kind == "dry"
    real, done = runs.whole(Source("essai"))
    assert planned == done
    assert runs.summary(real)["states"] == {"created": 1}
    assert PushProfile.of("essai").portal_url


def test_two_profiles_of_one_organisation_make_one_dataset(
    run, table, udata, ckan_config, monkeypatch
):
    run()
    for name in ("url", "api_key", "organization", "requests_per_second"):
        value = ckan_config[f"{PREFIX}.{name}"]
        monkeypatch.setitem(ckan_config, f"ckanext.scdl.profile.second.{name}", value)
    runs.whole(Source("second"))
    assert len(remote_datasets(udata)) == 1


def test_the_contact_of_the_form_is_a_contact_point(run, table, udata):
    call(
        "package_patch",
        id=table["id"],
        maintainer="Direction des finances",
        maintainer_email="finances@fontargent.example",
    )
    items, _ = run()
    assert items[table["id"]].state == "created"
    (contact,) = remote_datasets(udata)[0]["contact_points"]
    assert contact["email"] == "finances@fontargent.example"
    before = writes()
    items, _ = run()
    assert (items[table["id"]].state, writes()) == ("unchanged", before)


def test_plans_and_runs_without_source_are_forgotten_too(run, table, udata):
    """Those from a terminal, and those of a source or a profile that is no more."""
    old = [runs.whole(Source("essai"), dry=True)[0], runs.whole(Source("essai"))[0]]
    for one in old:
        one.started = _LONG_AGO
    gone = PushRun(profile="disparu", source_id="disparue", started=_LONG_AGO)
    model.Session.add(gone)
    model.Session.commit()
    ids = [one.id for one in (*old, gone)]
    run()
    assert model.Session.query(PushRun).filter(PushRun.id.in_(ids)).count() == 0


def test_what_failed_last_night_is_tried_last(run, budget, udata):
    """Three datasets that always fail would stop each run before it comes to the others."""
    bad, good = (budget(generate.budget_xml(exercice=year))[0] for year in ("2023", "2024"))
    run()
    for one in (bad, good):
        call("package_patch", id=one["id"], title=f"Nouveau {one['id']}")
    before = model.Session.query(PushItem).filter_by(dataset_id=bad["id"]).one()
    before.state = "failed"
    model.Session.commit()
    items, _ = run()
    assert sorted(items, key=lambda one: items[one].updated) == [good["id"], bad["id"]]


def test_old_objects_and_plans_are_forgotten(run, table, udata):
    from ckanext.harvest.model import HarvestObject

    _, job = run()
    for one in job.objects:
        one.gathered = _LONG_AGO
    model.Session.query(PushRun).filter_by(job_id=job.id).one().started = _LONG_AGO
    model.Session.commit()
    runs.whole(Source("essai"), dry=True)
    run()
    assert model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id).count() == 0
    assert model.Session.query(PushRun).filter_by(job_id=job.id).count() == 0
    assert model.Session.query(PushItem).count() >= 1
