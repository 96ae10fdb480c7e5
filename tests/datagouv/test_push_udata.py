"""The push against the real udata: what is created, kept, changed, and what each failure leaves."""

from dataclasses import replace

import pytest

from ckanext.scdl.datagouv import Limits, Link, Outcome, PortalDataset, carry_out, gather, mapping
from tests.datagouv.examples import (
    BUDGET,
    DATA,
    DATASET,
    GUIDE,
    GUIDE_FILE,
    PORTAL,
    codes,
    form_frequencies,
    through_json,
    wanted,
    with_data,
)
from tests.datagouv.runs import run

pytestmark = pytest.mark.udata


def _carry_out(udata, ledger, item, profile) -> Outcome:
    with udata.client(**profile) as client:
        return carry_out(through_json(item), client, ledger)


def only(udata) -> dict:
    (dataset,) = udata.datasets()
    return dataset


# Creation and rest


def test_one_post_holds_everything(udata, ledger):
    (outcome,) = run(udata, ledger)
    assert (outcome.state, outcome.notes) == ("created", ())
    assert udata.writes() == 1
    dataset = only(udata)
    assert dataset["license"] == "lov2"
    assert dataset["frequency"] == "annual"
    assert dataset["tags"] == ["budget", "finances-publiques"]
    assert dataset["temporal_coverage"] == {"start": "2024-01-01", "end": "2024-12-31"}
    assert dataset["spatial"]["zones"] == ["fr:commune:44109"]
    assert dataset["private"] is False
    assert dataset["organization"]["id"] == udata.seed["organization"]
    assert dataset["extras"] == {mapping.STAMP_PORTAL: PORTAL, mapping.STAMP_DATASET: DATASET}


def test_resources_arrive_in_order_with_schema_checksum_and_stamp(udata, ledger):
    run(udata, ledger)
    data, guide = only(udata)["resources"]
    assert data["schema"] == {"name": "scdl/budget", "version": "0.8.3", "url": None}
    assert data["checksum"] == {"type": "sha256", "value": "ab" * 32}
    assert (data["format"], data["filesize"], data["type"]) == ("csv", 1234, "main")
    assert data["filetype"] == guide["filetype"] == "remote"
    assert guide["type"] == "documentation"
    assert [r["extras"][mapping.STAMP_RESOURCE] for r in (data, guide)] == [DATA, GUIDE]


def test_the_link_is_remembered(udata, ledger):
    (outcome,) = run(udata, ledger)
    dataset = only(udata)
    link = ledger.link(DATASET)
    assert (link.remote_id, link.organization) == (dataset["id"], udata.seed["organization"])
    assert link.resources == dict(
        zip([DATA, GUIDE], [r["id"] for r in dataset["resources"]], strict=True)
    )
    assert outcome.url == dataset["page"]


def test_the_dataset_is_of_good_quality(udata, ledger):
    run(udata, ledger)
    assert only(udata)["quality"]["score"] == 1


def test_a_second_run_writes_nothing(udata, ledger):
    run(udata, ledger)
    before = udata.writes()
    (outcome,) = run(udata, ledger)
    assert outcome.state == "unchanged"
    assert udata.writes() == before


def test_a_bare_dataset_is_stable_too(udata, ledger):
    bare = replace(
        BUDGET, description="", frequency="", tags=(), temporal=None, zones=(), granularity=""
    )
    (created,) = run(udata, ledger, bare)
    (again,) = run(udata, ledger, bare)
    assert (created.state, created.notes, again.state) == ("created", (), "unchanged")


