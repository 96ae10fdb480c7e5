"""The demonstration of `make run`, loaded into the portal of the tests over its real API."""

import io
import json
from collections import Counter
from functools import partial

import httpx
import pytest

from ckanext.scdl import conformity
from dev.demonstration import account, summary, territory, tryout
from dev.demonstration.api import Api
from dev.demonstration.datasets import datasets
from dev.demonstration.load import PROFILE, SOURCE, load
from dev.say import Failure
from tests import generate

pytestmark = pytest.mark.portal

URL = "http://test.ckan.net"
DATAGOUV = "http://127.0.0.1:17001"
CHECKED = ("source", "donnees")


class Counting(httpx.WSGITransport):
    """Calls the application itself, and counts the actions asked of it."""

    def __init__(self, app):
        super().__init__(app=app)
        self.asked = Counter()

    def handle_request(self, request):
        self.asked[request.url.path.rsplit("/", 1)[-1]] += 1
        return super().handle_request(request)


@pytest.fixture(scope="module", autouse=True)
def _leave_nothing(portal_app):
    """The other tests of the portal share its database."""
    yield
    from ckan import model
    from ckan.tests.helpers import call_action
    from ckanext.harvest.model import HarvestSource

    with portal_app.flask_app.test_request_context():
        source = model.Package.get(SOURCE)
        if source:
            model.Session.delete(HarvestSource.get(source.id))
            model.Session.commit()
        for name in (SOURCE, *(dataset.name for dataset in datasets())):
            if model.Package.get(name):
                call_action("dataset_purge", id=name)
        for one in territory.COLLECTIVITES:
            if model.Group.get(one.slug):
                call_action("organization_purge", id=one.slug)


@pytest.fixture
def contributor():
    return {"name": account.NAME, "password": "un mot de passe d'essai"}


@pytest.fixture
def transport(portal_app):
    return Counting(portal_app.flask_app)


@pytest.fixture
def api(portal_app, transport, storage, clean_queues, profile, ckan_config, monkeypatch):
    from ckan.tests import factories

    for name in ("url", "api_key", "organization"):
        value = ckan_config[f"ckanext.scdl.profile.essai.{name}"]
        monkeypatch.setitem(ckan_config, f"ckanext.scdl.profile.{PROFILE}.{name}", value)
    with portal_app.flask_app.test_request_context():
        token = factories.SysadminWithToken()["token"]
    return Api(URL, token, transport)


@pytest.fixture
def load_all(api, contributor, portal_app, with_test_worker):
    """A function that loads the demonstration; the job worker works whenever it is waited for."""
    from ckan.lib import jobs

    def work():
        with portal_app.flask_app.test_request_context():
            jobs.Worker().work(burst=True)

    return partial(load, api, contributor, DATAGOUV, work)


def wanted(portal_app, organizations):
    """The datasets of these organisations, among those that other tests left behind."""
    from .publishing import wanted_now

    with portal_app.flask_app.test_request_context():
        everything = list(wanted_now())
    return {one.dataset.title: one for one in everything if one.dataset.owner_org in organizations}


def test_is_loaded_once_and_then_left_alone(load_all, api, transport, portal_app, contributor):
    everything = list(datasets())
    assert load_all() == len(everything)

    first, *_, last = everything
    assert api.call("user_show", id=contributor["name"])["number_created_packages"] == 0
    for one in territory.COLLECTIVITES:
        members = api.call("organization_show", id=one.slug, include_users=True)["users"]
        assert {m["name"]: m["capacity"] for m in members}[contributor["name"]] == "editor"
    source = api.call("harvest_source_show", id=SOURCE)
    assert (source["source_type"], source["frequency"]) == ("datagouv", "DAILY")
    assert json.loads(source["config"]) == {"profile": "demo"}

    ours = wanted(portal_app, {one.slug for one in territory.COLLECTIVITES})
    kept_back = {
        title: one.obstacle.code if one.obstacle else "private"
        for title, one in ours.items()
        if one.obstacle or one.dataset.private
    }
    assert kept_back == {
        "Budget primitif 2024, Commune de Roquebrise": "link_not_checked",
        "Décision modificative 2024, Commune de Saint-Ylvain": "private",
    }
    published = [one.dataset for title, one in ours.items() if title not in kept_back]
    assert all("donnees" in {r.role for r in dataset.resources} for dataset in published)

    api.call("package_patch", id=first.name, title="Un autre titre")
    api.call("package_delete", id=last.name)
    transport.asked.clear()
    assert load_all() == 0
    assert not [action for action in transport.asked if not action.endswith(("_show", "_list"))]
    assert api.call("package_show", id=first.name)["title"] == "Un autre titre"
    assert api.call("package_show", id=last.name)["state"] == "deleted"


