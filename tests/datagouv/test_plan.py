"""What becomes of each dataset, decided without any server."""

import copy
import json
from dataclasses import replace

import pytest

from ckanext.scdl.datagouv import Finding, Link, PlannedItem, Profile, Wanted, mapping
from ckanext.scdl.datagouv.compare import Change, difference
from ckanext.scdl.datagouv.plan import Context, plan
from tests.datagouv.examples import (
    BUDGET,
    DATA,
    DATASET,
    GUIDE,
    KEY,
    NOW,
    ORGANIZATION,
    PORTAL,
    PROFILE,
    VOCABULARY,
    codes,
    through_json,
    wanted,
    with_data,
)

REMOTE_ID = "aaaaaaaaaaaaaaaaaaaaaaaa"
LINK = Link(DATASET, REMOTE_ID, ORGANIZATION, "https://x.example/d", {DATA: "r0", GUIDE: "r1"})


def remote_of(dataset=BUDGET, **changes) -> dict:
    """The dataset as data.gouv.fr would list it."""
    body = copy.deepcopy(mapping.to_datagouv(dataset))
    for position, resource in enumerate(body["resources"]):
        resource["id"] = f"r{position}"
    return {
        "id": REMOTE_ID,
        "created_at": "2024-05-01T00:00:00+00:00",
        "deleted": None,
        "archived": None,
        "harvest": None,
        "page": "https://www.data.gouv.fr/datasets/bp",
        "organization": {"id": ORGANIZATION},
        **body,
        **changes,
    }


def planned(*remote, dataset=BUDGET, links=(LINK,), profile=PROFILE, **context) -> PlannedItem:
    (item,) = plan(wanted(dataset), against(*remote, links=links, profile=profile, **context))
    return item


def against(*remote, links=(), profile=PROFILE, **more) -> Context:
    links = {link.dataset_id: link for link in links}
    return Context(profile, VOCABULARY, links, remote, **{"now": NOW, **more})


def whats(item) -> list[str]:
    return [change.what for change in item.changes]


def test_long_values_are_shown_from_where_they_differ():
    start = "Le budget de la commune. " * 30
    item = planned(remote_of(), dataset=replace(BUDGET, description=f"{start}Voté le 2 avril."))
    twin = remote_of(description=item.payload["description"].replace("2 avril", "9 avril"))
    later = planned(twin, dataset=replace(BUDGET, description=f"{start}Voté le 2 avril."))
    (change,) = later.changes
    assert "9 avril" in change.before
    assert "2 avril" in change.after
    assert change.before.startswith("…")
    assert max(len(change.before), len(change.after)) <= 200


def test_create():
    item = planned(links=())
    assert (item.action, item.organization, item.remote_id) == ("create", ORGANIZATION, None)
    assert item.payload == mapping.to_datagouv(BUDGET)


def test_unchanged():
    item = planned(remote_of())
    assert (item.action, item.changes, item.notes) == ("unchanged", (), ())


def test_an_item_survives_json():
    item = planned(remote_of(), dataset=replace(BUDGET, title="Autre", tags=("x",)))
    assert through_json(item) == item
    left = planned(links=(), dataset=replace(BUDGET, private=True))
    assert through_json(left) == left


def test_a_plan_holds_no_key():
    assert KEY not in json.dumps(planned(links=()).to_dict())


def test_as_many_items_as_wanted_in_order():
    three = [replace(BUDGET, id=str(n)) for n in range(3)]
    items = plan(wanted(*three), against())
    assert [item.dataset_id for item in items] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "Autre"}, "title"),
        ({"description": "Autre"}, "description"),
        ({"license": "notspecified"}, "license"),
        ({"frequency": "unknown"}, "frequency"),
        ({"tags": []}, "tags"),
        ({"temporal_coverage": None}, "temporal_coverage"),
        ({"spatial": None}, "spatial"),
        ({"extras": {}}, "extras"),
    ],
)
def test_what_differs_is_named(changes, field):
    item = planned(remote_of(**changes))
    assert (item.action, whats(item)) == ("update", [field])


