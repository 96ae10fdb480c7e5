"""Loads the demonstration: organisations, an account, datasets with their files, a harvest source.

What exists is left as it is, also if somebody changed or deleted it.  A dataset stays a draft until
it is complete, so that an interrupted load is taken up where it stopped.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from dev.demonstration.api import START_AGAIN, Api
from dev.demonstration.datasets import Dataset, datasets
from dev.demonstration.territory import COLLECTIVITES, METROPOLE, Collectivite
from dev.say import Failure, line

SOURCE = "publication-data-gouv-fr"
PROFILE = "demo"
TABLE_PATIENCE = 120.0
"""Seconds without any new readable table after which the job worker is taken for dead."""

Json = dict[str, Any]


def load(
    api: Api,
    contributor: Json,
    datagouv_url: str,
    pause: Callable[[], None] = lambda: time.sleep(0.5),
) -> int:
    """Makes what is missing and returns the number of datasets made.  Raises Failure.

    contributor: `name` and `password` of the account to make; pause: waits for the job worker.
    """
    _contributor(api, contributor)
    _organizations(api, contributor["name"])
    known = set(api.call("package_list"))
    made = [one for one in datasets() if one.name not in known and _prepare(api, one)]
    _wait_for_tables(api, made, pause)
    for dataset in made:
        api.call("package_patch", id=dataset.name, state="active")
    _source(api, datagouv_url)
    return len(made)


def _contributor(api: Api, account: Json) -> None:
    if not api.find("user_show", account["name"]):
        address = f"{account['name']}@{METROPOLE.slug}.example"
        fullname = "Service des finances (compte d’essai)"
        api.call("user_create", **account, email=address, fullname=fullname)


def _organizations(api: Api, contributor: str) -> None:
    """The contributor is an editor of each."""
    known = set(api.call("organization_list"))
    for one in COLLECTIVITES:
        if one.slug not in known:
            api.call("organization_create", **_organization(one, contributor))


def _organization(one: Collectivite, contributor: str) -> Json:
    return {
        "name": one.slug,
        "title": one.nom,
        "description": f"{one.presentation} Collectivité de démonstration.",
        "users": [{"name": contributor, "capacity": "editor"}],
    }


def _prepare(api: Api, dataset: Dataset) -> bool:
    """Makes the draft of a dataset with its resources; False if it is not ours to complete."""
    present = api.find("package_show", dataset.name)
    if present is None:
        present = api.call("package_create", **dataset.fields, state="draft")
    if present["state"] != "draft":
        return False
    line(f"    {dataset.fields['title']}")
    names = {resource["name"] for resource in present["resources"]}
    for resource in dataset.resources:
        if resource.fields["name"] in names:
            continue
        fields = {**resource.fields, "package_id": present["id"]}
        if resource.filename:
            api.upload("resource_create", fields, resource.filename, resource.content())
        else:
            api.call("resource_create", **fields)
    return True


def _wait_for_tables(api: Api, made: list[Dataset], pause: Callable[[], None]) -> None:
    """The job worker makes them; a patch of the dataset meanwhile could lose one."""
    left, end = made, time.monotonic() + TABLE_PATIENCE
    while missing := [dataset for dataset in left if _lacks_table(api, dataset)]:
        if len(missing) < len(left):
            end = time.monotonic() + TABLE_PATIENCE
            line(f"    tables lisibles en attente : {len(missing)}")
        if time.monotonic() > end:
            raise _worker_is_late(len(missing))
        left = missing
        pause()


def _worker_is_late(missing: int) -> Failure:
    return Failure(
        f"{missing} budgets attendent leur table lisible depuis {TABLE_PATIENCE:.0f} s.",
        f"lisez le journal « worker » (make logs), puis {START_AGAIN}",
    )


def _lacks_table(api: Api, dataset: Dataset) -> bool:
    roles = list(_roles(api.call("package_show", id=dataset.name)))
    return roles.count("source") > roles.count("donnees")


def _roles(dataset: Json) -> Iterator[str]:
    return (resource["role"] for resource in dataset["resources"])


def _source(api: Api, datagouv_url: str) -> None:
    """Made last: a source is due as soon as it exists, and the datasets must be complete."""
    if not api.find("harvest_source_show", SOURCE):
        api.call(
            "harvest_source_create",
            name=SOURCE,
            title="Publication sur data.gouv.fr",
            notes="Envoie chaque nuit les jeux conformes du portail ; serveur de démonstration.",
            url=datagouv_url,
            source_type="datagouv",
            frequency="DAILY",
            config=f'{{"profile": "{PROFILE}"}}',
            owner_org=METROPOLE.slug,
        )
