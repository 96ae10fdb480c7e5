"""Real consumers of ckanext-harvest, several at once: one data.gouv.fr dataset for each of ours.

Each is a process of its own, started again when it dies, as systemd does.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.scdl import jobs, runs
from ckanext.scdl.datagouv import SETTLING
from ckanext.scdl.model import PushItem, PushRun
from ckanext.scdl.source import Source
from tests import generate

from .publishing import PREFIX, call, fault, items_of, new_job, remote_datasets

pytestmark = [pytest.mark.portal, pytest.mark.udata]

ROOT = Path(__file__).parents[2]
PATIENCE = 900  # seconds, on a busy machine: a creation cut short is waited for two minutes
MANY = 8


class Consumer:
    """`ckan harvester …`, started again each time it ends."""

    def __init__(self, what, environment):
        self.deaths = 0
        self._what, self._environment = what, environment
        self._over = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self):
        ckan = Path(sys.executable).parent / "ckan"
        command = [str(ckan), "-c", str(ROOT / "test.ini"), "harvester", self._what]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _watch(self):
        while not self._over.wait(0.2):
            if self._process.poll() is not None:
                self.deaths += 1
                self._process = self._start()

    def kill(self):
        """SIGKILL: nothing is tidied up."""
        self._process.kill()

    def stop(self):
        self._over.set()
        self._thread.join()
        self._process.kill()
        self._process.wait()


@pytest.fixture
def consumers(profile, ckan_config, storage):
    """A function: two gather-consumers and two fetch-consumers, at work until the test ends."""
    queue.purge_queues()
    started = []
    names = ("url", "api_key", "organization", "requests_per_second")
    options = {
        f"{PREFIX}.{name}".upper().replace(".", "__"): str(ckan_config[f"{PREFIX}.{name}"])
        for name in names
    }
    environment = {**os.environ, **options, "CKAN_STORAGE_PATH": str(storage)}

    def start():
        what = ("gather-consumer", "gather-consumer", "fetch-consumer", "fetch-consumer")
        started.extend(Consumer(one, environment) for one in what)
        return started

    yield start
    for one in started:
        one.stop()
    queue.purge_queues()


@pytest.fixture
def many(alone, budget):
    """Datasets that are ready to be published."""
    made = [budget(generate.budget_xml(seed=n)) for n in range(MANY)]
    for _, resource in made:
        jobs.derive(resource["id"])
    return [dataset["id"] for dataset, _ in made]


def send(job):
    queue.get_gather_publisher().send({"harvest_job_id": job.id})


def wait_for(what, condition):
    deadline = time.monotonic() + PATIENCE
    while True:
        model.Session.rollback()
        model.Session.expire_all()
        if condition():
            return
        assert time.monotonic() < deadline, what
        time.sleep(0.3)


def is_over(*some):
    """Are the runs of these jobs planned, and is every item of theirs ended?"""
    found = [model.Session.query(PushRun).filter_by(job_id=job.id).first() for job in some]
    return all(run is not None and run.finished is not None for run in found)


def stamps(udata):
    return sorted(one["extras"]["ckanext-scdl:dataset"] for one in remote_datasets(udata))


def test_two_jobs_two_sources_two_consumers(many, new_source, consumers, udata):
    first, second = new_source(), new_source()
    fault(method="POST", path="/api/1/datasets/", delay=0.2, times=100)
    some = [new_job(first), new_job(second), new_job(first)]
    consumers()
    for job in some:
        send(job)
    wait_for("the three jobs end", lambda: is_over(*some))
    assert stamps(udata) == sorted(many)


def test_an_object_delivered_twice_at_once(many, new_source, consumers, udata):
    """As ckanext-harvest does with what is in hand for more than 180 seconds."""
    fault(method="POST", path="/api/1/datasets/", delay=0.5, times=100)
    job = new_job(new_source())
    from ckan import plugins

    ids = queue.gather_stage(plugins.get_plugin("datagouv_harvester"), job)
    consumers()
    publisher = queue.get_fetch_publisher()
    for object_id in ids:
        publisher.send({"harvest_object_id": object_id})
        publisher.send({"harvest_object_id": object_id})
    wait_for("the job ends", lambda: is_over(job))
    assert stamps(udata) == sorted(many)


def test_a_consumer_killed_in_the_middle(many, new_source, consumers, udata):
    """What it was at is taken up when its message is delivered again; the rest goes on."""
    fault(method="POST", path="/api/1/datasets/", delay=0.4, times=100)
    source = new_source()
    job = new_job(source)
    at_work = consumers()
    send(job)
    wait_for("the first ones are there", lambda: len(remote_datasets(udata)) >= 2)
    for one in at_work[2:]:
        one.kill()
    wait_for("they are back", lambda: all(one.deaths for one in at_work[2:]))

    def again():
        """ckanext-harvest delivers again what is in hand for 180 seconds, or waits in no queue."""
        rows = model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id)
        publisher = queue.get_fetch_publisher()
        for one in rows.filter(HarvestObject.state.notin_(["COMPLETE", "ERROR"])):
            publisher.send({"harvest_object_id": one.id})

    again()
    wait_for("the job ends", lambda: is_over(job))
    states = {item.state for item in items_of(job).values()}
    assert states <= {"created", "uncertain", "unchanged", "updated", "adopted"}
    long_ago = model.Session.query(PushItem).filter_by(state="uncertain")
    long_ago.update({"updated": PushItem.updated - SETTLING})
    model.Session.commit()
    run, _ = runs.whole(Source("essai"))
    assert run.problem is None
    assert stamps(udata) == sorted(many)


def test_clear_during_a_job(many, new_source, consumers, udata):
    """It destroys no dataset of the portal, and the next job is carried out."""
    fault(method="POST", path="/api/1/datasets/", delay=0.3, times=100)
    source = new_source()
    job = new_job(source)
    consumers()
    send(job)
    wait_for("the job is under way", lambda: len(remote_datasets(udata)) >= 2)
    call("harvest_source_clear", id=source["id"])
    assert {call("package_show", id=one)["state"] for one in many} == {"active"}
    later = HarvestJob(source=HarvestSource.get(source["id"]))
    later.save()
    send(later)
    wait_for("the later job ends", lambda: is_over(later))
    assert stamps(udata) == sorted(many)
    assert {call("package_show", id=one)["state"] for one in many} == {"active"}
    failed = model.Session.query(PushItem).filter_by(state="failed")
    assert {item.outcome["finding"]["code"] for item in failed} <= {"interrupted"}
