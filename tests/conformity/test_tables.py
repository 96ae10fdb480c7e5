"""Subsidy and budget tables: how a file is read, told and summed up; errors: test_differential."""

from __future__ import annotations

import csv
import io
from typing import get_args

import pytest

from ckanext.scdl.conformity import Identity, rendering, siret, texts
from ckanext.scdl.conformity.repair import headers
from ckanext.scdl.conformity.siret import valid_siret
from ckanext.scdl.conformity.standards import standard
from ckanext.scdl.conformity.table import blocks, records
from ckanext.scdl.conformity.table.letters import column_letter
from ckanext.scdl.conformity.texts import fr
from tests import generate

from .shared import check, codes, needs_shared, real


def test_long_cells_are_not_remembered():
    """A worker lives for days: what it remembers of SIRETs must not hold a file's cells."""
    assert not valid_siret("1" * 41)
    assert siret._valid.cache_info().maxsize * siret.LONGEST * 4 < 1_000_000


@pytest.mark.parametrize("value", ["NaN", "INF", "1_000", "1e999999999", "١٢"])
def test_an_amount_that_few_tools_read_is_told_and_kept(value):
    rows = generate.subventions_rows(lignes=2)
    rows[1]["montant"] = value
    report = check(generate.to_csv(rows), "subventions")
    ours = "amount-nan" if value in ("NaN", "INF") else "amount-unusual"
    assert (report.verdict, codes(report)) == ("conforming", [ours])
    assert codes(check(budget_table(BGT_MTBUDGPREC=value), "budget")) == ["amount-unusual"]


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
        "unmatched-header": 1,
        "one-of-required": 1,
    }
    finding = next(f for f in report.errors if f.place.field == "montant")
    assert "« MONTANT » doit s'écrire exactement « montant »" in texts.sentence(finding)


def _renamed(**labels: str) -> bytes:
    """A table whose columns have these labels; a field not named keeps its own."""
    rows = [{labels.get(k, k): v for k, v in r.items()} for r in generate.subventions_rows()]
    return generate.to_csv(rows, columns=tuple(labels.get(c, c) for c in generate.COLUMNS))


def test_a_title_or_another_name_for_a_column_is_to_be_renamed():
    titled = check(_renamed(montant="Montant total de la subvention"), "subventions")
    (finding,) = titled.errors
    assert texts.sentence(finding) == (
        "Ligne 1, colonne montant : « Montant total de la subvention » est l'intitulé de cette"
        " colonne, qui doit s'écrire exactement « montant » ; renommez la colonne."
    )
    (finding,) = check(_renamed(montant="sub_montant"), "subventions").errors
    assert "« sub_montant » est un autre nom de cette colonne" in texts.sentence(finding)
    (finding,) = check(_renamed(idRAE="RAE"), "subventions").warnings
    assert "doit s'écrire exactement « idRAE » ; renommez" in texts.sentence(finding)


def test_every_way_to_recognise_a_column_has_its_sentence():
    for kind in get_args(headers.Kind):
        assert {f"missing-label.{kind}", f"missing-optional-label.{kind}"} <= set(fr.SENTENCES)


def test_a_header_of_titles_is_told_column_by_column_first():
    titles = {f.name: f.title or f.name for f in standard("subventions").fields}
    report = check(_renamed(**titles), "subventions")
    causes = [texts.cause(cause) for cause in report.causes]
    errors = [
        text for text, c in zip(causes, report.causes, strict=True) if c.first.level == "error"
    ]
    renames = sum(t.count for t in report.totals if t.code == "missing-label")
    assert all("renommez la colonne" in text for text in errors[:renames])
    assert len(errors) == renames + 2
    (unmatched,) = [text for text in errors if "aucune colonne ne porte exactement" in text]
    assert "renommez-les comme il est dit de chacune" in unmatched
    (either,) = [f for f in report.errors if f.code == "one-of-required"]
    assert "semble être la colonne idBeneficiaire ; renommez d'abord celle-ci" in (
        texts.sentence(either)
    )


def test_rows_that_lack_a_misnamed_column_say_so():
    report = check(_renamed(idBeneficiaire="SIRET bénéficiaire"), "subventions")
    (cause,) = [c for c in report.causes if c.first.code == "one-of-required"]
    assert cause.count > 1
    assert "« SIRET bénéficiaire » semble être la colonne idBeneficiaire" in texts.cause(cause)


def test_a_table_without_either_column_is_to_be_completed():
    columns = tuple(c for c in generate.COLUMNS if c not in ("idBeneficiaire", "rnaBeneficiaire"))
    report = check(generate.to_csv(generate.subventions_rows(), columns=columns), "subventions")
    (finding,) = [f for f in report.errors if f.code == "one-of-required"]
    assert "le fichier n'a ni colonne idBeneficiaire ni colonne" in texts.sentence(finding)
    assert {f.place.field for f in report.findings} & {"idBeneficiaire", "rnaBeneficiaire"} == set()


