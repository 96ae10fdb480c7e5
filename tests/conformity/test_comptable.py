"""A compte financier unique whose two halves are of two authorities, or of two years."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ckanext.scdl.conformity import Identity, Place, texts
from ckanext.scdl.conformity.budget.comptable import NAMESPACE, SOURCES, Said, disagreements
from tests import generate

from .shared import SHARED, check, needs_shared

SIRET, OTHER = generate.siret(), generate.siret(4)
BUDGET = Identity(siret=SIRET, exercice="2023")


def found(*said, identity=BUDGET, **options):
    values = [Said(subject, value, Place(line=n)) for n, (subject, value) in enumerate(said, 1)]
    return list(disagreements(identity, values, **options))


@pytest.mark.parametrize(
    "said",
    [
        [],
        [("siret", SIRET), ("exercice", "2023")],
        [("siret", f" {SIRET[:9]} {SIRET[9:]}\n"), ("exercice", " 2023 ")],
        [("siret", ""), ("exercice", " ")],
    ],
)
def test_halves_that_agree_or_say_nothing(said):
    assert found(*said) == []


@pytest.mark.parametrize(
    ("said", "rule", "sentence"),
    [
        (
            ("siret", OTHER),
            "siret",
            f"la partie du comptable donne le SIRET « {OTHER} », celle du budget « {SIRET} »",
        ),
        (
            ("exercice", "2022"),
            "exercice",
            "la partie du comptable est de l'exercice « 2022 », celle du budget de « 2023 »",
        ),
    ],
)
def test_another_value_is_told_with_both(said, rule, sentence):
    (finding,) = found(said)
    assert (finding.code, finding.level) == ("totem-comptable-differs", "warning")
    assert (finding.params["rule"], finding.place.line) == (rule, 1)
    assert texts.sentence(finding).startswith(f"Ligne 1 : {sentence} ;")


def test_each_is_told_once_at_its_first_place():
    said = [("siret", SIRET), ("siret", OTHER), ("exercice", "2022"), ("siret", OTHER)]
    findings = found(*said, ("exercice", "2021"))
    assert [(f.params["rule"], f.place.line) for f in findings] == [("siret", 2), ("exercice", 3)]


def test_an_annex_budget_may_be_under_the_siret_of_its_collectivite():
    assert found(("siret", OTHER), of_the_collectivite=["", OTHER]) == []


def test_a_budget_without_identity_is_compared_to_nothing():
    assert found(("siret", OTHER), ("exercice", "2022"), identity=Identity()) == []


def test_what_a_file_says_is_quoted_short():
    (finding,) = found(("siret", "<b>" * 100))
    assert len(finding.params["value"]) <= 80


@needs_shared
def test_the_sources_are_where_a_real_file_says_it():
    """Read with another parser: each source is there, in the namespace, and agrees."""
    (path,) = (SHARED / "data/budgets").glob("*CFU*.xml")
    root = ElementTree.parse(path).getroot()
    said = [
        Said(source.subject, element.get(source.attribute, ""), Place())
        for source in SOURCES
        for parent in root.iter(f"{{{NAMESPACE}}}{source.parent}")
        for element in parent.findall(f"{{{NAMESPACE}}}{source.element}")
    ]
    assert len(said) >= len(SOURCES)
    assert all(one.value for one in said)
    identity = check(path.read_bytes(), "budget").identity
    assert list(disagreements(identity, said)) == []
    (siret, exercice) = disagreements(Identity(siret=SIRET, exercice="2019"), said[::-1])
    assert {siret.params["budget"], exercice.params["budget"]} == {SIRET, "2019"}
