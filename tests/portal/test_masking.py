"""A budget XML that tells of people: never stored as it came, whatever the way in."""

import gzip
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.scdl import masking
from ckanext.scdl.model import FileReport
from tests import generate
from tests.support import totem

from .test_upload import WAYS, call, file, send, sentence_of, stored_files, stored_resources

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

NAME = "Personne inventée".encode()
XML = totem.make("M57-M57_D", 2024, "01", defect="personnes").xml()


def contents(storage):
    return [Path(path).read_bytes() for path in stored_files(storage)]


@pytest.mark.parametrize("way", WAYS)
def test_only_the_masked_copy_is_stored(way, budget, storage):
    assert NAME in XML
    dataset, resource = budget(generate.budget_xml())
    send(way, dataset, resource, file(XML, "personnes.xml"))

    assert not [content for content in contents(storage) if NAME in content]
    stored = call("package_show", id=dataset["id"])["resources"]
    (mine,) = [r for r in stored if r["url"].endswith("personnes.xml")]
    report = FileReport.get(mine["id"])
    assert (report.conforming, report.sha256) == (True, mine["hash"])
    assert mine["size"] == report.report["size"]
    (told,) = report.report["findings"]
    assert (told["code"], told["params"]) == ("totem-masked", {"annexe": "CONCOURS", "number": 1})


def test_a_compressed_budget_stays_compressed(budget, storage):
    dataset, _ = budget(generate.budget_xml())
    packed = file(gzip.compress(XML), "personnes.xml.gz")
    call("resource_create", package_id=dataset["id"], upload=packed)
    (inside,) = [gzip.decompress(c) for c in contents(storage) if c.startswith(b"\x1f\x8b")]
    assert b"Occultation" in inside
    assert NAME not in inside


@pytest.mark.parametrize("way", WAYS)
def test_the_administrator_may_have_it_refused(way, budget, storage, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.scdl.personal_data", "refuse")
    dataset, resource = budget(generate.budget_xml())
    before = stored_resources(dataset["id"]), stored_files(storage)
    with pytest.raises(tk.ValidationError) as refused:
        send(way, dataset, resource, file(XML, "personnes.xml"))
    assert "l'annexe CONCOURS porte des données personnelles" in sentence_of(refused)
    model.Session.rollback()
    assert (stored_resources(dataset["id"]), stored_files(storage)) == before


def test_the_table_is_that_of_the_original(budget, run_jobs):
    dataset, _ = budget(XML)
    run_jobs()
    stored = call("package_show", id=dataset["id"])["resources"]
    (table,) = [r for r in stored if r["role"] == "donnees"]
    assert FileReport.get(table["id"]).report["lines"] == XML.count(b"<LigneBudget>")


def test_a_copy_that_would_still_tell_of_people_is_refused(budget, storage, monkeypatch):
    """Whatever the masking missed: the copy is checked before it is stored."""
    monkeypatch.setattr(masking.conformity, "mask", _copied)
    dataset, _ = budget(generate.budget_xml())
    before = stored_resources(dataset["id"]), stored_files(storage)
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], upload=file(XML, "personnes.xml"))
    assert "données personnelles" in sentence_of(refused)
    model.Session.rollback()
    assert (stored_resources(dataset["id"]), stored_files(storage)) == before


def _copied(stream, out):
    out.write(stream.read())
    return {}


@pytest.mark.parametrize("name", ["budget.xml.gz", "budget.pdf", "budget"])
def test_a_compressed_budget_is_never_documentation(budget, storage, name):
    dataset, _ = budget(generate.budget_xml())
    call(
        "resource_create",
        package_id=dataset["id"],
        role="documentation",
        upload=file(gzip.compress(XML), name),
    )
    packed = [gzip.decompress(c) for c in contents(storage) if c.startswith(b"\x1f\x8b")]
    assert not [content for content in packed if NAME in content]
