"""What is said of a table of subsidies: doubles, shares, and cells that the schema accepts."""

from __future__ import annotations

import re

import pytest

from ckanext.scdl.conformity import Report, texts
from tests import generate

from .shared import check


def checked(rows: list[dict[str, str]]) -> Report:
    report = check(generate.to_csv(rows), "subventions")
    assert report.conforming
    return report


def shared(*shares: str, **same: str) -> list[dict[str, str]]:
    """One grant between as many beneficiaries, after ten others."""
    rows = generate.subventions_rows(lignes=10 + len(shares))
    first = rows[10]
    names = ("referenceDecision", "dateConvention", "objet", "montant")
    for row, share in zip(rows[10:], shares, strict=True):
        row |= {name: first[name] for name in names} | same | {"pourcentageSubvention": share}
    return rows


@pytest.mark.parametrize(
    ("shares", "total"),
    [
        (("0.5", "0.5"), None),
        (("0.33", "0.33", "0.33"), None),
        (("0.333333", "0.333333", "0.333333"), None),
        (("1", "1"), None),
        (("0.25", "0.5", "0.25"), None),
        (("0.5", "0.49"), "0.99"),
        (("0.6", "0.6"), "1.2"),
        (("0.4",), "0.4"),
        (("0.25", "0.25", "0.25"), "0.75"),
    ],
)
def test_the_shares_of_a_grant_make_a_whole(shares, total):
    found = [f for f in checked(shared(*shares)).warnings if f.code == "shares-not-whole"]
    if total is None:
        assert found == []
        return
    (finding,) = found
    assert finding.params == {"sum": total, "number": len(shares)}
    for lang in ("fr", "en"):
        assert "?" not in texts.sentence(finding, lang)
    assert (finding.place.row, finding.place.field) == (12, "pourcentageSubvention")


def test_a_grant_with_a_wrong_share_is_not_added_up():
    rows = shared("0.5", "80")
    report = check(generate.to_csv(rows), "subventions")
    assert [f.code for f in report.findings] == ["constraint-error"]


@pytest.mark.parametrize(
    ("column", "value"), [("dateConvention", "28/03/2024"), ("montant", "12,50")]
)
def test_a_line_to_be_mended_may_be_the_part_that_lacks(column, value):
    rows = shared("0.5", "0.5")
    rows[11][column] = value
    assert "shares-not-whole" not in check(generate.to_csv(rows), "subventions").counts


def test_grants_apart_are_not_added_up():
    rows = shared("0.5", "0.5")
    rows[11]["objet"] = "autre chose"
    codes = [f.code for f in checked(rows).warnings]
    assert codes == ["shares-not-whole"] * 2


def test_a_line_written_twice_is_told_where_the_first_one_is():
    rows = generate.subventions_rows(lignes=30)
    rows[20] = {**rows[4], "dateConvention": "2024-12-01"}
    rows[25] = dict(rows[4])
    found = [f for f in checked(rows).warnings if f.code == "probable-duplicate"]
    assert [(f.place.row, f.params["line"]) for f in found] == [(22, 6), (27, 6)]
    assert found[0].place.line == 22


def test_the_line_that_is_repeated_is_the_file_s():
    """A cell on several lines parts the lines of a file from its rows."""
    rows = generate.subventions_rows(lignes=8)
    rows[0]["objet"] = "fête\ndu\nmoulin"
    rows[6] = dict(rows[4])
    (found,) = [f for f in checked(rows).warnings if f.code == "probable-duplicate"]
    assert (found.place.row, found.place.line, found.params["line"]) == (8, 10, 8)
    assert texts.sentence(found).startswith("Ligne 10 : cette ligne répète la ligne 8 (")


