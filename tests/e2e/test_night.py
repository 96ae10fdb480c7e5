"""Three nights of a portal that nobody watches: the cron line, real queues, faults on the way.

Between two nights a day passes: every date that we keep is moved back by one.  The pages and the
letters are those that docs/nuit.md shows.
"""

import json
import urllib.request
from pathlib import Path

import httpx
import pytest

from dev import postgres
from tests import generate
from tests.e2e.browsing import browsing, keep, log_in
from tests.e2e.test_line import PROFILE, published, until

pytestmark = pytest.mark.e2e

TOWN = {"name": "valombreuse", "title": "Commune de Valombreuse"}
CONTACT = "associations@exemple-sur-loire.fr"


def create(portal, kind, name, file, content, **fields):
    """A public dataset of ours with its file, deposited through the API."""
    data = {
        "type": kind,
        "name": name,
        "owner_org": TOWN["name"],
        "collectivite": TOWN["title"],
        "siret": generate.siret(),
        "exercice": "2024",
        **fields,
    }
    dataset = portal.call("package_create", data)
    replace(portal, "resource_create", file, content, package_id=dataset["id"], name=file)
    return portal.call("package_show", {"id": dataset["id"]})


def replace(portal, action, file, content, **fields):
    answer = httpx.post(
        f"{portal.url}/api/3/action/{action}",
        data=fields,
        files={"upload": (file, content)},
        headers={"Authorization": portal.admin["token"]},
        timeout=120,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def settled(portal, dataset):
    return portal.call("scdl_status_show", {"id": dataset["id"]})["status"] == "conforming"


def has_table(portal, dataset):
    return len(portal.call("package_show", {"id": dataset["id"]})["resources"]) == 2


def sql(portal, text):
    return postgres.ask(portal.place.database_url, text)


def a_day_passes(portal):
    """As if what is remembered were a day older."""
    day = "- interval '24 hours'"
    sql(portal, f"UPDATE scdl_push_run SET started = started {day}, finished = finished {day}")
    sql(portal, f"UPDATE scdl_push_item SET updated = updated {day}")
    older = f"((link->>'absent')::timestamptz {day})"
    text = f"to_char({older} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+00:00\"')"
    absent = "link->>'absent' IS NOT NULL"
    sql(
        portal,
        f"UPDATE scdl_push_link SET link = jsonb_set(link, '{{absent}}', to_jsonb({text})) "
        f"WHERE {absent}",
    )


def fault(portal, **what):
    request = urllib.request.Request(
        f"{portal.udata_url}/__lab__/fault", json.dumps(what).encode(), method="POST"
    )
    urllib.request.urlopen(request).close()


def night(portal, source):
    """The hour of the source has come: `ckan harvester run` finds it.  The report, once over."""
    before = {run["id"] for run in runs(portal, source)}
    sql(
        portal,
        "UPDATE harvest_source SET frequency = 'DAILY', "
        "next_run = (now() AT TIME ZONE 'UTC') - interval '1 minute' "
        f"WHERE id = '{source['id']}'",
    )

    def over():
        new = [run for run in runs(portal, source) if run["id"] not in before]
        return new[0] if new and new[0]["finished"] and is_finished(portal, new[0]) else None

    return until(over, "the night's run")


def is_finished(portal, run):
    return portal.call("harvest_job_show", {"id": run["job_id"]})["status"] == "Finished"


def runs(portal, source):
    found = portal.call("scdl_push_report", {"source_id": source["id"], "limit": 10})
    return [run for run in found if run["kind"] == "run"]


def states(run, *datasets):
    by_id = {item["dataset_id"]: item["state"] for item in run["items"]}
    return [by_id.get(dataset["id"]) for dataset in datasets]


@pytest.fixture(scope="module")
def town(portal):
    portal.call("organization_create", TOWN)
    budgets = [
        create(
            portal,
            "budget",
            f"budget-{n}-valombreuse",
            "budget.xml",
            generate.budget_xml(seed=n),
            title=f"Budget {title} 2024 de Valombreuse",
            etape="budget primitif",
            type_budget="principal" if n == 1 else "annexe",
        )
        for n, title in enumerate(["principal", "annexe de l’eau", "annexe des transports"], 1)
    ]
    grants = create(
        portal,
        "subventions",
        "subventions-2024-valombreuse",
        "subventions.csv",
        generate.subventions_csv(),
        title="Subventions 2024 de Valombreuse",
        maintainer="Service des associations",
        maintainer_email=CONTACT,
    )
    for dataset in budgets:
        until(lambda one=dataset: has_table(portal, one), "the readable table")
    until(lambda: settled(portal, grants), "the check")
    return [*budgets, grants]


@pytest.fixture(scope="module")
def source(portal, town):
    return portal.call(
        "harvest_source_create",
        {
            "name": "nuits-de-valombreuse",
            "title": "Valombreuse vers data.gouv.fr",
            "url": f"{portal.udata_url}/valombreuse",
            "source_type": "datagouv",
            "frequency": "MANUAL",  # `night` tells when
            "owner_org": TOWN["name"],
            "config": json.dumps({"profile": PROFILE, "portal_organizations": [TOWN["name"]]}),
        },
    )


def test_three_nights(portal, town, source, letters):
    main, water, transport, grants = town
    letters.received.clear()

    # The first: one answer is lost after the commit, one connection is cut before it.
    fault(portal, method="POST", path="/api/1/datasets/", status=502, after=True)
    fault(portal, method="POST", path="/api/1/datasets/", drop=True)
    first = night(portal, source)
    assert sorted(states(first, *town)) == ["created", "created", "uncertain", "uncertain"], first
    show(portal, "nuit-1")
    assert letters.received == [], "nothing of this asks anybody to act"

    # The second: the lists fail once, an administrator has withdrawn a dataset.
    portal.run_ckan("scdl", "withdraw", transport["name"])
    a_day_passes(portal)
    fault(portal, method="GET", path="/api/1/datasets/", status=503, headers={"Retry-After": "0"})
    second = night(portal, source)
    told = states(second, main, water, grants)
    assert set(told) <= {"adopted", "created", "unchanged"}, second
    assert states(second, transport)[0] == "left_out"
    remote = published(portal)
    assert set(remote) >= {dataset["id"] for dataset in town}
    show(portal, "nuit-2")

    # The third: a file was replaced by one that does not conform; data.gouv.fr asks to slow down.
    rows = generate.subventions_rows()
    rows[0]["montant"] = "1,5"
    bad = generate.to_csv(rows)
    resource = grants["resources"][0]["id"]
    replace(portal, "resource_update", "subventions.csv", bad, id=resource, name="subventions.csv")
    a_day_passes(portal)
    fault(portal, method="PUT", path="/api/1/datasets/", status=429, headers={"Retry-After": "1"})
    third = night(portal, source)
    assert states(third, main, water) == ["unchanged", "unchanged"], third
    assert states(third, grants, transport) == ["flagged", "archived"], third
    show(portal, "nuit-3")
    # an archived dataset is in no public list
    remote = published(portal)
    assert transport["id"] not in remote
    assert "ne suit plus le standard" in remote[grants["id"]]["description"]

    told = {letter["To"]: letter for letter in letters.received}
    (letter,) = [one for address, one in told.items() if CONTACT in address]
    assert "Subventions 2024 de Valombreuse" in letter.get_content()
    write(portal, letters)

    # The fourth, quiet: nobody is written to again.
    count = len(letters.received)
    a_day_passes(portal)
    fourth = night(portal, source)
    assert states(fourth, *town) == ["unchanged", "unchanged", "left_out", "left_out"], fourth
    assert len(letters.received) == count


def show(portal, name):
    """The report page, as the administrator sees it in the morning."""
    with browsing(portal) as page:
        log_in(page, portal.admin)
        page.goto("/scdl/publication/")
        page.wait_for_selector("text=Passage du")
        keep(page, portal, name)


def write(portal, letters):
    """The letters, for a person to read."""
    folder = Path(portal.folder) / "screens"
    texts = [
        f"À : {one['To']}\nObjet : {one['Subject']}\n\n{one.get_content()}"
        for one in letters.received
    ]
    (folder / "nuit-courriels.txt").write_text("\n\n".join(texts), encoding="utf-8")
