"""The status of a dataset follows from its present files; `ckan scdl recheck` looks again."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.scdl.derived import derived_id
from ckanext.scdl.model import FileReport
from tests import generate

from .test_upload import call, file, stored_files

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]


def status(dataset):
    return tk.get_action("scdl_status_show")({"user": ""}, {"id": dataset["id"]})


def change(resource, **columns):
    """As if this had been written when the file was checked."""
    model.Session.query(FileReport).filter_by(resource_id=resource["id"]).update(columns)
    model.Session.commit()


@pytest.fixture
def recheck(cli, portal, storage, monkeypatch):
    """A function: words of `ckan scdl recheck` -> (exit code, lines).

    The command reads the configuration anew.
    """
    monkeypatch.setenv("CKAN_STORAGE_PATH", str(storage))

    def run(*words):
        done = cli.invoke(ckan, ["scdl", "recheck", *words])
        return done.exit_code, done.output.splitlines()

    return run


def test_is_none_without_a_checked_file(new_dataset):
    dataset = new_dataset("budget")
    call("resource_create", package_id=dataset["id"], upload=file(b"%PDF-1.7", "note.pdf"))
    assert status(dataset) == {"dataset_id": dataset["id"], "status": "none", "files": []}


def test_lists_each_checked_file(budget, run_jobs):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    shown = status(dataset)
    assert shown["status"] == "conforming"
    assert [f["resource_id"] for f in shown["files"]] == [
        resource["id"],
        derived_id(resource["id"]),
    ]
    assert {f["standard"] for f in shown["files"]} == {"scdl/budget@0.8.3"}


def test_is_refused_to_who_may_not_see_the_dataset(budget):
    dataset, _ = budget(generate.budget_xml(), private=True)
    with pytest.raises(tk.NotAuthorized):
        status(dataset)


@pytest.mark.parametrize("column", [{"file_date": "2001-01-01T00:00:00"}, {"file_size": 1}])
def test_a_report_on_another_file_counts_for_nothing(budget, column):
    dataset, resource = budget(generate.budget_xml())
    change(resource, **column)
    shown = status(dataset)
    assert shown["status"] == "pending"
    (waiting,) = shown["files"]
    assert (waiting["state"], waiting["standard"]) == ("pending", None)


def test_an_unchanged_file_is_not_read(budget, recheck):
    dataset, resource = budget(generate.budget_xml())
    before = FileReport.get(resource["id"]).checked
    code, lines = recheck(dataset["name"])
    assert code == 0
    assert lines == [
        f"{dataset['name']} / Budget : conforme (scdl/budget@0.8.3, inchangé)",
        "Fichiers : 1, dont lus : 0. conforme : 1.",
    ]
    model.Session.expire_all()
    assert FileReport.get(resource["id"]).checked == before


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({}, ["--all"]),
        ({"file_date": "2001-01-01T00:00:00"}, []),
        ({"file_size": 1}, []),
        ({"sha256": "0"}, []),
        ({"checker": None}, []),
    ],
)
def test_a_file_that_may_have_changed_is_read_again(budget, recheck, column, words):
    dataset, resource = budget(generate.budget_xml())
    change(resource, conforming=False, **column)
    code, lines = recheck(dataset["id"], *words)
    assert code == 0
    assert "conforme (scdl/budget@0.8.3, lu)" in lines[0]
    model.Session.expire_all()
    row = FileReport.get(resource["id"])
    assert (row.conforming, row.sha256) == (True, resource["hash"])
    assert status(dataset)["status"] == "conforming"


def test_a_table_remains_that_of_its_budget(budget, run_jobs, recheck):
    dataset, resource = budget(generate.budget_xml())
    run_jobs()
    assert recheck("--all", dataset["name"])[0] == 0
    shown = call("package_show", id=dataset["id"])
    assert [r["id"] for r in shown["resources"]] == [resource["id"], derived_id(resource["id"])]
    assert FileReport.get(derived_id(resource["id"])).source_sha256 == resource["hash"]


def test_a_file_that_was_changed_in_the_storage_is_found(new_dataset, recheck, storage):
    dataset = new_dataset("subventions")
    good = generate.subventions_csv()
    call("resource_create", package_id=dataset["id"], name="Aides", upload=file(good, "aides.csv"))
    (path,) = stored_files(storage)
    path.write_bytes(generate.bad_tables()["montant"].content)
    assert recheck(dataset["name"])[0] == 0
    code, lines = recheck("--all", dataset["name"])
    assert code == 1
    assert "non conforme" in lines[0]
    assert status(dataset)["status"] == "not-conforming"


def test_a_lost_file_and_an_unknown_dataset_are_told(budget, recheck, storage):
    dataset, _ = budget(generate.budget_xml())
    stored_files(storage)[0].unlink()
    code, lines = recheck("--all", dataset["name"])
    assert (code, "perdu" in lines[0]) == (2, True)

    other = factories.Dataset()
    for name in (other["name"], "inconnu"):
        code, lines = recheck(name)
        assert code == 2
        assert f"{name} : aucun jeu contrôlé ne porte ce nom." in lines


def test_all_datasets_are_looked_at_unless_some_are_named(budget, recheck):
    first, second = budget(generate.budget_xml())[0], budget(generate.budget_xml())[0]
    _, lines = recheck()
    seen = {line.partition(" /")[0] for line in lines}
    assert {first["name"], second["name"]} <= seen
    _, lines = recheck(second["name"])
    assert first["name"] not in {line.partition(" /")[0] for line in lines}