def test_a_column_without_name_is_told_by_its_letter():
    rows = generate.subventions_rows(lignes=2)
    columns = (*generate.COLUMNS, "", "")
    content = generate.to_csv([{**row, "": "x"} for row in rows], columns=columns)
    report = check(content, "subventions")
    letters = [column_letter(len(generate.COLUMNS) + at) for at in (0, 1)]
    sentence = texts.sentence(next(f for f in report.warnings if f.code == "extra-label"))
    assert f"la colonne {letters[0]} n'a pas de nom" in sentence
    (cause,) = [c for c in report.causes if c.first.code == "extra-label"]
    assert f"2 colonnes sans nom, colonnes {letters[0]} à {letters[1]}" in texts.cause(cause)


def test_a_table_of_something_else_is_told_so_in_one_line():
    report = check(b"Ville,Rue\nFontargent,Rue du Moulin\n", "subventions")
    assert report.counts == {"unmatched-header": 1}
    assert "choisissez le standard de ce tableau" in texts.sentence(report.errors[0])


@pytest.mark.parametrize("titles", [b"", b"Subventions 2024\n"], ids=["seul", "titre"])
@pytest.mark.parametrize("low", [8, 3])
def test_a_header_on_two_rows_is_read_together(low, titles):
    """Names on one row or the other, as merged cells leave them."""
    first, *rest = generate.subventions_csv(lignes=4).splitlines(keepends=True)
    names = first.decode().strip().split(",")
    above = ",".join(n if at >= low else "Divers" for at, n in enumerate(names))
    below = ",".join(n if at < low else "" for at, n in enumerate(names))
    content = titles + f"{above}\n{below}\n".encode() + b"".join(rest)
    report = check(content, "subventions")
    lines = content.count(b"\n") - len(rest)
    assert (report.error_count, report.lines, report.source.header_row) == (0, 4, lines)
    assert report.counts.keys() >= {"header-two-rows"}
    wrong = content.replace(rest[1].split(b",")[0], b"", 1)
    (finding,) = check(wrong, "subventions").errors
    assert (finding.place.row, finding.place.line) == (lines + 1, lines + 1)


def test_what_is_said_of_the_header_has_its_row():
    content = b"Subventions 2024\n\n" + _renamed(montant="Montant attribu\u00e9")
    (finding,) = check(content, "subventions").errors
    assert (finding.code, finding.place.row, finding.place.line) == ("missing-label", 3, 3)


def test_a_cell_that_two_rules_refuse_for_one_reason_is_told_once():
    rows = generate.subventions_rows()
    for row in rows:
        row["idAttribuant"] = row["idAttribuant"][:9]
    report = check(generate.to_csv(rows), "subventions")
    assert report.counts == {"constraint-error": 12, "french-siret-value": 12}
    (cause,) = report.causes
    assert (cause.count, cause.first.params["cause"]) == (12, "siret-siren")


def test_rows_too_short_are_told_once_whatever_they_lack():
    first, *rest = generate.subventions_csv(lignes=6).decode().splitlines()
    rows = [",".join(row.split(",")[:9]) if at > 2 else row for at, row in enumerate(rest)]
    rows[0] = rows[0].replace(rows[0].split(",")[0], "", 1)
    report = check("\n".join([first, *rows]).encode(), "subventions")
    assert report.counts["missing-cell"] == 3 * 7
    causes = [(c.first.code, c.count, c.first.place.field) for c in report.causes]
    assert causes == [("missing-cell", 21, None), ("constraint-error", 1, "nomAttribuant")]
    (short, _) = map(texts.cause, report.causes)
    assert short.startswith("21 cellules manquantes, les lignes sont trop courtes, lignes 5 à 7 :")


