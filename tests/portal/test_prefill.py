"""What the form left empty is filled in from the budget; what a person wrote else never changes."""

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.scdl import jobs
from ckanext.scdl.derived import derived_id
from tests import generate
from tests.portal.test_upload import WAYS, call, file, send

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]

EMPTY = {"title": "", "collectivite": "", "siret": "", "exercice": "", "etape": ""}
SAID = {
    "title": "Budget primitif 2026 de la COMMUNE DE VAL-FICTIF – EAU",
    "collectivite": "COMMUNE DE VAL-FICTIF",
    "siret": generate.siret(2),
    "exercice": "2026",
    "etape": "budget primitif",
    "nature_document": "budget",
    "nomenclature": "M57",
    "type_budget": "annexe",
    "temporal_start": "2026-01-01",
    "temporal_end": "2026-12-31",
}


def water(**changes):
    """The annex budget that says what SAID holds."""
    said = {
        "nom": "COMMUNE DE VAL-FICTIF",
        "etablissement": "EAU",
        "annexe": True,
        "exercice": "2026",
        "siret_etab": generate.siret(2),
    }
    return generate.budget_xml(**said | changes)


@pytest.fixture
def draft(new_dataset):
    """A function: the draft that the form's first stage makes, all of it empty unless told."""

    def create(**fields):
        return new_dataset("budget", **{"state": "draft", **EMPTY, **fields})

    return create


def offer(dataset, content, name="budget.xml"):
    call("resource_create", package_id=dataset["id"], upload=file(content, name))
    return call("package_show", id=dataset["id"])


def of(dataset, names=SAID):
    return {name: dataset.get(name) for name in names}


def test_a_draft_is_filled_in_and_can_be_published(draft):
    dataset = draft()
    assert not any(of(dataset).values())

    assert of(offer(dataset, water())) == SAID

    call("package_patch", id=dataset["id"], state="active")
    published = call("package_show", id=dataset["id"])
    assert (published["state"], of(published)) == ("active", SAID)


@pytest.mark.parametrize("way", WAYS)
def test_by_every_way_in(way, budget):
    dataset, resource = budget(generate.budget_xml())
    dataset = call("package_patch", id=dataset["id"], nomenclature="", nature_document="")
    assert not dataset.get("nomenclature")
    assert not dataset.get("nature_document")

    send(way, dataset, resource, file(generate.cfu_xml(), "cfu.xml"))

    filled = call("package_show", id=dataset["id"])
    assert filled["nature_document"] == "compte financier unique"
    assert filled["nomenclature"] == "M57"


def test_package_create_takes_no_file(new_dataset):
    """CKAN does not read `upload` there, so that every field is asked for at once."""
    resources = [{"upload": "budget.xml", "url": "http://example.com/budget.xml"}]
    with pytest.raises(tk.ValidationError) as refused:
        new_dataset("budget", **EMPTY, state="draft", resources=resources)
    assert "siret" in refused.value.error_dict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Le budget de l'eau"),
        ("collectivite", "Val-Fictif"),
        ("siret", generate.siret(5)),
        ("exercice", "2025"),
        ("etape", "décision modificative"),
        ("nature_document", "compte administratif"),
        ("nomenclature", "M4"),
        ("type_budget", "principal"),
        ("temporal_start", "2026-03-01"),
        ("temporal_end", "2026-06-30"),
    ],
)
def test_what_a_person_wrote_stays(draft, field, value):
    dataset = offer(draft(**{field: value}), water())
    assert dataset[field] == value
    # the period follows the exercice of the form
    period = {"temporal_start": "2025-01-01", "temporal_end": "2025-12-31"}
    assert of(dataset) == SAID | (period if field == "exercice" else {}) | {field: value}


def test_a_second_file_changes_nothing(draft):
    dataset = offer(draft(), water())
    again = offer(dataset, water(exercice="2025", nom="AUTRE", nomenclature="M14-M14_COM_SUP3500"))
    assert of(again) == SAID


def test_a_file_that_replaces_another_brings_what_it_says(draft):
    """What the first file filled in is nobody's: left, it would be published over other figures."""
    dataset = offer(draft(collectivite="Val-Fictif"), water())
    call("package_patch", id=dataset["id"], state="active", notes="Écrit à la main")
    source = dataset["resources"][0]["id"]
    other = {"exercice": "2025", "nom": "AUTRE", "nomenclature": "M14-M14_COM_SUP3500"}
    call("resource_update", id=source, upload=file(water(**other), "budget.xml"))
    shown = call("package_show", id=dataset["id"])
    assert of(shown) == SAID | {
        "title": "Budget primitif 2025 d'AUTRE – EAU",
        "collectivite": "Val-Fictif",
        "exercice": "2025",
        "nomenclature": "M14",
        "temporal_start": "2025-01-01",
        "temporal_end": "2025-12-31",
    }
    assert shown["notes"] == "Écrit à la main"


