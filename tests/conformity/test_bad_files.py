"""Bad input of every kind: one clear error, quickly, never an exception."""

from __future__ import annotations

import codecs
import gzip
import io
import random
import time

import pytest

from ckanext.scdl.conformity import Limits, texts
from ckanext.scdl.conformity.totem import parser
from tests import generate

from .shared import SHARED, check, codes, needs_shared

BUDGETS = generate.bad_budgets()
TABLES = generate.bad_tables()
UNREADABLE = {
    *("file-empty", "gzip-malformed", "not-xml", "not-csv", "encoding-error", "sheet-unreadable"),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_bad_budget_gets_exactly_one_error(name):
    bad = BUDGETS[name]
    report = check(bad.content, "budget", filename="budget.xml")
    assert codes(report) == [bad.code]
    assert report.size == len(bad.content)
    unreadable = bad.code in UNREADABLE or bad.code.startswith("xml-")
    assert report.verdict == ("unreadable" if unreadable else "not-conforming")


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_table_gets_exactly_one_error(name):
    bad = TABLES[name]
    report = check(bad.content, "subventions")
    assert [f.code for f in report.errors] == [bad.code]
    assert report.size == len(bad.content)
    assert report.verdict == ("unreadable" if bad.code in UNREADABLE else "not-conforming")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_refusal_is_a_sentence_with_a_remedy(lang):
    for bad in (*BUDGETS.values(), *TABLES.values()):
        standard = "budget" if bad in BUDGETS.values() else "subventions"
        name = "x.xml" if standard == "budget" else None
        (finding, *_) = check(bad.content, standard, filename=name).errors
        sentence = texts.sentence(finding, lang)
        assert ";" in sentence
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "?" not in sentence


def test_the_place_of_an_error_is_the_line_of_the_file():
    content = BUDGETS["siret-court"].content
    (finding,) = check(content, "budget").errors
    line = content.split(b"\n")[finding.place.line - 1]
    assert b"<IdEtab" in line
    assert finding.place.element == "IdEtab"


def test_the_place_of_a_syntax_error_is_its_cause():
    content = BUDGETS["entite"].content
    (finding,) = check(content, "budget").errors
    assert b"&Eacute;" in content.split(b"\n")[finding.place.line - 1]


def test_lines_beyond_the_parser_s_counter_are_still_right():
    text = generate.budget_xml(lignes=60).decode("iso-8859-1")
    head, mark, tail = text.rpartition("      <LigneBudget>")
    tail = tail.replace('<CodRD V="', '<CodRD V="?', 1)
    content = (head + "\n" * 70_000 + mark + tail).encode("iso-8859-1")
    (finding,) = check(content, "budget").errors
    assert b"CodRD" in content.split(b"\n")[finding.place.line - 1]


def test_a_line_is_dropped_whole_when_headers_come_too_late():
    text = generate.budget_xml().decode("iso-8859-1")
    bloc = text[text.index("      <BlocBudget>") : text.index("      <InformationsGenerales>")]
    late = text.replace(bloc, "").replace("   </Budget>", f"{bloc}   </Budget>")
    assert codes(check(late.encode("iso-8859-1"), "budget")) == ["totem-block-missing"]


def test_every_line_in_error_is_counted_and_a_thousand_kept():
    content = generate.budget_xml(lignes=3000).replace(b'MtPrev V="', b'MtPrev V="x')
    report = check(content, "budget")
    assert report.counts == {"totem-amount-invalid": 3000}
    assert report.error_count == 3000
    assert len(report.errors) == 1000


def test_a_long_value_is_quoted_short():
    content = generate.budget_xml().replace(b'MtPrev V="', b'MtPrev V="' + b"9" * 5000 + b"x", 1)
    (finding,) = check(content, "budget").errors
    assert len(str(finding.params["value"])) == 100


HOSTILE = {
    "depth": b"<a>" * 100_000,
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
    b"<DocumentBudgetaire>&b;</DocumentBudgetaire>",
    "entities-utf16": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "a">]><a>&a;</a>'
    ).encode("utf-16"),
    "external": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><DocumentBudgetaire/>',
    "attributes": b"<DocumentBudgetaire " + b'a="" ' * 2_000_000,
    "children": b"<DocumentBudgetaire><Budget><LigneBudget>" + b'<a V="1"/>' * 1_000_000,
    "endless-block": b"<DocumentBudgetaire><Budget><LigneBudget>"
    + (b"<a " + b'b="" ' * 20_000 + b"/>") * 100,
    "siblings": b"<DocumentBudgetaire>" + b"<x/>" * 1_000_000 + b"</DocumentBudgetaire>",
    "text": b"<DocumentBudgetaire>" + b"x" * 20_000_000,
    "gzip-bomb": gzip.compress(b"<DocumentBudgetaire>" + bytes(60_000_000), 1),
    "newlines": b"a,b\n" * 1_000_000,
    "quote": b'nomAttribuant,objet\n"' + b"\n" * 20_000_000,
    "one-line": b"x" * 20_000_000,
    "commas": b"," * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("standard", ["budget", "subventions"])