def test_a_change_is_one_line():
    """Of a table, or of a terminal: a description has several."""
    (change,) = planned(remote_of(description="Une\nautre\n\n---\nfin")).changes
    assert "\n" not in f"{change.before}{change.after}"
    assert change.before.startswith("Une autre")


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ["finances-publiques", "budget"]},
        {"temporal_coverage": {"start": "2024-01-01T00:00:00Z", "end": "2024-12-31T00:00:00Z"}},
        {"quality": {"score": 1}, "metrics": {"views": 3}},
        {"archived": "2024-06-01T00:00:00+00:00"},
    ],
)
def test_what_does_not_count(changes):
    assert planned(remote_of(**changes)).action == "unchanged"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"url": "https://exemple.fr/b.csv"}, "file"),
        ({"sha256": "cd" * 32}, "file"),
        ({"sha256": None}, "file"),
        ({"size": 1}, "file"),
        ({"schema": None}, "file"),
        ({"title": "Autre"}, "label"),
        ({"description": ""}, "label"),
        ({"schema": ("scdl/budget", "0.8.3"), "title": "x"}, "label"),
        ({"modified": "2030-01-01"}, None),  # the hash says that it is the same file
    ],
)
def test_a_file_and_a_label_are_told_apart(changes, kind):
    item = planned(remote_of(), dataset=with_data(**changes))
    assert whats(item) == ([f"resources.{DATA}.{kind}"] if kind else [])


def test_a_changed_file_needs_one_request_on_the_resource_only():
    wish = mapping.to_datagouv(with_data(sha256="cd" * 32))
    changes = difference(wish, remote_of())
    assert changes.dataset is None
    assert list(changes.files) == ["r0"]


def test_a_change_of_title_leaves_the_resources_alone():
    wish = mapping.to_datagouv(replace(BUDGET, title="Autre"))
    body = difference(wish, remote_of()).dataset
    assert "resources" not in body
    assert body["tags"] == ["budget", "finances-publiques"]
    assert body["temporal_coverage"]["end"] == "2024-12-31"
    assert "organization" not in body
    assert "owner" not in body


def test_the_list_of_resources_keeps_those_of_others_and_drops_our_old_ones():
    remote = remote_of()
    foreign = {"id": "f", "title": "à eux", "extras": {}}
    old = {"id": "o", "title": "ancienne", "extras": {mapping.STAMP_RESOURCE: "disparue"}}
    remote["resources"] = [foreign, *remote["resources"], old]
    changes = difference(mapping.to_datagouv(BUDGET), remote)
    assert changes.fields == ("resources.disparue.removed",)
    assert changes.dataset["resources"] == [{"id": "r0"}, {"id": "r1"}, {"id": "f"}]


def test_a_foreign_resource_in_between_is_no_difference():
    remote = remote_of()
    remote["resources"].insert(1, {"id": "f", "title": "à eux", "extras": {}})
    assert not difference(mapping.to_datagouv(BUDGET), remote)


def test_extras_of_others_are_kept():
    remote = remote_of(extras={"leur:note": "1"})
    body = difference(mapping.to_datagouv(BUDGET), remote).dataset
    assert body["extras"]["leur:note"] == "1"
    assert body["extras"][mapping.STAMP_DATASET] == DATASET


# Identity


def test_adopted_by_stamp():
    item = planned(remote_of(), links=())
    assert (item.action, item.remote_id, item.reason.code) == ("adopt", REMOTE_ID, "adopted")


def test_a_stamp_of_another_portal_is_not_ours():
    extras = {mapping.STAMP_PORTAL: "autre", mapping.STAMP_DATASET: DATASET}
    assert planned(remote_of(extras=extras), links=()).action == "create"


@pytest.mark.parametrize("value", [None, 1, ["x"], {"a": "b"}])
def test_any_value_under_our_keys_is_survived(value):
    extras = {mapping.STAMP_PORTAL: value, mapping.STAMP_DATASET: value}
    remote = remote_of(extras=extras)
    remote["resources"][0]["extras"] = {mapping.STAMP_RESOURCE: value}
    assert planned(remote, links=()).action == "create"
    assert planned(remote).action == "update"


def test_the_oldest_of_two_is_adopted_and_the_other_told():
    older = remote_of(
        id="b" * 24, created_at="2024-01-01T00:00:00+00:00", page="https://x.example/b"
    )
    item = planned(remote_of(), older, links=())
    assert (item.action, item.remote_id) == ("adopt", "b" * 24)
    assert (item.reason.code, codes(item.notes)) == ("adopted", ["duplicate"])
    assert (item.duplicates, item.requests) == ((REMOTE_ID,), ("archive",))


def test_a_living_one_is_preferred_to_an_older_deleted_one():
    older = remote_of(id="b" * 24, created_at="2024-01-01", deleted="2024-02-01")
    item = planned(older, remote_of(), links=())
    assert (item.action, item.remote_id, item.notes) == ("adopt", REMOTE_ID, ())


def test_the_recorded_one_is_kept_even_if_younger():
    older = remote_of(id="b" * 24, created_at="2024-01-01T00:00:00+00:00")
    item = planned(older, remote_of())
    assert (item.remote_id, codes(item.notes)) == (REMOTE_ID, ["duplicate"])


