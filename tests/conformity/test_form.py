"""What a budget says of the dataset form's fields."""

from __future__ import annotations

import io
import re

import pytest
import yaml

from ckanext.scdl import conformity
from ckanext.scdl.conformity.budget import nomenclature
from tests import generate

from .shared import ROOT, check, needs_shared, real

FORM = yaml.safe_load((ROOT / "schemas/datasets/budget.yaml").read_text(encoding="utf-8"))
FIELDS = {field["field_name"]: field for field in FORM["dataset_fields"]}


def metadata(content, standard="budget"):
    return conformity.metadata(check(content, standard))


def test_a_budget_xml_says_what_the_form_asks():
    assert metadata(generate.budget_xml(exercice="2026")) == {
        "title": "Budget primitif 2026 de la COMMUNE DE FONTARGENT",
        "collectivite": "COMMUNE DE FONTARGENT",
        "exercice": "2026",
        "etape": "budget primitif",
        "nature_document": "budget",
        "siret": generate.siret(),
        "nomenclature": "M57",
        "type_budget": "principal",
        "temporal_start": "2026-01-01",
        "temporal_end": "2026-12-31",
    }


def test_every_value_is_one_of_the_form():
    found = metadata(generate.budget_xml())
    assert found.keys() <= FIELDS.keys()
    for name, value in found.items():
        choices = FIELDS[name].get("choices", [{"value": value}])
        assert value in [choice["value"] for choice in choices], name


@pytest.mark.parametrize("code", sorted(set(nomenclature._index().values())))
def test_every_nomenclature_has_its_choice_in_the_form(code):
    norme = nomenclature.norme(code)
    assert norme in [choice["value"] for choice in FIELDS["nomenclature"]["choices"]]
    # a compte financier unique leaves the norme out
    assert nomenclature.norme(code.partition("-")[2]) == norme


def test_an_annex_budget_bears_its_own_name_in_the_title_alone():
    content = generate.budget_xml(annexe=True, nom="VILLE DE FONTARGENT", etablissement="EAU")
    found = metadata(content)
    assert found["title"] == "Budget primitif 2024 de la VILLE DE FONTARGENT – EAU"
    assert found["collectivite"] == "VILLE DE FONTARGENT"
    assert found["type_budget"] == "annexe"


def test_a_compte_financier_unique_is_called_so():
    found = metadata(generate.cfu_xml(nomenclature="M57_D"))
    assert found["title"].startswith("Compte financier unique 2024 de ")
    assert found["etape"] == "compte administratif"
    assert found["nature_document"] == "compte financier unique"
    assert found["nomenclature"] == "M57"


@pytest.mark.parametrize(
    ("nom", "title"),
    [
        ("FONTARGENT", "de FONTARGENT"),
        ("Étang-Fictif", "d'Étang-Fictif"),
        ("AURELLE", "d'AURELLE"),
        ("LE VAL", "du VAL"),
        ("Les Deux-Vals", "des Deux-Vals"),
        ("LESMONT", "de LESMONT"),
        ("LA COMBE", "de LA COMBE"),
        ("Communauté de communes du Val", "de la Communauté de communes du Val"),
        ("DEPARTEMENT DU VAL", "du DEPARTEMENT DU VAL"),
        ("VILLENEUVE", "de VILLENEUVE"),
    ],
)
def test_the_title_is_french(nom, title):
    found = metadata(generate.budget_xml(nom=nom, encoding="UTF-8"))
    assert found["title"] == f"Budget primitif 2024 {title}"
    assert found["collectivite"] == nom


def test_a_table_says_what_it_knows():
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(generate.budget_xml()), out)
    found = metadata(out.getvalue().encode())
    assert found["title"] == "Budget primitif 2024 de la COMMUNE DE FONTARGENT"
    assert not found.keys() & {"nomenclature", "type_budget", "nature_document"}
    assert all(found.values())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", generate.bad_budgets()["montant"].content])
def test_a_refused_file_says_nothing(content):
    assert metadata(content) == {}


def test_subsidies_say_nothing():
    assert metadata(generate.subventions_csv(), "subventions") == {}


@needs_shared
@pytest.mark.parametrize("path", real("data/budgets/*.xml"), ids=lambda path: path.stem)
def test_real_budgets_say_it_all(path):
    found = metadata(path.read_bytes())
    assert found.keys() <= FIELDS.keys()
    assert len(found) == 10
    assert re.fullmatch(r"[A-Z][a-z ]+ 20\d\d d.+", found["title"].replace("é", "e"))
