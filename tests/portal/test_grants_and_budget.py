"""Grants are held against the budget that the portal has of the same collectivité and year."""

from __future__ import annotations

import pytest

from ckanext.scdl.model import FileReport
from tests import generate

from .test_upload import call, file

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]


def deposited(new_dataset, lignes: int = 100, **changes: str) -> FileReport:
    rows = [{**row, **changes} for row in generate.subventions_rows(lignes=lignes)]
    dataset = new_dataset("subventions")
    upload = file(generate.to_csv(rows), "aides.csv")
    return FileReport.get(call("resource_create", package_id=dataset["id"], upload=upload)["id"])


def told(row: FileReport) -> list[dict]:
    return [f for f in row.report["findings"] if f["code"] == "budget-line-differs"]


def test_grants_beyond_the_credits_are_told(budget, new_dataset):
    budget(generate.budget_xml())
    row = deposited(new_dataset)
    (finding,) = told(row)
    assert (finding["level"], row.conforming) == ("warning", True)
    assert finding["params"]["budget"] == "18856.50"
    assert finding["params"]["exercice"] == "2024"


def test_grants_within_the_credits_are_not(budget, new_dataset):
    budget(generate.budget_xml())
    assert told(deposited(new_dataset, lignes=3)) == []


@pytest.mark.parametrize("what", ["none", "private", "another-year"])
def test_without_a_public_budget_of_the_year_nothing_is_said(what, budget, new_dataset):
    if what != "none":
        year = "2023" if what == "another-year" else "2024"
        dataset, _ = budget(generate.budget_xml(exercice=year))
        if what == "private":
            call("package_patch", id=dataset["id"], private=True)
    assert told(deposited(new_dataset)) == []
