"""A compte financier unique whose two halves are of two authorities, or of two years."""

from __future__ import annotations

import pytest

from ckanext.scdl.conformity import Identity, Place, texts
from ckanext.scdl.conformity.budget.comptable import Said, disagreements
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
    assert found(("siret", OTHER), others=["", OTHER]) == []


def test_a_budget_without_identity_is_compared_to_nothing():
    assert found(("siret", OTHER), ("exercice", "2022"), identity=Identity()) == []


def test_what_a_file_says_is_quoted_short():
    (finding,) = found(("siret", "<b>" * 100))
    assert len(finding.params["value"]) <= 100


@pytest.mark.parametrize(
    ("written", "other", "told"),
    [
        ('Collectivite Siret="{}"', OTHER, [("siret", "Collectivite")]),
        ('BudgetComptable SIRET="{}"', OTHER, [("siret", "SIRET")]),
        ('<Exercice V="{}"', "2019", [("exercice", "Exercice")]),
    ],
)
def test_an_account_put_together_by_mistake(written, other, told):
    content = generate.cfu_xml()
    ours = SIRET if other == OTHER else check(content, "budget").identity.exercice
    assert found_in(content) == []
    before, after = written.format(ours).encode(), written.format(other).encode()
    assert content.count(before) == 1
    changed = content.replace(before, after)
    (finding,) = found_in(changed)
    assert [(finding.params["rule"], finding.place.element)] == told
    assert after in changed.split(b"\n")[finding.place.line - 1]


def test_other_namespaces_say_nothing_of_the_comptable():
    other = f'<Infos xmlns="urn:x"><Exercice V="1999"/><Collectivite Siret="{OTHER}"/></Infos>'
    content = generate.cfu_xml().replace(
        b"<EnteteComptable>", b"<EnteteComptable>" + other.encode()
    )
    assert found_in(content) == []


def found_in(content):
    return [f for f in check(content, "budget").findings if f.code == "totem-comptable-differs"]


@needs_shared
def test_a_real_account_agrees_with_itself_and_not_with_another():
    (path,) = (SHARED / "data/budgets").glob("*CFU*.xml")
    content = path.read_bytes()
    assert found_in(content) == []
    siret = check(content, "budget").identity.siret.encode()
    start, mark, budget = content.partition(b"DocumentBudgetaire")
    assert start.count(siret) >= 2
    changed = start.replace(siret, OTHER.encode()) + mark + budget
    (finding,) = found_in(changed)
    assert OTHER.encode() in changed.split(b"\n")[finding.place.line - 1]