@pytest.mark.parametrize("column", ["idBeneficiaire", "rnaBeneficiaire"])
@pytest.mark.parametrize("value", ["néant", "NC", "  "])
def test_a_cell_that_may_only_be_empty_if_another_is_filled_is_not_proposed_empty(column, value):
    rows = generate.subventions_rows(lignes=4)
    rows[2] |= {"idBeneficiaire": "", "rnaBeneficiaire": "", column: value}
    report = check(generate.to_csv(rows), "subventions")
    other = {"idBeneficiaire", "rnaBeneficiaire"} - {column}
    told = [f for f in report.errors if f.place.field == column]
    assert told
    for finding in told:
        assert "proposal" not in finding.params
        assert f"si l'autre colonne ({other.pop()}) est remplie" in texts.sentence(finding)
        break


@pytest.mark.parametrize("codec", ["cp850", "mac-roman"])
def test_accents_of_another_age_are_told_as_damaged(codec):
    rows = generate.subventions_rows(lignes=4)
    rows[1]["nomBeneficiaire"] = "Fédération d'éducation numérique"
    text = re.sub("[èêÉ]", "é", generate.to_csv(rows).decode("utf-8"))
    content = text.encode(codec, "replace")
    report = check(content, "subventions")
    (finding,) = [f for f in report.warnings if f.code == "encoding-not-utf8"]
    assert finding.params["rule"] == "garbled"
    assert "vérifiez les noms" in texts.sentence(finding)


def test_accents_of_windows_are_not_told_as_damaged():
    rows = generate.subventions_rows(lignes=4)
    rows[1]["nomBeneficiaire"] = "Cœur de l’été à Œuf-en-Ternois – «\xa0l…é\xa0»"
    report = check(generate.to_csv(rows).decode("utf-8").encode("cp1252"), "subventions")
    (finding,) = [f for f in report.warnings if f.code == "encoding-not-utf8"]
    assert "rule" not in finding.params


@pytest.mark.parametrize("column", ["referenceDecision", "idBeneficiaire", "objet", "montant"])
def test_lines_that_differ_are_no_doubles(column):
    rows = generate.subventions_rows(lignes=8)
    other = next(row[column] for row in rows if row[column] != rows[2][column])
    rows[5] = {**rows[2], column: other}
    assert "probable-duplicate" not in checked(rows).counts


def test_nobody_s_double_is_told_without_beneficiary():
    rows = generate.subventions_rows(lignes=4)
    for row in rows[:2]:
        row |= rows[0] | {"idBeneficiaire": "", "rnaBeneficiaire": ""}
    report = check(generate.to_csv(rows), "subventions")
    assert report.counts == {"one-of-required": 2}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("datesPeriodeVersement", "2017-03-02/2017-30-05", "period-impossible"),
        ("datesPeriodeVersement", "2023-02-29", "period-impossible"),
        ("datesPeriodeVersement", "2017-12-20/2017-03-09", "period-reversed"),
        ("datesPeriodeVersement", "2017-03-09/2017-03-09", None),
        ("datesPeriodeVersement", "2020-02-29/2024-12-31", None),
        ("montant", "0", "amount-zero"),
        ("montant", "0.00", "amount-zero"),
        ("montant", "-12.5", "amount-negative"),
        ("montant", "NaN", "amount-nan"),
        ("montant", "1e5", "amount-unusual"),
        ("montant", "1234567890123456.78", None),
        ("referenceDecision", "02/07/2019", "reference-date-like"),
        ("referenceDecision", "2-juil", "reference-date-like"),
        ("referenceDecision", "févr.-07", "reference-date-like"),
        ("referenceDecision", "2019-07-02 00:00:00", "reference-date-like"),
        ("referenceDecision", "2017-03-103", None),
        ("referenceDecision", "", None),
        ("idBeneficiaire", "21000000000000", None),
    ],
)
def test_what_the_schema_accepts_and_we_do_not_believe(column, value, code):
    rows = generate.subventions_rows(lignes=5)
    rows[3][column] = value
    report = check(generate.to_csv(rows), "subventions")
    found = [f for f in report.warnings if f.place.field == column]
    assert [f.code for f in found] == ([code] if code else [])
    if code:
        assert found[0].place.row == 5
        assert found[0].place.column
