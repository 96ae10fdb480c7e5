"""The readable table as XLSX and JSON, where the administrator wants them beside the CSV."""

import csv
import io
import json

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from ckan.lib import jobs as queues
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.scdl import config, gate, helpers, jobs
from ckanext.scdl.derived import derived_id
from ckanext.scdl.model import FileReport
from ckanext.scdl.plugin import ScdlPlugin
from ckanext.scdl.publication import present_obstacle
from ckanext.scdl.storage import stored_file
from tests import generate

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

OPTION = "ckanext.scdl.table_formats"
FORMATS = ["XML", "CSV", "XLSX", "JSON"]


def call(action, /, **data):
    return tk.get_action(action)({"ignore_auth": True, "user": ""}, data)


def file(content, name):
    return FileStorage(io.BytesIO(content), name)


@pytest.fixture
def formats(ckan_config, monkeypatch):
    """A function that sets the option, all three from the start."""

    def ask_for(words):
        monkeypatch.setitem(ckan_config, OPTION, words)

    ask_for("csv xlsx json")
    return ask_for


def resources(dataset):
    return call("package_show", id=dataset["id"])["resources"]


def listed(dataset):
    return [r["format"] or "XML" for r in resources(dataset)]


def content(resource):
    with stored_file(resource) as stored:
        return stored.read()


def rows(resource):
    """The cells by column, as text; an XLSX's amounts are numbers."""
    read = content(resource)
    if resource["format"] == "CSV":
        return list(csv.DictReader(io.StringIO(read.decode("utf-8"))))
    if resource["format"] == "JSON":
        return [{k: v or "" for k, v in row.items()} for row in json.loads(read)]
    header, *cells = openpyxl.load_workbook(io.BytesIO(read)).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in cells]


def replace_xml(resource, **fields):
    other = file(generate.budget_xml(nom="Commune de Bois-Fictif"), "nouveau.xml")
    return call("resource_patch", id=resource["id"], upload=other, **fields)