def test_an_interrupted_load_is_completed(load_all, api):
    """What was made before the cut is a draft without its file."""
    load_all()
    cut = next(one for one in datasets() if len(one.resources) == 2)
    whole = api.call("package_show", id=cut.name)
    api.call("resource_delete", id=whole["resources"][1]["id"])
    api.call("package_patch", id=cut.name, state="draft")

    assert load_all() == 1
    again = api.call("package_show", id=cut.name)
    assert again["state"] == "active"
    assert [r["role"] for r in again["resources"]] == [r["role"] for r in whole["resources"]]
    assert again["resources"][0]["id"] == whole["resources"][0]["id"]


def test_a_refusal_says_what_to_do(transport, contributor):
    with pytest.raises(Failure) as refused:
        load(Api(URL, "faux", transport), contributor, DATAGOUV)
    assert "HTTP 403" in str(refused.value)
    assert "make clean" in refused.value.remedy


def reports():
    """Each checked file of the demonstration with its report."""
    for dataset in datasets():
        fields = dataset.fields
        declared = conformity.Declared(
            siret=fields["siret"], exercice=fields["exercice"], etape=fields.get("etape")
        )
        for resource in dataset.resources:
            if resource.filename and resource.fields["role"] in CHECKED:
                stream = io.BytesIO(resource.content())
                report = conformity.check(stream, fields["type"], declared=declared)
                yield dataset.name, report


def test_every_file_conforms_and_one_contradicts_its_form():
    remarks = {name: dict(report.counts) for name, report in reports() if report.counts}
    assert all(report.conforming for _, report in reports())
    assert remarks == {
        "budget-supplementaire-2024-fontargent": {"siret-differs": 1, "exercice-differs": 1}
    }


def test_the_territory_is_varied():
    budgets = territory.BUDGETS
    assert {b.etape for b in budgets} == set(generate.ETAPES)
    assert {b.nomenclature.partition("-")[0] for b in budgets} == {"M57", "M14", "M4"}
    assert {bool(b.annexe) for b in budgets} == {True, False}
    assert {s.seuil for s in territory.SUBVENTIONS} == {"toutes", "plus-de-23000"}
    sirets = [s for one in territory.COLLECTIVITES for s in (one.siret, one.siret_annexe)]
    assert len(set(sirets)) == len(sirets)


def test_the_files_to_try_do_what_is_announced(tmp_path):
    folder = tryout.write(tmp_path)
    assert {path.name for path in folder.iterdir()} == set(tryout.EXPECTED)
    for name, effect in tryout.EXPECTED.items():
        standard = "subventions" if name.endswith(".csv") else "budget"
        with (folder / name).open("rb") as stream:
            report = conformity.check(stream, standard, filename=name)
        assert report.conforming == effect.startswith("accepté"), name


def test_the_account_is_drawn_once_and_private(tmp_path):
    drawn = account.read_or_draw(tmp_path)
    assert account.read_or_draw(tmp_path) == drawn
    assert (tmp_path / account.FILE).stat().st_mode & 0o777 == 0o600
    told = "\n".join(summary.lines(tmp_path, URL))
    assert drawn["password"] in told
    assert all(name in told for name in tryout.EXPECTED)
