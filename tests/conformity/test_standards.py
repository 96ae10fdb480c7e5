"""Our table schemas: the official constraints to the letter, in our own words."""

from __future__ import annotations

import json
import re

import frictionless
import pytest

from ckanext.scdl.conformity.standards import FILES, standard
from ckanext.scdl.conformity.table.cells import cell_checks

from .shared import SHARED, needs_shared

OFFICIAL = {"budget": "scdl_budget/0.8.3", "subventions": "scdl_subventions/2.1.1"}
OURS = {"title", "description", "example", "examples"}


def official(name: str) -> dict:
    return json.loads((SHARED / f"standards/{OFFICIAL[name]}/schema.json").read_text())


def sentences(schema: dict) -> set[str]:
    texts = [schema["description"], *(field["description"] for field in schema["fields"])]
    found = {part.strip().lower() for text in texts for part in re.split(r"(?<=[.:;])\s", text)}
    return {sentence for sentence in found if len(sentence.split()) > 3}


@needs_shared
@pytest.mark.parametrize("name", FILES)
def test_constraints_are_the_official_ones(name):
    theirs, ours = official(name), standard(name).descriptor

    def bare(schema: dict) -> list[dict]:
        return [{k: v for k, v in f.items() if k not in OURS} for f in schema["fields"]]

    assert bare(ours) == bare(theirs)
    for key in ("name", "version", "custom_checks", "$schema"):
        assert ours[key] == theirs[key]
    assert ours.get("missingValues") == theirs.get("missingValues")


@needs_shared
@pytest.mark.parametrize("name", FILES)
def test_words_are_ours(name):
    assert not sentences(dict(standard(name).descriptor)) & sentences(official(name))


@pytest.mark.parametrize("name", FILES)
def test_every_field_has_a_description_and_a_valid_example(name):
    checks = cell_checks(standard(name))
    for field in standard(name).descriptor["fields"]:
        assert len(field["description"]) > 20
        assert field["title"]
        assert checks[field["name"]](field["example"]) == ()


@pytest.mark.parametrize("name", FILES)
def test_the_schema_is_a_table_schema(name):
    descriptor = dict(standard(name).descriptor)
    assert frictionless.Schema.from_descriptor(descriptor).field_names == list(
        standard(name).field_names
    )


def test_the_versions_are_those_that_we_say():
    assert [(standard(n).name, standard(n).version) for n in FILES] == [
        ("scdl/budget", "0.8.3"),
        ("scdl/subventions", "2.1.1"),
    ]