VARIANTS = [
    {"title": "  Été « 2024 » : l’œuvre — n° 1 & <b>co</b>  "},
    {"description": "# Titre\r\n\r\n* un\n* deux\n\n<script>alert(1)</script>  \n"},
    {"tags": ("Éducation", "éducation", "Action sociale, santé", "l’eau", "n°1", "Œuvres")},
    {"tags": ("un seul, avec virgule",)},
    {"temporal": ("2024-12-31", "2024-01-01")},
    {"title": "mot " * 200},
    {"licence_id": "notspecified"},
    {"type": "subventions", "description": ""},
    {"zones": ("fr:commune:44109", "country:fr"), "granularity": ""},
    *({"frequency": identifier} for identifier in form_frequencies()),
    {"resources": with_data(url="https://exemple-sur-loire.fr/données/é_1.csv?a=1&b=ü").resources},
    {"resources": with_data(url="HTTPS://WWW.Exemple-sur-loire.FR/A%20B.csv#x").resources},
    {"resources": with_data(url="https://mairie.éxemple.fr/a.csv", mime="").resources},
    {"resources": with_data(format=" Csv ", description=" blancs \n", title="").resources},
]


def test_what_udata_normalises_is_stable(udata, ledger):
    datasets = [replace(BUDGET, id=str(n), **changes) for n, changes in enumerate(VARIANTS)]
    created = run(udata, ledger, *datasets)
    before = udata.writes()
    again = run(udata, ledger, *datasets)
    for changes, first, second in zip(VARIANTS, created, again, strict=True):
        assert (first.state, first.finding) == ("created", None), changes
        assert "not_kept" not in codes(first.notes), changes
        assert second.state == "unchanged", changes
    assert udata.writes() == before


def test_an_item_delivered_twice_creates_once(udata, ledger):
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        first = carry_out(through_json(item), client, ledger)
        second = carry_out(through_json(item), client, ledger)
    assert (first.state, second.state) == ("created", "unchanged")
    assert udata.writes() == 1


@pytest.mark.parametrize(
    ("fault", "states"),
    [({}, ("created", "unchanged")), ({"status": 502, "after": True}, ("uncertain", "uncertain"))],
)
def test_two_runs_planned_at_once_create_once(udata, ledger, fault, states):
    """Two sources may share a profile: the plan of the second is old when its turn comes."""
    other = ledger.beside()
    with udata.client() as client:
        (one,) = gather(wanted(), client, ledger).items
        (two,) = gather(wanted(), client, other).items
        if fault:
            udata.fault(method="POST", **fault)
        first, second = carry_out(one, client, ledger), carry_out(two, client, other)
    assert (first.state, second.state) == states
    assert udata.writes() == 1


def test_a_dataset_purged_there_is_created_again(udata, ledger):
    ledger.save_link(Link(DATASET, "0" * 24, udata.seed["organization"]))
    (outcome,) = run(udata, ledger)
    assert (outcome.state, ledger.link(DATASET).remote_id) == ("created", only(udata)["id"])


def test_each_portal_organisation_has_its_own(udata, ledger):
    other = udata.seed["organizations"]["metropole-de-labo"]
    run(udata, ledger, organizations={"exemple-sur-loire": other})
    assert udata.datasets() == []
    assert ledger.link(DATASET).organization == other


def test_many_datasets_take_several_pages(udata, ledger, monkeypatch):
    monkeypatch.setattr("ckanext.scdl.datagouv.client.PAGE_SIZE", 2)
    five = [replace(BUDGET, id=f"{DATASET[:-1]}{n}", title=f"Budget {n}") for n in range(5)]
    assert {o.state for o in run(udata, ledger, *five)} == {"created"}
    assert {o.state for o in run(udata, ledger, *five)} == {"unchanged"}


# Changes


def test_a_new_title_keeps_all_the_rest(udata, ledger):
    run(udata, ledger)
    before = only(udata)
    (outcome,) = run(udata, ledger, replace(BUDGET, title="Budget 2024, corrigé"))
    after = only(udata)
    assert outcome.state == "updated"
    assert after["title"] == "Budget 2024, corrigé"
    for name in ("id", "tags", "temporal_coverage", "spatial", "license", "frequency", "extras"):
        assert after[name] == before[name], name
    assert [r["id"] for r in after["resources"]] == [r["id"] for r in before["resources"]]
    assert after["last_update"] == before["last_update"]  # the data did not change


