"""Real budgets against figures computed independently and against the official schema."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest
from lxml import etree

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
    assert (report.verdict, report.lines) == ("conforming", 201)
    told = {f.params["annexe"]: f.params["number"] for f in report.warnings}
    assert told == {"PERSONNEL": 21, "SIGNATAIRE": 21}


@pytest.fixture(scope="module", params=ORACLES, ids=lambda path: path.stem)
def original(request):
    oracle = json.loads(request.param.read_text())
    return oracle, (SHARED / oracle["file"]).read_bytes()


def test_the_summary_is_the_oracle(original):
    oracle, content = original
    figures = conformity.summary(io.BytesIO(content))
    assert (figures["lines"], figures["calculated_lines"]) == (
        oracle["lines"],
        oracle["calculated_lines"],
    )
    for name in ("totals", "by_chapter"):
        for element, expected in oracle[name].items():
            assert without_zeros(figures[name].get(element, {})) == without_zeros(expected)


def test_no_real_budget_looks_unbalanced_and_what_is_told_is_argued(original):
    """docs/controles.md argues each warning of these files."""
    oracle, content = original
    report = conformity.check(io.BytesIO(content), "budget")
    told = {f.code for f in report.findings} - {"totem-personal-data"}
    by_function = "montpellier" in oracle["file"]
    assert told == ({"totem-projet-de-budget"} if by_function else set())


def test_a_masked_budget_is_the_same_budget(original):
    _, content = original
    found = {
        f.params["annexe"]: f.params["number"]
        for f in conformity.check(io.BytesIO(content), "budget").findings
        if f.code == "totem-personal-data"
    }
    once, twice = io.BytesIO(), io.BytesIO()
    assert conformity.mask(io.BytesIO(content), once) == found
    assert conformity.mask(io.BytesIO(once.getvalue()), twice) == {}
    assert twice.getvalue() == once.getvalue()
    assert table(once.getvalue()) == table(content)
    assert xsd_errors(once.getvalue()) <= xsd_errors(content)


def table(content: bytes) -> str:
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(content), out)
    return out.getvalue()


def xsd_errors(content: bytes) -> Counter:
    """What the DGCL's schema says, by place and kind."""
    (path,) = (SHARED / "standards/xsd_docbudg_V95").glob("**/DocumentBudgetaire.xsd")
    schema = etree.XMLSchema(etree.parse(path))
    schema.validate(etree.fromstring(content))
    return Counter((e.type_name, e.path.rpartition("/")[2]) for e in schema.error_log)
