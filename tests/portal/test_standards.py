"""Dataset types follow the standard that their schema names; a dataset keeps to its version."""

import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.scdl import cli, dataset_types, helpers
from ckanext.scdl.model import FileReport
from ckanext.scdl.publication import present_obstacle
from ckanext.scdl.recheck import look_again
from tests import generate

from .publishing import wanted_now
from .test_upload import call, file

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

OLD, NEW = "scdl/subventions@2.1.0", "scdl/subventions@2.1.1"


def put(dataset, content, name="aides.csv"):
    return call("resource_create", package_id=dataset["id"], upload=file(content, name), name=name)


class TestAThirdStandard:
    """One Table Schema in a folder, one dataset YAML: tests/portal/third, named by test.ini."""

    @pytest.fixture
    def bancs(self, organization):
        name = factories.Dataset.stub().name
        return call(
            "package_create", type="bancs", name=name, title="Bancs", owner_org=organization["id"]
        )

    def test_is_checked_and_published(self, bancs):
        resource = put(bancs, b"identifiant,places\nB-0001,3\n", "bancs.csv")
        assert FileReport.get(resource["id"]).standard == "metropole/bancs@1.0.0"
        assert present_obstacle(bancs["id"]) is None
        (one,) = [w for w in wanted_now() if w.dataset.id == bancs["id"]]
        assert one.dataset.resources[0].schema == ("metropole/bancs", "1.0.0")

    def test_refuses_what_does_not_conform(self, bancs):
        with pytest.raises(tk.ValidationError) as refused:
            put(bancs, b"identifiant,places\nB-1,0\n", "bancs.csv")
        assert "identifiant" in refused.value.error_dict["url"][0]

    def test_has_its_pages(self, portal, headers, bancs):
        token = factories.SysadminWithToken()["token"]
        assert "bancs" in helpers.scdl_dataset_types()
        assert "Adresse de la page" in portal.get("/bancs/new", headers=headers(token)).text
        resource = put(bancs, b"identifiant,places\nB-0001,3\n", "bancs.csv")
        page = portal.get(f"/bancs/{bancs['name']}/resource/{resource['id']}").text
        assert re.search(r"scdl-badge[^>]*>Conforme", page)


class TestAStandardThatAsksForMoreThanWeCheck:
    """metropole/bancs@1.1.0 declares a check that we do not know: conforming is too much said."""

    @pytest.fixture
    def dataset(self, organization, monkeypatch):
        schema = dataset_types._schemas()["bancs"]
        monkeypatch.setitem(schema, "scdl_standard", "metropole/bancs@1.1.0")
        name = factories.Dataset.stub().name
        return call(
            "package_create", type="bancs", name=name, title="Bancs", owner_org=organization["id"]
        )

    @pytest.fixture
    def resource(self, dataset):
        return put(dataset, b"identifiant,places\nB-0001,3\n", "bancs.csv")

    def test_is_stored_as_partly_checked(self, dataset, resource):
        shown = call("scdl_status_show", id=dataset["id"])
        assert (shown["status"], shown["files"][0]["state"]) == ("partial", "partial")
        badge = helpers.scdl_badge(resource, dataset)
        assert badge == {"state": "partial", "label": "Contrôle partiel"}

    def test_is_not_published(self, dataset, resource):
        assert present_obstacle(dataset["id"]).code == "partly_checked"
        (one,) = [w for w in wanted_now() if w.dataset.id == dataset["id"]]
        assert (one.obstacle.code, one.dataset.resources) == ("partly_checked", ())

    def test_its_pages_say_what_lacks(self, portal, headers, dataset, resource):
        token = factories.SysadminWithToken()["token"]
        page = f"/bancs/{dataset['name']}"
        mine = portal.get(page, headers=headers(token)).text
        assert "Ces fichiers ne sont contrôlés qu’en partie" in mine
        public = portal.get(page, headers=headers("")).text
        assert "Contrôle partiel" in public
        assert "contrôlés qu’en partie" not in public
        report = portal.get(f"/scdl/report/{resource['id']}", headers=headers(token)).text
        assert "sum-of-places" in report
        assert re.search(r"scdl-badge-partial[^>]*>Contrôle partiel", report)

    def test_recheck_says_so(self, dataset, resource):
        (one,) = look_again(dataset["id"], everything=True, repin=False)
        assert one.state == "partial"
        line, exit_code = cli._line(one), cli._exit_code([one])
        assert ("contrôlé en partie" in line, exit_code) == (True, cli.NOT_CONFORMING)

    def test_what_is_wrong_is_refused_as_ever(self, dataset):
        with pytest.raises(tk.ValidationError):
            put(dataset, b"identifiant,places\nB-1,0\n", "bancs.csv")


def test_an_unknown_standard_stops_ckan_at_start(monkeypatch):
    monkeypatch.setitem(dataset_types._schemas()["bancs"], "scdl_standard", "scdl/bancs@9")
    with pytest.raises(dataset_types.UnknownStandard, match=r"« bancs ».*« scdl/bancs@9 »"):
        dataset_types.standard_of("bancs")


@pytest.fixture
def old_dataset(new_dataset, monkeypatch):
    """A dataset whose file was accepted when its type named an older version."""
    with monkeypatch.context() as then:
        then.setitem(dataset_types._schemas()["subventions"], "scdl_standard", OLD)
        dataset = new_dataset("subventions")
        resource = put(dataset, generate.subventions_csv())
    return dataset, resource


def standards(dataset):
    model.Session.expire_all()
    return {row.standard for row in FileReport.of_package(dataset["id"]).values()}


def test_a_dataset_keeps_to_its_version(old_dataset, new_dataset):
    dataset, resource = old_dataset
    put(dataset, generate.subventions_csv(seed=2), "autres.csv")
    call("resource_patch", id=resource["id"], upload=file(generate.subventions_csv(), "b.csv"))
    list(look_again(dataset["id"], everything=True, repin=False))
    assert standards(dataset) == {OLD}

    other = new_dataset("subventions")
    put(other, generate.subventions_csv())
    assert standards(other) == {NEW}


def test_until_somebody_says_otherwise(old_dataset):
    dataset, _ = old_dataset
    looked = list(look_again(dataset["id"], everything=False, repin=True))
    assert [(one.standard, one.read, one.state) for one in looked] == [(NEW, True, "conforming")]
    put(dataset, generate.subventions_csv(seed=2), "autres.csv")
    assert standards(dataset) == {NEW}


def test_or_the_version_is_gone(old_dataset):
    dataset, resource = old_dataset
    report = {**FileReport.get(resource["id"]).report, "version": "0.0.1"}
    model.Session.query(FileReport).filter_by(resource_id=resource["id"]).update({"report": report})
    model.Session.commit()
    looked = list(look_again(dataset["id"], everything=False, repin=False))
    assert [(one.standard, one.read) for one in looked] == [(NEW, True)]