def test_another_file_at_the_same_address_moves_the_date_of_update(udata, ledger):
    run(udata, ledger)
    before = only(udata)
    already = udata.writes()
    (outcome,) = run(udata, ledger, with_data(sha256="cd" * 32, size=99))
    after = only(udata)
    assert outcome.state == "updated"
    assert udata.writes() == already + 1
    assert after["last_update"] > before["last_update"]
    assert after["resources"][0]["checksum"]["value"] == "cd" * 32
    assert after["resources"][1] == before["resources"][1]
    assert after["resources"][0]["id"] == before["resources"][0]["id"]


def test_without_hash_the_date_tells_of_another_file(udata, ledger):
    run(udata, ledger, with_data(sha256=None))
    before = only(udata)
    (outcome,) = run(udata, ledger, with_data(sha256=None, modified="2025-01-01T00:00:00"))
    assert outcome.state == "updated"
    assert only(udata)["last_update"] > before["last_update"]
    (again,) = run(udata, ledger, with_data(sha256=None, modified="2025-01-01T00:00:00"))
    assert again.state == "unchanged"


def test_another_label_does_not_make_the_data_look_fresh(udata, ledger):
    run(udata, ledger)
    before = only(udata)
    (outcome,) = run(udata, ledger, with_data(title="Budget en CSV", description=""))
    after = only(udata)
    assert outcome.state == "updated"
    assert (after["resources"][0]["title"], after["resources"][0]["description"]) == (
        "Budget en CSV",
        None,
    )
    assert after["resources"][0]["schema"] == before["resources"][0]["schema"]
    assert after["last_update"] == before["last_update"]


def test_a_schema_is_withdrawn(udata, ledger):
    run(udata, ledger)
    run(udata, ledger, with_data(schema=None))
    assert only(udata)["resources"][0]["schema"] is None
    (again,) = run(udata, ledger, with_data(schema=None))
    assert again.state == "unchanged"


def test_a_resource_is_added_in_place_and_taken_away(udata, ledger):
    run(udata, ledger)
    before = [r["id"] for r in only(udata)["resources"]]
    extra = replace(
        GUIDE_FILE, id="extra", title="Annexe", url="https://exemple-sur-loire.fr/a.pdf"
    )
    grown = replace(BUDGET, resources=(BUDGET.resources[0], extra, BUDGET.resources[1]))
    run(udata, ledger, grown)
    after = [r["id"] for r in only(udata)["resources"]]
    assert [after[0], after[2]] == before
    run(udata, ledger)
    assert [r["id"] for r in only(udata)["resources"]] == before
    assert set(ledger.link(DATASET).resources) == {DATA, GUIDE}


def test_resources_follow_the_portal_s_order(udata, ledger):
    run(udata, ledger)
    turned = replace(BUDGET, resources=BUDGET.resources[::-1])
    run(udata, ledger, turned)
    titles = [r["title"] for r in only(udata)["resources"]]
    assert titles == ["Notice", "Budget primitif 2024 (SCDL)"]
    (again,) = run(udata, ledger, turned)
    assert again.state == "unchanged"


def test_what_others_added_is_kept(udata, ledger):
    run(udata, ledger)
    dataset = only(udata)
    extra = {"title": "De quelqu’un", "url": "https://example.com/x", "filetype": "remote"}
    path = f"/datasets/{dataset['id']}/"
    udata.call("POST", f"{path}resources/", json=extra)
    body = {**udata.call("GET", path).json(), "extras": {**dataset["extras"], "leur:note": "1"}}
    udata.call("PUT", path, json=body)
    assert len(only(udata)["resources"]) == 3
    (same,) = run(udata, ledger)
    run(udata, ledger, replace(with_data(title="Autre nom"), title="Autre titre"))
    after = only(udata)
    assert same.state == "unchanged"
    assert {r["title"] for r in after["resources"]} == {"De quelqu’un", "Autre nom", "Notice"}
    assert after["extras"]["leur:note"] == "1"


def test_a_file_that_data_gouv_hosts_is_kept(udata, ledger):
    run(udata, ledger)
    path = f"/datasets/{only(udata)['id']}/"
    udata.call("POST", f"{path}upload/", files={"file": ("leur.csv", b"a,b\n1,2\n")})
    hosted = next(r for r in only(udata)["resources"] if r["filetype"] == "file")
    grown = replace(BUDGET, resources=(*BUDGET.resources, replace(GUIDE_FILE, id="extra")))
    (outcome,) = run(udata, ledger, grown)
    assert (outcome.state, outcome.notes) == ("updated", ())
    assert hosted in only(udata)["resources"]


