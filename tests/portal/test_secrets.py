"""What anonymous, member, editor and sysadmin see of a push: no key, no title of a private dataset.

Every page, every answer of the API that tells of it, and every log line are searched.
"""

import logging

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckanext.harvest.model import HarvestObject

from ckanext.scdl.model import PushItem, PushRun

from .publishing import KEY_NAME, call, fault, harvest, remote_datasets

pytestmark = [pytest.mark.portal, pytest.mark.udata]

TITLE, FILE = "Budget confidentiel de Fontargent", "fichier-confidentiel.csv"
PAGE = "budget-confidentiel-de-fontargent"  # data.gouv.fr makes its address of the title
WHO = ("anonymous", "member", "editor", "sysadmin")


@pytest.fixture
def people(organization):
    """Tokens by kind of person; None for anonymous."""
    found = {"anonymous": None}
    for role in ("member", "editor"):
        user = factories.UserWithToken()
        member = {"id": organization["id"], "username": user["name"], "role": role}
        tk.get_action("organization_member_create")({"ignore_auth": True, "user": ""}, member)
        found[role] = user["token"]
    found["sysadmin"] = factories.SysadminWithToken()["token"]
    return found


@pytest.fixture
def told(source, table, udata, caplog):
    """A source with jobs that went well, failed in every way, and hid a dataset; its logs."""
    caplog.set_level(logging.DEBUG)
    call("package_patch", id=table["id"], title=TITLE)
    call("resource_patch", id=table["resources"][0]["id"], name=FILE)
    fault(method="POST", path="/api/1/datasets/", status=400, body='{"errors": {"title": ["x"]}}')
    _, failed = harvest(source)
    _, done = harvest(source)
    call("package_patch", id=table["id"], private=True)
    fault(method="PUT", path="/api/1/datasets/", status=500)
    _, hiding = harvest(source)
    _, hidden = harvest(source)
    assert remote_datasets(udata)[0]["private"]
    return {
        "source": source,
        "jobs": [job.id for job in (failed, done, hiding, hidden)],
        "logs": caplog,
    }


def addresses(told):
    """Pages and API calls that tell of a source, its jobs, objects and runs."""
    source = told["source"]
    yield from ("/harvest", f"/harvest/{source['name']}", f"/harvest/admin/{source['name']}")
    yield f"/harvest/about/{source['name']}"
    yield f"/harvest/{source['name']}/job"
    yield from ("/scdl/publication/", "/api/3/action/scdl_push_report?limit=10")
    yield "/api/3/action/harvest_source_list"
    yield f"/api/3/action/harvest_source_show?id={source['id']}"
    yield f"/api/3/action/package_show?id={source['id']}"
    yield f"/api/3/action/harvest_job_list?source_id={source['id']}"
    for job_id in told["jobs"]:
        yield f"/harvest/{source['name']}/job/{job_id}"
        yield f"/scdl/publication/job/{job_id}"
        yield f"/api/3/action/harvest_job_show?id={job_id}"
        yield f"/api/3/action/harvest_job_report?id={job_id}"
        for one in model.Session.query(HarvestObject).filter_by(harvest_job_id=job_id):
            yield f"/api/3/action/harvest_object_show?id={one.id}"
            yield f"/harvest/object/{one.id}"
    for run in model.Session.query(PushRun):
        yield f"/scdl/publication/run/{run.id}"


@pytest.mark.parametrize("who", WHO)
def test_nothing_secret_is_seen(portal, told, people, headers, who, ckan_config):
    key = ckan_config[KEY_NAME]
    seen = 0
    for address in list(addresses(told)):
        token = people[who]
        answer = portal.get(
            address, headers=headers(token) if token else {}, follow_redirects=False
        )
        # ckanext-harvest 1.6.3 turns its own "no content" (404) into an error 500
        assert answer.status_code < 500 or address.startswith("/harvest/object/"), address
        seen += answer.status_code == 200
        for secret in (key, TITLE, FILE, PAGE):
            assert secret not in answer.body, (who, address)
    assert seen >= 3
    if who == "sysadmin":
        assert seen > 20


def test_nor_in_logs_nor_in_what_harvest_stores(told, ckan_config):
    key = ckan_config[KEY_NAME]
    assert key not in told["logs"].text
    for one in model.Session.query(HarvestObject):
        assert one.content is None
        assert one.package_id is None
    for item in model.Session.query(PushItem):
        assert key not in f"{item.plan}{item.outcome}"
