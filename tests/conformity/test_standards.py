"""Our table schemas: the official constraints to the letter, in our own words."""

from __future__ import annotations

import json
import re

import frictionless
import pytest

from ckanext.scdl.conformity import Standard
from ckanext.scdl.conformity.standards import UnknownStandard, names_of, standard, standards

from .shared import SHARED, needs_shared

OURS = {"title", "description", "example", "examples"}
EVERY = [pytest.param(one, id=one.pinned) for one in standards()]


def official(one: Standard) -> dict:
    folder = SHARED / "standards" / one.name.replace("/", "_") / one.version
    return json.loads((folder / "schema.json").read_text())


def sentences(schema: dict) -> set[str]:
    texts = [schema["description"], *(field["description"] for field in schema["fields"])]
    found = {part.strip().lower() for text in texts for part in re.split(r"(?<=[.:;])\s", text)}
    return {sentence for sentence in found if len(sentence.split()) > 3}


@needs_shared
@pytest.mark.parametrize("one", EVERY)
def test_constraints_are_the_official_ones(one):
    theirs, ours = official(one), one.descriptor

    def bare(schema: dict) -> list[dict]:
        return [{k: v for k, v in f.items() if k not in OURS} for f in schema["fields"]]

    assert bare(ours) == bare(theirs)
    assert ours["$schema"] == theirs["$schema"]
    assert ours["name"] == theirs.get("name", "subventions")
    assert ours["custom_checks"] == theirs.get("custom_checks", [])
    assert ours.get("missingValues") == theirs.get("missingValues")


@needs_shared
@pytest.mark.parametrize("one", EVERY)
def test_words_are_ours(one):
    assert not sentences(dict(one.descriptor)) & sentences(official(one))


@pytest.mark.parametrize("one", EVERY)
def test_every_field_has_a_description_and_a_valid_example(one):
    schema = frictionless.Schema.from_descriptor(dict(one.descriptor))
    assert schema.field_names == list(one.field_names)
    for field in one.descriptor["fields"]:
        assert len(field["description"]) > 20
        assert field["title"]
        _, notes = schema.get_field(field["name"]).read_cell(one.field(field["name"]).example)
        assert notes is None


@pytest.mark.parametrize("one", EVERY)
def test_every_descriptor_is_whole(one):
    assert "extends" not in one.descriptor
    assert one.descriptor["version"] == one.version
    assert one.descriptor["name"] == one.name.rpartition("/")[2]
    assert one.title == one.descriptor["title"]


# --- names ---


def test_the_versions_are_those_that_we_say():
    assert [one.pinned for one in standards()] == [
        "scdl/budget@0.8.1",
        "scdl/budget@0.8.2",
        "scdl/budget@0.8.3",
        "scdl/subventions@1.1.0",
        "scdl/subventions@2.0.2",
        "scdl/subventions@2.1.0",
        "scdl/subventions@2.1.1",
    ]


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("budget", "scdl/budget@0.8.3"),
        ("scdl/budget", "scdl/budget@0.8.3"),
        ("scdl/budget@0.8.1", "scdl/budget@0.8.1"),
        ("subventions@2.0.2", "scdl/subventions@2.0.2"),
        ("subventions", "scdl/subventions@2.1.1"),
    ],
)
def test_a_standard_is_found_by_each_of_its_names(text, pinned):
    assert standard(text).pinned == pinned
    assert standard(text) is standard(pinned)


@pytest.mark.parametrize("one", EVERY)
def test_the_names_that_we_list_are_understood(one):
    assert [standard(name) for name in names_of(one)] == [one] * len(names_of(one))


@pytest.mark.parametrize(
    "text", ["", "@", "budgets", "scdl", "scdl/", "scdl/budget@", "scdl/budget@0.9", "budget@2.1.1"]
)
def test_an_unknown_standard_tells_those_that_exist(text):
    with pytest.raises(UnknownStandard) as caught:
        standard(text)
    assert caught.value.text == text
    assert caught.value.known == tuple(one.pinned for one in standards())
    assert "scdl/budget@0.8.3, scdl/subventions@1.1.0" in str(caught.value)


# --- fields ---


def test_a_field_says_what_its_schema_says():
    field = standard("subventions").field("notificationUE")
    assert (field.true_values, field.false_values) == (("oui",), ("non",))
    assert (field.type, field.required, field.missing_values) == ("boolean", True, ("",))
    assert standard("subventions@1.1.0").field("pourcentageSubvention").constraints["minimum"] == 0
