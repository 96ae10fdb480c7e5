"""The main job, end to end: a budget XML deposited in a browser is found on data.gouv.fr."""

import json
import re
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from dev.configuration import PROFILE
from dev.portal import Portal
from tests import generate
from tests.e2e.browsing import browsing, describe_budget, keep, log_in, offer

pytestmark = pytest.mark.e2e

ORGANIZATION = {"name": "fontargent", "title": "Commune de Fontargent"}
REAL = Path(__file__).parents[2] / "../shared/data/budgets/budget-crach-001.xml"
MASK = b"Occultation Article L311-7 CRPA"
WAIT = 600
"""Seconds given to the queues."""


@pytest.fixture(scope="module")
def contributor(portal):
    portal.call("organization_create", ORGANIZATION)
    return portal.create_user("contributrice", organizations={ORGANIZATION["name"]: "editor"})


@pytest.fixture(scope="module")
def source(portal, contributor):
    """The harvest source that publishes on the test data.gouv.fr, run by hand."""
    return portal.call(
        "harvest_source_create",
        {
            "name": "vers-data-gouv-fr",
            "title": "Publication sur data.gouv.fr",
            "url": portal.udata_url,
            "source_type": "datagouv",
            "frequency": "MANUAL",
            "owner_org": ORGANIZATION["name"],
            "config": json.dumps({"profile": PROFILE}),
        },
    )


@pytest.fixture(scope="module")
def budget_file(tmp_path_factory):
    """A real budget where there is one, else a generated one, and what it says of itself."""
    if REAL.is_file():
        return REAL, {"siret": "21560046100010", "exercice": "2022"}, 201
    file = tmp_path_factory.mktemp("files") / "budget.xml"
    file.write_bytes(generate.budget_xml(exercice="2024"))
    return file, {"siret": generate.siret(), "exercice": "2024"}, None


def until(condition, what):
    """The first true answer of `condition`, asked again and again."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(1)
    pytest.fail(f"{what}: nothing after {WAIT} s")


def published(portal: Portal):
    """Datasets of the test data.gouv.fr that bear our stamp, by portal dataset id."""
    address = f"{portal.udata_url}/api/1/datasets/?page_size=100"
    with urlopen(address) as answer:
        datasets = json.load(answer)["data"]
    stamped = [d for d in datasets if "ckanext-scdl:dataset" in d["extras"]]
    return {d["extras"]["ckanext-scdl:dataset"]: d for d in stamped}


def run_harvest(portal: Portal, source):
    """A job through the real queues, until `ckan harvester run` has ended it."""
    job = portal.call("harvest_job_create", {"source_id": source["id"]})

    def finished():
        shown = portal.call("harvest_job_show", {"id": job["id"]})
        return shown if shown["status"] == "Finished" else None

    return until(finished, "the harvest job")


def report_of(portal: Portal, job):
    """What the run of a job says of itself; shown whole when a test fails."""
    return portal.call("scdl_push_report", {"job_id": job["id"], "limit": 1})[0]


def state_of(dataset, run):
    """How the dataset ended in that run, None if it was not met."""
    states = {item["dataset_id"]: item["state"] for item in run["items"]}
    return run["problem"] or states.get(dataset["id"])


def test_a_budget_goes_from_the_browser_to_data_gouv_fr(portal, contributor, source, budget_file):
    file, identity, lines = budget_file
    with browsing(portal) as page:
        log_in(page, contributor)
        name = describe_budget(
            page,
            ORGANIZATION["title"],
            title="Budget primitif de Fontargent",
            notes="Budget primitif voté par le conseil municipal, section par section.",
            collectivite="Commune de Fontargent",
            **identity,
        )
        keep(page, portal, "1-formulaire-fichier")
        offer(page, file)
        page.wait_for_url(re.compile(f"/budget/{name}$"))

        def table_is_there():
            page.reload()
            return page.get_by_text("table lisible (CSV)").count()

        until(table_is_there, "the readable table")
        keep(page, portal, "2-jeu-de-donnees")
        assert page.locator(".scdl-badge", has_text="Conforme").count() == 2

        page.locator(".scdl-badge").first.click()
        page.wait_for_selector("text=Rapport de contrôle")
        if lines:
            assert str(lines) in page.inner_text(".scdl-report-summary")
        keep(page, portal, "3-rapport")

        dataset = portal.call("package_show", {"id": name})
        told = report_of(portal, run_harvest(portal, source))
        assert state_of(dataset, told) == "created", told
        remote = published(portal)[dataset["id"]]
        check_remote(remote, dataset)

        page.goto("/scdl/publication/")
        page.wait_for_selector("text=Créé")
        keep(page, portal, "4-publication")
        page.goto(f"/budget/{name}")
        link = page.get_by_role("link", name="Le voir sur data.gouv.fr").get_attribute("href")
        assert link == remote["page"]

    job = run_harvest(portal, source)
    assert state_of(dataset, report_of(portal, job)) == "unchanged"
    assert published(portal)[dataset["id"]]["last_modified"] == remote["last_modified"]


def check_remote(remote, dataset):
    """What the test data.gouv.fr holds of the portal's dataset."""
    assert remote["title"] == dataset["title"]
    assert remote["license"] == "lov2"
    assert remote["frequency"] == "annual"
    year = dataset["exercice"]
    assert remote["temporal_coverage"]["start"][:10] == f"{year}-01-01"
    resource, xml = remote["resources"]
    assert resource["schema"] == {"name": "scdl/budget", "version": "0.8.3", "url": None}
    assert (resource["filetype"], resource["format"]) == ("remote", "csv")
    assert (xml["format"], xml["type"], xml["schema"]) == ("xml", "other", None)
    with urlopen(xml["url"]) as masked:
        assert MASK in masked.read() or not REAL.is_file()
    with urlopen(resource["url"]) as table:
        assert table.readline().startswith(b"BGT_NATDEC,BGT_ANNEE,BGT_SIRET")


