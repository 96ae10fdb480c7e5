"""Subsidy and budget tables: the verdict of frictionless on the same file, plus what it ignores."""

from __future__ import annotations

import csv
import io

import frictionless
import pytest

from ckanext.scdl.conformity import Identity, siret, texts
from ckanext.scdl.conformity.siret import valid_siret
from ckanext.scdl.conformity.standards import standard
from ckanext.scdl.conformity.table import check as table_check
from tests import generate

from .shared import SHARED, check, codes, needs_shared, real

FRICTIONLESS = {"type-error", "constraint-error", "missing-cell", "extra-cell", "blank-row"}


def by_frictionless(content: bytes, name: str) -> list[tuple[int, str, str]]:
    """(row, field, code) that frictionless finds in a file whose header is the standard's."""
    schema = frictionless.Schema.from_descriptor(dict(standard(name).descriptor))
    resource = frictionless.Resource(content, format="csv", encoding="utf-8", schema=schema)
    report = resource.validate(limit_errors=1_000_000)
    found = report.flatten(["rowNumber", "fieldName", "type"])
    return sorted((row, field or "", code) for row, field, code in found)


def by_us(content: bytes, name: str) -> list[tuple[int, str, str]]:
    report = check(content, name)
    return sorted(
        (f.place.row, f.place.field or "", f.code)
        for f in report.findings
        if f.code in FRICTIONLESS
    )


def test_long_cells_are_not_remembered():
    """A worker lives for days: what it remembers of SIRETs must not hold a file's cells."""
    assert not valid_siret("1" * 41)
    assert siret._valid.cache_info().maxsize * siret.LONGEST * 4 < 1_000_000


VALUES = {
    "montant": [
        "1e5",
        "NaN",
        "INF",
        "+1",
        ".5",
        "5.",
        "1_000",
        "1,5",
        "-",
        " 12 ",
        "0x10",
        "²",
        "",
    ],
    "dateConvention": ["2023-1-5", "2023-01- 5", " 2023-01-05", "20230105", "05/01/2023", "2023"],
    "notificationUE": ["oui", "Oui", "true", "", "non "],
    "pourcentageSubvention": ["0", "0.01", "1", "1.01", "80", "NaN", "0.5 "],
    "nature": ["aide en nature;aide en numéraire", "aide en numéraire; aide en nature", "Aide"],
    "idRAE": ["12345", "123456", "sans objet"],
    "rnaBeneficiaire": ["W123456789", "w123456789", "W9G2001932", ""],
    "datesPeriodeVersement": ["2023-01-01_2023-12-31", "2023-01-01/2023-12-31", "2023-99-99"],
    "objet": ["x" * 256, "x" * 257, " "],
}
CASES = [(column, value) for column, values in VALUES.items() for value in values]


@pytest.mark.parametrize(("column", "value"), CASES, ids=str)
def test_a_cell_is_judged_as_frictionless_judges_it(column, value):
    rows = generate.subventions_rows(lignes=3)
    rows[1][column] = value
    content = generate.to_csv(rows)
    assert by_us(content, "subventions") == by_frictionless(content, "subventions")


@pytest.mark.parametrize(
    "tail",
    [
        "a\n",
        "a,b,c\n",
        "\n",
        ",,,,,,,,,,,,,,,\n",
        ",,,,,,,,,,,,,,,,\n",
        "a" + ",b" * 20 + "\n",
        '"x"x,"multi\nligne"\n',
        "\n\n\na,b\n",
        'a,"jamais ferme',
        ' "a" , "b" \r\n',
        "fin sans retour",
    ],
    ids=repr,
)
def test_rows_are_counted_as_frictionless_counts_them(tail):
    content = generate.subventions_csv(lignes=3) + tail.encode()
    assert by_us(content, "subventions") == by_frictionless(content, "subventions")


