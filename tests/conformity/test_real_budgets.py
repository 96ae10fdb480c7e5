"""Real budgets against figures computed independently and against the official schema."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest

from ckanext.scdl import conformity

from .shared import SHARED, needs_shared, real

ORACLES = real("data/oracle/budgets/*.json")
SECTIONS = {"fonctionnement": "F", "investissement": "I"}
SENS = {"recette": "R", "dépense": "D"}
OPERATIONS = {"réel": "reel", "ordre": "ordre"}

pytestmark = needs_shared


def table_of(oracle: Path) -> str:
    source = SHARED / json.loads(oracle.read_text())["file"]
    out = io.StringIO(newline="")
    with source.open("rb") as stream:
        conformity.convert(stream, out)
    return out.getvalue()


@pytest.fixture(scope="module", params=ORACLES, ids=lambda path: path.stem)
def converted(request):
    return json.loads(request.param.read_text()), table_of(request.param)


def sums(rows: list[dict[str, str]], column: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Totals of a column by section and sense (réel and ordre apart too), and by chapter."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    chapters: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if not row[column]:
            continue
        key = SECTIONS[row["BGT_SECTION"]] + SENS[row["BGT_CODRD"]]
        amount = Decimal(row[column])
        totals[key] += amount
        totals[f"{key}_{OPERATIONS[row['BGT_OPBUDG']]}"] += amount
        chapters[f"{key}_{row['BGT_CONTNAT']}"] += amount
    return totals, chapters


def without_zeros(totals: dict) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in totals.items() if Decimal(value)}


def test_the_number_of_lines(converted):
    oracle, table = converted
    assert table.count("\n") == oracle["lines"] + 1


def test_every_total_to_the_cent(converted):
    oracle, table = converted
    rows = list(csv.DictReader(io.StringIO(table)))
    for element, expected in oracle["totals"].items():
        totals, chapters = sums(rows, f"BGT_{element.upper()}")
        assert without_zeros(totals) == without_zeros(expected)
        assert without_zeros(chapters) == without_zeros(oracle["by_chapter"].get(element, {}))


def test_no_amount_outside_the_oracle(converted):
    oracle, table = converted
    rows = list(csv.DictReader(io.StringIO(table)))
    others = {c for c in rows[0] if c.startswith(("BGT_MT", "BGT_CREDOUV"))}
    others -= {f"BGT_{element.upper()}" for element in oracle["totals"]}
    assert not any(row[column] for row in rows for column in others)


def test_the_official_schema_accepts_the_table(converted):
    _, table = converted
    descriptor = json.loads((SHARED / "standards/scdl_budget/0.8.3/schema.json").read_text())
    resource = frictionless.Resource(
        table.encode(),
        format="csv",
        encoding="utf-8",
        schema=frictionless.Schema.from_descriptor(descriptor),
    )
    assert resource.validate().flatten(["rowNumber", "fieldName", "type"]) == []


def test_our_own_check_accepts_the_table(converted):
    _, table = converted
    report = conformity.check(io.BytesIO(table.encode()), "budget")
    assert report.verdict == "conforming"
    assert report.findings == ()


def test_the_budget_of_the_issue_has_201_lines():
    content = (SHARED / "data/budgets/budget-crach-001.xml").read_bytes()
    report = conformity.check(io.BytesIO(content), "budget")
    assert (report.verdict, report.lines, report.findings) == ("conforming", 201, ())
