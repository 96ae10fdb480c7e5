"""Upload mode, on the real udata: the files themselves, and the change from a mode to the other."""

import hashlib
from dataclasses import replace

import httpx
import pytest

from ckanext.scdl.datagouv import Wanted, carry_out, check_connection, errors, gather, mapping
from ckanext.scdl.datagouv.compare import stamp
from tests.datagouv.crashes import FIRST, HOSTED, REPLACED, SECOND
from tests.datagouv.examples import DATA, DATASET, GUIDE, codes, through_json, with_data
from tests.datagouv.runs import holding, run, states

pytestmark = pytest.mark.udata

UPLOAD = {"mode": "upload", "files": holding(FIRST)}


def only(udata) -> dict:
    (dataset,) = udata.datasets()
    return dataset


def ids(udata) -> dict:
    return {stamp(one): one["id"] for one in only(udata)["resources"]}


def contents(udata) -> list[bytes]:
    return [udata.hosted(one["url"]) for one in only(udata)["resources"]]


def posts(udata) -> list[str]:
    """The writes, without identifiers."""
    lines = [line for line in udata.journal() if not line.startswith("GET")]
    return ["/".join(p for p in line.split("/") if len(p) < 24) for line in lines]


# Creation


def test_private_then_its_files_then_public_with_order_and_labels(udata, ledger):
    (outcome,) = run(udata, ledger, HOSTED, **UPLOAD)
    dataset = only(udata)
    assert (outcome.state, outcome.notes) == ("created", ())
    assert posts(udata) == [
        "POST /api/1/datasets/",
        "POST /api/1/datasets/upload/",
        "POST /api/1/datasets/upload/",
        "PUT /api/1/datasets/",
    ]
    assert dataset["private"] is False
    assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]]
    data, guide = dataset["resources"]
    assert (data["title"], guide["title"]) == ("Budget primitif 2024 (SCDL)", "Notice")
    assert (data["type"], guide["type"]) == ("main", "documentation")
    assert data["schema"]["name"] == "scdl/budget"
    assert data["filetype"] == guide["filetype"] == "file"
    assert data["checksum"]["value"] == hashlib.sha1(FIRST[DATA]).hexdigest()
    assert data["extras"] == {
        mapping.STAMP_RESOURCE: DATA,
        mapping.STAMP_FILE: hashlib.sha256(FIRST[DATA]).hexdigest(),
    }
    assert ledger.link(DATASET).resources == ids(udata)
    assert dataset["quality"]["score"] == 1


def test_nobody_sees_a_dataset_without_its_files(udata, ledger):
    udata.fault(method="POST", path="/upload/", status=502)
    (outcome,) = run(udata, ledger, HOSTED, **UPLOAD)
    assert outcome.state == "uncertain"
    assert only(udata)["private"] is True
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["updated"]
    assert (only(udata)["private"], len(only(udata)["resources"])) == (False, 2)


def test_a_second_run_writes_nothing(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    before = udata.writes()
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["unchanged"]
    assert udata.writes() == before


def test_a_lost_answer_is_adopted_by_the_name_of_the_file(udata, ledger):
    udata.fault(method="POST", path="/upload/", drop=True, after=True)
    (lost,) = run(udata, ledger, HOSTED, **UPLOAD)
    (held,) = only(udata)["resources"]
    assert (lost.state, stamp(held)) == ("uncertain", None)
    assert DATA in held["url"]
    udata_next_second()
    run(udata, ledger, HOSTED, **UPLOAD)
    assert ids(udata)[DATA] == held["id"]
    assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]]


def udata_next_second() -> None:
    """udata files an upload under the second, and answers 500 to the same name within it."""
    import time

    time.sleep(1.01 - time.time() % 1)


def test_a_doubtful_upload_is_not_sent_twice_in_a_run(udata, ledger):
    """The message delivered again finds the file by its name, and replaces it in place."""
    udata.fault(method="POST", path="/upload/", drop=True, after=True)
    with udata.client(mode="upload") as client:
        (item,) = gather([Wanted(HOSTED)], client, ledger).items
        first = carry_out(through_json(item), client, ledger, holding(FIRST))
        (held,) = only(udata)["resources"]
        udata_next_second()
        second = carry_out(through_json(item), client, ledger, holding(FIRST))
    assert (first.state, second.state) == ("uncertain", "updated")
    assert posts(udata).count("POST /api/1/datasets/upload/") == 2  # one for each file
    assert ids(udata)[DATA] == held["id"]
    assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]]


