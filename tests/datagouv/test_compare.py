"""Whatever is wanted and whatever is there: what is sent makes the difference vanish.

udata is played by a small model of what its PUT does (recorded on the real one): absent fields are
kept, except tags and period, which are erased; a list of resources that is sent replaces the whole;
what is empty or null is kept where udata keeps it.
"""

import copy
import itertools
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.scdl.datagouv import Contact, PortalDataset, PortalResource, mapping
from ckanext.scdl.datagouv.compare import Known, difference, origin, stamp
from tests.datagouv.examples import BUDGET, ORGANIZATION

Json = dict[str, Any]
IDS = [f"{n}0000000-0000-4000-8000-000000000000" for n in range(1, 5)]
FOREIGN = ["f1", "f2"]

# The model


def put_dataset(remote: Json, body: Json) -> Json:
    """What udata makes of PUT /datasets/<id>/."""
    after = copy.deepcopy(remote)
    for name in ("tags", "temporal_coverage"):
        after[name] = body.get(name) or ([] if name == "tags" else None)
    for name in ("title", "description", "license", "frequency", "private"):
        if name in body:
            after[name] = body[name]
    for name in ("archived", "deleted"):
        if name in body:
            after[name] = body[name]
    if body.get("spatial"):
        after["spatial"] = body["spatial"]
    if body.get("contact_points"):
        after["contact_points"] = body["contact_points"]
    if "extras" in body:
        after["extras"] = dict(body["extras"])
    if body.get("resources"):
        known = {one["id"]: one for one in after["resources"]}
        after["resources"] = [_merged(entry, known) for entry in body["resources"]]
    return after


_new = itertools.count()


def _merged(entry: Json, known: dict[str, Json]) -> Json:
    if entry.get("id") not in known:
        return {**entry, "id": f"new{next(_new)}"}
    return put_resource(known[entry["id"]], entry)


def put_resource(resource: Json, body: Json) -> Json:
    """PUT …/resources/<id>/, or its entry in a list; the file of a hosted one cannot change."""
    frozen = {"id", "filetype"}
    if resource["filetype"] == "file":
        frozen |= {"url", "format", "mime", "filesize", "checksum"}
    changes = {key: value for key, value in body.items() if key not in frozen}
    if "schema" in changes and changes["schema"] is None and "_own" not in body:
        del changes["schema"]  # the dataset's request cannot withdraw it
    changes.pop("_own", None)
    return {**resource, **changes}


def upload(resource: Json | None, ours: Json) -> Json:
    """POST …/upload/: the title becomes the name; a link that gets a file is still `remote`."""
    held = {
        "title": ours["name"],
        "url": f"https://static.example.com/resources/x/{ours['name']}",
        "format": "csv",
        "mime": "text/csv",
        "filesize": 1,
        "checksum": {"type": "sha1", "value": "0" * 40},
    }
    if resource is not None:
        return {**resource, **held}
    empty = {"description": None, "type": "main", "schema": None, "extras": {}}
    return {**empty, **held, "id": f"new{next(_new)}", "filetype": "file"}


def applied(wish: Json, remote: Json, known: Known) -> Json:
    """As `push` does it: uploads, the dataset, its resources, then deletions."""
    after = copy.deepcopy(remote)
    changes = difference(wish, after, known)
    sent = []
    for ours, twin_id in changes.uploads:
        twin = next((one for one in after["resources"] if one["id"] == twin_id), None)
        held = upload(twin, ours)
        others = [one for one in after["resources"] if one["id"] != twin_id]
        after["resources"] = [held, *others]  # udata puts a new one first
        sent.append(stamp(ours))
        known = replace(known, resources={**known.resources, stamp(ours): held["id"]})
    if changes.uploads:
        changes = difference(wish, after, replace(known, uploaded=sent))
    if changes.dataset is not None:
        body = {key: value for key, value in changes.dataset.items() if key != "contact"}
        if "contact" in changes.dataset:
            body["contact_points"] = [{"id": "c", **changes.dataset["contact"]}]
        after = put_dataset(after, body)
    for one in after["resources"]:
        if one["id"] in changes.files:
            one.update(put_resource(one, {**changes.files[one["id"]], "_own": True}))
    after["resources"] = [one for one in after["resources"] if one["id"] not in changes.surplus]
    return after


# What is wanted, what is there


words = st.sampled_from(["Budget", "Annexe", "Compte", "État"])
schemas = st.sampled_from([None, ("scdl/budget", "0.8.3"), ("scdl/budget", "0.8.2")])


