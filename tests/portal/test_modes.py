"""What does not conform: refused, or stored with its report where the administrator chose so."""

import contextlib
import gzip

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.scdl import config, helpers
from ckanext.scdl.derived import derived_id
from ckanext.scdl.model import FileReport
from ckanext.scdl.publication import present_obstacle
from tests import generate

from .test_masking import NAME, XML, contents
from .test_upload import WAYS, call, file, send, stored_files

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

BAD_TABLE = generate.bad_tables()["montant"].content
BAD_BUDGET = generate.budget_xml().replace(b'<CodRD V="D"/>', b'<CodRD V="X"/>', 1)


@pytest.fixture
def warn(ckan_config, monkeypatch):
    """A function that sets the option of this suffix."""

    def setting(suffix="", mode="warn"):
        monkeypatch.setitem(ckan_config, f"ckanext.scdl.mode{suffix}", mode)

    return setting


def put(dataset, content, name, **fields):
    return call("resource_create", package_id=dataset["id"], upload=file(content, name), **fields)


def test_what_nobody_wrote_is_no_warning_in_the_log(caplog):
    assert not config.warns("budget", "ville-de-fontargent")
    assert "is not declared" not in caplog.text


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_does_not_conform_is_stored_with_its_report(way, warn, budget, run_jobs):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    warn()
    dataset = call("package_show", id=dataset["id"])
    send(way, dataset, resource, file(BAD_BUDGET, "faux.xml"))

    shown = call("package_show", id=dataset["id"])
    (mine,) = [r for r in shown["resources"] if r["url"].endswith("faux.xml")]
    row = FileReport.get(mine["id"])
    assert (row.conforming, row.kind, row.sha256) == (False, "totem", mine["hash"])
    assert mine["role"] == "source"
    assert helpers.scdl_badge(mine, shown) == {"state": "errors", "label": "Non conforme"}
    assert present_obstacle(dataset["id"]).code == "not_conforming"
    # the table of the file that was replaced goes with it
    tables = [r["id"] for r in shown["resources"] if r["role"] == "donnees"]
    assert tables == ([] if mine["id"] == resource["id"] else [derived_id(resource["id"])])


@pytest.mark.parametrize(
    ("suffix", "stored"),
    [("", True), (".subventions", True), (".budget", False), (".subventions.{}", True)],
)
def test_the_mode_is_by_type_and_organisation(warn, new_dataset, organization, suffix, stored):
    warn(suffix.format(organization["name"]))
    dataset = new_dataset("subventions")
    if not stored:
        with pytest.raises(tk.ValidationError):
            put(dataset, BAD_TABLE, "aides.csv")
        return
    resource = put(dataset, BAD_TABLE, "aides.csv")
    assert FileReport.get(resource["id"]).report["verdict"] == "not-conforming"


def test_the_most_precise_option_decides(warn, new_dataset, organization):
    warn()
    warn(f".subventions.{organization['name']}", "refuse")
    with pytest.raises(tk.ValidationError):
        put(new_dataset("subventions"), BAD_TABLE, "aides.csv")
    other = new_dataset("subventions", owner_org=factories.Organization()["id"])
    assert put(other, BAD_TABLE, "aides.csv")["role"] == "donnees"


def test_an_unreadable_table_is_stored_as_unreadable(warn, new_dataset):
    warn()
    dataset = new_dataset("subventions")
    resource = put(dataset, b"PK\x03\x04 une archive", "aides.zip")
    assert resource["role"] == "donnees"
    badge = helpers.scdl_badge(resource, call("package_show", id=dataset["id"]))
    assert badge == {"state": "errors", "label": "Illisible"}
    assert present_obstacle(dataset["id"]).code == "not_conforming"


def test_an_xml_that_does_not_conform_is_masked_all_the_same(warn, budget, storage):
    warn()
    bad = XML.replace(b'<CodRD V="D"/>', b'<CodRD V="X"/>', 1)
    assert bad != XML
    dataset, _ = budget(generate.budget_xml())
    resource = put(dataset, bad, "personnes.xml")
    assert not [content for content in contents(storage) if NAME in content]
    report = FileReport.get(resource["id"]).report
    assert report["verdict"] == "not-conforming"
    assert "totem-masked" in {finding["code"] for finding in report["findings"]}