def test_what_others_changed_in_our_fields_is_put_right(udata, ledger):
    run(udata, ledger)
    path = f"/datasets/{only(udata)['id']}/"
    udata.call("PUT", path, json={"title": "Piraté", "license": "notspecified"})  # erases tags
    (outcome,) = run(udata, ledger)
    after = only(udata)
    assert outcome.state == "updated"
    assert (after["title"], after["license"]) == (BUDGET.title, "lov2")
    assert after["tags"] == ["budget", "finances-publiques"]
    assert after["temporal_coverage"]["start"] == "2024-01-01"


def test_tags_that_the_portal_does_not_have_are_kept(udata, ledger):
    bare = replace(BUDGET, tags=(), temporal=None)
    run(udata, ledger, bare)
    period = {"start": "2023-01-01", "end": "2023-12-31"}
    changed = {"tags": ["ajout"], "temporal_coverage": period}
    udata.call("PUT", f"/datasets/{only(udata)['id']}/", json=changed)
    run(udata, ledger, replace(bare, title="Nouveau titre"))
    after = only(udata)
    assert (after["title"], after["tags"]) == ("Nouveau titre", ["ajout"])
    assert after["temporal_coverage"] == period


def test_a_plan_made_before_somebody_s_change_does_not_undo_it(udata, ledger):
    run(udata, ledger)
    ledger.next_run()
    with udata.client() as client:
        (item,) = gather(wanted(replace(BUDGET, title="Titre B")), client, ledger).items
        new = {"title": "Entre-temps", "url": "https://example.com/y", "filetype": "remote"}
        udata.call("POST", f"/datasets/{item.remote_id}/resources/", json=new)
        carry_out(item, client, ledger)
    after = only(udata)
    assert after["title"] == "Titre B"
    assert "Entre-temps" in {r["title"] for r in after["resources"]}


# What is left out


def test_a_private_dataset_is_never_sent(udata, ledger):
    (outcome,) = run(udata, ledger, replace(BUDGET, private=True))
    assert (outcome.state, outcome.finding.code) == ("left_out", "private")
    assert udata.writes() == 0


def test_an_unknown_licence_is_not_lost_silently(udata, ledger):
    (outcome,) = run(udata, ledger, replace(BUDGET, licence_id="LOV2"))
    assert (outcome.state, outcome.finding.code) == ("left_out", "licence_unknown")
    assert udata.datasets() == []


def test_a_territory_is_asked_for_once(udata, ledger):
    """Even when others are pushed by hand in between, and something is to be written."""
    here, there = ("fr:commune:44109",), ("country:fr",)
    first = replace(BUDGET, zones=here)
    second = replace(BUDGET, id=DATASET[::-1], title="Autre", zones=there)

    def asked() -> int:
        return sum("/spatial/zone" in line for line in udata.journal())

    run(udata, ledger, first, second)
    assert asked() == 2
    ledger.words_age = 2 * 3600
    run(udata, ledger, replace(first, title="À la main"), whole=False)
    ledger.words_age = 2 * 3600
    run(udata, ledger, first, replace(second, title="Encore"))
    assert asked() == 2


def test_an_unknown_zone_a_bad_tag_and_an_unknown_schema_do_not_stop_the_dataset(udata, ledger):
    dataset = replace(
        with_data(schema=("scdl/budget", "9.9.9")),
        zones=("fr:commune:99999", "fr:commune:44109", "../../me"),
        tags=("Budget", "a", "x" * 200),
        frequency="sometimes",
    )
    (outcome,) = run(udata, ledger, dataset)
    assert outcome.state == "created"
    assert sorted(codes(outcome.notes)) == [
        "frequency_unknown",
        "schema_unknown",
        "tag_refused",
        "tag_refused",
        "zone_unknown",
        "zone_unknown",
    ]
    assert only(udata)["spatial"]["zones"] == ["fr:commune:44109"]


