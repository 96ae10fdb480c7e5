"""Reports and findings as data: bounded, exact, stored and read back."""

from __future__ import annotations

import hashlib
import json

import pytest

from ckanext.scdl.conformity import Declared, Finding, Identity, Place, Report, Total, differences
from ckanext.scdl.conformity.report import MAX_KEPT, Findings, error, quote, warning
from tests import generate

from .shared import check

BAD = [generate.bad_budgets()["montant"].content, generate.bad_budgets()["pdf"].content]


@pytest.mark.parametrize(
    "content", [generate.budget_xml(), *BAD], ids=["good", "bad", "unreadable"]
)
def test_a_report_survives_storage_as_json(content):
    report = check(content, "budget", filename="x.xml")
    stored = json.loads(json.dumps(report.to_dict()))
    again = Report.from_dict(stored)
    assert again == report
    assert again.verdict == report.verdict == stored["verdict"]


def test_a_report_stored_by_an_earlier_version_is_read():
    stored = check(generate.budget_xml(), "budget").to_dict()
    for name in ("collectivite", "document"):
        del stored["identity"][name]
    again = Report.from_dict(stored)
    assert (again.identity.document, again.identity.exercice) == (None, "2024")


def test_hash_and_size_are_the_file_s():
    for content in (generate.budget_xml(), *BAD, generate.subventions_csv()):
        report = check(content, "budget", filename="x.xml")
        assert report.sha256 == hashlib.sha256(content).hexdigest()
        assert report.size == len(content)


def test_warnings_alone_conform():
    findings = (warning("totem-projet-de-budget"),)
    report = Report(
        "scdl/budget",
        "0.8.3",
        "totem",
        "",
        0,
        1,
        Identity(),
        findings,
        (Total("warning", "totem-projet-de-budget", None, 1),),
    )
    assert report.conforming
    assert (report.errors, report.warnings) == ([], list(findings))


def test_only_the_first_of_each_level_are_kept_and_errors_lead():
    findings = Findings()
    for rank in range(MAX_KEPT + 5):
        findings.add(warning("totem-nature-unknown", Place(line=rank)))
    findings.add(error("totem-amount-invalid", Place(line=7)))
    assert findings.kept[0].code == "totem-amount-invalid"
    assert len(findings.kept) == MAX_KEPT + 1
    assert findings.totals == (
        Total("error", "totem-amount-invalid", None, 1),
        Total("warning", "totem-nature-unknown", None, MAX_KEPT + 5),
    )
    assert [(c.first.code, c.count) for c in findings.causes] == [
        ("totem-amount-invalid", 1),
        ("totem-nature-unknown", MAX_KEPT + 5),
    ]
    assert findings.causes[1].last == Place(line=MAX_KEPT + 4)


def test_percentages_written_with_a_sign_or_without_are_one_gesture():
    """Neither is lost: those without a reason, or of another column, are told apart."""
    rows = generate.subventions_rows(lignes=8)
    for at, share in ((1, "80"), (2, "80 %"), (4, "60"), (5, "moitié"), (6, "1.5")):
        rows[at]["pourcentageSubvention"] = share
    rows[3]["montant"] = "80 %"
    report = check(generate.to_csv(rows), "subventions")
    told = [(c.first.place.field, c.first.params.get("cause"), c.count) for c in report.causes]
    assert sorted(told, key=str) == [
        ("montant", "percent", 1),
        ("pourcentageSubvention", "percent", 3),
        ("pourcentageSubvention", "words", 1),
        ("pourcentageSubvention", None, 1),
    ]
    (share,) = [c for c in report.causes if c.count == 3]
    assert (share.first.place.row, share.last.row) == (3, 6)
    assert sum(cause.count for cause in report.causes) == report.error_count


def test_the_report_of_an_earlier_version_still_counts():
    found = warning("totem-personal-data")
    stored = check(generate.budget_xml(), "budget").to_dict()
    for key in ("totals", "causes", "source", "complete"):
        del stored[key]
    stored |= {"counts": {"totem-personal-data": 3}, "findings": [found.to_dict()]}
    report = Report.from_dict(stored)
    assert (report.warning_count, report.error_count) == (3, 0)


@pytest.mark.parametrize(
    ("value", "quoted"),
    [(None, ""), ("a\x1b[31mb\n", "a [31mb "), ("é" * 100, "é" * 100), ("x" * 101, "x" * 99 + "…")],
)
def test_quotes_are_short_and_printable(value, quoted):
    assert quote(value) == quoted


def test_a_finding_is_frozen():
    with pytest.raises(AttributeError):
        error("totem-amount-invalid").code = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (Declared(), []),
        (Declared("210 000 014 00014", "2024", "Budget Primitif"), []),
        (Declared("", "", ""), []),
        (Declared(exercice="2023"), ["exercice-differs"]),
        (Declared("1", "2", "3"), ["siret-differs", "exercice-differs", "etape-differs"]),
    ],
)
def test_differences_compare_what_both_say(declared, expected):
    identity = Identity(siret="21000001400014", exercice="2024", etape="budget primitif")
    found = differences(identity, declared)
    assert [f.code for f in found] == expected
    assert all(f.level == "warning" for f in found)


def test_a_file_that_says_nothing_differs_in_nothing():
    assert differences(Identity(), Declared("1", "2", "3")) == []


def test_place_and_finding_round_trip():
    finding = error("totem-siret-invalid", Place(line=3, element="IdEtab"), value="1", length=1)
    assert Finding.from_dict(finding.to_dict()) == finding
