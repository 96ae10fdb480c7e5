"""Every code has its sentence, in both languages, whatever the finding lacks."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest

from ckanext.scdl.conformity import Cause, Finding, Place, texts
from ckanext.scdl.conformity.codes import LEVELS
from ckanext.scdl.conformity.report import Findings
from ckanext.scdl.conformity.standards import standard
from ckanext.scdl.conformity.texts import en, fr
from ckanext.scdl.conformity.totem.grammar import grammar
from tests import generate

from .shared import ROOT, check


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("words", [fr, en], ids=["fr", "en"])
def test_each_code_has_a_sentence_and_each_sentence_a_code(words):
    assert {key.partition(".")[0] for key in words.SENTENCES} == set(LEVELS)
    assert set(LEVELS) <= set(words.SENTENCES)


def test_both_languages_have_the_same_sentences_and_parameters():
    assert set(fr.SENTENCES) == set(en.SENTENCES)
    for key, template in fr.SENTENCES.items():
        assert fields(template) == fields(en.SENTENCES[key]), key


@pytest.mark.parametrize("words", [fr, en], ids=["fr", "en"])
def test_each_element_that_is_checked_has_a_name(words):
    checked = {
        name
        for rules in grammar().blocks.values()
        for name, rule in rules.items()
        if rule.required or rule.max or (rule.codes and rule.column) or rule.type == "decimal"
    }
    assert checked <= set(words.ELEMENTS)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_sentences_are_whole(lang):
    for key in fr.SENTENCES:
        code, _, rule = key.partition(".")
        sentence = texts.sentence(Finding(code, LEVELS[code], {"rule": rule}), lang)
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert sentence.endswith(".")


@pytest.mark.parametrize("lang", ["fr", "en", "de"])
def test_an_unknown_code_has_a_generic_sentence(lang):
    finding = Finding("code-of-tomorrow", "error", {"value": "{x}"}, Place(line=3, element="Y"))
    assert "code-of-tomorrow" in texts.sentence(finding, lang)


def test_hostile_values_are_quoted_as_they_are():
    finding = Finding("totem-amount-invalid", "error", {"value": "{0.__class__} %s <b>"})
    assert "{0.__class__} %s <b>" in texts.sentence(finding)


def test_the_place_leads():
    finding = Finding(
        "totem-amount-invalid", "error", {"value": "x"}, Place(line=12, element="MtPrev")
    )
    assert texts.sentence(finding).startswith("Ligne 12, élément MtPrev : « x » n'est pas")
    assert texts.sentence(finding, "en").startswith("Line 12, element MtPrev: “x” is not")


def test_summaries_count():
    good = check(generate.budget_xml(), "budget")
    assert texts.summary(good) == (
        "Fichier conforme à scdl/budget 0.8.3. 60 lignes lues, aucune erreur, aucun avertissement."
    )
    bad = check(generate.bad_tables()["montant"].content, "subventions")
    assert texts.summary(bad, "en") == (
        "The file does not conform to scdl/subventions 2.1.1. 12 lines read, 1 error, no warning."
    )
    pdf = check(b"%PDF-1.4", "budget", filename="x.xml")
    assert texts.summary(pdf) == texts.headline(pdf)


def group(count: int = 42, code: str = "type-error", first: int = 12, **params: str) -> Cause:
    place = Place(line=first, row=first, field="montant", column="I")
    finding = Finding(code, LEVELS[code], params, place)
    return Cause(finding, count, replace(place, line=980, row=980))


@pytest.mark.parametrize("words", [fr, en], ids=["fr", "en"])
def test_words_by_code_are_of_codes_that_exist(words):
    for known in (words.REPEATED, words.EXPECTED):
        assert {key.partition(".")[0] for key in known} <= set(LEVELS)
        assert set(known) <= set(words.SENTENCES)


def test_what_a_budget_tells_of_people_is_grouped_by_element():
    """Elements are mended apart, whatever the annexes that hold them."""
    found = Findings()
    for line, annexe, element in (
        *((1, "TIERS", "Champ_Editeur"), (2, "EMPRUNT", "Champ_Editeur")),
        (3, "CONCOURS", "NomOrgEng"),
    ):
        place = Place(line=line, element=element)
        known = {"annexe": annexe, "number": 3}
        found.add(Finding("totem-personal-data", "warning", known, place))
    many, one = map(texts.cause, found.causes)
    assert many.startswith(
        "2 annexes qui portent des données personnelles, élément Champ_Editeur, lignes 1 à 2 : "
    )
    assert one.startswith("Ligne 3, élément NomOrgEng : l'annexe CONCOURS porte")


@pytest.mark.parametrize("name", ["CAUSES", "REPEATED", "EXPECTED", "PATTERNS", "LABELS"])
def test_both_languages_say_as_much(name):
    french, english = getattr(fr, name), getattr(en, name)
    assert list(french) == list(english)
    for key, text in french.items():
        assert fields(str(text)) == fields(str(english[key])) or name == "PATTERNS", key


def test_each_documented_cause_has_words():
    guide = (ROOT / "docs/controles.md").read_text(encoding="utf-8")
    part = guide.partition("## Ce qui est proposé")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall("`([a-z-]+)`", row)}
    assert documented == {name for name in fr.CAUSES if "." not in name}


def test_a_mention_is_not_to_be_left_empty_where_a_value_is_required():
    required = group(cause="placeholder", value="XX")
    assert texts.cause(required).endswith(": écrivez la valeur.")
    optional = group(cause="placeholder", value="XX", proposal="")
    assert texts.cause(optional).endswith(": écrivez la valeur, ou laissez la cellule vide.")
    other = group(cause="placeholder", value="XX", other="siren")
    assert texts.cause(other).endswith("vide si l'autre colonne (siren) est remplie.")


def test_what_cannot_be_seen_is_shown():
    assert texts.visible("déjà vu, ok") == "déjà vu, ok"
    assert texts.visible("2017-03-21 \r\n") == "2017-03-21 ↵"
    assert texts.visible(" oui  et  non ") == "␣oui␣␣et␣␣non␣"
    assert texts.visible("1\u00a0000\u202f000\t\u200b\x1b[31m") == "1␣000␣000⇥␣␣[31m"
    finding = Finding("type-error", "error", {"rule": "date", "value": "2017-03-21\n"})
    assert "« 2017-03-21↵ »" in texts.sentence(finding)
    place = Place(line=2, row=2)
    assert "« 2017-03-21↵ »" in texts.cause(Cause(finding, 2, place))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(fr.CAUSES))
def test_each_cause_is_a_line_for_one_and_for_many(name, lang):
    known = {"value": "v", "limit": "l", "other": "o", "cause": name}
    one, many = (texts.cause(group(n, **known), lang) for n in (1, 42))
    assert one.startswith("1 ")
    assert many.startswith("42 ")
    for line in (one, many):
        assert "?" not in line
        assert line.endswith(".")
        assert " I (montant)" in line


NAMED = {"value": "v", "limit": "l", "length": "9"}
"""What every cell's finding has; its example, its proposal and the words for yes and no it may."""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_is_said_of_an_example_that_there_is_none_of(lang):
    for key in fr.SENTENCES:
        code, _, rule = key.partition(".")
        if code not in ("type-error", "constraint-error", "amount-unusual"):
            continue
        first = Finding(code, LEVELS[code], {**NAMED, "rule": rule}, Place(line=2, field="montant"))
        many = Cause(first, 3, Place(line=9))
        for text in (texts.sentence(first, lang), texts.expected(first, lang) or "."):
            assert not re.search(r"\?|\[|  | [.,;]$", text), key
        assert not re.search(r"[][?]", texts.cause(many, lang)), key