def test_hostile_files_are_refused_quickly(name, standard):
    start = time.process_time()
    report = check(HOSTILE[name], standard, filename="x.xml" if standard == "budget" else None)
    assert not report.conforming
    assert len(report.causes) < 20
    assert time.process_time() - start < 10


DTD = '<!DOCTYPE x [<!ENTITY a "1.00">]>'
GOOD_UTF8 = generate.budget_xml(encoding="UTF-8").decode().replace("É", "E")


def declared(name: str, *, coded: str | None = None, doctype: str = "") -> bytes:
    """A good budget, then a DOCTYPE, that declares one encoding and is written in another."""
    text = GOOD_UTF8.replace('"UTF-8"', f'"{name}"').replace("?>", "?>" + doctype, 1)
    return text.encode(coded or name)


def ascii_start(name: str, coded: str, doctype: str) -> bytes:
    """As a UTF-7 writer does: only what follows the declaration is disguised."""
    start, mark, rest = declared(name, coded="utf-8", doctype=doctype).decode().partition("?>")
    return (start + mark).encode() + rest.replace("<!D", "+ADw-!D").encode(coded, "ignore")


ENCODINGS = {
    "utf-7": ascii_start("UTF-7", "utf-8", DTD),
    "utf-7-single-quotes": ascii_start("UTF-7", "utf-8", DTD).replace(b'"UTF-7"', b"'UTF-7'"),
    "iso-2022-jp": declared("ISO-2022-JP", coded="ascii", doctype="").replace(b"?>", b"?>\x1b$B<<"),
    "ebcdic": declared("IBM037", coded="ascii"),
    "utf-32-le": declared("UTF-32", coded="utf-32-le"),
    "utf-16-without-mark": declared("UTF-16", coded="utf-16-le"),
    "utf-16-in-name-only": declared("UTF-16", coded="utf-8"),
    "utf-7-after-a-mark": codecs.BOM_UTF8 + ascii_start("UTF-7", "utf-8", DTD),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_that_the_guard_cannot_read_is_refused(name):
    report = check(ENCODINGS[name], "budget", filename="x.xml")
    assert (report.verdict, codes(report)) == ("unreadable", ["xml-encoding"])


@pytest.mark.parametrize(("name", "coded"), [("IBM037", "cp037"), ("UTF-32", "utf-32")])
def test_what_does_not_start_as_an_xml_does_is_refused(name, coded):
    report = check(declared(name, coded=coded), "budget", filename="x.xml")
    assert codes(report) == ["not-xml"]


def test_a_declaration_pushed_out_of_sight_is_refused():
    content = declared("UTF-7", coded="utf-8").replace(b" encoding", b" " * 5000 + b"encoding")
    assert codes(check(content, "budget")) == ["xml-malformed"]


@pytest.mark.parametrize("name", ["US-ASCII", "ISO-8859-15", "windows-1252", "utf-8", "UTF-16"])
@pytest.mark.parametrize("doctype", ["", DTD])
def test_the_encodings_read_are_guarded(name, doctype):
    text = GOOD_UTF8.replace('"UTF-8"', f'"{name}"')
    content = text.replace("?>", f"?>{doctype}", 1).encode(name)
    assert codes(check(content, "budget")) == (["xml-doctype"] if doctype else [])


def test_a_giant_tag_in_utf16_cannot_hide_behind_its_own_letters():
    text = '<?xml version="1.0"?><DocumentBudgetaire ' + '\u013c\u0100="" ' * 99_999
    for encoding, mark in (
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        assert codes(check(mark + text.encode(encoding), "budget")) == ["xml-oversized"]


@pytest.mark.parametrize("standard", ["budget", "subventions"])
def test_a_file_that_starts_with_blanks_is_not_said_to_be_empty(standard):
    report = check(b" " * 5000 + b"<DocumentBudgetaire/>", standard, filename="x.xml")
    assert not report.conforming
    assert "file-empty" not in codes(report)
    assert codes(check(b" " * 50, standard)) == ["file-empty"]


@pytest.mark.parametrize(("cells", "rows"), [(60_000, 200), (1_000, 12_000)])
def test_millions_of_extra_cells_are_counted_quickly(cells, rows):
    good = generate.subventions_csv(lignes=1)
    width = len(generate.COLUMNS)
    content = good + (b"x" + b"," * cells + b"\n") * rows
    start = time.process_time()
    report = check(content, "subventions")
    assert report.counts["extra-cell"] == rows * (cells + 1 - width)
    assert (report.lines, len(report.errors)) == (rows + 1, 1000)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("seed", range(60))
def test_damaged_files_never_raise(seed):
    rng = random.Random(seed)
    good = generate.budget_xml(lignes=31) if seed % 2 else generate.subventions_csv()
    content = bytearray(good)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(content))
        content[at : at + rng.randrange(1, 30)] = rng.randbytes(rng.randrange(0, 12))
    for standard in ("budget", "subventions"):
        report = check(bytes(content), standard)
        for finding in report.findings:
            assert texts.sentence(finding)


def test_a_budget_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(parser, "MAX_XML_BYTES", 10_000)
    assert codes(check(generate.budget_xml(lignes=200), "budget")) == ["file-too-large"]


@pytest.mark.parametrize(
    ("limits", "code", "line"),
    [
        (Limits(max_bytes=10_000), "file-too-large", None),
        (Limits(max_columns=15), "table-too-wide", None),
        (Limits(max_rows=10), "table-too-long", 12),
        (Limits(max_cell=20), "cell-too-long", 2),
        (Limits(max_seconds=0), "table-slow", 202),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_each_limit_of_a_table_has_its_message(limits, code, line):
    report = check(generate.subventions_csv(lignes=200), "subventions", limits=limits)
    (finding,) = report.errors
    assert (finding.code, finding.place.line, report.complete) == (code, line, False)
    assert texts.sentence(finding)


def test_the_width_of_a_csv_is_that_of_a_table_not_of_a_sheet():
    (finding,) = check(
        generate.subventions_csv(), "subventions", limits=Limits(max_columns=9)
    ).errors
    assert texts.sentence(finding).startswith("Le tableau va jusqu'à la colonne")


def test_commas_on_one_line_are_no_cell_too_long():
    (finding,) = check(b"," * 20_000_000, "subventions").errors
    assert (finding.code, finding.params["rule"]) == ("cell-too-long", "record")
    assert "cette ligne dépasse 1048576 caractères" in texts.sentence(finding)


def test_a_million_empty_lines_are_read_quickly():
    content = generate.subventions_csv() + b"\n" * 1_000_000
    start = time.process_time()
    report = check(content, "subventions")
    assert report.counts == {"blank-row": 1_000_000}
    assert time.process_time() - start < 3


def test_a_stream_that_gives_little_at_a_time_is_read_whole():
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 7, 7) if size != -1 else 7)

    from ckanext.scdl import conformity

    assert conformity.check(Slow(generate.budget_xml(lignes=31)), "budget").conforming
    assert conformity.check(Slow(generate.subventions_csv()), "subventions").conforming


@needs_shared
@pytest.mark.parametrize(
    ("name", "code", "element"),
    [
        ("mauvais_totem", "totem-budget-missing", "Budget"),
        ("totem_mauvais_siret", "totem-siret-invalid", "IdEtab"),
        ("totem_mauvaise_annee", "totem-exercice-invalid", "Exer"),
        ("totem_mauvaise_etape", "totem-etape-unknown", "NatDec"),
        ("totem_mauvaise_nomenclature", "totem-nomenclature-unknown", "Nomenclature"),
    ],
)
def test_the_five_malformed_real_files(name, code, element):
    content = (SHARED / f"data/budgets/malformed/{name}.xml").read_bytes()
    report = check(content, "budget", filename=f"{name}.xml")
    assert report.verdict == "not-conforming"
    assert [(f.code, f.place.element) for f in report.errors] == [(code, element)]


@pytest.mark.parametrize("standard", ["budget", "subventions"])
def test_an_xml_behind_blanks_is_no_table(standard):
    content = b" \n" * 10_000 + generate.budget_xml()
    (finding,) = check(content, standard).errors
    expected = ("not-xml", "text") if standard == "budget" else ("not-csv", "xml")
    assert (finding.code, finding.params.get("rule")) == expected


XML_WORKBOOK = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<!-- export -->\n'
    '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"></ss:Workbook>'
)
NO_BUDGET = {
    "gzip": (gzip.compress(generate.subventions_csv()), "gzip"),
    "gzip-of-pdf": (gzip.compress(b"%PDF-1.4\n"), "gzip"),
    "null-bytes": (bytes(60), "binary"),
    "many-null-bytes": (bytes(100_000), "binary"),
    "xml-workbook": (XML_WORKBOOK.encode(), "xml-workbook"),
    "xml-workbook-utf-16": (XML_WORKBOOK.encode("utf-16"), "xml-workbook"),
}