def test_after_a_refusal_the_button_publishes_nothing(portal, contributor, tmp_path):
    bad = tmp_path / "budget.xml"
    bad.write_bytes(generate.bad_budgets()["siret-court"].content)
    with browsing(portal) as page:
        log_in(page, contributor)
        name = describe_budget(
            page,
            ORGANIZATION["title"],
            title="Un budget au SIRET faux",
            collectivite="Commune de Fontargent",
            siret=generate.siret(),
            exercice="2024",
        )
        offer(page, bad)
        refusal = page.inner_text(".error-explanation").replace("\xa0", " ")
        assert "Fichier" in refusal
        assert "« budget.xml » est refusé" in refusal
        keep(page, portal, "5-refus")

        offer(page, None)
        assert "Choisissez un fichier" in page.inner_text(".error-explanation")
        keep(page, portal, "6-refus-sans-fichier")

        # as without JavaScript: nothing at all is filled in
        page.goto(f"/budget/{name}/resource/new", wait_until="networkidle")
        offer(page, None)
        assert page.locator(".error-explanation").count() == 1

    dataset = portal.call("package_show", {"id": name})
    assert (dataset["state"], dataset["resources"]) == ("draft", [])


def test_a_source_keeps_its_settings_after_its_jobs(portal, source):
    """What ckanext-harvest 1.6.3 loses on CKAN 2.12, and `harvest_mends` keeps."""
    run_harvest(portal, source)
    shown = portal.call("harvest_source_show", {"id": source["id"]})
    kept = ("source_type", "config", "frequency")
    assert {name: shown[name] for name in kept} == {name: source[name] for name in kept}
    assert shown["status"]["job_count"] >= 1


def test_a_source_is_created_from_the_shell(portal, contributor):
    """`ckan harvester source create` reads the status of what it made."""
    organization = portal.call("organization_show", {"id": ORGANIZATION["name"]})
    words = ["source", "create", "autre-source", "https://catalogue.example/", "datagouv"]
    told = portal.run_ckan("harvester", *words, "Autre source", "true", organization["id"])
    assert "autre-source" in told