def test_only_what_may_be_missing_is_left_out():
    optional, needed = set(), set()
    for words in (fr, en):
        for known in (words.SENTENCES, words.EXPECTED, words.CAUSES, words.REPEATED):
            for template in map(str, known.values()):
                for clause in re.findall(r"\[(.*?)\]", template):
                    optional |= fields(clause)
                needed |= fields(re.sub(r"\[.*?\]", "", template))
    assert optional == {"example", "yes", "no"}
    assert not needed & optional


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"rule": "date", "value": "2024-02-30", "cause": "impossible"},
            "« 2024-02-30 », date qui n'existe pas ; vérifiez le mois et le jour, AAAA-MM-JJ.",
        ),
        (
            {"rule": "date", "value": "45379", "cause": "excel-serial", "proposal": "2024-03-28"},
            "« 45379 », date devenue un nombre de jours ; écrivez « 2024-03-28 ».",
        ),
        (
            {"rule": "number", "value": "12 k€", "cause": "multiple", "proposal": "12000"},
            "« 12 k€ », montant en milliers ou en millions ; écrivez « 12000 ».",
        ),
        (
            {"rule": "pattern", "value": "NC", "cause": "placeholder", "proposal": ""},
            "« NC », mention à la place d'une valeur ; écrivez la valeur, ou laissez la cellule vide.",  # noqa: E501
        ),
    ],
)
def test_one_cell_is_told_in_the_words_of_its_cause(params, expected):
    finding = group(**params).first
    assert texts.sentence(finding) == f"Ligne 12, colonne montant : {expected}"
    assert texts.sentence(finding, "en").endswith(".")