def test_what_a_dataset_needs_comes_back_from_its_budget(draft):
    """The form says « laissez vide » on every page where it shows these fields."""
    dataset = offer(draft(), water())
    call("package_patch", id=dataset["id"], state="active")
    shown = call("package_show", id=dataset["id"])
    call("package_update", **{**shown, **EMPTY})
    assert of(call("package_show", id=dataset["id"])) == SAID


def test_what_was_emptied_afterwards_stays_empty(draft):
    """Only a file that comes in fills in; the readable table does not."""
    dataset = offer(draft(), water())
    source = dataset["resources"][0]["id"]
    call("package_patch", id=dataset["id"], nomenclature="")
    jobs.derive(source)
    shown = call("package_show", id=dataset["id"])
    assert derived_id(source) in [resource["id"] for resource in shown["resources"]]
    assert not shown.get("nomenclature")


def test_a_refused_file_fills_in_nothing(draft):
    dataset = draft()
    with pytest.raises(tk.ValidationError):
        offer(dataset, generate.bad_budgets()["montant"].content)
    model.Session.rollback()
    assert not any(of(call("package_show", id=dataset["id"])).values())


def test_a_file_that_passed_and_was_not_stored_fills_in_nothing(budget):
    """The dataset is refused for another reason: a later save must not take the file for stored."""
    dataset, resource = budget(generate.budget_xml())
    dataset = call("package_patch", id=dataset["id"], nomenclature="")
    changed = {**dataset, "zone": "Fontargent"}
    with pytest.raises(tk.ValidationError) as refused:
        send("package_update", changed, resource, file(water(), "budget.xml"))
    assert refused.value.error_dict.keys() == {"zone"}
    model.Session.rollback()

    call("package_patch", id=dataset["id"], notes="Plus tard")
    assert not call("package_show", id=dataset["id"]).get("nomenclature")


def test_the_period_follows_the_exercice_of_the_form(budget):
    dataset, resource = budget(generate.budget_xml())
    changed = {**dataset, "exercice": "2025", "temporal_start": "", "temporal_end": ""}
    send("package_update", changed, resource, file(water(), "budget.xml"))
    shown = call("package_show", id=dataset["id"])
    assert (shown["temporal_start"], shown["temporal_end"]) == ("2025-01-01", "2025-12-31")


@pytest.mark.parametrize("content", [b"%PDF-1.4", b""])
def test_a_draft_with_a_file_that_says_nothing_must_be_complete(draft, content):
    """CKAN 2.11 answers with an error page when what was stored can then not be published."""
    dataset = draft()
    with pytest.raises(tk.ValidationError) as refused:
        call(
            "resource_create",
            package_id=dataset["id"],
            upload=file(content, "note.pdf"),
            role="documentation",
        )
    assert refused.value.error_dict["siret"] == [tk._("Missing value")]
    assert {"siret", "exercice", "etape", "collectivite"} == refused.value.error_dict.keys()
    model.Session.rollback()
    assert call("package_show", id=dataset["id"])["resources"] == []


def test_a_draft_cannot_be_published_with_what_it_left_empty(draft):
    dataset = draft()
    with pytest.raises(tk.ValidationError) as refused:
        call("package_patch", id=dataset["id"], state="active", resources=[{"url": "http://a.fr"}])
    assert "siret" in refused.value.error_dict


def test_a_draft_that_ckan_would_publish_says_all(organization):
    """CKAN ignores the state that an API caller without the right to choose it asks for."""
    user = factories.User()
    call("organization_member_create", id=organization["id"], username=user["name"], role="editor")
    asked = {"type": "budget", "name": "brouillon-fictif", "owner_org": organization["id"], **EMPTY}
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("package_create")({"user": user["name"]}, {**asked, "state": "draft"})
    assert "siret" in refused.value.error_dict


def test_the_form_asks_for_less(portal, headers, organization):
    """From the form's first stage to the dataset's page: an address, an organisation, a file."""
    as_editor = headers(factories.SysadminWithToken()["token"])
    name = factories.Dataset.stub().name
    page = portal.get("/budget/new", headers=as_editor)
    assert "Laissez vide" in page.text
    answer = portal.post(
        "/budget/new",
        headers=as_editor,
        data={"name": name, "owner_org": organization["id"], "save": "", "_ckan_phase": "1"}
        | EMPTY
        | {"type_budget": "", "nomenclature": "", "nature_document": ""},
        follow_redirects=False,
    )
    assert answer.location.endswith(f"/budget/{name}/resource/new")
    portal.post(
        f"/budget/{name}/resource/new",
        headers=as_editor,
        data={
            "id": "",
            "save": "go-metadata",
            "url_type": "upload",
            "url": "budget.xml",
            "upload": (io.BytesIO(water()), "budget.xml"),
        },
        content_type="multipart/form-data",
        follow_redirects=False,
    )
    dataset = call("package_show", id=name)
    assert (dataset["state"], of(dataset)) == ("active", SAID)


def test_the_nature_of_the_document_is_on_the_page(budget, portal):
    dataset, _ = budget(generate.cfu_xml())
    page = portal.get(f"/budget/{dataset['name']}")
    assert "Compte financier unique (CFU)" in page.text
