"""Large tables: stored at once, checked by a job, and never published before."""

import hashlib

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import jobs as queues
from ckan.tests import factories

from ckanext.scdl import helpers, jobs, letter
from ckanext.scdl.conformity import Report
from ckanext.scdl.model import FileReport
from ckanext.scdl.publication import present_obstacle
from tests import generate

from .test_masking import NAME, XML, contents
from .test_upload import WAYS, call, file, send

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

GOOD, BAD = generate.subventions_csv(), generate.bad_tables()["montant"].content


@pytest.fixture(autouse=True)
def nothing_at_once(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.sync_max_size", 0)


@pytest.fixture
def table(new_dataset):
    """A function: the content of a table -> (its new dataset, its resource)."""

    def create(content):
        dataset = new_dataset("subventions")
        resource = call(
            "resource_create", package_id=dataset["id"], upload=file(content, "aides.csv")
        )
        return call("package_show", id=dataset["id"]), resource

    return create


def label(resource, dataset):
    return helpers.scdl_badge(resource, dataset)["label"]


@pytest.mark.parametrize(
    ("content", "after", "obstacle"),
    [
        (GOOD, "Conforme", None),
        (BAD, "Non conforme", "not_conforming"),
        (b"PK\x03\x04", "Illisible", "not_conforming"),
    ],
)
def test_waits_for_its_check_and_gets_it(table, run_jobs, content, after, obstacle):
    dataset, resource = table(content)
    assert resource["hash"] == hashlib.sha256(content).hexdigest()
    assert label(resource, dataset) == "En attente de contrôle"
    assert present_obstacle(dataset["id"]).code == "not_checked"
    run_jobs()
    assert label(resource, dataset).startswith(after)
    found = present_obstacle(dataset["id"])
    assert (found and found.code) == obstacle


@pytest.mark.parametrize("way", WAYS)
def test_a_large_file_has_nothing_of_the_one_it_replaces(
    way, table, run_jobs, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.sync_max_size", 50)
    dataset, resource = table(GOOD)
    monkeypatch.setitem(ckan_config, "ckanext.scdl.sync_max_size", 0)
    send(way, dataset, resource, file(BAD, "gros.csv"))
    shown = call("package_show", id=dataset["id"])
    (mine,) = [r for r in shown["resources"] if r["url"].endswith("gros.csv")]
    assert label(mine, shown) == "En attente de contrôle"
    assert helpers.scdl_report(mine, shown) is None
    with pytest.raises(tk.ObjectNotFound):
        tk.get_action("scdl_report_show")({"user": ""}, {"id": mine["id"]})
    run_jobs()
    assert label(mine, shown) == "Non conforme"


def test_a_budget_xml_is_checked_and_masked_at_once(budget, storage):
    _, resource = budget(XML)
    assert FileReport.get(resource["id"]).conforming
    assert not [content for content in contents(storage) if NAME in content]


def test_a_large_table_may_replace_a_budget_xml(budget, run_jobs):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    call("resource_update", id=resource["id"], upload=file(b"a,b\n1,2\n", "table.csv"))
    (only,) = call("package_show", id=dataset["id"])["resources"]
    assert only["role"] == "donnees"
    call("resource_patch", id=resource["id"], name="Table")
    run_jobs()
    assert not FileReport.get(resource["id"]).conforming


def test_the_readable_table_is_checked_with_the_budget(budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    run_jobs()
    shown = call("package_show", id=dataset["id"])
    assert {label(r, shown).split(",")[0] for r in shown["resources"]} == {"Conforme"}
    assert queues.get_queue().jobs == []


class TestALetterTellsOfABadFile:
    @pytest.fixture
    def deposit(self, new_dataset, run_jobs):
        """A function: content of a table, contact, its name -> its resource, checked by a job."""

        def put(content, contact="finances@fontargent.test", name="Service\ndes finances"):
            fields = {"maintainer": name, "maintainer_email": contact} if contact else {}
            dataset = new_dataset("subventions", title="Aides\nde 2024", **fields)
            resource = call(
                "resource_create", package_id=dataset["id"], upload=file(content, "aides.csv")
            )
            run_jobs()
            return resource

        return put

    def test_to_the_contact_and_without_any_cell(self, deposit, letters):
        resource = deposit(BAD)
        ((to, subject, body),) = letters()
        assert to == ["finances@fontargent.test"]
        assert subject == "À corriger : « aides.csv » (Aides de 2024)"
        assert "Fichier non conforme à scdl/subventions 2.1.1." in body
        assert "The file does not conform" in body
        assert body.count(f"http://test.ckan.net/scdl/report/{resource['id']}") == 1
        (finding,) = [
            f for f in FileReport.get(resource["id"]).report["findings"] if f["level"] == "error"
        ]
        assert finding["params"]["value"] not in body

    def test_else_to_the_account_that_made_the_dataset(self, deposit, letters):
        resource = deposit(BAD, contact=None)
        assert letters() == []
        user = factories.User(email="agente@fontargent.test")
        model.Package.get(resource["package_id"]).creator_user_id = user["id"]
        FileReport.forget({resource["id"]})
        model.Session.commit()
        jobs.check_stored(resource["id"])
        assert [to for to, _, _ in letters()] == [["agente@fontargent.test"]]

    def test_once_for_each_file(self, deposit, letters, run_jobs):
        resource = deposit(BAD)
        jobs.check_stored(resource["id"])
        jobs.check_stored(resource["id"], "scdl/subventions@2.1.0")
        assert len(letters()) == 1
        other = BAD + BAD.splitlines(keepends=True)[-1]
        call("resource_patch", id=resource["id"], upload=file(other, "aides.csv"))
        run_jobs()
        assert len(letters()) == 2

    def test_not_of_a_good_one(self, deposit, letters):
        deposit(GOOD)
        assert letters() == []

    def test_not_from_a_portal_that_sends_no_mail(self, deposit, letters, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "")
        deposit(BAD)
        assert letters() == []

    def test_not_of_a_dataset_that_is_gone(self, deposit, letters):
        resource = deposit(BAD)
        report = Report.from_dict(FileReport.get(resource["id"]).report)
        call("dataset_purge", id=resource["package_id"])
        letter.write(resource, report)
        assert len(letters()) == 1

    def test_a_mail_server_that_fails_loses_no_report(self, deposit, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portail@ville.test")
        monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
        assert not FileReport.get(deposit(BAD)["id"]).conforming


def test_the_pages_say_so_to_who_may_edit(table, run_jobs, portal, headers):
    dataset, resource = table(BAD)
    sysadmin = factories.SysadminWithToken()["token"]
    page = f"/subventions/{dataset['name']}"

    waiting = portal.get(f"{page}/resource/{resource['id']}", headers=headers(sysadmin)).text
    assert "Ce fichier n’a pas encore été contrôlé" in waiting
    assert "En attente de contrôle" in portal.get(page, headers=headers(sysadmin)).text
    run_jobs()
    told = "Ces fichiers ne sont pas conformes"
    assert told in portal.get(page, headers=headers(sysadmin)).text
    public = portal.get(page, headers=headers("")).text
    assert "Non conforme" in public
    assert told not in public