def test_nor_while_it_is_still_under_way(udata, ledger):
    """The message delivered again finds nothing over there yet."""
    udata.fault(method="POST", path="/upload/", drop=True)
    with udata.client(mode="upload") as client:
        (item,) = gather([Wanted(HOSTED)], client, ledger).items
        first = carry_out(through_json(item), client, ledger, holding(FIRST))
        second = carry_out(through_json(item), client, ledger, holding(FIRST))
    assert (first.state, second.state) == ("uncertain", "uncertain")
    assert second.finding.code == "already_sent"
    assert posts(udata).count("POST /api/1/datasets/upload/") == 1
    assert only(udata)["resources"] == []


def test_a_resource_of_a_link_stays_a_link(udata, ledger):
    data, guide = HOSTED.resources
    mixed = replace(HOSTED, resources=(data, replace(guide, stored=False)))
    run(udata, ledger, mixed, **UPLOAD)
    assert [one["filetype"] for one in only(udata)["resources"]] == ["file", "remote"]
    assert states(run(udata, ledger, mixed, **UPLOAD)) == ["unchanged"]


# Another file


def test_replaced_in_place_its_permalink_lives(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    before = ids(udata)
    udata_next_second()
    (outcome,) = run(udata, ledger, REPLACED, mode="upload", files=holding(SECOND))
    data, guide = only(udata)["resources"]
    assert (outcome.state, ids(udata)) == ("updated", before)
    assert contents(udata) == [SECOND[DATA], SECOND[GUIDE]]
    assert (data["title"], data["type"], data["schema"]["name"]) == (
        "Budget primitif 2024 (SCDL)",
        "main",
        "scdl/budget",
    )
    assert guide["title"] == "Notice"
    assert states(run(udata, ledger, REPLACED, mode="upload", files=holding(SECOND))) == [
        "unchanged"
    ]


def test_another_label_sends_no_file(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    data, guide = HOSTED.resources
    renamed = replace(HOSTED, resources=(replace(data, title="En CSV"), guide))
    run(udata, ledger, renamed, **UPLOAD)
    assert only(udata)["resources"][0]["title"] == "En CSV"
    assert posts(udata)[4:] == ["PUT /api/1/datasets/"]
    assert states(run(udata, ledger, renamed, **UPLOAD)) == ["unchanged"]


def test_a_schema_is_withdrawn_from_a_hosted_file(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    data, guide = HOSTED.resources
    bare = replace(HOSTED, resources=(replace(data, schema=None), guide))
    run(udata, ledger, bare, **UPLOAD)
    assert only(udata)["resources"][0]["schema"] is None
    assert states(run(udata, ledger, bare, **UPLOAD)) == ["unchanged"]


@pytest.mark.parametrize(
    ("held", "code"), [(SECOND, "file_changed"), ({GUIDE: FIRST[GUIDE]}, "file_lost")]
)
def test_only_what_was_checked_is_sent(udata, ledger, held, code):
    (outcome,) = run(udata, ledger, HOSTED, mode="upload", files=holding(held))
    assert (outcome.state, outcome.finding.code) == ("failed", code)
    assert outcome.finding.params == {"resource": HOSTED.resources[0].title}
    assert (only(udata)["private"], only(udata)["resources"]) == (True, [])
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["updated"]
    assert only(udata)["private"] is False


def test_without_files_nothing_is_sent(udata, ledger):
    (outcome,) = run(udata, ledger, HOSTED, mode="upload")
    assert outcome.finding.code == "file_lost"


# What data.gouv.fr does not host


PARQUET = with_data(HOSTED, url="https://opendata.exemple-sur-loire.fr/bp.parquet")


def test_a_file_that_is_not_taken_is_linked_to(udata, ledger):
    (outcome,) = run(udata, ledger, PARQUET, **UPLOAD)
    assert (outcome.state, codes(outcome.notes)) == ("created", ["extension_linked"])
    assert [one["filetype"] for one in only(udata)["resources"]] == ["remote", "file"]
    assert states(run(udata, ledger, PARQUET, **UPLOAD)) == ["unchanged"]


def test_or_dropped_where_the_portal_is_internal(udata, ledger):
    data, guide = HOSTED.resources
    internal = replace(
        HOSTED,
        page="http://portail.intranet/budget",
        resources=(
            replace(data, url="http://portail.intranet/bp.csv"),
            replace(guide, url="http://portail.intranet/notice.parquet"),
        ),
    )
    portal = {**UPLOAD, "portal_url": "http://portail.intranet"}
    (outcome,) = run(udata, ledger, internal, **portal)
    dataset = only(udata)
    assert (outcome.state, codes(outcome.notes)) == ("created", ["extension_dropped"])
    assert contents(udata) == [FIRST[DATA]]
    assert "intranet" not in str({**dataset, "url": ""})
    assert states(run(udata, ledger, internal, **portal)) == ["unchanged"]


# Local addresses


@pytest.mark.parametrize(
    "address", ["http://localhost:5000", "http://10.1.2.3", "http://portail", "https://a.local"]
)
def test_a_local_portal_is_refused_before_any_call(udata, ledger, address):
    with udata.client(portal_url=address) as client:
        for call in (lambda: check_connection(client), lambda: gather([], client, ledger)):
            with pytest.raises(errors.ProfileInvalid) as caught:
                call()
            assert caught.value.finding.code == "portal_address_local"
            assert caught.value.finding.params["address"] == address
        assert client.requests == 0
    with udata.client(portal_url=address, allow_local=True) as client:
        check_connection(client)
    with udata.client(portal_url=address, mode="upload") as client:
        check_connection(client)


def test_one_local_link_leaves_its_dataset_out(udata, ledger):
    (outcome,) = run(udata, ledger, with_data(url="http://192.168.1.2/bp.csv"))
    assert (outcome.state, outcome.finding.code) == ("left_out", "url_local")
    assert udata.writes() == 0


# From one mode to the other


def test_from_links_to_files_the_permalinks_live(udata, ledger):
    run(udata, ledger, HOSTED)
    before = ids(udata)
    (outcome,) = run(udata, ledger, HOSTED, **UPLOAD)
    assert (outcome.state, outcome.notes, ids(udata)) == ("updated", (), before)
    assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]]
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["unchanged"]


def test_from_files_to_links_the_files_are_deleted(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    urls = [one["url"] for one in only(udata)["resources"]]
    before = ids(udata)
    (outcome,) = run(udata, ledger, HOSTED)
    assert (outcome.state, outcome.notes) == ("updated", ())
    assert [one["filetype"] for one in only(udata)["resources"]] == ["remote", "remote"]
    assert list(ids(udata)) == [DATA, GUIDE]
    assert not set(ids(udata).values()) & set(before.values())
    for url in urls:
        with pytest.raises(Exception, match="404"):
            udata.hosted(url)
    assert ledger.link(DATASET).resources == ids(udata)
    assert states(run(udata, ledger, HOSTED)) == ["unchanged"]


def test_there_and_back_again(udata, ledger):
    for n in range(2):
        run(udata, ledger, HOSTED)
        assert {one["url"] for one in only(udata)["resources"]} == {
            one.url for one in HOSTED.resources
        }, n
        udata_next_second()
        run(udata, ledger, HOSTED, **UPLOAD)
        assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]], n