@st.composite
def portal_datasets(draw: Any) -> PortalDataset:
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True))
    return replace(
        BUDGET,
        title=draw(words),
        description=draw(words),
        frequency=draw(st.sampled_from(["", "annual", "monthly"])),
        tags=draw(st.sampled_from([(), ("budget",), ("budget", "finances")])),
        temporal=draw(st.sampled_from([None, ("2024-01-01", "2024-12-31")])),
        zones=draw(st.sampled_from([(), ("fr:commune:44109",)])),
        contact=draw(st.sampled_from([None, Contact("Mairie", "mairie@exemple.fr")])),
        resources=tuple(draw(portal_resources(one)) for one in ids),
    )


@st.composite
def portal_resources(draw: Any, identifier: str) -> PortalResource:
    return PortalResource(
        id=identifier,
        title=draw(words),
        url=f"https://exemple.fr/{draw(words)}.csv",
        description=draw(st.sampled_from(["", "Un texte"])),
        format="CSV",
        sha256=draw(st.sampled_from([None, "ab" * 32, "cd" * 32])),
        modified=draw(st.sampled_from([None, "2024-01-01", "2025-01-01"])),
        schema=draw(schemas),
        stored=draw(st.booleans()),
    )


EMPTY = {
    "id": "d" * 24,
    "organization": {"id": ORGANIZATION},
    "title": "?",
    "description": "?",
    "license": "notspecified",
    "frequency": "unknown",
    "private": False,
    "archived": None,
    "deleted": None,
    "tags": [],
    "temporal_coverage": None,
    "spatial": None,
    "contact_points": [],
    "extras": {},
    "resources": [],
}


@st.composite
def remotes(draw: Any) -> Json:
    """What some former wish left, then edited by other people."""
    former = mapping.to_datagouv(draw(portal_datasets()))
    remote = applied(former, EMPTY, Known())
    remote["extras"] |= draw(st.sampled_from([{}, {"leur:note": "1"}]))
    remote |= draw(
        st.sampled_from(
            [
                {},
                {"deleted": "2026-01-01"},
                {"archived": "2026-01-01"},
                {"private": True},
                {"tags": ["leur"]},
                {"title": "Le leur", "license": "notspecified"},
                {"extras": {"leur:note": "1"}},
                {"archived": "2026-01-01", "extras": {mapping.MARK_ARCHIVED: "deleted"}},
                {"extras": {**remote["extras"], mapping.MARK_FLAGGED: "not_conforming"}},
            ]
        )
    )
    for name in draw(st.lists(st.sampled_from(FOREIGN), unique=True)):
        one = {**upload(None, {"name": f"{name}.csv"}), "id": name}
        if draw(st.booleans()):
            one |= {"filetype": "remote", "url": f"https://example.com/{name}"}
        remote["resources"].insert(draw(st.integers(0, len(remote["resources"]))), one)
    for one in remote["resources"]:
        if draw(st.integers(0, 7)) == 0:
            one["extras"] = {}  # somebody erased our stamp
    return remote


@settings(max_examples=400, deadline=None)
@given(portal_datasets(), remotes())
def test_what_is_sent_makes_the_difference_vanish(dataset, remote):
    wish = mapping.to_datagouv(dataset)
    untouched = copy.deepcopy(remote)
    after = applied(wish, remote, Known())
    assert remote == untouched
    assert difference(wish, after, Known()).changes == ()

    ours = [one for one in after["resources"] if origin(one) is not None]
    assert [stamp(one) for one in ours][: len(wish["resources"])] == [
        one.id for one in dataset.resources
    ]
    assert len({one["id"] for one in after["resources"]}) == len(after["resources"])
    foreign = [one for one in untouched["resources"] if origin(one) is None]
    kept = [one for one in after["resources"] if origin(one) is None]
    assert kept == foreign
    for key, value in untouched["extras"].items():
        if key not in mapping.MARKS and not key.startswith("ckanext-scdl:"):
            assert after["extras"][key] == value
    for name in ("tags", "temporal_coverage", "spatial", "frequency"):
        if name not in wish:
            assert after[name] == untouched[name]  # what the portal leaves empty is theirs
    assert after["archived"] == (
        None if mapping.MARK_ARCHIVED in untouched["extras"] else untouched["archived"]
    )


@settings(max_examples=200, deadline=None)
@given(portal_datasets(), portal_datasets())
def test_a_second_look_finds_nothing(first, second):
    """From one wish to another, and the permalinks of links that stay links live."""
    before = applied(mapping.to_datagouv(first), EMPTY, Known())
    wish = mapping.to_datagouv(second)
    after = applied(wish, before, Known())
    assert not difference(wish, after, Known())
    ids = {stamp(one): one["id"] for one in before["resources"]}
    was_hosted = {one.id for one in first.resources if one.stored}
    for one in after["resources"]:
        resource = next(r for r in second.resources if r.id == stamp(one))
        if stamp(one) in ids and (resource.stored or resource.id not in was_hosted):
            assert one["id"] == ids[stamp(one)]