def test_only_the_csv_unless_told(budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    run_jobs()
    assert config.table_formats() == ["csv"]
    assert listed(dataset) == ["XML", "CSV"]


@pytest.mark.parametrize(
    ("words", "read"),
    [("", ["csv"]), ("json", ["csv", "json"]), ("xlsx csv xlsx", ["csv", "xlsx"])],
)
def test_the_csv_is_always_there_and_first(formats, words, read):
    formats(words)
    assert config.table_formats() == read


def test_an_unknown_format_stops_ckan_when_it_starts(formats, ckan_config):
    formats("csv ods")
    with pytest.raises(config.UnknownFormat, match=r"« ods ».*csv json xlsx"):
        ScdlPlugin.configure(None, ckan_config)


def test_all_are_made_with_the_same_rows(formats, budget, run_jobs):
    dataset, source = budget(generate.budget_xml())
    run_jobs()

    xml, table, xlsx, as_json = resources(dataset)
    assert listed(dataset) == FORMATS
    assert xml["id"] == source["id"]
    assert xlsx["id"] == derived_id(source["id"], "xlsx")
    assert as_json["name"] == "Budget – table lisible (JSON)"
    stem = table["url"].rsplit("/", 1)[-1].removesuffix(".csv")
    assert [r["url"].rsplit("/", 1)[-1] for r in (xlsx, as_json)] == [
        f"{stem}.xlsx",
        f"{stem}.json",
    ]
    assert rows(as_json) == rows(table)
    codes = [[row["BGT_FONCTION"] or "" for row in rows(r)] for r in (xlsx, table)]
    assert codes[0] == codes[1]
    assert any(code.startswith("0") for code in codes[0]), "a code keeps its zero"


def test_the_id_of_the_csv_is_what_it_was():
    assert derived_id("a") == "08c6dc30-1004-58d1-911c-80aae72ff706"


def test_they_keep_nothing_back_and_show_no_badge(formats, budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    run_jobs()
    shown = call("package_show", id=dataset["id"])
    assert present_obstacle(dataset["id"]) is None
    assert gate.left_to_do(dataset["id"]) == gate.LeftToDo({}, [])
    badges = [helpers.scdl_badge(r, shown) for r in shown["resources"]]
    assert [badge and badge["state"] for badge in badges[1:]] == ["conforming", None, None]


def test_they_are_made_once(formats, budget, run_jobs):
    """Neither does the table of one format ask for the others, which the same job makes."""
    dataset, source = budget(generate.budget_xml())
    jobs.derive(source["id"])
    made = call("package_show", id=dataset["id"])
    (queued,) = queues.get_queue().jobs
    assert queued.args == [source["id"]], "the deposit's own job"
    run_jobs(source["id"])
    assert call("package_show", id=dataset["id"]) == made


def test_a_replaced_xml_remakes_all(formats, budget, run_jobs):
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    before = resources(dataset)
    call("resource_patch", id=before[2]["id"], name="Mon nom")
    replace_xml(source, name="Budget 2024")
    run_jobs()

    after = resources(dataset)
    assert [r["id"] for r in after] == [r["id"] for r in before]
    assert [r["hash"] for r in after if r["hash"] in {b["hash"] for b in before}] == []
    assert [rows(r)[0]["BGT_NOM"].upper() for r in after[1:]] == ["COMMUNE DE BOIS-FICTIF"] * 3
    assert [r["name"] for r in after[2:]] == ["Mon nom", "Budget 2024 – table lisible (JSON)"]


@pytest.mark.parametrize("way", ["removed", "link"])
def test_all_go_with_their_xml(formats, budget, run_jobs, way):
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    if way == "removed":
        call("resource_delete", id=source["id"])
    else:
        call("resource_update", id=source["id"], url="https://ville.example/b.xml", url_type="")
    assert [r["id"] for r in resources(dataset)] == ([] if way == "removed" else [source["id"]])


def test_one_that_is_missing_is_made_by_the_next_save(formats, budget, run_jobs):
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    call("resource_delete", id=derived_id(source["id"], "xlsx"))
    run_jobs()
    assert listed(dataset) == ["XML", "CSV", "JSON", "XLSX"]


def test_formats_wanted_later_come_with_the_next_save(formats, budget, run_jobs):
    formats("csv")
    dataset, _ = budget(generate.budget_xml())
    run_jobs()
    formats("csv json")
    call("package_patch", id=dataset["id"], title="Titre corrigé")
    run_jobs()
    assert listed(dataset) == ["XML", "CSV", "JSON"]


def test_formats_not_wanted_any_more_go_with_the_next_save(formats, budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    run_jobs()
    formats("csv")
    assert listed(dataset) == FORMATS
    call("package_patch", id=dataset["id"], title="Titre corrigé")
    assert listed(dataset) == ["XML", "CSV"]


def test_a_resource_of_another_dataset_is_never_overwritten(formats, budget, new_dataset):
    _, source = budget(generate.budget_xml())
    foreign = call(
        "resource_create",
        package_id=new_dataset("budget")["id"],
        id=derived_id(source["id"], "json"),
        upload=file(b"%PDF-1.7 notice", "notice.pdf"),
    )
    with pytest.raises(jobs.ForeignTable):
        jobs.derive(source["id"])
    assert call("resource_show", id=foreign["id"]) == foreign


@pytest.mark.parametrize("place", ["new", "computed", "made"])
def test_nobody_elses_export_passes_the_gate(formats, budget, run_jobs, place):
    """Neither under the computed id nor in the place of a made one, with its very bytes."""
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    mine = derived_id(source["id"], "json")
    upload = file(content(call("resource_show", id=mine)), "budget.json")
    if place == "computed":
        dataset, source = budget(generate.budget_xml(seed=2))
        mine = derived_id(source["id"], "json")
    way = {"id": mine} if place != "new" else {}
    action = "resource_patch" if place == "made" else "resource_create"
    with pytest.raises(tk.ValidationError) as refused:
        call(action, package_id=dataset["id"], role="donnees", upload=upload, **way)
    assert "est refusé" in str(refused.value.error_dict)


def test_somebody_s_workbook_is_a_table_like_any_other(formats, budget, new_dataset, run_jobs):
    """The very bytes of an export, deposited by hand, are read and checked."""
    _, source = budget(generate.budget_xml())
    run_jobs()
    made = content(call("resource_show", id=derived_id(source["id"], "xlsx")))
    dataset = new_dataset("budget")
    upload = file(made, "budget.xlsx")
    resource = call("resource_create", package_id=dataset["id"], upload=upload)
    row = FileReport.get(resource["id"])
    assert (row.kind, row.conforming, row.source_sha256) == ("table", True, None)


def test_an_export_replaced_by_hand_is_made_again(formats, budget, run_jobs):
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    mine = derived_id(source["id"], "json")
    made = call("resource_show", id=mine)
    notice = file(b'{"autre": "fichier"}', "autre.json")
    call("resource_patch", id=mine, role="documentation", upload=notice)
    assert FileReport.get(mine) is None
    run_jobs()
    again = call("resource_show", id=mine)
    assert (again["hash"], again["role"]) == (made["hash"], "donnees")
    assert present_obstacle(dataset["id"]) is None


def test_a_lost_report_is_made_again_not_checked(formats, budget, run_jobs):
    dataset, source = budget(generate.budget_xml())
    run_jobs()
    FileReport.forget({derived_id(source["id"], "json")})
    assert gate.left_to_do(dataset["id"]) == gate.LeftToDo({source["id"]: ["json"]}, [])


def test_a_user_may_still_offer_a_json_as_documentation(formats, budget, run_jobs):
    dataset, _ = budget(generate.budget_xml())
    own = call(
        "resource_create",
        package_id=dataset["id"],
        role="documentation",
        name=factories.Resource.stub().name,
        upload=file(b"[]", "notes.json"),
    )
    run_jobs()
    assert FileReport.get(own["id"]) is None
    assert listed(dataset)[0] == "XML"