def test_an_empty_cell_is_told_as_such():
    finding = group(code="constraint-error", rule="required", value="", cause="empty").first
    assert "la cellule est vide alors qu'elle est obligatoire" in texts.sentence(finding)


@pytest.mark.parametrize(
    ("last", "expected"), [("Q", ", colonnes O à Q, "), ("AB", ", entre les colonnes O et AB, ")]
)
def test_names_that_a_header_has_too_many_are_told_with_their_columns(last, expected):
    first = Finding("extra-label", "warning", {"value": "x"}, Place(line=1, column="O"))
    group = Cause(first, 3, Place(line=1, column=last))
    assert expected in texts.cause(group)


def test_a_report_of_old_still_says_which_line_is_repeated():
    finding = Finding("probable-duplicate", "warning", {"row": 3})
    assert "répète la ligne 3 (" in texts.sentence(finding)


def test_a_cause_says_how_many_what_where_what_to_do_and_gives_an_example():
    known = {"rule": "number", "value": "24 975,00", "cause": "comma", "proposal": "24975.00"}
    assert texts.cause(group(**known)) == (
        "42 montants avec une virgule, colonne I (montant), lignes 12 à 980 : mettez un point à la"
        " place de la virgule ; par exemple « 24 975,00 » devient « 24975.00 »."
    )
    assert texts.cause(group(1, **known), "en") == (
        "1 amount with a comma, column I (montant), line 12: write a point instead of the comma;"
        " “24 975,00” becomes “24975.00”."
    )


def test_a_code_without_a_cause_is_counted_too():
    known = {"rule": "number", "value": "beaucoup", "example": "2500.00"}
    assert texts.cause(group(**known)) == (
        "42 montants mal écrits (« beaucoup », par exemple), colonne I (montant), lignes 12 à 980 :"
        " écrivez des chiffres avec un point pour les décimales, comme 2500.00."
    )
    assert texts.cause(group(1, **known)) == texts.sentence(group(1, **known).first)


def test_a_code_without_words_of_its_own_lends_its_first_sentence():
    place = Place(line=12, element="Nature")
    first = Finding("totem-nature-unknown", "warning", {"value": "99", "chapitre": "11"}, place)
    text = texts.cause(Cause(first, 3, replace(place, line=15)))
    assert text.startswith("3 fois, élément Nature, lignes 12 à 15, par exemple : la nature « 99 »")
    unknown = Cause(Finding("code-of-tomorrow", "error"), 2, Place())
    assert texts.cause(unknown).startswith("2 fois, par exemple : le contrôle a relevé un défaut")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (Place(line=3, row=2), Place(line=9, row=8), ", lignes 3 à 9 :"),
        (Place(row=2), Place(row=8), ", lignes 2 à 8 :"),
        (Place(line=3), Place(line=3), ", ligne 3 :"),
        (Place(line=3), Place(), ", à partir de la ligne 3 :"),
        (Place(), Place(), "vides :"),
        (Place(field="objet"), Place(), ", colonne objet :"),
        (Place(column="C", row=1), Place(row=1), ", colonne C, ligne 1 :"),
    ],
)
def test_a_cause_says_what_it_knows_of_the_place(first, last, expected):
    text = texts.cause(Cause(Finding("blank-row", "error", {}, first), 2, last))
    assert expected in text


@pytest.mark.parametrize("field", ["montant", "BGT_MTPREV", "BGT_CREDOUV"])
def test_amounts_are_called_so(field):
    first = Finding("type-error", "error", {"rule": "number"}, Place(field=field))
    assert texts.cause(Cause(first, 2, Place())).startswith("2 montants ")
    share = replace(first, place=Place(field="pourcentageSubvention"))
    assert texts.cause(Cause(share, 2, Place())).startswith("2 nombres ")


@pytest.mark.parametrize("words", [fr, en], ids=["fr", "en"])
def test_the_standards_patterns_are_put_into_words(words):
    patterns = {
        field.constraints["pattern"]
        for name in ("budget", "subventions")
        for field in standard(name).fields
        if "pattern" in field.constraints
    }
    assert patterns == set(words.PATTERNS)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_expected_form_of_every_cell_error_is_told(lang):
    for key in fr.SENTENCES:
        code, _, rule = key.partition(".")
        if code in ("type-error", "constraint-error"):
            known = {"rule": rule, "example": "e", "limit": "l"}
            phrase = texts.expected(Finding(code, "error", known), lang)
            assert phrase
            assert "?" not in phrase
    assert texts.expected(Finding("blank-row", "error"), lang) is None


def test_a_budget_that_differs_is_told_in_euros():
    known = {"montant": "1234.5", "budget": "12000"}
    sentence = texts.sentence(Finding("budget-line-differs", "warning", known), "en")
    assert "€1,234.50" in sentence
    assert "€12,000.00" in sentence