@pytest.mark.parametrize("name", NO_BUDGET)
@pytest.mark.parametrize("standard", ["budget", "subventions"])
def test_what_no_budget_looks_like_is_not_sent_to_the_budget(name, standard):
    content, rule = NO_BUDGET[name]
    (finding,) = check(content, standard, filename="aides.csv").errors
    assert (finding.code, finding.params.get("rule")) == ("not-csv", rule)
    for lang, without in (("fr", "XML du budget"), ("en", "budget's XML")):
        assert without not in texts.sentence(finding, lang)


def test_a_sheet_asked_of_an_xml_is_told_not_to_be_one():
    report = check(generate.budget_xml(), "budget", sheet="Recettes")
    (finding,) = [f for f in report.findings if f.code == "sheet-ignored"]
    assert texts.sentence(finding).startswith("Un fichier XML n'a pas de feuille, « Recettes »")
    assert codes(check(b"", "budget", sheet="Recettes")) == ["file-empty"]


def test_a_workbook_of_excel_2003_is_one_whatever_its_name():
    (finding,) = check(XML_WORKBOOK.encode(), "budget", filename="aides.xml").errors
    assert "enregistrez-le au format XLSX" in texts.sentence(finding)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(b""), "file-empty"),
        (b"\x1f\x8b nothing", "gzip-malformed"),
        (gzip.compress(b"<facture/>"), "xml-other-root"),
    ],
)
def test_a_gzip_that_may_be_a_budget_is_judged_as_one(content, code):
    assert codes(check(content, "budget", filename="x.gz")) == [code]