@pytest.mark.parametrize("value", ["NaN", "INF", "1_000", "1e999999999", "١٢"])
def test_an_amount_that_few_tools_read_is_told_and_kept(value):
    rows = generate.subventions_rows(lignes=2)
    rows[1]["montant"] = value
    report = check(generate.to_csv(rows), "subventions")
    assert (report.verdict, codes(report)) == ("conforming", ["amount-unusual"])
    assert codes(check(budget_table(BGT_MTPREV=value), "budget")) == ["amount-unusual"]


def test_a_signalling_nan_which_crashes_frictionless_is_not_a_number():
    rows = generate.subventions_rows(lignes=1)
    rows[0]["pourcentageSubvention"] = "sNaN"
    assert codes(check(generate.to_csv(rows), "subventions")) == ["type-error"]


@pytest.mark.parametrize("seed", range(5))
def test_a_table_in_disorder_gives_the_same_cells(seed):
    rows = generate.subventions_rows(lignes=6, seed=seed)
    rows[2]["montant"] = "beaucoup"
    shuffled = generate.COLUMNS[seed + 2 :] + generate.COLUMNS[: seed + 2]
    report = check(generate.to_csv(rows, columns=shuffled), "subventions")
    assert sorted(codes(report)) == ["label-order", "type-error"]
    (finding,) = report.errors
    assert (finding.place.row, finding.place.field) == (4, "montant")


def test_rows_and_lines_are_told_apart():
    rows = generate.subventions_rows(lignes=3)
    rows[0]["objet"] = "sur\ntrois\nlignes"
    rows[1]["montant"] = "x"
    (finding,) = check(generate.to_csv(rows), "subventions").errors
    assert (finding.place.row, finding.place.line) == (3, 5)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, []),
        ({"encoding": "utf-8-sig"}, []),
        ({"encoding": "cp1252"}, ["encoding-not-utf8"]),
        ({"delimiter": ";"}, ["delimiter-not-comma"]),
        ({"delimiter": "\t"}, ["delimiter-not-comma"]),
        ({"delimiter": "|"}, ["delimiter-not-comma"]),
    ],
    ids=str,
)
def test_encodings_and_separators_are_read(arguments, expected):
    report = check(generate.subventions_csv(**arguments), "subventions")
    assert report.verdict == "conforming"
    assert codes(report) == expected
    assert report.identity.nom == "Commune de Fontargent"


def test_a_bom_before_windows_1252_is_read():
    content = b"\xef\xbb\xbf" + generate.subventions_csv(encoding="cp1252")
    assert codes(check(content, "subventions")) == ["encoding-not-utf8"]


def test_headers_do_not_flood():
    rows = generate.subventions_rows(lignes=200)
    capitals = [{k.upper(): v for k, v in row.items()} for row in rows]
    columns = tuple(c.upper() for c in generate.COLUMNS)
    report = check(generate.to_csv(capitals, columns=columns), "subventions")
    required = sum(field.required for field in standard("subventions").fields)
    assert report.counts == {
        "missing-label": required,
        "missing-optional-label": len(columns) - required,
    }
    finding = next(f for f in report.errors if f.place.field == "montant")
    assert "« MONTANT » doit s'écrire exactement « montant »" in texts.sentence(finding)


def test_extra_optional_and_nameless_columns_only_warn():
    columns = (*(c for c in generate.COLUMNS if c != "dispositifAide"), "commentaire", "")
    report = check(generate.to_csv(generate.subventions_rows(), columns=columns), "subventions")
    assert report.conforming
    assert report.counts == {"missing-optional-label": 1, "extra-label": 2}


def test_no_beneficiary_column_at_all_is_told_once():
    columns = tuple(c for c in generate.COLUMNS if "Beneficiaire" not in c or c[0] == "n")
    rows = generate.subventions_rows(lignes=50)
    report = check(generate.to_csv(rows, columns=columns), "subventions")
    assert report.counts["one-of-required"] == 1


def test_totals_are_exact_beyond_what_is_kept():
    rows = generate.subventions_rows(lignes=3000)
    for row in rows:
        row["montant"] = "x"
    report = check(generate.to_csv(rows), "subventions")
    assert report.counts == {"type-error": 3000}
    assert (report.lines, len(report.errors)) == (3000, 1000)


