"""Datasets that are no longer to be read over there as before, on the real udata."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ckanext.scdl.datagouv import (
    Contact,
    Finding,
    Limits,
    Wanted,
    carry_out,
    gather,
    mapping,
    prepare,
    settling,
)
from tests.datagouv.crashes import FIRST, HOSTED
from tests.datagouv.examples import BUDGET, DATASET, NOW, codes, through_json
from tests.datagouv.runs import holding, run, run_all, states

pytestmark = pytest.mark.udata

DELETED = Wanted(BUDGET, Finding("deleted"), "archive")
NOT_CONFORMING = Wanted(BUDGET, Finding("not_conforming", {"resource": "Budget"}))
OTHER = replace(BUDGET, id=f"{DATASET[:-1]}2", title="Un autre budget")
UPLOAD = {"mode": "upload", "files": holding(FIRST)}


def only(udata) -> dict:
    (dataset,) = udata.datasets()
    return dataset


def everybody_sees(udata, remote_id: str, key: str = "outsider") -> int:
    return udata.call("GET", f"/datasets/{remote_id}/", key=key).status_code


# Hidden


def test_what_becomes_private_is_private_there_at_once_and_its_files_are_gone(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    urls = [resource["url"] for resource in only(udata)["resources"]]
    assert [udata.hosted(url) for url in urls] == list(FIRST.values())
    (outcome,) = run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)
    after = only(udata)
    assert (outcome.state, outcome.finding.code) == ("hidden", "private")
    assert (after["private"], after["resources"]) == (True, [])
    assert everybody_sees(udata, after["id"]) == 404
    for url in urls:
        with pytest.raises(Exception, match="404"):
            udata.hosted(url)
    before = udata.writes()
    (again,) = run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)
    assert (again.state, udata.writes()) == ("left_out", before)


def test_public_again_it_is_as_before(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)
    (outcome,) = run(udata, ledger, HOSTED, **UPLOAD)
    after = only(udata)
    assert (outcome.state, outcome.finding.code) == ("restored", "public_again")
    assert (after["private"], mapping.MARK_HIDDEN in after["extras"]) == (False, False)
    assert [udata.hosted(r["url"]) for r in after["resources"]] == list(FIRST.values())
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["unchanged"]


def test_a_private_link_dataset_keeps_its_links(udata, ledger):
    run(udata, ledger)
    run(udata, ledger, replace(BUDGET, private=True))
    assert (only(udata)["private"], len(only(udata)["resources"])) == (True, 2)
    assert states(run(udata, ledger)) == ["restored"]
    assert everybody_sees(udata, only(udata)["id"]) == 200


def copied(udata, remote: dict, **changes) -> str:
    """A second one with the same stamp, as a lost answer or a restored backup may leave."""
    body = {**remote, "organization": udata.seed["organization"], **changes}
    return udata.call("POST", "/datasets/", json=body).json()["id"]


def test_every_copy_is_hidden_with_its_files(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    first = only(udata)
    links = [{**one, "filetype": "remote"} for one in first["resources"]]
    second = copied(udata, first, resources=links)
    third = copied(udata, first, resources=[], archived="2026-01-01T00:00:00+00:00")
    assert [everybody_sees(udata, name) for name in (second, third)] == [200, 200]
    (outcome,) = run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)
    assert (outcome.state, outcome.remote_id) == ("hidden", first["id"])
    for name in (first["id"], second, third):
        assert everybody_sees(udata, name) == 404
    assert states(run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)) == ["left_out"]
    by_id = {one["id"]: one for one in udata.datasets()}
    assert by_id[first["id"]]["resources"] == []


def test_a_copy_that_resists_keeps_no_other_readable(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    first = only(udata)
    second = copied(udata, first, resources=[])
    path = f"/api/1/datasets/{first['id']}/"
    udata.fault(method="PUT", path=path, status=400, body='{"errors": {"title": ["x"]}}', times=1)
    (outcome,) = run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)
    assert outcome.state == "failed"
    assert everybody_sees(udata, second) == 404
    by_id = {one["id"]: one for one in udata.datasets()}
    assert by_id[first["id"]]["resources"] == []
    assert states(run(udata, ledger, replace(HOSTED, private=True), **UPLOAD)) == ["hidden"]


def test_a_copy_that_appears_later_is_hidden_too(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    run(udata, ledger, replace(BUDGET, private=True))
    second = copied(udata, first)
    assert states(run(udata, ledger, replace(BUDGET, private=True))) == ["hidden"]
    assert everybody_sees(udata, second) == 404


def test_a_copy_is_hidden_though_the_recorded_one_was_given_away(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    ours = udata.seed["organizations"]["metropole-de-labo"]
    second = copied(udata, first, organization=ours)
    (outcome,) = run(udata, ledger, replace(BUDGET, private=True), organization=ours)
    assert (outcome.state, outcome.finding.params) == ("conflict", {"page": first["id"]})
    assert [everybody_sees(udata, name) for name in (first["id"], second)] == [200, 404]
    (again,) = run(udata, ledger, replace(BUDGET, private=True), organization=ours)
    assert (again.state, again.finding.params) == ("conflict", {"page": first["id"]})


def test_what_must_not_be_read_is_hidden_when_the_run_stops_for_the_rest(udata, ledger):
    """Neither too many failures nor the end of the time is a reason to leave it there."""
    run(udata, ledger, BUDGET, OTHER)
    ledger.left = 0.0
    wishes = [Wanted(OTHER), Wanted(BUDGET, Finding("personal_data"), "hide")]
    with udata.client() as client:
        items = gather([*wishes, Wanted(replace(OTHER, id="autre"))], client, ledger).items
        ledger.stop(Finding("circuit_open", {"failures": "3"}))
        outcomes = [carry_out(through_json(item), client, ledger) for item in items]
    assert states(outcomes) == ["unchanged", "hidden", "left_out"]
    by_title = {one["title"]: one["private"] for one in udata.datasets()}
    assert by_title == {BUDGET.title: True, OTHER.title: False}


def hides(udata, ledger, number=5):
    """Hides to carry out, of datasets that were published."""
    datasets = [
        replace(BUDGET, id=f"{DATASET[:-1]}{n}", title=f"Budget {n}") for n in range(number)
    ]
    run(udata, ledger, *datasets)
    ledger.next_run()
    with udata.client() as client:
        wishes = [Wanted(dataset, Finding("private"), "hide") for dataset in datasets]
        return gather(wishes, client, ledger).items


def test_a_silent_data_gouv_fr_is_not_asked_for_each_that_must_be_hidden(udata, ledger):
    """Two hundred of them would wait for hours; the next run hides first."""
    items = hides(udata, ledger)
    udata.fault(method="GET", status=502, times=20)
    before = udata.received()["GET"]
    with udata.client(limits=Limits(read=20, retries=0)) as client:
        outcomes = [carry_out(through_json(item), client, ledger) for item in items]
    assert states(outcomes) == ["failed"] * 3 + ["left_out"] * 2
    assert codes([outcome.finding for outcome in outcomes[3:]]) == ["circuit_open"] * 2
    assert udata.received()["GET"] == before + 3


def test_hides_that_always_fail_keep_nothing_from_being_published(udata, ledger):
    items = hides(udata, ledger, 3)
    udata.fault(method="GET", status=502, times=3)
    with udata.client(limits=Limits(read=20, retries=0)) as client:
        outcomes = [carry_out(through_json(item), client, ledger) for item in items]
    with udata.client() as client:
        (other,) = gather([Wanted(replace(OTHER, id="autre"))], client, ledger, whole=False).items
        outcomes.append(carry_out(through_json(other), client, ledger))
    assert states(outcomes) == ["failed"] * 3 + ["created"]


def test_what_hides_has_twice_the_time(udata, ledger):
    items = hides(udata, ledger, 2)
    outcomes = []
    with udata.client() as client:
        budget = client.profile.budget_minutes * 60
        for item, left in zip(items, (1.0 - budget, -budget), strict=True):
            ledger.left = left
            outcomes.append(carry_out(through_json(item), client, ledger))
    assert states(outcomes) == ["hidden", "left_out"]
    minutes = str(budget // 60 * 2)
    assert outcomes[1].finding == Finding("out_of_time", {"minutes": minutes})


def test_a_key_refused_stops_the_hiding_too(udata, ledger):
    run(udata, ledger)
    with udata.client() as client:
        (item,) = gather([Wanted(BUDGET, Finding("private"), "hide")], client, ledger).items
        ledger.stop(Finding("key_refused"))
        assert carry_out(item, client, ledger).state == "left_out"


# Hidden over there


def test_what_somebody_made_private_there_is_left_and_told(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    udata.call("PUT", f"/datasets/{first['id']}/", json={**first, "private": True})
    before = udata.writes()
    (outcome,) = run(udata, ledger, replace(BUDGET, title="Nouveau titre"))
    assert (outcome.state, outcome.finding.code) == ("conflict", "hidden_there")
    assert (udata.writes(), only(udata)["private"]) == (before, True)
    udata.call("PUT", f"/datasets/{first['id']}/", json={**first, "private": False})
    assert states(run(udata, ledger, replace(BUDGET, title="Nouveau titre"))) == ["updated"]


def test_it_may_be_made_private_while_the_run_is_under_way(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    with udata.client() as client:
        (item,) = gather([Wanted(replace(BUDGET, title="Nouveau"))], client, ledger).items
        udata.call("PUT", f"/datasets/{first['id']}/", json={**first, "private": True})
        outcome = carry_out(item, client, ledger)
    assert (outcome.state, outcome.finding.code) == ("conflict", "hidden_there")
    assert only(udata)["private"]


@pytest.mark.parametrize("remembered", [True, False])
def test_a_creation_cut_short_is_ended_by_the_next_run(udata, ledger, remembered):
    """It is private because its files are not there: nobody made it so by hand."""
    udata.fault(method="POST", path="/upload/", status=500, times=1)
    (first,) = run(udata, ledger, HOSTED, **UPLOAD)
    assert first.state in ("failed", "uncertain")
    assert only(udata)["extras"][mapping.MARK_PENDING] == "upload"
    if not remembered:
        ledger.saved.clear()
    (second,) = run(udata, ledger, HOSTED, **UPLOAD)
    after = only(udata)
    assert second.state in ("updated", "adopted")
    assert (after["private"], mapping.MARK_PENDING in after["extras"]) == (False, False)
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["unchanged"]


# Archived


def test_a_deleted_dataset_is_archived_after_its_grace_and_comes_back(udata, ledger):
    run(udata, ledger)
    before = udata.writes()
    (first,) = run_all(udata, ledger, [DELETED], now=NOW)
    assert (first.state, codes(first.notes)) == ("left_out", ["grace"])
    assert ledger.link(DATASET).absent == NOW.isoformat()
    (second,) = run_all(udata, ledger, [DELETED], now=NOW + timedelta(days=6))
    assert (second.state, udata.writes()) == ("left_out", before)
    (third,) = run_all(udata, ledger, [DELETED], now=NOW + timedelta(days=7))
    after = only(udata)
    assert (third.state, third.finding.code) == ("archived", "deleted")
    assert after["archived"]
    assert after["tags"] == ["budget", "finances-publiques"]
    assert everybody_sees(udata, after["id"]) == 200  # whoever has the address
    assert states(run_all(udata, ledger, [DELETED], now=NOW + timedelta(days=8))) == ["left_out"]
    (back,) = run(udata, ledger)
    assert (back.state, back.finding.code) == ("restored", "unarchived")
    assert (only(udata)["archived"], ledger.link(DATASET).absent) == (None, None)
    assert mapping.MARK_ARCHIVED not in only(udata)["extras"]


def test_the_grace_begins_again_when_it_came_back_meanwhile(udata, ledger):
    run(udata, ledger)
    run_all(udata, ledger, [DELETED], now=NOW)
    assert states(run(udata, ledger)) == ["unchanged"]
    assert ledger.link(DATASET).absent is None
    later = NOW + timedelta(days=30)
    assert states(run_all(udata, ledger, [DELETED], now=later)) == ["left_out"]


def test_an_orphan_waits_for_its_grace_too(udata, ledger):
    """Purged here, or an old backup put back: its link may be lost as well."""
    run(udata, ledger, BUDGET, OTHER)
    del ledger.saved[DATASET]
    wish = [Wanted(OTHER)]
    outcomes = run_all(udata, ledger, wish, now=NOW)
    assert states(outcomes) == ["unchanged", "left_out"]
    assert codes(outcomes[1].notes) == ["grace"]
    outcomes = run_all(udata, ledger, wish, now=NOW + timedelta(days=8), brake_percent=100)
    assert (states(outcomes), outcomes[1].finding.code) == (["unchanged", "archived"], "purged")
    assert states(run(udata, ledger, BUDGET, OTHER)) == ["restored", "unchanged"]
    assert len(udata.datasets()) == 2


def test_an_old_backup_put_back_duplicates_nothing(udata, ledger):
    run(udata, ledger)
    old = dict(ledger.saved)
    run(udata, ledger, BUDGET, OTHER)
    ledger.saved = old
    assert states(run(udata, ledger, BUDGET, OTHER)) == ["unchanged", "adopted"]
    assert len(udata.datasets()) == 2


def test_lost_tables_are_made_again_from_the_stamps_without_a_write(udata, ledger):
    run(udata, ledger, BUDGET, OTHER)
    links = dict(ledger.saved)
    ledger.saved.clear()
    before = udata.writes()
    assert states(run(udata, ledger, BUDGET, OTHER)) == ["adopted", "adopted"]
    assert (udata.writes(), ledger.saved) == (before, links)
    assert states(run(udata, ledger, BUDGET, OTHER)) == ["unchanged", "unchanged"]


def test_the_second_of_two_is_archived_and_told(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    second = copied(udata, first, title="Second exemplaire")
    (outcome,) = run(udata, ledger)
    by_id = {dataset["id"]: dataset for dataset in udata.datasets()}
    assert (outcome.remote_id, codes(outcome.notes)) == (first["id"], ["duplicate"])
    assert by_id[second]["archived"]
    assert not by_id[first["id"]]["archived"]
    assert by_id[first["id"]]["title"] == BUDGET.title
    (again,) = run(udata, ledger)
    assert (again.state, again.notes) == ("unchanged", ())


def test_the_brake_is_in_the_survey(udata, ledger):
    run(udata, ledger, BUDGET, OTHER)
    wishes = [DELETED, Wanted(OTHER, Finding("deleted"), "archive")]
    with udata.client(grace_days=0) as client:
        survey = gather(wishes, client, ledger)
        assert survey.problem == Finding("braked", {"count": "2", "limit": "1"})
        assert [dataset["id"] for dataset in survey.remote] == [d["id"] for d in udata.datasets()]
        assert gather(wishes, client, ledger, forced=True).problem is None
    assert states(run_all(udata, ledger, wishes, grace_days=0)) == ["left_out"] * 2
    assert states(run_all(udata, ledger, wishes, grace_days=0, forced=True)) == ["archived"] * 2


def test_what_was_archived_lately_is_asked_of_the_ledger(udata, ledger):
    run(udata, ledger, BUDGET, OTHER)
    ledger.archived = {"autre"}
    (outcome, _) = run_all(udata, ledger, [DELETED, Wanted(OTHER)], grace_days=0)
    assert outcome.finding.code == "braked"


# No longer conforming


@pytest.mark.parametrize("mode", ["link", "upload"])
def test_flagged_then_not(udata, ledger, mode):
    dataset = BUDGET if mode == "link" else HOSTED
    options = {"mode": mode, "files": holding(FIRST)}
    run(udata, ledger, dataset, **options)
    before = only(udata)
    wish = Wanted(dataset, NOT_CONFORMING.obstacle)
    (outcome,) = run_all(udata, ledger, [wish], **options)
    flagged = only(udata)
    assert (outcome.state, outcome.finding.code) == ("flagged", "not_conforming")
    assert flagged["description"].startswith(before["description"])
    assert "⚠" in flagged["description"]
    for name in ("title", "tags", "temporal_coverage", "spatial", "license", "resources"):
        assert flagged[name] == before[name], name
    written = udata.writes()
    (again,) = run_all(udata, ledger, [wish], **options)
    assert (again.state, udata.writes()) == ("left_out", written)
    (mended,) = run(udata, ledger, dataset, **options)
    after = only(udata)
    assert (mended.state, mended.notes) == ("updated", ())
    assert after["description"] == before["description"]
    assert after["extras"] == before["extras"]


def test_archived_rather_than_flagged(udata, ledger):
    run(udata, ledger)
    (outcome,) = run_all(udata, ledger, [NOT_CONFORMING], not_conforming="archive")
    assert (outcome.state, bool(only(udata)["archived"])) == ("archived", True)
    assert states(run(udata, ledger)) == ["restored"]


# Fields of other people


def test_what_the_portal_does_not_own_is_sent_once(udata, ledger):
    owned = udata.profile().owned_fields - {"description", "tags"}
    run(udata, ledger, owned_fields=owned)
    assert only(udata)["tags"] == ["budget", "finances-publiques"]
    changes = {"description": "La leur", "tags": ["leur"], "title": "Le leur"}
    period = only(udata)["temporal_coverage"]
    path = f"/datasets/{only(udata)['id']}/"
    udata.call("PUT", path, json={**changes, "temporal_coverage": period})
    (outcome,) = run(udata, ledger, owned_fields=owned)
    after = only(udata)
    assert outcome.state == "updated"
    assert (after["description"], after["tags"], after["title"]) == (
        "La leur",
        ["leur"],
        BUDGET.title,
    )
    told = {(note.code, note.params["field"]) for note in outcome.notes}
    assert told == {
        ("edited_there", "title"),
        ("kept_there", "description"),
        ("kept_there", "tags"),
    }
    assert states(run(udata, ledger, owned_fields=owned)) == ["unchanged"]


# Contact points


CONTACT = Contact("Service des finances", "finances@exemple.fr")


def test_a_contact_point_is_made_once(udata, ledger):
    datasets = [replace(one, contact=CONTACT) for one in (BUDGET, OTHER)]
    run(udata, ledger, *datasets)
    posts = [line for line in udata.journal() if line.startswith("POST")]
    assert posts.count("POST /api/1/contacts/") == 1
    shown = [one["contact_points"] for one in udata.datasets()]
    assert [[(c["name"], c["email"]) for c in contacts] for contacts in shown] == [
        [(CONTACT.name, CONTACT.email)]
    ] * 2
    assert states(run(udata, ledger, *datasets)) == ["unchanged", "unchanged"]


def test_a_contact_point_that_is_there_is_found_in_the_listing(udata, ledger):
    run(udata, ledger, replace(BUDGET, contact=CONTACT))
    run(udata, ledger, replace(BUDGET, contact=CONTACT), replace(OTHER, contact=CONTACT))
    assert udata.journal().count("POST /api/1/contacts/") == 1
    first, second = (one["contact_points"][0]["id"] for one in udata.datasets())
    assert first == second


def test_another_contact_replaces_the_first(udata, ledger):
    run(udata, ledger, replace(BUDGET, contact=CONTACT))
    other = replace(BUDGET, contact=Contact("Mairie", "mairie@exemple.fr"))
    assert states(run(udata, ledger, other)) == ["updated"]
    assert [c["email"] for c in only(udata)["contact_points"]] == ["mairie@exemple.fr"]
    assert states(run(udata, ledger, other)) == ["unchanged"]


def test_a_contact_point_that_is_refused_does_not_stop_the_dataset(udata, ledger):
    dataset = replace(BUDGET, contact=Contact("Mairie", "pas un courriel"))
    (outcome,) = run(udata, ledger, dataset)
    assert (outcome.state, codes(outcome.notes)) == ("created", ["contact_refused"])
    assert only(udata)["contact_points"] == []


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_contact_point_that_cannot_be_made_keeps_nothing_back(udata, ledger, status):
    """Neither the datasets nor, before all, what must be hidden."""
    hidden = replace(BUDGET, id=f"{DATASET[:-1]}3", title="Un troisième")
    run(udata, ledger, hidden)
    several = [replace(BUDGET, contact=CONTACT)]
    several += [replace(OTHER, contact=Contact("Mairie", "mairie@exemple.fr"))]
    asked = 2 if status < 500 else 1  # one that does not answer is asked no more
    udata.fault(method="POST", path="/api/1/contacts/", status=status, times=asked)
    outcomes = run(udata, ledger, *several, replace(hidden, private=True))
    assert states(outcomes) == ["created", "created", "hidden"]
    assert [codes(one.notes) for one in outcomes[:2]] == [["contact_unavailable"]] * 2
    assert udata.journal().count("POST /api/1/contacts/") == asked
    outcomes = run(udata, ledger, *several, replace(hidden, private=True))
    assert states(outcomes) == ["updated", "updated", "left_out"]
    assert states(run(udata, ledger, *several))[:2] == ["unchanged", "unchanged"]


def test_no_contact_point_is_made_for_what_is_not_written(udata, ledger):
    run(udata, ledger, BUDGET)
    with udata.client() as client:
        dataset = replace(BUDGET, contact=CONTACT)
        items = gather([Wanted(dataset, Finding("not_checked"))], client, ledger).items
        assert prepare(items, client) == items
        assert client.writes == 0


# What a run reads and how fast


def test_a_quiet_night_reads_no_list(udata, ledger):
    run(udata, ledger)
    with udata.client() as client:
        (item,) = gather([Wanted(BUDGET)], client, ledger).items
        carry_out(through_json(item), client, ledger)
        assert (item.action, client.requests, client.writes) == ("unchanged", 3, 0)


def test_old_lists_are_read_again_for_what_depends_on_them(udata, ledger):
    run(udata, ledger)
    ledger.words_age = 7200.0
    with udata.client() as client:
        gather([Wanted(BUDGET)], client, ledger)
        assert client.requests == 3
        gather([Wanted(OTHER)], client, ledger)
        assert client.requests == 3 + 7  # as before, and four lists: no territory again


def test_a_new_territory_is_asked_for(udata, ledger):
    run(udata, ledger)
    moved = replace(BUDGET, zones=("fr:commune:44143",))
    assert states(run(udata, ledger, moved)) == ["updated"]
    assert only(udata)["spatial"]["zones"] == ["fr:commune:44143"]


def test_each_request_takes_its_turn(udata, ledger):
    slept = []
    ledger.turn = lambda interval: slept.append(("asked", interval)) or 0.25
    with udata.client(pace=ledger, sleep=slept.append, requests_per_second=4.0) as client:
        gather([Wanted(BUDGET)], client, ledger)
        assert slept == [("asked", 0.25), 0.25] * client.requests


def test_a_doubtful_creation_is_waited_for_before_the_list_is_read(udata, ledger):
    slept = []
    ledger.unsettled = lambda: {DATASET: 45.0, "autre": 90.0}
    with udata.client(sleep=slept.append) as client:
        (item,) = gather([Wanted(BUDGET)], client, ledger).items
        assert (slept, item.reason.code) == ([45.0], "unsettled")
        gather([Wanted(BUDGET, Finding("private"), "hide")], client, ledger)
        gather([DELETED], client, ledger)
    assert slept == [45.0, 45.0]


def test_who_holds_a_lock_may_wait_before(ledger):
    ledger.unsettled = lambda: {DATASET: 45.0, "autre": 90.0}
    assert settling([Wanted(BUDGET)], ledger) == 45.0
    assert settling([DELETED, Wanted(OTHER)], ledger) == 0.0


def test_when_time_is_over_nothing_more_is_sent(udata, ledger):
    ledger.left = 0.0
    outcomes = run(udata, ledger, BUDGET, OTHER, budget_minutes=90)
    assert states(outcomes) == ["left_out"] * 2
    assert outcomes[0].finding == Finding("out_of_time", {"minutes": "90"})
    assert (udata.writes(), ledger.stopped()) == (0, outcomes[0].finding)
    ledger.left = 60.0
    assert states(run(udata, ledger, BUDGET, OTHER)) == ["created"] * 2


@pytest.mark.parametrize(("status", "code"), [(401, "key_refused"), (403, "forbidden")])
def test_a_key_refused_in_the_middle_stops_the_run_with_one_error(udata, ledger, status, code):
    three = [replace(BUDGET, id=str(n), title=f"Budget {n}") for n in range(3)]
    udata.fault(method="POST", path="/api/1/datasets/", status=status, skip=1, times=9)
    outcomes = run(udata, ledger, *three)
    assert states(outcomes) == ["created", "failed", "left_out"]
    assert [o.finding.code for o in outcomes[1:]] == [code, code]
    assert udata.received()["POST"] == 2


# Licences


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("etalab-2.0", "lov2"),
        ("ETALAB-2.0", "lov2"),
        ("fr-lo", "fr-lo"),
        ("ODbL-1.0", "odc-odbl"),
        ("CC-BY-4.0", "cc-by"),
        ("cc-zero", "cc-zero"),
    ],
)
def test_other_names_of_a_licence(udata, ledger, name, known_as):
    dataset = replace(BUDGET, licence_id=name)
    assert states(run(udata, ledger, dataset)) == ["created"]
    assert only(udata)["license"] == known_as
    assert states(run(udata, ledger, dataset)) == ["unchanged"]


def test_every_alias_leads_to_a_licence_that_exists(udata):
    with udata.client() as client:
        assert set(mapping.LICENCES.values()) <= client.licences()
