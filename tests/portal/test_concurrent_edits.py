"""Jobs and harvests work beside people: what they save is neither undone nor half seen.

CKAN reads a dataset, changes it and writes it all back, so that of two at once the last one wins.
"""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.scdl import jobs
from ckanext.scdl.publication import present_obstacle
from tests import generate

from .publishing import wanted_now

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

PATIENCE = 300
WAITING = """SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def call(action, /, context=None, **data):
    return tk.get_action(action)({"ignore_auth": True, "user": "", **(context or {})}, data)


def until_it_waits(job):
    """Until PostgreSQL says that somebody waits for a row."""
    end = time.monotonic() + PATIENCE
    # each look is a transaction: within one, PostgreSQL shows its activity as it first was
    autocommit = {"isolation_level": "AUTOCOMMIT"}
    with model.meta.engine.connect().execution_options(**autocommit) as connection:
        while not connection.execute(sa.text(WAITING)).scalar():
            assert not job.done(), "it waited for nobody"
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.05)


def as_a_worker(function, *words):
    """No request, a session of its own."""
    try:
        return function(*words)
    finally:
        model.Session.remove()


def meanwhile(save, function, *words):
    """What `function` returns when it starts before `save` is committed, and ends after."""
    running = []
    with ThreadPoolExecutor(max_workers=1) as pool:

        def start(session):
            if not (running or session.in_nested_transaction()):
                session.flush()
                running.append(pool.submit(as_a_worker, function, *words))
                until_it_waits(running[0])

        sa.event.listen(model.Session, "before_commit", start)
        try:
            save()
        finally:
            sa.event.remove(model.Session, "before_commit", start)
        return running[0].result(PATIENCE)


@pytest.mark.parametrize("job", [jobs.derive, jobs.check_stored])
@pytest.mark.parametrize("field", [{"title": "Titre corrigé"}, {"state": "active"}])
def test_an_edit_that_ends_while_the_table_is_made_is_kept(budget, job, field):
    dataset, resource = budget(generate.budget_xml(), state="draft", title="Titre")
    meanwhile(lambda: call("package_patch", id=dataset["id"], **field), job, resource["id"])

    after = call("package_show", id=dataset["id"])
    assert after | field == after
    assert [r["role"] for r in after["resources"]] == ["source", "donnees"]


def test_a_form_that_knows_nothing_of_the_table_leaves_it_in_the_end(budget, run_jobs):
    """CKAN 2.11 ends its form by writing back what it read before the job."""
    dataset, resource = budget(generate.budget_xml(), state="draft")
    read = call("package_show", id=dataset["id"])
    jobs.derive(resource["id"])
    call("package_update", {"allow_state_change": True}, **read | {"state": "active"})
    run_jobs()

    after = call("package_show", id=dataset["id"])
    assert after["state"] == "active"
    assert [r["role"] for r in after["resources"]] == ["source", "donnees"]
    (one,) = [w for w in wanted_now() if w.dataset.id == dataset["id"]]
    assert one.obstacle is None
    assert present_obstacle(dataset["id"]) is None
    assert [r.role for r in one.dataset.resources] == ["donnees", "source"]


def test_a_harvest_sees_a_file_and_its_report_together(budget):
    """Else a file whose date is known before its report would be said to be unchecked."""
    dataset, resource = budget(generate.budget_xml())
    jobs.derive(resource["id"])
    revised = call("package_show", id=dataset["id"])
    del revised["metadata_modified"]  # CKAN 2.12 takes a sysadmin's, and leaves the row as it was
    other = FileStorage(io.BytesIO(generate.budget_xml(seed=2)), "nouveau.xml")
    revised["resources"][0]["upload"] = other

    obstacle = meanwhile(lambda: call("package_update", **revised), present_obstacle, dataset["id"])
    assert obstacle.code == "table_pending"
