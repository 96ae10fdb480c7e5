"""The dataset types: their forms, their defaults, their place in the portal."""

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.scdl import conformity, helpers, plugin
from ckanext.scdl.model import FileReport
from tests import generate

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]


def call(action, /, **data):
    return tk.get_action(action)({"ignore_auth": True, "user": ""}, data)


def errors_of(new_dataset, kind, **fields):
    with pytest.raises(tk.ValidationError) as refused:
        new_dataset(kind, **fields)
    return refused.value.error_dict


@pytest.mark.parametrize("kind", ["budget", "subventions"])
def test_what_is_left_empty_gets_its_default(new_dataset, kind):
    dataset = new_dataset(kind)
    assert dataset["license_id"] == "lov2"
    assert dataset["frequency"] == "annual"
    assert (dataset["temporal_start"], dataset["temporal_end"]) == ("2024-01-01", "2024-12-31")


def test_the_licence_ouverte_is_among_the_portal_s_licences():
    assert [row["id"] for row in call("license_list")].count("lov2") == 1
    assert model.Package.get_license_register()["lov2"].isopen()


def test_a_siret_is_kept_as_fourteen_digits(new_dataset):
    number = generate.siret(3)
    spaced = f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"
    assert new_dataset("budget", siret=spaced)["siret"] == number


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("siret", "12345678901234"),
        ("siret", "2100000000001"),
        ("exercice", "24"),
        ("exercice", "deux mille"),
        ("zone", "Fontargent"),
        ("etape", "Budget primitif"),
        ("type_budget", "autre"),
        ("maintainer_email", "pas un courriel"),
    ],
)
def test_a_bad_value_is_refused_in_french(new_dataset, field, value):
    (message,) = errors_of(new_dataset, "budget", **{field: value})[field]
    assert "n’est pas" in message.replace("'", "’")


def test_a_period_that_ends_before_it_starts_is_refused(new_dataset):
    dates = {"temporal_start": "2024-12-31", "temporal_end": "2024-01-01"}
    assert errors_of(new_dataset, "budget", **dates)["temporal_end"] == [
        "La période couverte finit avant de commencer."
    ]


@pytest.mark.parametrize("field", ["siret", "exercice", "etape", "collectivite"])
def test_a_required_field_is_required(new_dataset, field):
    assert field in errors_of(new_dataset, "budget", **{field: ""})


@pytest.mark.parametrize("kind", ["budget", "subventions"])
def test_they_are_found_like_any_dataset(new_dataset, portal, kind):
    dataset = new_dataset(kind, title=f"Jeu cherché {factories.Dataset.stub().name}")
    page = portal.get("/dataset/", query_string={"q": dataset["title"]})
    assert f"/{kind}/{dataset['name']}" in page.text


@pytest.mark.parametrize(
    ("kind", "heading"),
    [("budget", "Ajouter un budget"), ("subventions", "Ajouter des subventions")],
)
def test_the_form_is_in_french(portal, headers, organization, kind, heading):
    page = portal.get(f"/{kind}/new", headers=headers(factories.SysadminWithToken()["token"]))
    assert heading in page.text
    assert "Create" not in page.text
    assert "23 000\xa0€" in page.text or kind == "budget"


def test_remarks_name_both_values_to_who_may_edit(budget, portal, headers):
    _, resource = budget(generate.budget_xml(exercice="2023"), etape="budget supplémentaire")
    page = f"/scdl/report/{resource['id']}"
    text = portal.get(page, headers=headers(factories.SysadminWithToken()["token"])).text
    assert "Fichier conforme" in text
    assert all(value in text for value in ("2023", "2024", "budget primitif", "supplémentaire"))
    public = portal.get(page, headers=headers("")).text
    assert "Fichier conforme" in public
    assert "supplémentaire »" not in public


def test_remarks_are_counted_on_the_badge(budget):
    dataset, resource = budget(generate.budget_xml(exercice="2023"), etape="budget supplémentaire")
    badge = helpers.scdl_badge(resource, dataset)
    assert badge["state"] == "warnings"
    assert badge["label"].endswith("remarques")


def test_findings_are_for_who_may_edit(budget, new_dataset):
    _, resource = budget(generate.budget_xml())
    public = tk.get_action("scdl_report_show")({"user": ""}, {"id": resource["id"]})
    assert public["report"].keys().isdisjoint({"findings", "causes"})
    assert public["report"]["verdict"] == "conforming"
    full = tk.get_action("scdl_report_show")(
        {"user": factories.Sysadmin()["name"]}, {"id": resource["id"]}
    )
    assert "findings" in full["report"]


def test_the_report_page_escapes_what_the_file_says(budget, portal, headers):
    """An article unknown to the chart of accounts is quoted in a remark."""
    content = generate.budget_xml().replace(
        b'<Nature V="60612"/>', b'<Nature V="&lt;b&gt;6&lt;/b"/>'
    )
    _, resource = budget(content)
    page = portal.get(
        f"/scdl/report/{resource['id']}", headers=headers(factories.SysadminWithToken()["token"])
    )
    assert "&lt;b&gt;6&lt;/b" in page.text
    assert "<b>6</b" not in page.text


def test_scdl_must_stand_before_scheming():
    with pytest.raises(plugin.MisplacedPlugin, match="scdl"):
        plugin._check_scheming({"ckan.plugins": "scheming_datasets scdl"})


def test_a_portal_with_schemas_of_its_own_is_told_to_add_ours():
    config = {"ckan.plugins": "scdl scheming_datasets", "scheming.dataset_schemas": "a:b.yaml"}
    with pytest.raises(plugin.MissingSchema, match=r"schemas/datasets/budget\.yaml"):
        plugin._check_scheming(config)


def test_the_report_page_gives_the_causes_first(new_dataset, portal, headers):
    """A file already there, whose report is stored again as that of a bad one."""
    rows = generate.subventions_rows(lignes=42)
    upload = FileStorage(io.BytesIO(generate.to_csv(rows)), "aides.csv")
    dataset = new_dataset("subventions")
    resource = call("resource_create", package_id=dataset["id"], upload=upload)
    for row in rows:
        row["montant"] = row["montant"].replace(".", ",")
    bad = conformity.check(io.BytesIO(generate.to_csv(rows)), "subventions")
    FileReport.store(model.Resource.get(resource["id"]), bad.to_dict())
    page = f"/scdl/report/{resource['id']}"
    text = portal.get(page, headers=headers(factories.SysadminWithToken()["token"])).text
    causes, _, findings = text.partition("Constat par constat")
    assert causes.count("montants avec une virgule") == 1
    assert "lignes 2 à 43" in causes
    assert findings.count("montant avec une virgule") == 42
    public = portal.get(page, headers=headers("")).text
    assert "42 erreurs" in public
    assert "mal écrits" not in public
    assert "Constat par constat" not in public
