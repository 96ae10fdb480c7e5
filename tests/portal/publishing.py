"""What the tests of the publication share: the real udata, a profile on it, a source, a run."""

import json
import os
import urllib.request

import ckan.plugins.toolkit as tk
from ckan import model, plugins
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.scdl.datagouv import Profile
from ckanext.scdl.model import PushItem, PushRun
from ckanext.scdl.publication import wanted_datasets
from ckanext.scdl.source import Source

PREFIX = "ckanext.scdl.profile.essai"
KEY_NAME = f"{PREFIX}.api_key"


def call(action, /, **data):
    return tk.get_action(action)({"ignore_auth": True, "user": ""}, data)


def post(url, data=None):
    request = urllib.request.Request(url, json.dumps(data or {}).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def server():
    """The address of the test server."""
    return os.environ["SCDL_UDATA_URL"]


def wanted_now():
    """What the portal wants of each of its datasets, whatever the profile."""
    profile = Profile("essai", "https://www.data.gouv.fr", "udata_clef-0123456789")
    return list(wanted_datasets(Source(), profile))


def fault(**what):
    post(f"{server()}/__lab__/fault", what)


def get(path, key=None):
    headers = {"X-API-KEY": key} if key else {}
    request = urllib.request.Request(f"{server()}{path}", headers=headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def remote_datasets(udata, organization=None):
    name = organization or udata["organization"]
    path = f"/api/1/datasets/?organization={name}&page_size=100"
    return get(path, udata["keys"]["editor"])["data"]


def writes():
    """How many writes the server received since it was emptied."""
    received = get("/__lab__/requests")
    return sum(received.get(method, 0) for method in ("POST", "PUT", "DELETE"))


def new_job(source):
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    job.save()
    return job


def harvest(source):
    """One job, its stages called as the consumers call them: (items by dataset id, job)."""
    plugin = plugins.get_plugin("datagouv_harvester")
    job = new_job(source)
    for object_id in queue.gather_stage(plugin, job) or []:
        queue.fetch_and_import_stages(plugin, HarvestObject.get(object_id))
    job.status = "Finished"
    job.save()
    return items_of(job), job


def items_of(job):
    model.Session.expire_all()
    items = model.Session.query(PushItem).join(PushRun).filter(PushRun.job_id == job.id)
    return {item.dataset_id: item for item in items}


def finding(item):
    return (item.outcome or {}).get("finding", {}).get("code")