def test_a_living_one_is_preferred_to_the_recorded_one_deleted_there():
    """Of two copies somebody deleted ours: restoring it would undo their tidying every night."""
    living = remote_of(id="b" * 24, created_at="2024-01-01T00:00:00+00:00")
    item = planned(living, remote_of(deleted="2024-06-01"))
    assert (item.action, item.remote_id, item.notes) == ("adopt", "b" * 24, ())


def test_a_recorded_dataset_that_is_gone_is_created_again():
    assert planned().action == "create"


def test_deleted_there_is_restored():
    item = planned(remote_of(deleted="2024-06-01"))
    assert (item.action, item.reason.code, whats(item)) == ("restore", "undeleted", ["deleted"])


def test_archived_there_is_told():
    assert codes(planned(remote_of(archived="2024-06-01")).notes) == ["archived_there"]


def test_archived_by_the_end_of_a_harvester_it_comes_back():
    harvest = {"remote_id": "x", "archived_reason": "harvester-deleted"}
    item = planned(
        remote_of(archived="2024-06-01", harvest=harvest),
        profile=replace(PROFILE, harvested="adopt"),
    )
    assert (item.action, item.reason.code, item.notes) == ("restore", "unarchived", ())
    assert whats(item) == ["archived"]


# Left out


@pytest.mark.parametrize(
    ("dataset", "code"),
    [
        (replace(BUDGET, private=True), "private"),
        (replace(BUDGET, licence_id="wtfpl"), "licence_unknown"),
        (replace(BUDGET, resources=()), "no_data"),
    ],
)
def test_left_out(dataset, code):
    item = planned(dataset=dataset, links=())
    assert (item.action, item.reason.code, item.payload) == ("left_out", code, {})


def test_the_portal_s_own_reason_comes_first():
    one = Wanted(replace(BUDGET, licence_id=""), Finding("not_conforming"))
    (item,) = plan([one], against())
    assert item.reason.code == "not_conforming"


def test_private_here_but_public_there():
    item = planned(remote_of(), dataset=replace(BUDGET, private=True))
    assert (item.action, item.reason.code, item.requests) == ("hide", "private", ("dataset",))
    assert item.title == ""


@pytest.mark.parametrize("changes", [{"deleted": "2024-06-01"}, {"private": True}])
def test_private_here_and_not_public_there(changes):
    item = planned(remote_of(**changes), dataset=replace(BUDGET, private=True))
    assert item.reason.code == "private"


def test_an_organisation_that_the_profile_does_not_name():
    profile = Profile("essai", "https://www.data.gouv.fr", KEY, None, {"autre": ORGANIZATION})
    item = planned(links=(), profile=profile)
    assert item.reason == Finding("organization_unmapped", {"organization": "exemple-sur-loire"})


def test_an_uncertain_creation_is_left_to_settle():
    assert planned(links=(), unsettled={DATASET}).reason.code == "unsettled"
    assert planned(remote_of(), links=(), unsettled={DATASET}).action == "adopt"


# Conflicts


def test_a_dataset_that_data_gouv_harvests():
    twin = {**remote_of(id="c" * 24, extras={}), "harvest": {"remote_id": DATASET}}
    item = planned(twin, links=())
    assert (item.action, item.reason.code) == ("conflict", "harvested")


def test_our_dataset_taken_over_by_a_harvester():
    item = planned(remote_of(harvest={"remote_id": "autre-nom"}))
    assert (item.action, item.reason.code) == ("conflict", "harvested")


def test_a_harvested_dataset_that_was_deleted_is_no_conflict():
    twin = remote_of(id="c" * 24, extras={}, deleted="2024-01-01", harvest={"remote_id": DATASET})
    assert planned(twin, links=()).action == "create"


def test_another_organisation():
    item = planned(remote_of(organization={"id": "f" * 24}))
    assert (item.action, item.reason.code) == ("conflict", "other_organization")


def test_given_to_a_person():
    assert planned(remote_of(organization=None)).reason.code == "other_organization"


def test_the_portal_s_identifier_is_part_of_the_stamp():
    assert planned(remote_of(), dataset=replace(BUDGET, portal_id=PORTAL[::-1])).changes == (
        Change("extras"),
    )


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("https://www.data.gouv.fr/datasets/bp", "https://www.data.gouv.fr/datasets/bp"),
        (None, None),
        ("", None),
        ("/datasets/bp", None),
        ("javascript:alert(1)", None),
        (["https://x.example"], None),
    ],
)
def test_only_a_web_address_is_a_page(page, url):
    assert planned(remote_of(page=page)).url == url


def test_a_conflict_without_page_names_the_identifier():
    item = planned(remote_of(page=None, organization={"id": "f" * 24}))
    assert (item.action, item.url) == ("conflict", None)
    assert item.reason == Finding("other_organization", {"page": REMOTE_ID})
