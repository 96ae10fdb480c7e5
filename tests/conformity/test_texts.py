"""Every code has its sentence, in both languages, whatever the finding lacks."""

from __future__ import annotations

import string

import pytest

from ckanext.scdl.conformity import Finding, Place, texts
from ckanext.scdl.conformity.codes import LEVELS
from ckanext.scdl.conformity.texts import en, fr
from ckanext.scdl.conformity.totem.grammar import grammar
from tests import generate

from .shared import check


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
