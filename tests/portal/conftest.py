"""For the tests that need a portal: the configuration that CKAN really uses is checked too."""

import io
from collections.abc import Callable
from email import message_from_string
from email.policy import default

import pytest
from werkzeug.datastructures import FileStorage

from tests import generate


@pytest.fixture(scope="session", autouse=True)
def _test_database_only(refuse_real_database: Callable[[str, str], None]) -> None:
    import ckan.plugins.toolkit as tk

    refuse_real_database(tk.config["sqlalchemy.url"], "sqlalchemy.url")


@pytest.fixture(scope="session")
def portal_app(_test_database_only, reset_db_once, reset_index, migrate_db_for):
    """The application with the ini's plugins and their tables, made once: it takes seconds.

    Each test makes its own datasets.
    """
    from ckan import plugins
    from ckan.tests.helpers import _get_test_app

    plugins.load_all()
    for plugin in ("harvest", "scdl"):
        migrate_db_for(plugin)
    reset_index()
    yield _get_test_app()
    plugins.unload_all()


@pytest.fixture
def storage(ckan_config, tmp_path, monkeypatch):
    """Where uploads go; empty at the start of each test."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    return tmp_path


@pytest.fixture
def portal(portal_app, clean_queues, storage):
    """A portal in French, inside a request."""
    with portal_app.flask_app.test_request_context():
        yield portal_app


@pytest.fixture
def headers(portal):
    """A function: the token of a user -> the headers of an HTTP call as that user.

    Flask shares `g` with the surrounding request, and flask-login keeps its user there.
    """
    from flask import g

    def as_user(token):
        g.pop("_login_user", None)
        return {"Authorization": token}

    return as_user


@pytest.fixture
def organization(portal):
    from ckan.tests import factories

    return factories.Organization()


@pytest.fixture
def new_dataset(organization):
    """A function that creates a dataset of one of our types: (type, **fields) -> dict."""
    from ckan.tests import factories, helpers

    def create(kind, **fields):
        data = {
            "type": kind,
            "name": factories.Dataset.stub().name,
            "title": "Jeu d'essai",
            "owner_org": organization["id"],
            "collectivite": "Commune de Fontargent",
            "siret": generate.siret(),
            "exercice": "2024",
        }
        own = {"etape": "budget primitif"} if kind == "budget" else {}
        return helpers.call_action("package_create", **(data | own | fields))

    return create


@pytest.fixture
def budget(new_dataset):
    """A function: a budget XML -> (its new dataset, its resource)."""
    from ckan.tests import helpers

    def create(content, **fields):
        dataset = new_dataset("budget", **fields)
        upload = FileStorage(io.BytesIO(content), "budget.xml")
        resource = helpers.call_action(
            "resource_create", package_id=dataset["id"], name="Budget", upload=upload
        )
        return helpers.call_action("package_show", id=dataset["id"]), resource

    return create


@pytest.fixture
def run_jobs(with_test_worker):
    """A function that carries out the queued jobs, and again those of the resources given."""
    from ckan.lib import jobs as queues

    def run(*again):
        worker = queues.Worker()
        worker.work(burst=True, max_jobs=20)
        for resource_id in again:
            jobs.derive(resource_id)

    from ckanext.scdl import jobs

    return run


@pytest.fixture
def letters(mail_server, ckan_config, monkeypatch):
    """A function: (recipient, subject, body) of every letter sent; the portal sends mail."""
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "portail@ville.test")

    def sent():
        messages = mail_server.get_smtp_messages()
        parsed = [(to, message_from_string(text, policy=default)) for _, _, to, text in messages]
        return [(to, m["Subject"], m.get_content()) for to, m in parsed]

    return sent


@pytest.fixture
def udata():
    """The real data.gouv.fr software, emptied: its seed."""
    from . import publishing

    return publishing.post(f"{publishing.server()}/__lab__/reset")


@pytest.fixture
def profile(udata, ckan_config, monkeypatch):
    """The profile `essai`, on the test server."""
    from .publishing import PREFIX

    options = {
        "url": udata["base_url"],
        "api_key": udata["keys"]["editor"],
        "organization": udata["organization"],
        "requests_per_second": "1000",
    }
    for name, value in options.items():
        monkeypatch.setitem(ckan_config, f"{PREFIX}.{name}", value)
    return udata


@pytest.fixture
def alone(portal):
    """No budget, no subsidies, nothing remembered: what other tests left counts for nothing."""
    from ckan import model
    from ckanext.harvest.model import HarvestSource

    from ckanext.scdl import model as ours

    kinds = ["budget", "subventions"]
    for package in model.Session.query(model.Package).filter(model.Package.type.in_(kinds)):
        package.state = "deleted"
    tables = (
        ours.PushItem,
        ours.PushRun,
        ours.PushLink,
        ours.PushProfile,
        ours.PushWithdrawal,
        ours.PushTold,
        ours.PushFigures,
    )
    for table in tables:
        model.Session.query(table).delete()
    HarvestSource.filter(active=True).update({"active": False})
    model.repo.commit()


@pytest.fixture
def no_redis(monkeypatch):
    """Nothing listens where Redis should be."""
    import redis

    nowhere = redis.ConnectionPool.from_url("redis://127.0.0.1:1/0")
    monkeypatch.setattr("ckan.lib.redis._connection_pool", nowhere)
    monkeypatch.setattr("ckan.lib.jobs._queues", {})  # each keeps the connection it was made with
    # 2.11's own leaves its connection to rq for good; 2.12 has none
    made = redis.Redis(connection_pool=nowhere)
    monkeypatch.setattr("ckan.lib.jobs._connect", lambda: made, raising=False)


@pytest.fixture
def new_source(alone, profile, organization):
    """A function that makes a harvest source: (**configuration) -> dict."""
    import json

    from ckan.tests import factories

    from .publishing import call

    def make(**configuration):
        name = factories.Dataset.stub().name
        return call(
            "harvest_source_create",
            name=name,
            title="Vers data.gouv.fr",
            url=f"{profile['base_url']}/{name}",
            source_type="datagouv",
            owner_org=organization["id"],
            config=json.dumps({"profile": "essai", **configuration}),
        )

    return make


@pytest.fixture
def source(new_source):
    return new_source()


@pytest.fixture
def run(source):
    """A function: one job of the source; the items of our report by dataset id, and the job."""
    from .publishing import harvest

    return lambda: harvest(source)


@pytest.fixture
def table(budget):
    """A budget whose readable table has been derived."""
    from ckanext.scdl import jobs

    from .publishing import call

    dataset, resource = budget(generate.budget_xml())
    jobs.derive(resource["id"])
    return call("package_show", id=dataset["id"])