def test_every_frequency_of_the_form_is_known(udata):
    with udata.client() as client:
        assert set(form_frequencies()) <= client.frequencies()


def test_an_address_that_data_gouv_refuses_is_a_readable_failure(udata, ledger):
    (outcome,) = run(udata, ledger, with_data(url="http://127.0.0.1:5000/bp.csv"), allow_local=True)
    assert (outcome.state, outcome.finding.code) == ("failed", "refused")
    assert "resources.0.url" in outcome.finding.params["details"]
    assert not outcome.retry
    assert udata.datasets() == []


# Identity


def test_a_lost_link_is_found_again_by_the_stamp(udata, ledger):
    run(udata, ledger)
    ledger.saved.clear()
    (outcome,) = run(udata, ledger)
    assert (outcome.state, outcome.finding.code) == ("adopted", "adopted")
    assert ledger.link(DATASET).remote_id == only(udata)["id"]


def test_a_plan_remembers_nothing_by_itself(udata, ledger):
    """It may be a dry run: what was found is remembered when its item is carried out."""
    run(udata, ledger)
    link = ledger.saved.pop(DATASET)
    before = udata.writes()
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        assert (item.action, ledger.link(DATASET)) == ("adopt", None)
        carry_out(through_json(item), client, ledger)
    assert (ledger.link(DATASET), udata.writes()) == (link, before)


def test_an_erased_stamp_is_written_again(udata, ledger):
    run(udata, ledger)
    dataset = only(udata)
    for resource in dataset["resources"]:
        resource["extras"] = {}
    body = {**dataset, "extras": {"autre": "x"}}
    udata.call("PUT", f"/datasets/{dataset['id']}/", json=body)
    (outcome,) = run(udata, ledger)
    after = only(udata)
    assert outcome.state == "updated"
    assert after["extras"][mapping.STAMP_DATASET] == DATASET
    assert [r["id"] for r in after["resources"]] == [r["id"] for r in dataset["resources"]]


def test_another_portal_s_dataset_of_the_same_identifier_is_not_ours(udata, ledger):
    run(udata, ledger, replace(BUDGET, portal_id="another-portal"))
    ledger.saved.clear()
    (outcome,) = run(udata, ledger)
    assert outcome.state == "created"
    assert len(udata.datasets()) == 2


def test_of_two_with_one_stamp_the_recorded_one_is_kept(udata, ledger):
    run(udata, ledger)
    first = only(udata)
    body = {**first, "organization": udata.seed["organization"], "title": "Second exemplaire"}
    udata.call("POST", "/datasets/", json=body)
    (outcome,) = run(udata, ledger)
    assert (outcome.remote_id, codes(outcome.notes)) == (first["id"], ["duplicate"])
    ledger.saved.clear()
    (outcome,) = run(udata, ledger)
    assert outcome.remote_id == first["id"]  # the oldest


def test_a_dataset_deleted_there_is_restored_at_its_address(udata, ledger):
    (created,) = run(udata, ledger)
    udata.call("DELETE", f"/datasets/{created.remote_id}/")
    (outcome,) = run(udata, ledger, with_data(sha256="cd" * 32))
    after = only(udata)
    assert (outcome.state, outcome.finding.code) == ("restored", "undeleted")
    assert (after["id"], after["deleted"], after["page"]) == (created.remote_id, None, created.url)
    assert after["tags"] == ["budget", "finances-publiques"]


def test_a_purged_dataset_is_created_again(udata, ledger):
    run(udata, ledger)
    links = dict(ledger.saved)
    udata.reset()
    (outcome,) = run(udata, ledger)
    assert outcome.state == "created"
    assert ledger.link(DATASET).remote_id != links[DATASET].remote_id


def test_a_dataset_given_to_another_organisation_is_a_conflict(udata, ledger):
    run(udata, ledger)
    before = udata.writes()
    other = udata.seed["organizations"]["metropole-de-labo"]
    (outcome,) = run(udata, ledger, organization=other)
    assert (outcome.state, outcome.finding.code) == ("conflict", "other_organization")
    assert udata.writes() == before


