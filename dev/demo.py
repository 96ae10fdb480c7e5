"""`make run`: the demonstration portal, its content, one harvest, and what to try.

The content itself is made by `dev.demonstration`, run in CKAN's virtualenv.
"""

import time
from pathlib import Path

from dev import install, services, shell, venvs
from dev.demonstration import summary
from dev.paths import LOG, shown
from dev.portal import Portal, demonstration
from dev.say import line, step

HARVEST_PATIENCE = 120.0
"""Seconds granted to the first harvest before it is left to finish by itself."""


def run() -> None:
    """From whatever state to a portal that answers.  Raises Failure."""
    begin = time.monotonic()
    line("ckanext-scdl : préparation du portail de démonstration")
    install.install([venvs.ckan(venvs.CKAN), venvs.UDATA])
    portal = Portal(demonstration())
    is_first = portal.is_new
    install.side_by_side([services.start, portal.start_udata])
    portal.start_ckan()
    load(portal)
    harvest(portal)
    if is_first:
        wait_for_harvest(portal)
    else:
        line("  Le data.gouv.fr de test, qu'un arrêt vide, se remplit de nouveau : une minute.")
    line(f"\nPrêt en {time.monotonic() - begin:.0f} s.")
    tell(portal)


def load(portal: Portal) -> None:
    """Fills the portal with the metropolis and its towns; what is there already stays."""
    log = LOG / "demonstration.log"
    python = venvs.ckan(venvs.CKAN).python
    words: list[str | Path] = ["-m", "dev.demonstration", "--ini", portal.ini, "--url", portal.url]
    with step("Données de démonstration", log):
        shell.logged([python, *words], log, "La démonstration n'a pas pu être chargée")


def harvest(portal: Portal) -> None:
    """Asks for a run of every harvest source: the test server has forgotten what it had.

    One that a stop has cut short would keep a new one from being made.
    """
    for job in portal.call("harvest_job_list", {"status": "Running"}):
        portal.call("harvest_job_abort", {"source_id": job["source_id"]})
    portal.call("harvest_job_create_all", {})


def wait_for_harvest(portal: Portal) -> None:
    """Waits for its end; what is not over after two minutes goes on by itself."""
    with step("Publication sur le data.gouv.fr de test"):
        end = time.monotonic() + HARVEST_PATIENCE
        while unfinished(portal) and time.monotonic() < end:
            time.sleep(1)
            portal.call("harvest_jobs_run", {})  # as `ckan harvester run`: ends what is over


def unfinished(portal: Portal) -> int:
    """How many harvest jobs still run."""
    return len(portal.call("harvest_job_list", {"status": "Running"}))


def tell(portal: Portal) -> None:
    """Prints the addresses, the accounts and what to try."""
    admin = portal.admin
    line(f"  Portail                 {portal.url}")
    line(f"  data.gouv.fr de test    {portal.udata_url}/")
    line(f"  Administration          {admin['name']} / {admin['password']}")
    line(f"  Configuration           {shown(portal.ini)}")
    for row in summary.lines(portal.folder, portal.url):
        line(row)
    line("\n  make status, make logs, make stop, make clean")
