"""The guides cannot rot: every code, public name, option and limit is documented as it is."""

from __future__ import annotations

import dataclasses
import re

import pytest

from ckanext.scdl import command, conformity
from ckanext.scdl.conformity.budget import nomenclature
from ckanext.scdl.conformity.budget.check import MAX_LIGNES
from ckanext.scdl.conformity.codes import LEVELS
from ckanext.scdl.conformity.limits import MEBIBYTE, Limits
from ckanext.scdl.conformity.totem.grammar import grammar
from ckanext.scdl.conformity.totem.parser import MAX_XML_BYTES

from .shared import ROOT

LIBRARY = (ROOT / "docs/bibliotheque.md").read_text(encoding="utf-8")
ADMINISTRATOR = (ROOT / "docs/administrateur.md").read_text(encoding="utf-8")
STANDARDS = (ROOT / "docs/standards.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs/controles.md").read_text(encoding="utf-8")


def test_every_code_is_documented_with_its_level():
    documented = dict(
        re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning) \|", LIBRARY, re.MULTILINE)
    )
    assert documented == LEVELS


def test_a_portal_needs_a_type_of_dataset_for_an_added_standard():
    adding = STANDARDS.partition("## Ajouter un standard")[2].partition("\n## ")[0]
    assert "YAML" in adding
    assert "administrateur.md#ajouter-un-standard" in adding


@pytest.mark.parametrize("name", conformity.__all__)
def test_every_public_name_is_documented(name):
    assert re.search(rf"^\| `{name}[(`]", LIBRARY, re.MULTILINE)


@pytest.mark.parametrize("name", ["Report", "Finding", "Place", "Identity", "Declared"])
def test_every_field_of_the_public_types_is_documented(name):
    (row,) = re.findall(rf"^\| `{name}` \|.*$", LIBRARY, re.MULTILINE)
    for field in dataclasses.fields(getattr(conformity, name)):
        if field.name != "unreadable":  # told by the verdict
            assert f"`{field.name}`" in row


def test_every_option_of_the_command_is_documented():
    for name, sub in command.cli.commands.items():
        assert f"scdl {name} " in LIBRARY
        for parameter in sub.params:
            for option in parameter.opts:
                if option.startswith("-"):
                    assert option in LIBRARY


def test_limits_are_those_of_the_code():
    limits = Limits()
    assert f"{limits.max_rows:,} au plus".replace(",", " ") in CHECKS
    assert f"{limits.max_rows:,} de lignes pour un tableau".replace(",", " ") in ADMINISTRATOR
    assert f"{limits.max_cell:,} caractères par cellule".replace(",", " ") in CHECKS
    assert f"{limits.max_columns:,} colonnes au plus".replace(",", " ") in CHECKS
    assert f"{limits.max_seconds} secondes" in CHECKS
    assert f"{MAX_XML_BYTES // 1024 // 1024} Mo au plus" in CHECKS
    assert f"{limits.max_bytes // MEBIBYTE:,} Mo au plus".replace(",", " ") in CHECKS
    assert f"{MAX_LIGNES:,} lignes au plus".replace(",", " ") in CHECKS
    rules = grammar().blocks
    assert f"{rules['EnTeteDocBudgetaire']['LibelleColl'].max} caractères au plus pour" in CHECKS
    assert f"{rules['LigneBudget']['Operation'].max} pour une opération" in CHECKS
    assert f"de {rules['LigneBudget']['MtPrev'].max} caractères au plus" in CHECKS


def test_the_years_of_the_plans_are_those_of_the_files():
    years = {y for entry in set(nomenclature._index().values()) for y in _years(entry)}
    assert f"({min(years)} à {max(years)})" in CHECKS


def _years(entry: str) -> list[int]:
    return nomenclature._load(entry)["annees"]


def test_the_example_runs(tmp_path, monkeypatch, capsys):
    from tests import generate

    (example,) = re.findall(r"```python\n(.*?)```", LIBRARY, re.DOTALL)
    (tmp_path / "budget.xml").write_bytes(generate.budget_xml())
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "bibliotheque.md", "exec"), {})
    assert "Fichier conforme" in capsys.readouterr().out
    assert (tmp_path / "budget.csv").read_bytes().count(b"\n") == 61