# Failures


def test_a_lost_answer_makes_no_duplicate(udata, ledger):
    udata.fault(method="POST", path="/api/1/datasets/", status=502, after=True)
    (lost,) = run(udata, ledger)
    assert (lost.state, lost.finding.code, lost.retry) == ("uncertain", "gateway_error", True)
    (found,) = run(udata, ledger)
    assert (found.state, found.finding.code) == ("adopted", "adopted")
    assert len(udata.datasets()) == 1
    assert udata.received()["POST"] == 1


def test_an_uncertain_creation_is_not_sent_again_in_the_run(udata, ledger):
    udata.fault(method="POST", path="/api/1/datasets/", drop=True)
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        first = carry_out(item, client, ledger)
        second = carry_out(item, client, ledger)
        assert client.writes == 1
        (soon,) = gather(wanted(), client, ledger).items
    assert (first.state, first.finding.code) == ("uncertain", "connection_lost")
    assert (second.state, second.finding.code) == ("uncertain", "already_sent")
    assert (soon.action, soon.reason.code) == ("left_out", "unsettled")
    (later,) = run(udata, ledger)
    assert later.state == "created"
    assert len(udata.datasets()) == 1


def test_a_late_creation_is_adopted(udata, ledger):
    udata.fault(method="POST", path="/api/1/datasets/", delay=1.5)
    (lost,) = run(udata, ledger, limits=Limits(read=0.7, pause=0))
    assert (lost.state, lost.finding.code) == ("uncertain", "timeout")
    udata_late(udata)
    (found,) = run(udata, ledger)
    assert found.state == "adopted"
    assert len(udata.datasets()) == 1


def udata_late(udata) -> None:
    """Wait for the server to end what its client gave up."""
    import time

    deadline = time.monotonic() + 10
    while not udata.datasets() and time.monotonic() < deadline:
        time.sleep(0.1)


def test_a_change_is_tried_again_at_once(udata, ledger):
    """Twice the same PUT is once: only what creates is never repeated."""
    run(udata, ledger)
    udata.fault(method="PUT", status=504, after=True, times=2)
    (outcome,) = run(udata, ledger, replace(BUDGET, title="Titre C"))
    assert (outcome.state, only(udata)["title"]) == ("updated", "Titre C")
    assert udata.received()["PUT"] == 3


def test_a_lost_answer_to_a_change_is_settled_by_the_next_run(udata, ledger):
    run(udata, ledger)
    udata.fault(method="PUT", status=504, after=True, times=3)
    changed = replace(BUDGET, title="Titre C")
    (lost,) = run(udata, ledger, changed)
    (again,) = run(udata, ledger, changed)
    assert (lost.state, again.state) == ("uncertain", "unchanged")


@pytest.mark.parametrize("status", [423, 429])
def test_a_refused_creation_can_be_tried_again(udata, ledger, status):
    expected = {423: "read_only", 429: "too_many_requests"}[status]
    udata.fault(method="POST", path="/api/1/datasets/", status=status)
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
        first = carry_out(item, client, ledger)
        second = carry_out(item, client, ledger)
    assert (first.state, first.finding.code) == ("failed", expected)
    assert second.state == "created"


def test_read_only_mode(udata, ledger):
    udata.lab("config", READ_ONLY_MODE=True)
    (outcome,) = run(udata, ledger)
    assert (outcome.state, outcome.finding.code, outcome.retry) == ("failed", "read_only", True)


def test_an_account_made_partial_editor_meanwhile(udata, ledger):
    run(udata, ledger)
    ledger.next_run()
    with udata.client() as client:
        (item,) = gather(wanted(replace(BUDGET, title="Titre D")), client, ledger).items
    outcome = _carry_out(udata, ledger, item, {"api_key": udata.seed["keys"]["partial_editor"]})
    assert (outcome.state, outcome.finding.code) == ("failed", "forbidden")