@pytest.mark.parametrize("name", ["coupe.xml", "coupe.xml.gz", "coupe.csv", "coupe.pdf"])
def test_an_xml_that_cannot_be_read_to_its_end_is_refused(warn, budget, storage, name):
    """Nobody can say whom it names."""
    warn()
    dataset, _ = budget(generate.budget_xml())
    before = stored_files(storage)
    cut = XML[: XML.index(NAME) + 20]
    with pytest.raises(tk.ValidationError):
        put(dataset, gzip.compress(cut) if name.endswith("gz") else cut, name, role="donnees")
    assert stored_files(storage) == before


FAR = b" \n" * 50_000
"""More blanks than anybody looks at to tell what a file is."""
BODY = XML[XML.index(b"?>") + 2 :]


@pytest.mark.parametrize("limit", [0, 50])
@pytest.mark.parametrize(
    "content",
    [
        FAR + BODY,
        FAR + XML,
        (FAR + BODY).decode().encode("utf-16"),
        gzip.compress(FAR + BODY),
        gzip.compress(gzip.compress(XML)),
        "\N{NO-BREAK SPACE}".encode() + XML,
        b"\x1a" + XML,
    ],
    ids=["plain", "with-its-declaration", "utf-16", "gzip", "twice", "no-break", "control"],
)
@pytest.mark.parametrize("kind", ["budget", "subventions"])
def test_an_xml_behind_blanks_is_never_stored_unmasked(
    warn, new_dataset, storage, ckan_config, monkeypatch, content, limit, kind
):
    """Whatever its name and its size: recognised as what it is, or refused."""
    warn()
    monkeypatch.setitem(ckan_config, "ckanext.scdl.sync_max_size", limit)
    names = (NAME, NAME.decode().encode("utf-16-le"))
    for role in ("", "donnees", "documentation"):
        with contextlib.suppress(tk.ValidationError):
            put(new_dataset(kind), content, "table.csv", role=role)
        for stored in contents(storage):
            plain = stored
            while plain.startswith(b"\x1f\x8b"):
                plain = gzip.decompress(plain)
            assert not [name for name in names if name in plain]


def test_so_is_a_budget_among_subsidies(warn, new_dataset):
    warn()
    with pytest.raises(tk.ValidationError):
        put(new_dataset("subventions"), XML, "budget.xml")


def test_the_administrator_may_still_have_people_refused(warn, budget, ckan_config, monkeypatch):
    warn()
    monkeypatch.setitem(ckan_config, "ckanext.scdl.personal_data", "refuse")
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError):
        put(dataset, XML, "personnes.xml")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("", "avertir"),
        (".budget", "REFUSE"),
        (".budjet", "warn"),
        (".budget.ville.x", "warn"),
    ],
)
def test_a_wrong_word_stops_ckan_at_start(warn, key, value):
    warn(key, value)
    with pytest.raises(config.UnknownMode, match=rf"ckanext\.scdl\.mode{key}"):
        config.check_modes(["budget", "subventions"])


ANNEXES = {
    "annexe.pdf": b"%PDF-1.7 une annexe",
    "carte.png": b"\x89PNG\r\n\x1a\n",
    "logo.svg": b'<?xml version="1.0"?><svg/>',
    "scan.tif": b"II*\0",
    "annexe": b"%PDF-1.7 sans extension",
}


@pytest.mark.parametrize("role", ["donnees", "source", ""])
@pytest.mark.parametrize("name", ANNEXES)
def test_a_pdf_or_an_image_is_documentation_whatever_is_said(budget, name, role):
    dataset, _ = budget(generate.budget_xml())
    resource = put(dataset, ANNEXES[name], name, role=role)
    assert resource["role"] == "documentation"
    badge = helpers.scdl_badge(resource, call("package_show", id=dataset["id"]))
    assert badge["label"] == "Documentation, non contrôlée"


@pytest.mark.parametrize("way", WAYS)
def test_by_every_way_in(way, budget):
    dataset, resource = budget(generate.budget_xml())
    send(way, dataset, resource, file(ANNEXES["annexe.pdf"], "annexe.pdf"))
    shown = call("package_show", id=dataset["id"])["resources"]
    (mine,) = [r for r in shown if r["url"].endswith("annexe.pdf")]
    assert mine["role"] == "documentation"
    assert FileReport.get(mine["id"]) is None


def test_a_pdf_that_says_it_is_a_table_is_refused_with_its_reason(budget):
    dataset, _ = budget(generate.budget_xml())
    with pytest.raises(tk.ValidationError) as refused:
        put(dataset, ANNEXES["annexe.pdf"], "table.csv")
    assert "est un PDF" in refused.value.error_dict["url"][0]