def test_a_value_is_kept_as_it_is_and_shown_with_what_cannot_be_seen():
    rows = generate.subventions_rows(lignes=1)
    rows[0]["montant"], rows[0]["dateConvention"] = "24\u00a0975,00", "2017-03-21 \n"
    report = check(generate.to_csv(rows), "subventions")
    found = rendering.to_json(report)["findings"]
    assert [f["value"] for f in found] == ["2017-03-21 \n", "24\u00a0975,00"]
    assert [f["proposal"] for f in found] == ["2017-03-21", "24975.00"]
    shown = [texts.cause(cause) for cause in report.causes]
    assert "« 24␣975,00 » devient « 24975.00 »" in shown[1]
    assert shown[0].startswith("1 valeur entourée de blancs ou de fins de ligne, colonne C")


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("closing", [4, 2], ids=["même colonne", "autre colonne"])
def test_a_quote_that_swallows_lines_is_told_where_it_opens(closing, delimiter):
    content = generate.subventions_csv(lignes=8, delimiter=delimiter).decode()
    cells = [line.split(delimiter) for line in content.splitlines()]
    cells[3][4] = f'"{cells[3][4]}'
    cells[6][closing] = f'"{cells[6][closing]}"'
    report = check("\n".join(map(delimiter.join, cells)).encode(), "subventions")
    (finding,) = [f for f in report.warnings if f.code == "quote-unclosed"]
    assert (finding.place.row, finding.place.line) == (4, 4)
    assert texts.sentence(finding).startswith(
        "Ligne 4 : un guillemet ouvert sur cette ligne n'y est"
    )


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("line", [3, -1])
@pytest.mark.parametrize("column", [0, 4, -1])
def test_a_quote_that_nothing_closes_is_an_error(column, line, delimiter, end):
    """Whatever follows it, it is not said conforming."""
    lines = generate.subventions_csv(lignes=9, delimiter=delimiter).decode().splitlines()
    cells = lines[line].split(delimiter)
    cells[column] = f'"{cells[column]}'
    lines[line] = delimiter.join(cells)
    report = check(("\n".join(lines) + end).encode(), "subventions")
    assert [f.place.line for f in report.errors if f.code == "quote-open"] == [line % 10 + 1]
    assert report.causes[0].first.code == "quote-open"


@pytest.mark.parametrize("lignes", [3, 3_000])
def test_a_quote_left_open_in_the_header_is_named(lignes):
    content = generate.subventions_csv(lignes=lignes)
    report = check(content.replace(b"idAttribuant", b'"idAttribuant', 1), "subventions")
    assert [(f.code, f.place.line) for f in report.errors] == [("quote-open", 1)]
    lines = content.splitlines(keepends=True)
    closed = [lines[0].replace(b"montant", b'"montant'), lines[1].replace(b"unique", b'unique"')]
    report = check(b"".join([*closed, *lines[2:]]), "subventions")
    assert [f.place.line for f in report.warnings if f.code == "quote-unclosed"] == [1]


def test_a_quote_in_the_middle_of_a_text_opens_nothing():
    rows = generate.subventions_rows(lignes=2)
    content = generate.to_csv(rows).replace(rows[1]["objet"].encode(), b'tuyau 5" long')
    assert "quote-open" not in check(content, "subventions").counts


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_records_swallowed_in_the_last_column_are_told(blank, ragged, delimiter):
    lines = generate.subventions_csv(lignes=9, delimiter=delimiter).decode().splitlines()
    lines[3] += f'"Aide{blank}'
    lines[6] += f'\n{blank}"'
    if ragged:
        lines[8] += delimiter
    report = check("\n".join(lines).encode(), "subventions")
    assert [f.place.line for f in report.warnings if f.code == "quote-unclosed"] == [4]
    assert ("extra-cell" in report.counts) == ragged


@pytest.mark.parametrize("cell", ["PAS-UN-SIRET", ""])
def test_a_row_of_data_that_holds_names_of_fields_is_no_header(cell):
    """« Collectivité » and « Décision » are names that files are known to use."""
    columns = (*generate.COLUMNS, "typeAttribuant", "typeActe")
    rows = [
        {**row, "typeAttribuant": "Collectivité", "typeActe": "Décision"}
        for row in generate.subventions_rows(lignes=2)
    ]
    rows[0] |= {"idBeneficiaire": cell, "rnaBeneficiaire": "", "objet": "montant"}
    report = check(generate.to_csv(rows, columns=columns), "subventions")
    assert (report.source.header_row, report.lines, report.conforming) == (1, 2, False)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"nomAttribuant": "TOTAL GÉNÉRAL", "montant": "25000"}, "total-row"),
        ({"objet": "Sous-total", "montant": "25000", "nature": "x"}, "total-row"),
        ({"nomAttribuant": "Source : direction des finances, mars 2024"}, "note-row"),
        ({name: name for name in generate.COLUMNS}, "header-repeated"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_row_that_is_no_data_is_told_before_the_errors_that_it_makes(row, code):
    rows = generate.subventions_rows(lignes=6)
    rows.insert(3, row)
    report = check(generate.to_csv(rows), "subventions")
    assert [(f.code, f.place.row) for f in report.warnings] == [(code, 5)]
    assert report.causes[0].first.code == code
    assert report.error_count > 8


def test_rows_too_short_under_a_very_wide_header_hide_no_other_cause():
    wide = tuple(f"autre{n}" for n in range(700))
    rows = generate.subventions_rows(lignes=4)
    rows[1]["montant"], rows[2]["idBeneficiaire"] = "douze", "12345678901234"
    lines = generate.to_csv(rows, columns=(*generate.COLUMNS, *wide)).splitlines()
    lines[1] = generate.to_csv(rows[:1]).splitlines()[1]
    report = check(b"\n".join(lines), "subventions")
    errors = {c.first.code: c.count for c in report.causes if c.first.level == "error"}
    assert errors == {"missing-cell": 700, "type-error": 1, "french-siret-value": 1}


def test_short_records_are_counted_by_column_over_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 2_000)
    monkeypatch.setattr(records, "MOST_RECORDS", 7)
    lines = generate.subventions_csv(lignes=60).decode().splitlines()
    cut = {9: 3, 20: 15, 30: 3, 47: 8}
    for at, cells in cut.items():
        lines[at] = ",".join(lines[at].split(",")[:cells])
    lines[12] += '\n"deux\nlignes"'
    report = check("\n".join(lines).encode(), "subventions")
    totals = {t.field: t.count for t in report.totals if t.code == "missing-cell"}
    expected = [sum(cells <= at for cells in (*cut.values(), 1)) for at in range(16)]
    assert [totals.get(name, 0) for name in generate.COLUMNS] == expected
    (short,) = [c for c in report.causes if c.first.code == "missing-cell"]
    assert (short.count, short.first.place.line, short.last.line) == (sum(expected), 10, 50)


