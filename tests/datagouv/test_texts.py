"""The sentences: complete in both languages, and for every code that the push can give."""

import ast
import string
from pathlib import Path
from typing import get_args

import pytest

from ckanext.scdl.datagouv import STATES, Finding, Outcome, answers, errors, texts
from ckanext.scdl.datagouv.compare import Change
from ckanext.scdl.datagouv.plan import Action
from ckanext.scdl.datagouv.profile import OWNABLE

PACKAGE = Path(answers.__file__).parent
SPEAKERS = {"Finding", *(name for name, value in vars(errors).items() if isinstance(value, type))}


def codes_in_the_code() -> set[str]:
    """First text given to a Finding or to an error, and the default codes of the errors."""
    found = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= _codes(node)
    return found


def _codes(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        named = name in SPEAKERS or isinstance(node.func, ast.Call)
        return {node.args[0].value} if named else set()
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
        return {n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)} & set(
            texts.SENTENCES
        )
    return set()


def test_every_code_of_the_code_has_its_sentence():
    known = {code for code in codes_in_the_code() if isinstance(code, str) and code.islower()}
    assert {"private", "refused", "not_kept", "role_too_weak", "timeout"} <= known
    assert known - set(texts.SENTENCES) == set()


@pytest.mark.parametrize("code", texts.SENTENCES)
def test_both_languages_use_the_same_parameters(code):
    fields = [
        {
            name
            for _, name, _, _ in string.Formatter().parse(texts.SENTENCES[code][language])
            if name
        }
        for language in ("fr", "en")
    ]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("code", texts.SENTENCES)
def test_a_missing_parameter_does_not_break_the_page(code):
    assert texts.sentence(Finding(code), "fr") != texts.sentence(Finding(code), "en")


def test_a_code_of_another_version_still_reads():
    assert "jamais_vu" in texts.sentence(Finding("jamais_vu"))


def test_braces_in_a_parameter_are_text():
    finding = Finding("zone_unknown", {"zone": "{0.__class__}"})
    assert "{0.__class__}" in texts.sentence(finding)


def test_labels():
    assert set(texts.STATES) == set(STATES)
    assert texts.state("uncertain") == "Sans réponse"
    assert texts.state("uncertain", "en") == "No answer"


@pytest.mark.parametrize("state", STATES)
def test_an_outcome_survives_storage(state):
    outcome = Outcome(state, Finding("private"), (Finding("adopted"),), "id", "https://x.example")
    assert Outcome.from_dict(outcome.to_dict()) == outcome


@pytest.mark.parametrize(
    ("body", "flat"),
    [
        ({"errors": {"title": ["Requis."]}}, {"title": ["Requis."]}),
        ({"errors": {"resources": [{"url": ["A", "B"]}]}}, {"resources.0.url": ["A", "B"]}),
        ({"errors": {"resources": [{}, {"url": ["A"]}]}}, {"resources.1.url": ["A"]}),
        ({"errors": {"spatial": {"zones": ["A"]}}}, {"spatial.zones": ["A"]}),
        ({"errors": {"acronym": "long"}, "message": "M"}, {"acronym": ["long"]}),
        ({"errors": {"__all__": "x"}}, {"": ["x"]}),
        ({"message": "'Annual' is not valid"}, {"": ["'Annual' is not valid"]}),
        ({"errors": {}}, {}),
        ([1], {}),
        (None, {}),
    ],
)
def test_refusals_of_every_shape(body, flat):
    assert answers.flatten(body) == flat


def test_a_long_refusal_is_cut():
    body = b'{"errors": {"title": ["' + b"x" * 5000 + b'"]}}'
    answer = answers.Answer(400, "application/json", "", body)
    error = answers.error_of(answer, call="POST", write=True)
    assert len(str(error)) < 1000


@pytest.mark.parametrize(
    ("change", "french", "english"),
    [
        (Change("title", "A", "B"), "titre : « A » → « B »", "title: “A” → “B”"),
        (Change("tags", None, "x"), "mots-clés : ∅ → « x »", "tags: ∅ → “x”"),
        (Change("resources.id.removed", "Notice"), "fichier retiré : « Notice »", None),
        (Change("resources.id.file", "A", "A"), "fichier remplacé : « A »", None),
        (
            Change("private", "True", "False"),
            "visibilité : « privé » → « public »",
            "visibility: “private” → “public”",
        ),
        (Change("extras"), "marque d’origine", "mark of origin"),
        (Change("inconnu", "a", "b"), "inconnu : « a » → « b »", None),
    ],
)
def test_a_change_in_words(change, french, english):
    assert texts.change(change) == french
    assert english is None or texts.change(change, "en") == english


@pytest.mark.parametrize("change", [Change("title", "A", "B"), Change("extras")])
def test_a_change_survives_storage(change):
    assert Change.from_dict(change.to_dict()) == change


def test_a_change_of_a_former_version_still_reads():
    assert Change.from_dict("title") == Change("title")


def test_every_kind_of_change_has_its_label():
    kinds = {"new", "file", "label", "mode", "removed"}
    assert {*OWNABLE, *kinds, "private", "extras", "deleted", "archived", "flag"} <= set(
        texts.FIELDS
    )


@pytest.mark.parametrize("code", get_args(Action))
def test_every_action_has_its_label(code):
    assert texts.action(code)
    assert texts.action(code, "en")
