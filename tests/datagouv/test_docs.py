"""The administrator's guide cannot rot: whatever the push can say or send is described in it."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

import pytest

from ckanext.scdl import datagouv
from ckanext.scdl.datagouv import mapping, texts
from ckanext.scdl.datagouv.plan import Action
from tests.datagouv.examples import BUDGET, form_frequencies

GUIDE = (Path(__file__).parents[2] / "docs" / "datagouv.md").read_text(encoding="utf-8")
QUOTED = set(re.findall(r"`([^`\s]+)`", GUIDE))

ACTIONS = get_args(Action)
FIELDS = mapping.to_datagouv(BUDGET)


@pytest.mark.parametrize("name", datagouv.__all__)
def test_public_names(name):
    assert name in QUOTED


@pytest.mark.parametrize("code", [*texts.SENTENCES, *texts.STATES, *texts.QUALITY, *ACTIONS])
def test_codes(code):
    assert code in QUOTED


@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(datagouv.Profile)])
def test_options_of_a_profile(name):
    assert name in QUOTED


@pytest.mark.parametrize("name", [*FIELDS, *FIELDS["resources"][0], "organization"])
def test_fields_sent(name):
    assert name in QUOTED


@pytest.mark.parametrize(
    "name",
    [
        mapping.STAMP_PORTAL,
        mapping.STAMP_DATASET,
        mapping.STAMP_RESOURCE,
        mapping.STAMP_MODIFIED,
        mapping.STAMP_FILE,
        *mapping.MARKS,
    ],
)
def test_values_sent(name):
    assert name in QUOTED


def test_the_frequencies_told_are_those_of_the_form():
    told = re.search(r"^Fréquences proposées[^.]*\.", GUIDE, flags=re.MULTILINE)
    assert told
    assert re.findall(r"`(\w+)`", told[0]) == form_frequencies()


def test_the_guide_speaks_of_no_code_that_does_not_exist():
    rows = re.findall(r"^\| (`[a-z_`, ]+) \|", _codes_part(), flags=re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
    assert told - {*texts.SENTENCES, *texts.STATES, *texts.QUALITY, *ACTIONS} == set()


def _codes_part() -> str:
    return GUIDE.partition("## Ce qui est prévu")[2].partition("## Pour qui développe")[0]


def test_the_delay_told_is_the_one_kept():
    assert datagouv.SETTLING.total_seconds() == 120
    assert "deux minutes" in GUIDE