def test_the_plan_names_what_changes(udata, ledger):
    run(udata, ledger, HOSTED)
    with udata.client(mode="upload") as client:
        (item,) = gather([Wanted(HOSTED)], client, ledger).items
    assert [c.what for c in item.changes] == [f"resources.{DATA}.mode", f"resources.{GUIDE}.mode"]
    assert item.requests == ("upload", "upload", "dataset")


# A resource that is no longer on the portal


@pytest.mark.parametrize("options", [{}, UPLOAD], ids=["link", "upload"])
def test_a_resource_is_removed(udata, ledger, options):
    run(udata, ledger, HOSTED, **options)
    kept, dropped = only(udata)["resources"]
    shorter = replace(HOSTED, resources=HOSTED.resources[:1])
    with udata.client(mode=options.get("mode", "link")) as client:
        (item,) = gather([Wanted(shorter)], client, ledger).items
    assert [c.what for c in item.changes] == [f"resources.{GUIDE}.removed"]
    assert item.changes[0].before == "Notice"
    (outcome,) = run(udata, ledger, shorter, **options)
    assert (outcome.state, outcome.notes) == ("updated", ())
    assert [one["id"] for one in only(udata)["resources"]] == [kept["id"]]
    if options:
        with pytest.raises(Exception, match="404"):
            udata.hosted(dropped["url"])
    assert ledger.link(DATASET).resources == {DATA: kept["id"]}
    assert states(run(udata, ledger, shorter, **options)) == ["unchanged"]


