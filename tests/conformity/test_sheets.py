"""Workbooks: the sheet chosen, its cells as text, and every limit with its own message."""

# ruff: noqa: DTZ001 - the dates of a sheet have no zone

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import openpyxl
import pytest
import xlsxwriter

from ckanext.scdl.conformity import check, texts
from ckanext.scdl.conformity.intake import Intake
from ckanext.scdl.conformity.limits import MEBIBYTE, Limits
from ckanext.scdl.conformity.magic import WORKBOOKS, container
from ckanext.scdl.conformity.report import Unreadable
from ckanext.scdl.conformity.table import amiss, archive, worker
from ckanext.scdl.conformity.table.letters import column_letter
from ckanext.scdl.conformity.table.sheets import open_workbook
from tests import generate
from tests.support import workbooks

from .shared import ROOT, SHARED, needs_shared

NAMES = ("idAttribuant", "nomBeneficiaire", "montant", "objet", "dateConvention")


def score(cells):
    """How many of the names a row has, in any case, and to the letter."""
    labels = {cell.strip().lower() for cell in cells}
    return len(labels & {name.lower() for name in NAMES}), len(set(cells) & set(NAMES))


LIMITS = Limits()
CHECKS = (ROOT / "docs/controles.md").read_text(encoding="utf-8")


def read(content, wanted=None, limits=LIMITS):
    """The sheet chosen, and all its rows."""
    with open_workbook(Intake(io.BytesIO(content)), limits) as book:
        sheet = book.sheet(score, wanted)
        return sheet, rows_of(sheet)


def rows_of(sheet):
    data = b"".join(iter(lambda: sheet.read(1 << 16), b""))
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def refused(content, wanted=None, limits=LIMITS):
    """The code of the refusal and its rule; its sentences name what to do."""
    with pytest.raises(Unreadable) as caught:
        read(content, wanted, limits)
    finding = caught.value.finding
    assert ";" in texts.sentence(finding, "fr")
    assert ";" in texts.sentence(finding, "en")
    assert "?" not in texts.sentence(finding)
    return (finding.code, finding.params.get("rule"))


def read_or_refused(content):
    """The rows, or why there are none."""
    try:
        return read(content)[1]
    except Unreadable as exception:
        return texts.sentence(exception.finding)