def test_a_finding_never_holds_the_whole_row():
    rows = generate.subventions_rows(lignes=1)
    rows[0]["objet"] = "y" * 5000
    (finding,) = check(generate.to_csv(rows), "subventions").errors
    assert len(str(finding.params["value"])) == 100
    assert rows[0]["nomBeneficiaire"] not in str(finding)


def test_too_many_rows_are_refused_saying_where(monkeypatch):
    monkeypatch.setattr(table_check, "MAX_ROWS", 10)
    report = check(generate.subventions_csv(lignes=11), "subventions")
    assert codes(report) == ["table-too-long"]
    assert report.findings[0].place.line == 12


def test_the_identity_of_a_subsidy_table():
    report = check(generate.subventions_csv(exercice="2023"), "subventions")
    assert report.identity == Identity(
        siret=generate.siret(), nom="Commune de Fontargent", exercice="2023"
    )
    two = generate.subventions_rows(exercice="2023") + generate.subventions_rows(exercice="2024")
    assert check(generate.to_csv(two), "subventions").identity.exercice is None


def budget_table(**changes: str) -> bytes:
    fields = standard("budget").fields
    row = {field.name: field.example for field in fields}
    rows = [row, {**row, **changes}]
    return generate.to_csv(rows, columns=tuple(row))


def test_a_budget_table_is_checked_and_identified():
    report = check(budget_table(), "budget")
    assert (report.verdict, report.kind, codes(report)) == ("conforming", "table", [])
    assert (report.identity.exercice, report.identity.etape) == ("2024", "budget primitif")


def test_a_budget_table_is_about_one_budget():
    report = check(budget_table(BGT_ANNEE="2023"), "budget")
    assert codes(report) == ["several-values"]
    assert report.identity.exercice is None


def test_a_stage_outside_the_standard_is_an_error_and_no_identity():
    content = budget_table(BGT_NATDEC="Budget primitif")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    rows[0]["BGT_NATDEC"] = "Budget primitif"
    report = check(generate.to_csv(rows, columns=tuple(rows[0])), "budget")
    assert report.counts == {"constraint-error": 2}
    assert report.identity.etape is None


@needs_shared
def test_the_official_valid_example():
    content = (SHARED / "data/subsidies/official/exemple_valide.csv").read_bytes()
    assert check(content, "subventions").verdict == "conforming"


@needs_shared
def test_the_official_invalid_example():
    name = "data/subsidies/official/exemples__exemple_invalide_erreurs_cellules.csv"
    report = check((SHARED / name).read_bytes(), "subventions")
    schema_errors = report.counts["type-error"] + report.counts["constraint-error"]
    assert (schema_errors, report.counts["french-siret-value"]) == (15, 49)
    assert (report.counts["one-of-required"], report.error_count) == (1, 65)


@needs_shared
@pytest.mark.parametrize("path", real("data/subsidies/real/*.csv"), ids=lambda p: p.stem)
def test_real_tables_of_every_kind_are_reported(path):
    report = check(path.read_bytes(), "subventions", filename=path.name)
    assert report.verdict == "not-conforming"
    for finding in report.findings:
        assert texts.sentence(finding)


@needs_shared
@pytest.mark.parametrize("path", real("data/**/*.[ox][dl]s*"), ids=lambda p: p.stem)
def test_real_spreadsheets_are_told_to_become_csv(path):
    report = check(path.read_bytes(), "subventions", filename=path.name)
    assert (report.verdict, codes(report)) == ("unreadable", ["not-csv"])
    assert "CSV UTF-8" in texts.sentence(report.findings[0])


@needs_shared
@pytest.mark.parametrize("path", real("data/budgets/*converter.csv"), ids=lambda p: p.stem)
def test_tables_of_another_converter_get_frictionless_s_verdict(path):
    content = path.read_bytes()
    expected = by_frictionless(content, "budget")
    assert check(content, "budget").counts["constraint-error"] == len(expected)
    if len(expected) <= 1000:
        assert by_us(content, "budget") == expected