def test_an_account_taken_out_of_the_organisation_meanwhile(udata, ledger):
    with udata.client() as client:
        (item,) = gather(wanted(), client, ledger).items
    outcome = _carry_out(udata, ledger, item, {"api_key": udata.seed["keys"]["outsider"]})
    assert (outcome.state, outcome.finding.code) == ("failed", "refused")
    assert "organization" in outcome.finding.params["details"]


def test_after_three_silences_nothing_more_is_sent(udata, ledger):
    udata.fault(method="POST", path="/api/1/datasets/", status=502, times=10)
    five = [replace(BUDGET, id=f"{DATASET[:-1]}{n}", title=f"Budget {n}") for n in range(5)]
    with udata.client() as client:
        outcomes = [
            carry_out(item, client, ledger) for item in gather(wanted(*five), client, ledger).items
        ]
        assert client.writes == 3
    assert [o.state for o in outcomes] == ["uncertain"] * 3 + ["left_out"] * 2
    assert outcomes[-1].finding.code == "circuit_open"


def several(number: int) -> list[PortalDataset]:
    return [replace(BUDGET, id=f"{DATASET[:-1]}{n}", title=f"Budget {n}") for n in range(number)]


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}, {"status": 423}])
def test_the_breaker_holds_from_one_process_to_the_next(udata, ledger, fault):
    udata.fault(method="POST", path="/api/1/datasets/", times=10, **fault)
    outcomes = run(udata, ledger, *several(5))  # a new client for each item
    assert udata.received()["POST"] == 3
    assert [o.finding.code == "circuit_open" for o in outcomes] == [False] * 3 + [True] * 2
    assert outcomes[-1].state == "left_out"
    assert outcomes[-1].finding.params == {"failures": "3"}
    assert ledger.stopped() == outcomes[-1].finding


def test_with_the_breaker_open_updates_do_not_even_read(udata, ledger):
    run(udata, ledger, *several(5))
    ledger.next_run()
    with udata.client() as client:
        changed = [replace(dataset, title=f"{dataset.title} bis") for dataset in several(5)]
        items = gather(wanted(*changed), client, ledger).items
    udata.fault(method="GET", delay=0.6, times=20)
    limits = Limits(read=0.2, retries=0)
    before = udata.received()["GET"]
    outcomes = [_carry_out(udata, ledger, item, {"limits": limits}) for item in items]
    assert [o.finding.code for o in outcomes] == ["timeout"] * 3 + ["circuit_open"] * 2
    assert udata.received()["GET"] == before + 3
    assert outcomes[-1].url == items[-1].url


def test_an_answer_closes_the_breaker_and_so_does_the_next_run(udata, ledger):
    with udata.client() as client:
        items = gather(wanted(*several(9)), client, ledger).items
    for item, silent in zip(items, [1, 1, 0, 1, 1, 1], strict=False):
        if silent:
            udata.fault(method="POST", path="/api/1/datasets/", status=503)
        _carry_out(udata, ledger, item, {})
    assert ledger.recent_failures() == 3
    assert _carry_out(udata, ledger, items[6], {}).finding.code == "circuit_open"
    assert {o.state for o in run(udata, ledger, *several(9))} == {"created", "unchanged"}


def test_what_is_left_out_does_not_close_the_breaker(udata, ledger):
    datasets = several(6)
    datasets[1:3] = [replace(dataset, private=True) for dataset in datasets[1:3]]
    udata.fault(method="POST", path="/api/1/datasets/", status=502, times=9)
    outcomes = run(udata, ledger, *datasets)
    assert [o.finding.code for o in outcomes[1:3]] == ["private"] * 2
    assert outcomes[5].finding.code == "circuit_open"


def test_a_creation_without_answer_stays_uncertain_when_the_breaker_opens(udata, ledger):
    with udata.client() as client:
        items = gather(wanted(*several(3)), client, ledger).items
    udata.fault(method="POST", path="/api/1/datasets/", drop=True, times=3)
    for item in items:
        _carry_out(udata, ledger, item, {})
    again = _carry_out(udata, ledger, items[0], {})  # delivered a second time
    assert (again.state, again.finding.code) == ("uncertain", "already_sent")
    assert items[0].dataset_id in ledger.unsettled()
