"""The role of a resource, told from its name, else from its content."""

from __future__ import annotations

import codecs
import gzip
import io

import pytest

from ckanext.scdl.conformity import detect_role, guess_standard
from ckanext.scdl.conformity.inflated import is_xml
from tests import generate

XML = generate.budget_xml()
CSV = generate.subventions_csv()


@pytest.mark.parametrize(
    ("name", "head", "role"),
    [
        ("budget.xml", XML, "source"),
        ("BUDGET.XML", b"%PDF-1.4", "source"),
        ("budget.pdf", XML, "documentation"),
        ("rapport.docx", b"PK\x03\x04word/", "documentation"),
        ("C:\\dossier\\notice.md", b"", "documentation"),
        ("subventions.txt", CSV, "donnees"),
        (None, b" " * 4096, "donnees"),
        ("logo.PNG", b"\x89PNG", "documentation"),
        ("subventions.csv", CSV, "donnees"),
        ("subventions.xlsx", b"PK\x03\x04xl/", "donnees"),
        ("budget.zip", b"PK\x03\x04", "donnees"),
        ("fichier.inconnu", b"", "donnees"),
        (None, XML, "source"),
        ("budget.xml.gz", gzip.compress(XML), "source"),
        (None, gzip.compress(XML), "source"),
        (None, gzip.compress(CSV), "donnees"),
        ("", "<a/>".encode("utf-16"), "source"),
        (None, b"%PDF-1.4", "documentation"),
        (None, b"<!doctype html>", "documentation"),
        (None, b'<?xml version="1.0"?>\n<!DOCTYPE html>', "documentation"),
        (None, b'<?xml version="1.0"?><!-- a - b -->\n<svg xmlns="x">', "documentation"),
        (None, b'<?xml version="1.0"?><!-- <svg> --><DocumentBudgetaire>', "source"),
        (None, CSV, "donnees"),
        ("sans-extension", b"PK\x03\x04", "donnees"),
        (None, b"", "donnees"),
    ],
)
def test_role(name, head, role):
    assert detect_role(name, head[:512]) == role


BODY = XML[XML.index(b"?>") + 2 :].decode("iso-8859-1")
FAR = " \n" * 100_000
STRAY = ("\N{NO-BREAK SPACE}".encode(), "\u200b".encode(), "\u2060".encode(), b"\x1a", b"\xa0")
NESTED = XML
for _ in range(20):
    NESTED = gzip.compress(NESTED)


@pytest.mark.parametrize(
    "content",
    [
        XML,
        (FAR + BODY).encode(),
        (FAR + BODY).encode("utf-8-sig"),
        (FAR + BODY).encode("utf-16"),
        codecs.BOM_UTF16_BE + (FAR + BODY).encode("utf-16-be"),
        (FAR + BODY).encode("utf-16-le"),
        bytes(5000) + XML,
        gzip.compress(FAR.encode() + XML),
        gzip.compress(FAR.encode()) + gzip.compress(XML),
        gzip.compress(XML)[:-20],
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        *(mark + XML for mark in STRAY),
        ("\N{NO-BREAK SPACE}" + BODY).encode("utf-16-le"),
        "\N{NO-BREAK SPACE}".encode() * 5000 + XML,
        b"-<n:DocumentBudgetaire xmlns:n='x'/>",
        gzip.compress(gzip.compress(XML)),
        # nobody can tell
        NESTED,
        gzip.compress(bytes(60_000_000)),
        b"\x1f\x8b nothing",
    ],
    ids=range(23),
)
def test_what_may_be_an_xml_is_taken_for_one(content):
    assert is_xml(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" " * 100_000,
        CSV,
        FAR.encode() + CSV,
        CSV.decode().encode("utf-16"),
        gzip.compress(CSV),
        b"\xff\xd8\xff<DocumentBudgetaire>",
        b"PK\x03\x04",
        b'PK\x03\x04 xl/ <?xml version="1.0"?>',
        b'%PDF-1.4 <?xml version="1.0"?>',
        gzip.compress(gzip.compress(CSV)),
        FAR.encode() + b"<!doctype html>",
        b'<?xml version="1.0"?><svg/>',
    ],
    ids=range(13),
)
def test_what_is_none_is_not(content):
    assert not is_xml(io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "head", "standard"),
    [
        (None, XML, "budget"),
        ("x.xml", b"%PDF", "budget"),
        (None, b"\xef\xbb\xbfBGT_NATDEC;BGT_ANNEE\n", "budget"),
        (None, b"bgt_natdec,bgt_annee\n", "budget"),
        (None, "BGT_NATDEC,BGT_ANNEE\n".encode("utf-16"), "budget"),
        (None, "BGT_NATDEC,BGT_ANNEE\n".encode("utf-16-be"), "budget"),
        (None, b"Budget 2024\n\nBGT_NATDEC,BGT_ANNEE\n", "budget"),
        (None, CSV, "subventions"),
        (None, bytes(5000), "subventions"),
        (None, b"", "subventions"),
    ],
)
def test_the_standard_is_guessed_from_the_content(name, head, standard):
    assert guess_standard(head, name) == standard