def written(fill, **options):
    """An XLSX that xlsxwriter writes; fill(workbook)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as workbook:
        fill(workbook)
    return out.getvalue()


def table(**sheets_of_rows):
    """An XLSX of these sheets."""

    def fill(workbook):
        for name, rows in sheets_of_rows.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    return written(fill)


# what the cells say


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (21560046100010.0, "21560046100010"),
        (1e15, "1000000000000000"),
        (1e22, "10000000000000000000000"),
        (-0.0, "0"),
        (1234.5, "1234.5"),
        (0.1 + 0.2, "0.3"),
        (1234.5600000000002, "1234.56"),
        (0.0000001, "0.0000001"),
        (-1.5e-9, "-0.0000000015"),
        (123456.789012345, "123456.789012345"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (12, "12"),
        (True, "VRAI"),
        (False, "FAUX"),
        ("007", "007"),
        (dt.date(2017, 6, 27), "2017-06-27"),
        (dt.datetime(2017, 6, 27), "2017-06-27"),
        (dt.datetime(2017, 6, 27, 10), "2017-06-27 10:00:00"),
        (dt.datetime(2017, 6, 27, 9, 59, 59, 999_600), "2017-06-27 10:00:00"),
        (dt.datetime(2017, 6, 26, 23, 59, 59, 999_600), "2017-06-27"),
        (dt.time(8, 5), "08:05:00"),
        (dt.timedelta(hours=26, minutes=30), "26:30:00"),
        (dt.timedelta(seconds=-61), "-00:01:01"),
    ],
)
def test_a_value_is_the_text_that_a_sheet_shows(value, text):
    assert worker.shown(value) == text


def test_numbers_dates_formulas_and_errors_of_a_workbook():
    def fill(workbook):
        sheet = workbook.add_worksheet()
        date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, NAMES)
        sheet.write_number(1, 0, 21560046100010)
        sheet.write_string(1, 1, " l'été\nà Crac'h, « 1 » ")
        sheet.write_formula(1, 2, "=1+1.5", None, 2.5)
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
        sheet.write_datetime(1, 4, dt.datetime(2017, 6, 27), date)
        sheet.write_datetime(2, 4, dt.datetime(2017, 6, 27, 10), date)
        sheet.write_boolean(2, 0, True)
        sheet.write_number(2, 1, 0.5, workbook.add_format({"num_format": "0%"}))

    sheet, rows = read(written(fill))
    assert (sheet.format, sheet.columns) == ("xlsx", 5)
    assert rows == [
        list(NAMES),
        ["21560046100010", " l'été\nà Crac'h, « 1 » ", "2.5", "#N/A", "2017-06-27"],
        ["VRAI", "0.5", "", "", "2017-06-27 10:00:00"],
    ]


def test_dates_counted_from_1904():
    def fill(workbook):
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        workbook.add_worksheet().write_datetime(0, 0, dt.datetime(2017, 6, 27), date)

    assert read(written(fill, date_1904=True))[1] == [["2017-06-27"]]


def test_rows_keep_the_number_that_the_sheet_shows():
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.merge_range(2, 1, 2, 4, "Subventions 2023")
        sheet.write_row(4, 2, ["a", "b"])
        sheet.write_blank(9, 9, None, workbook.add_format({"bold": True}))

    rows = read(written(fill))[1]
    assert rows == [
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "Subventions 2023", "", ""],
        ["", "", "", ""],
        ["", "", "a", "b"],
    ]


def test_trailing_rows_whose_formulas_show_nothing_do_not_count():
    rows = '<row><c t="str"><v>a</v></c></row><row/>' + '<row><c t="str"><v></v></c></row>' * 3
    assert read(workbooks.xlsx(rows))[1] == [["a"]]


@pytest.mark.parametrize("cell", ["a\rb", 'a"b', "a,b", "a\r\nb\n", "\U0001f600", "\u2028"])
def test_a_text_comes_as_it_is(cell):
    content = workbooks.xls([(0, 0, cell), (0, 1, "fin")])
    assert read(content)[1] == [[cell, "fin"]]


def test_a_nul_is_left_out():
    assert read(workbooks.xls([(0, 0, "a\0b")]))[1] == [["ab"]]


def test_an_ods_with_repeated_rows_and_cells():
    empty = '<table:table-cell table:number-columns-repeated="2"/>'
    last = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/>'
    rows = (
        f'<table:table-row table:number-rows-repeated="2">{empty}</table:table-row>'
        + workbooks.ods_row("a", "b")
        + f"<table:table-row>{empty}{workbooks.ods_cell('été')}</table:table-row>"
        + f"{last}</table:table-row>"
    )
    sheet, rows = read(workbooks.ods({"Feuille 1": rows}))
    assert (sheet.format, sheet.name) == ("ods", "Feuille 1")
    assert rows == [[""] * 3, [""] * 3, ["a", "b", ""], ["", "", "été"]]


def test_an_xls_of_one_sheet():
    content = workbooks.xls([(0, 0, "montant"), (1, 0, 12.5), (3, 2, "été")])
    sheet, rows = read(content)
    assert (sheet.format, sheet.name, sheet.others) == ("xls", "Feuil1", ())
    assert rows == [["montant", "", ""], ["12.5", "", ""], ["", "", ""], ["", "", "été"]]


def test_an_xlsm_is_read_as_an_xlsx():
    members = workbooks.xlsx_members('<row><c t="str"><v>a</v></c></row>')
    content = workbooks.archive({**members, "xl/vbaProject.bin": b"\xd0\xcf"})
    assert read(content)[1] == [["a"]]


# which sheet


def test_the_sheet_with_most_names_of_columns_is_read():
    content = table(
        Notice=[["Ce fichier décrit"], ["montant"]],
        Données=[["Titre"], [], ["Montant", "OBJET ", "idattribuant"], ["1", "2", "3"]],
        Autre=[["montant", "objet", "x"]],
        Vide=[],
    )
    sheet, rows = read(content)
    assert (sheet.name, sheet.others) == ("Données", ("Notice", "Autre"))
    assert rows[2] == ["Montant", "OBJET ", "idattribuant"]


def test_of_equal_headers_the_first_is_read():
    assert read(table(Un=[["montant"]], Deux=[["objet"]]))[0].name == "Un"


def test_the_first_sheet_that_holds_something_when_no_header_is_known():
    assert read(table(Vide=[], Un=[["x"]], Deux=[["y"]]))[0].name == "Un"


def test_a_header_beyond_the_thirtieth_row_does_not_choose():
    assert read(table(Un=[["x"]], Deux=[["y"]] * 30 + [["montant", "objet"]]))[0].name == "Un"
    assert read(table(Un=[["x"]], Deux=[["y"]] * 29 + [["montant", "objet"]]))[0].name == "Deux"


def hidden_first():
    def fill(workbook):
        for name in ("Listes", "Tableau"):
            workbook.add_worksheet(name).write_row(0, 0, ["montant", "objet"])
        workbook.worksheets()[1].activate()
        workbook.worksheets()[1].set_first_sheet()
        workbook.worksheets()[0].hide()

    return written(fill)


def test_a_hidden_sheet_is_only_read_when_wanted():
    sheet, _ = read(hidden_first())
    assert (sheet.name, sheet.others, sheet.hidden) == ("Tableau", (), ("Listes",))
    assert read(hidden_first(), "Listes")[0].name == "Listes"


def test_the_sheet_wanted_is_read_whatever_its_header():
    content = table(Un=[["montant", "objet"]], Deux=[["x"]], Vide=[])
    assert read(content, "Deux")[1] == [["x"]]
    assert refused(content, "Vide") == ("sheet-empty", "named")
    assert refused(content, "deux") == ("sheet-missing", None)


def test_many_sheets_of_long_headers_take_no_memory_of_the_portal():
    wide = [[f"{column} ".ljust(200, "x") for column in range(256)]] * 30
    content = table(**{f"F{n}": wide for n in range(20)}, Aides=[["montant", "objet"]])
    with open_workbook(Intake(io.BytesIO(content)), LIMITS) as book:
        known = list(book._reading.sheets())
    sizes = [sum(len(cell) for row in sheet.head for cell in row) for sheet in known]
    assert max(sizes) <= worker.HEAD
    assert sum(sizes) <= worker.HEADS
    assert sizes[0] > 0


def test_sheets_beyond_number_are_refused(monkeypatch):
    content = table(**{f"F{n}": [["x"]] for n in range(1_001)})
    assert refused(content) == ("sheet-oversized", None)


def test_a_missing_sheet_names_those_that_exist():
    with pytest.raises(Unreadable) as caught:
        read(table(**{f"F{n}": [["x"]] for n in range(9)}), "G")
    assert caught.value.finding.params["known"] == "F0, F1, F2, F3, F4…"


def charts_only():
    def fill(workbook):
        chart = workbook.add_chart({"type": "bar"})
        workbook.add_chartsheet("Graphique").set_chart(chart)
        chart.add_series({"values": "=Graphique!$A$1:$A$2"})

    return written(fill)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (table(Vide=[]), None),
        (table(Vide=[], Blanche=[["", ""]]), None),
        (workbooks.xlsx('<row><c t="str"><v></v></c></row>'), None),
        (charts_only(), "chart"),
        (workbooks.ods({"a": workbooks.ods_row("x"), "b": ""}, hidden=["a"]), "hidden"),
        (workbooks.xls([]), None),
    ],
)
def test_a_workbook_without_data(content, rule):
    assert refused(content) == ("sheet-empty", rule)


# what is not a workbook

GOOD = {
    "xlsx": table(Un=[["montant", "objet"]] * 40),
    "ods": workbooks.ods({"Un": workbooks.ods_row("montant", "objet") * 40}),
    "xls": workbooks.xls([(n, 0, "montant") for n in range(400)]),
}
ENCRYPTION = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"


def zip_encrypted():
    content = bytearray(workbooks.archive({"xl/workbook.xml": "x"}))
    at = content.index(b"PK\x01\x02") + 8
    content[at] |= 1
    return bytes(content)


OTHERS = {
    "docx": (workbooks.archive({"[Content_Types].xml": "", "word/document.xml": ""}), "document"),
    "odt": (workbooks.ods({}, mime="application/vnd.oasis.opendocument.text"), "document"),
    "odp": (
        workbooks.ods({}, mime="application/vnd.oasis.opendocument.presentation"),
        "presentation",
    ),
    "pptx": (workbooks.archive({"ppt/presentation.xml": ""}), "presentation"),
    "xlsb": (workbooks.archive({"xl/workbook.bin": "", "xl/styles.bin": ""}), "xlsb"),
    "doc": (workbooks.ole({"WordDocument": b"x", "1Table": b"y"}), "document"),
    "ppt": (workbooks.ole({"PowerPoint Document": b"x"}), "presentation"),
    "msi": (workbooks.ole({"Property": b"x"}), "office"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_document_is_named(name):
    content, rule = OTHERS[name]
    assert container(content) in WORKBOOKS
    assert refused(content) == ("sheet-unreadable", rule)


@pytest.mark.parametrize(
    "content",
    [
        workbooks.ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        workbooks.xls([(0, 0, "a")], encrypted=True),
        workbooks.ods({"a": workbooks.ods_row("x")}, manifest=ENCRYPTION),
        zip_encrypted(),
    ],
)
def test_an_encrypted_workbook_is_told(content):
    assert refused(content) == ("sheet-encrypted", None)


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx", "budget.xml"])
def test_an_archive_of_one_table_is_not_unpacked(name):
    content = workbooks.archive({name: GOOD["xlsx"] if name.endswith("x") else "a,b\n"})
    assert refused(content) == ("not-csv", "zip")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"montant;objet\r\n1;2\r\n", "text"),
        (b"<html><table><tr><td>montant</td></tr></table></html>", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
    ],
)
def test_what_is_only_named_a_workbook_is_no_container_of_one(content, kind):
    assert container(content) not in WORKBOOKS
    assert refused(content) == ("not-csv", kind)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_cut_workbook_is_told(name, part):
    content = GOOD[name][: int(len(GOOD[name]) * part)]
    assert refused(content)[0] == "sheet-unreadable"


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_never_raises(name, seed):
    chance = random.Random(seed)
    content = bytearray(GOOD[name])
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(16, len(content))
        content[at : at + chance.randint(1, 20)] = chance.randbytes(chance.randint(1, 20))
    assert read_or_refused(bytes(content))


@pytest.mark.parametrize("seed", range(30))
def test_a_workbook_of_damaged_xml_never_raises(seed):
    """The ZIP is sound: what calamine reads is not."""
    chance = random.Random(seed)
    members = workbooks.xlsx_members(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>', shared=["a"]
    )
    name = chance.choice(list(members))
    text = members[name]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(("", "<", ">", '"', "&", "9" * 12, "é")) + text[at + 1 :]
    assert read_or_refused(workbooks.archive({**members, name: text}))


# limits


def test_too_many_columns_and_rows():
    limits = replace(LIMITS, max_columns=3, max_rows=5)
    assert refused(table(Un=[["a"] * 4]), limits=limits) == ("table-too-wide", None)
    assert refused(table(Un=[["a"]] * 6), limits=limits) == ("table-too-long", None)
    assert len(read(table(Un=[["a"] * 3] * 5), limits=limits)[1]) == 5


def test_a_sheet_that_is_not_read_may_be_too_wide():
    content = table(Un=[["montant", "objet"]], Deux=[["a"] * 4])
    assert read(content, limits=replace(LIMITS, max_columns=3))[0].name == "Un"


def grants(objet):
    """A sheet of one valid grant, then one of this objet."""
    rows = generate.subventions_rows(lignes=2)
    rows[1]["objet"] = objet
    return table(Un=[generate.COLUMNS, *([row[c] for c in generate.COLUMNS] for row in rows)])


def checked(content, limits):
    report = check(io.BytesIO(content), "subventions", limits=limits)
    return [(f.code, f.params.get("rule"), f.place.row, f.place.column) for f in report.errors]


def test_a_cell_too_long_is_told_with_its_place():
    letter = column_letter(generate.COLUMNS.index("objet"))
    content = grants("x" * 101)
    place = ("cell-too-long", "sheet", 3, letter)
    assert checked(content, replace(LIMITS, max_cell=100)) == [place]
    assert checked(content, replace(LIMITS, max_cell=101)) == []


def test_too_much_held():
    limits = replace(LIMITS, max_inflated=1024)
    assert refused(GOOD["xlsx"], limits=limits) == ("archive-oversized", None)


def test_too_many_members(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 4)
    assert refused(GOOD["xlsx"]) == ("archive-entries", None)
    assert read(GOOD["ods"])[0].name == "Un"


def test_the_directory_is_read_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(archive, "MAX_DIRECTORY", 100)
    assert refused(GOOD["xlsx"]) == ("archive-entries", None)


def lying(content, name, size):
    """The same ZIP, whose member says that it is of this size, in both of its headers."""
    data = bytearray(content)
    for signature, start, at in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        place = data.index(name.encode(), data.index(signature)) - start
        while data[place : place + 4] != signature:
            place = data.index(name.encode(), place + start + 1) - start
        struct.pack_into("<I", data, place + at, size)
    return bytes(data)


def test_a_member_that_lies_about_its_size_is_told():
    content = lying(GOOD["xlsx"], "xl/worksheets/sheet1.xml", 10)
    assert refused(content) == ("sheet-unreadable", None)


def test_a_workbook_that_is_slow_to_read_is_stopped():
    rows = '<row><c r="A1" s="1"/></row>' * 400_000 + '<row r="1"><c><v>1</v></c></row>'
    members = workbooks.xlsx_members(rows)
    one = '<sheet name="Feuil1" sheetId="1" r:id="rId1"/>'
    many = "".join(one.replace("Feuil1", f"F{n}") for n in range(200))
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(one, many)
    content = workbooks.archive(members)
    assert refused(content, limits=replace(LIMITS, max_seconds=1)) == ("sheet-slow", None)


def test_a_reading_given_up_leaves_nothing_behind():
    with open_workbook(Intake(io.BytesIO(GOOD["xlsx"])), LIMITS) as book:
        sheet = book.sheet(score)
        assert sheet.read(1)
    with pytest.raises(ValueError, match="closed file"):
        sheet.read(1)


def test_a_reading_that_fails_is_a_report_and_told_to_the_administrator(
    tmp_path, monkeypatch, caplog
):
    """Our own program, broken: not a fault of the file, and no traceback for who uploads it."""
    broken = tmp_path / "broken.py"
    broken.write_text("raise ZeroDivisionError")
    monkeypatch.setattr(worker, "__file__", str(broken))
    assert refused(GOOD["xlsx"]) == ("sheet-unreadable", "stopped")
    assert "ZeroDivisionError" in caplog.text


def test_a_process_without_memory_enough_to_start_is_told(tmp_path, monkeypatch):
    broken = tmp_path / "broken.py"
    broken.write_text("raise MemoryError")
    monkeypatch.setattr(worker, "__file__", str(broken))
    assert refused(GOOD["xlsx"]) == ("sheet-oversized", None)


def errors_and_formulas():
    """Two sheets; the second one, with the header, has errors, texts like them, and formulas."""

    def fill(workbook):
        other = workbook.add_worksheet("Calculs")
        other.write_formula(0, 0, "=NA()", None, "#N/A")
        sheet = workbook.add_worksheet("Aides & dons")
        sheet.write_row(0, 0, NAMES)
        for row in range(1, 2_000):
            sheet.write_formula(row, 2, "=NA()", None, "#DIV/0!" if row == 1 else "#N/A")
            sheet.write_string(row, 3, ' t="e" </f></c>')

    return written(fill)


def test_a_cell_in_error_is_read_as_it_is_shown():
    sheet, rows = read(errors_and_formulas())
    found = sheet.amiss
    assert (sheet.name, found.number, found.first_error) == ("Aides & dons", 1_999, "C2")
    assert rows[1] == ["", "", "#DIV/0!", ' t="e" </f></c>', ""]
    assert [row[2] for row in rows[2:]] == ["#N/A"] * 1_998
    assert found.uncalculated == 0


def test_a_cell_in_error_is_told_as_a_spreadsheet_s_error():
    rows = generate.subventions_rows(lignes=2)

    def fill(workbook):
        sheet = workbook.add_worksheet()
        for number, row in enumerate([{name: name for name in rows[0]}, *rows]):
            sheet.write_row(number, 0, row.values())
        sheet.write_formula(2, generate.COLUMNS.index("montant"), "=1/0", None, "#DIV/0!")

    report = check(io.BytesIO(written(fill)), "subventions")
    (finding,) = report.errors
    assert (finding.params["value"], finding.params["cause"]) == ("#DIV/0!", "excel-error")
    (first, _) = report.causes
    assert texts.cause(first).startswith("Des cellules de la feuille sont en erreur")
    assert "la première en I3" in texts.cause(first)


def test_the_errors_of_an_ods_are_counted():
    cell = '<table:table-cell calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    content = workbooks.ods(
        {"a": workbooks.ods_row("montant") + f"<table:table-row>{cell}</table:table-row>"}
    )
    amiss = read(content)[0].amiss
    assert (amiss.number, amiss.first_error) == (1, "")


def test_formulas_without_a_result_are_told():
    """As openpyxl and other libraries write them."""
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for row in range(2, 5):
        book.active.append(["x", "y", "=1000+1500", f"=A{row}", "z"])
    out = io.BytesIO()
    book.save(out)
    sheet, rows = read(out.getvalue())
    assert (sheet.amiss.uncalculated, sheet.amiss.first_uncalculated) == (6, "C2")
    assert rows[1] == ["x", "y", "", "", "z"]


@pytest.mark.parametrize("step", [1, 3, 7, 64, 1 << 20])
def test_no_cell_amiss_is_lost_between_two_chunks(step):
    xml = b"<row>" + b"".join(
        b'<c r="A%d" t="e"><f>X</f><v>#N/A</v></c><c r="B%d"><f>1+1</f><v></v></c>'
        b'<c r="C%d" t="str"><f>""</f><v></v></c><c r="D%d" t="e"/>' % (n, n, n, n)
        for n in range(1, 21)
    )
    pieces = [xml[at : at + step] for at in range(0, len(xml), step)]
    marks = amiss.Marks(amiss.ERROR)
    for piece in pieces:
        marks.see(piece)
    assert (marks.errors, marks.uncalculated) == (40, 40)
    found = amiss.cells_amiss(pieces)
    assert (found.number, found.uncalculated) == (20, 20)
    assert found.errors == {(n, 0): "#N/A" for n in range(20)}


def test_a_yes_of_a_spreadsheet_is_one_whatever_the_words_of_the_standard():
    rows = generate.subventions_rows(lignes=2)
    for row, answer in zip(rows, (True, False), strict=True):
        row["notificationUE"] = answer
    content = table(Un=[generate.COLUMNS, *([row[c] for c in generate.COLUMNS] for row in rows)])
    assert checked(content, LIMITS) == []
    written_as_text = generate.to_csv([{**rows[0], "notificationUE": "VRAI"}])
    assert [f.code for f in check(io.BytesIO(written_as_text), "subventions").errors] == [
        "type-error"
    ]


def test_limits_are_those_of_the_guide():
    guide = CHECKS[CHECKS.index("### Classeurs") :]
    for number in (
        LIMITS.max_inflated // MEBIBYTE,
        LIMITS.max_ratio,
        LIMITS.max_memory // MEBIBYTE,
        LIMITS.max_columns,
        LIMITS.max_cell,
        LIMITS.max_seconds,
        archive.MAX_ENTRIES,
    ):
        assert f" {number:,} ".replace(",", " ") in guide


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_letters(position, letters):
    assert column_letter(position) == letters


def test_under_a_server_the_interpreter_is_still_found(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/sbin/uwsgi")
    assert read(GOOD["xlsx"])[0].name == "Un"


# hostile workbooks

BOMB = workbooks.xlsx("<row/>" * 40_000_000)
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>'
REPEATED = workbooks.ods_cell("x").replace(
    "<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"'
)


def endless_table():
    """An OLE whose list of tables names itself as the next."""
    content = bytearray(workbooks.xls([(0, 0, "a")]))
    struct.pack_into("<I", content, 68, 0)
    return bytes(content)


def formatted_rows():
    """As Excel writes a sheet whose rows were all coloured."""
    empty = "".join(
        f'<row r="{n}" spans="1:3" s="1" customFormat="1"/>' for n in range(3, 1_048_577)
    )
    return workbooks.xlsx(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        + empty,
        shared=["montant"],
    )


HOSTILE = {
    "bomb": (lambda: BOMB, "archive-ratio"),
    "lying bomb": (lambda: lying(BOMB, "xl/worksheets/sheet1.xml", 1000), "archive-ratio"),
    "far cells": (lambda: workbooks.xlsx(FAR), "sheet-oversized"),
    "huge shared string": (
        lambda: workbooks.xlsx(
            "<row>" + '<c t="s"><v>0</v></c>' * 500_000 + "</row>", shared=["x" * 1_000_000]
        ),
        "sheet-oversized",
    ),
    "repeated cells": (
        lambda: workbooks.ods(
            {
                "a": '<table:table-row table:number-rows-repeated="6000">'
                f"{REPEATED}</table:table-row>"
            }
        ),
        "sheet-oversized",
    ),
    "beyond cells": (
        lambda: workbooks.ods(
            {
                "a": '<table:table-row table:number-rows-repeated="1048576">'
                f"{REPEATED}</table:table-row>"
            }
        ),
        "sheet-oversized",
    ),
    "far cells of xls": (
        lambda: workbooks.xls([(0, 0, 1.0), (65535, 65535, 1.0)]),
        "sheet-oversized",
    ),
    "endless directory": (
        lambda: workbooks.ole({"Workbook": workbooks.xls_stream([])}, endless=True),
        "sheet-unreadable",
    ),
    "endless table": (endless_table, "sheet-oversized"),
    "members": (
        lambda: workbooks.archive({f"xl/{n}": "" for n in range(archive.MAX_ENTRIES + 1)}),
        "archive-entries",
    ),
    "all columns": (lambda: table(Un=[["x"] * 16_384]), "table-too-wide"),
    "many cells": (
        lambda: workbooks.xlsx(("<row>" + "<c><v>1</v></c>" * 16 + "</row>") * 100_000),
        None,
    ),
    "formatted rows": (formatted_rows, None),
    "formulas of no cell": (
        lambda: workbooks.xlsx(f"<row><c><v>1</v></c></row><!--{'</f></c>' * 1_500_000}-->"),
        None,
    ),
}
MEASURED = """
import os, resource, sys
from ckanext.scdl.conformity.limits import Limits
from ckanext.scdl.conformity.report import Unreadable
from ckanext.scdl.conformity.intake import Intake
from ckanext.scdl.conformity.table.sheets import open_workbook
def peak():  # not ru_maxrss, which starts from that of the process that started this one
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
file = open(sys.argv[1], "rb")
before, code = peak(), None
try:
    with open_workbook(Intake(file), Limits()) as book:
        sheet = book.sheet(lambda row: (0, 0))
        while sheet.read(1 << 18):
            pass
