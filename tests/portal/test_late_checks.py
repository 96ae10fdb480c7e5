"""Large tables: stored at once, checked by a job, and never published before."""

import hashlib

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib import jobs as queues
from ckan.tests import factories

from ckanext.scdl import helpers
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