def test_a_table_of_nearly_empty_rows_has_no_totals():
    rows = [{"objet": f"Total n° {n}", "montant": "1"} for n in range(200)]
    assert set(check(generate.to_csv(rows), "subventions").counts).isdisjoint({"total-row"})


@pytest.mark.parametrize(("header", "other"), [(",", ";"), (";", ","), (",", "\t")])
def test_an_header_with_another_separator_than_the_rows_is_told_first(header, other):
    lines = generate.subventions_csv(lignes=5, delimiter=other).decode().splitlines()
    lines[0] = lines[0].replace(other, header)
    report = check("\n".join(lines).encode(), "subventions")
    (first, *_) = report.causes
    assert (first.first.code, first.first.params["value"]) == ("delimiter-mixed", header)
    assert not set(report.counts) & {"note-row", "total-row"}


def test_what_makes_other_cells_wrong_is_told_before_them():
    lines = generate.subventions_csv(lignes=9).decode().splitlines()
    lines[1] = lines[1].replace(",aide", ",50,aide")
    rows = [line.replace("unique", "") for line in lines[2:]]
    causes = check("\n".join([*lines[:2], *rows]).encode(), "subventions").causes
    assert causes[0].first.code == "extra-cell"
    assert causes[1].count == 8


def test_a_text_of_several_lines_is_no_quote_gone_astray():
    rows = generate.subventions_rows(lignes=3)
    rows[1]["objet"] = "sur, trop,\ntrois, lignes,\nou plus, dit-on"
    assert check(generate.to_csv(rows), "subventions").counts == {}


def test_extra_optional_and_nameless_columns_only_warn():
    columns = (*(c for c in generate.COLUMNS if c != "dispositifAide"), "commentaire", "")
    report = check(generate.to_csv(generate.subventions_rows(), columns=columns), "subventions")
    assert report.conforming
    assert report.counts == {"missing-optional-label": 1, "extra-label": 2}


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


def test_the_identity_of_a_subsidy_table():
    report = check(generate.subventions_csv(exercice="2023"), "subventions")
    assert report.identity == Identity(
        siret=generate.siret(), nom="Commune de Fontargent", exercice="2023"
    )
    two = generate.subventions_rows(exercice="2023") + generate.subventions_rows(exercice="2024")
    assert check(generate.to_csv(two), "subventions").identity.exercice is None


def budget_table(**changes: str) -> bytes:
    """A dépense, and a recette that balances it."""
    fields = standard("budget").fields
    row = {field.name: field.example for field in fields} | {"BGT_MTREAL": ""}
    rows = [row, {**row, "BGT_CODRD": "recette", **changes}]
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
@pytest.mark.parametrize("path", real("data/subsidies/real/*.csv"), ids=lambda p: p.stem)
def test_real_tables_of_every_kind_are_reported(path):
    report = check(path.read_bytes(), "subventions", filename=path.name)
    assert report.verdict == "not-conforming"
    for finding in report.findings:
        assert texts.sentence(finding)


@needs_shared
@pytest.mark.parametrize("path", real("data/**/*.[ox][dl]s*"), ids=lambda p: p.stem)
def test_real_spreadsheets_are_read(path):
    report = check(path.read_bytes(), "subventions", filename=path.name)
    assert (report.verdict, report.kind) == ("not-conforming", "table")
    assert report.source.format == path.suffix[1:]
    assert report.source.sheet