except Unreadable as refused:
    code = refused.finding.code
child = resource.getrusage(resource.RUSAGE_CHILDREN)
own = resource.getrusage(resource.RUSAGE_SELF)
print(code, (peak() - before) // 1024, child.ru_maxrss // 1024, own.ru_utime + child.ru_utime)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_bounded(name, tmp_path):
    make, code = HOSTILE[name]
    path = tmp_path / "x"
    path.write_bytes(make())
    run = [sys.executable, "-c", MEASURED, path]
    done = subprocess.run(run, capture_output=True, check=True)
    told, own, child, seconds = done.stdout.decode().split()
    assert told == str(code)
    assert int(own) < 60
    assert int(child) < 1024
    assert float(seconds) < 15


# real files


@needs_shared
@pytest.mark.parametrize(
    ("path", "sheet", "rows", "columns"),
    [
        ("data/subsidies/real/mayenne-2018.xlsx", "Feuil1", 176, 15),
        ("data/subsidies/real/sarthe-progos-2018.xls", "Feuil1", 28, 7),
        (
            "data/budget-tables/VilleMTP_MTP_BudgetPri_2013.ods",
            "VilleMTP_MTP_BudgetPri_2013",
            1512,
            7,
        ),
    ],
)
def test_real_workbooks_are_read_whole(path, sheet, rows, columns):
    chosen, found = read((SHARED / path).read_bytes())
    assert (chosen.name, len(found), {len(row) for row in found}) == (sheet, rows, {columns})


@needs_shared
def test_a_real_xlsx_as_openpyxl_reads_it():
    content = (SHARED / "data/subsidies/real/mayenne-2018.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    expected = [
        ["" if value is None else worker.shown(value) for value in row]
        for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    found = [[cell.replace("\r\n", "\n") for cell in row] for row in read(content)[1]]
    assert [row[:15] for row in expected[: len(found)]] == found


@needs_shared
def test_a_real_ods_as_its_csv():
    folder = SHARED / "data/budget-tables"
    found = read((folder / "VilleMTP_MTP_BudgetPri_2013.ods").read_bytes())[1]
    text = (folder / "VilleMTP_MTP_BudgetPri_2013.csv").read_text(encoding="cp1252")
    expected = [row for row in csv.reader(io.StringIO(text), delimiter=";") if any(row)]
    assert [[*row[:5], row[5].replace(".", ","), row[6]] for row in found] == expected


def test_a_member_whose_end_waits_in_the_inflater_is_whole():
    for size in range(archive.CHUNK - 4, archive.CHUNK + 300, 7):
        squeezer = zlib.compressobj(wbits=-15)
        stored = squeezer.compress(b"a" * size) + squeezer.flush()
        assert sum(map(len, archive._inflated([stored]))) == size