# An upload whose answer was lost, when the portal no longer wants the file


def lose_the_first_upload(udata, ledger) -> str:
    """The address of a file that is there without stamp."""
    udata.fault(method="POST", path="/upload/", drop=True, after=True)
    run(udata, ledger, HOSTED, **UPLOAD)
    (held,) = only(udata)["resources"]
    assert stamp(held) is None
    return held["url"]


def is_gone(udata, url: str) -> bool:
    try:
        udata.hosted(url)
    except httpx.HTTPStatusError as error:
        return "404" in str(error)
    return False


def test_what_is_hidden_leaves_no_lost_upload(udata, ledger):
    url = lose_the_first_upload(udata, ledger)
    private = replace(HOSTED, private=True)
    assert states(run(udata, ledger, private, **UPLOAD)) == ["hidden"]
    assert (only(udata)["resources"], is_gone(udata, url)) == ([], True)
    assert states(run(udata, ledger, private, **UPLOAD)) == ["left_out"]


def test_a_lost_upload_of_a_removed_resource_is_deleted(udata, ledger):
    url = lose_the_first_upload(udata, ledger)
    data, guide = HOSTED.resources
    renewed = replace(HOSTED, resources=(replace(data, id=DATA[::-1]), guide))
    files = holding({DATA[::-1]: FIRST[DATA], GUIDE: FIRST[GUIDE]})
    (outcome,) = run(udata, ledger, renewed, mode="upload", files=files)
    assert (outcome.state, outcome.notes) == ("updated", ())
    assert (list(ids(udata)), is_gone(udata, url)) == ([DATA[::-1], GUIDE], True)
    assert states(run(udata, ledger, renewed, mode="upload", files=files)) == ["unchanged"]


def test_a_file_of_somebody_else_is_never_deleted(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    path = f"/datasets/{only(udata)['id']}/upload/"
    udata.call("POST", path, files={"file": ("leur.csv", b"a,b\n1,2\n")})
    run(udata, ledger, HOSTED)
    run(udata, ledger, replace(HOSTED, private=True))
    theirs = [one for one in only(udata)["resources"] if stamp(one) is None]
    assert [udata.hosted(one["url"]) for one in theirs] == [b"a,b\n1,2\n"]


def test_hidden_after_somebody_deleted_it_there(udata, ledger):
    run(udata, ledger, HOSTED, **UPLOAD)
    urls = [one["url"] for one in only(udata)["resources"]]
    udata.call("DELETE", f"/datasets/{only(udata)['id']}/")
    private = replace(HOSTED, private=True)
    run(udata, ledger, private, **UPLOAD)
    assert [is_gone(udata, url) for url in urls] == [True, True]
    before = udata.writes()
    assert states(run(udata, ledger, private, **UPLOAD)) == ["left_out"]
    assert udata.writes() == before


def test_a_document_without_hash_nor_date(udata, ledger):
    data, guide = HOSTED.resources
    bare = replace(HOSTED, resources=(data, replace(guide, sha256=None)))
    (outcome,) = run(udata, ledger, bare, **UPLOAD)
    assert (outcome.state, outcome.notes) == ("created", ())
    assert states(run(udata, ledger, bare, **UPLOAD)) == ["unchanged"]
    dated = replace(HOSTED, resources=(data, replace(guide, sha256=None, modified="2026-01-02")))
    udata_next_second()
    assert states(run(udata, ledger, dated, **UPLOAD)) == ["updated"]
    assert states(run(udata, ledger, dated, **UPLOAD)) == ["unchanged"]


def test_of_two_lost_uploads_of_one_file_one_stays(udata, ledger):
    """The first was carried out after we had stopped to wait for it."""
    lose_the_first_upload(udata, ledger)
    udata_next_second()
    dataset = only(udata)
    name = dataset["resources"][0]["url"].rsplit("/", 1)[-1]
    path = f"/datasets/{dataset['id']}/upload/"
    udata.call("POST", path, files={"file": (name, b"autre")}).raise_for_status()
    udata_next_second()
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["updated"]
    assert list(ids(udata)) == [DATA, GUIDE]
    assert contents(udata) == [FIRST[DATA], FIRST[GUIDE]]
    assert states(run(udata, ledger, HOSTED, **UPLOAD)) == ["unchanged"]
