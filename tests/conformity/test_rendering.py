"""A report as JSON, text, page and workbook: the same facts, nothing of the file obeyed."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import openpyxl
import pytest

from ckanext.scdl.conformity import Finding, Place, Report, Source, texts
from ckanext.scdl.conformity.rendering import to_html, to_json, to_text, write_xlsx
from ckanext.scdl.conformity.rendering.typography import bound
from ckanext.scdl.conformity.report import Findings, Identity
from tests import generate

from .shared import ROOT, check

HOSTILE = [
    *("=1+1", "+33 1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&amp;",
        "</table>",
        "_x0041_",
    ),
    *("http://exemple.fr", "mailto:a@b.fr", "12", "020", "{0}", "%s"),
]


def made(*findings: Finding, **known: str) -> Report:
    """A report on a table with these findings."""
    collected = Findings()
    for finding in findings:
        collected.add(finding)
    return Report(
        standard="scdl/subventions",
        version="2.1.1",
        kind="table",
        sha256="0" * 64,
        size=1000,
        lines=60,
        identity=Identity(),
        findings=collected.kept,
        totals=collected.totals,
        causes=collected.causes,
        source=Source(**known),
    )


def cell(line: int, value: str, **params: str) -> Finding:
    place = Place(line=line, row=line, field="montant", column="I")
    told = {"rule": "number", "value": value, "example": "2500.00", **params}
    return Finding("type-error", "error", told, place)


COMMAS = [cell(n, f"{n},5", cause="comma", proposal=f"{n}.5") for n in (12, 40, 980)]
EMPTY = Finding(
    "constraint-error",
    "error",
    {"rule": "required", "value": "", "example": "Fête", "limit": "True", "length": 0},
    Place(line=7, row=6, field="objet", column="H"),
)
DELIMITER = Finding("delimiter-not-comma", "warning", {"value": ";"})
REPORT = made(
    *COMMAS,
    EMPTY,
    DELIMITER,
    name="aides.csv",
    format="csv",
    encoding="windows-1252",
    delimiter=";",
    header_row=1,
    columns=16,
)


# --- JSON ---


def test_json_has_the_keys_of_the_contract():
    data = to_json(REPORT)
    assert data["standard"] == {"name": "scdl/subventions", "version": "2.1.1"}
    assert data["source"] == {
        "name": "aides.csv",
        "format": "csv",
        "encoding": "windows-1252",
        "delimiter": ";",
        "sheet": None,
        "header_row": 1,
        "rows": 60,
        "columns": 16,
        "sha256": "0" * 64,
    }
    assert (data["conforming"], data["complete"], data["verdict"]) == (
        False,
        True,
        "not-conforming",
    )
    assert data["totals"] == [
        {"level": "error", "code": "constraint-error", "field": "objet", "count": 1},
        {"level": "error", "code": "type-error", "field": "montant", "count": 3},
        {"level": "warning", "code": "delimiter-not-comma", "field": None, "count": 1},
    ]
    assert data["findings"][0] == {
        "level": "error",
        "code": "type-error",
        "row": 12,
        "line": 12,
        "column": "I",
        "field": "montant",
        "element": None,
        "value": "12,5",
        "message": texts.sentence(COMMAS[0]),
        "expected": "un nombre avec un point, comme 2500.00",
        "proposal": "12.5",
    }
    assert data["causes"][0] == {
        "level": "error",
        "code": "type-error",
        "cause": "comma",
        "count": 3,
        "first_row": 12,
        "first_line": 12,
        "last_row": 980,
        "last_line": 980,
        "column": "I",
        "field": "montant",
        "element": None,
        "value": "12,5",
        "message": (
            "3 montants avec une virgule, colonne I (montant), lignes 12 à 980 : mettez un point"
            " à la place de la virgule ; par exemple « 12,5 » devient « 12.5 »."
        ),
        "expected": "un nombre avec un point, comme 2500.00",
        "proposal": "12.5",
    }


def keys(data: object, path: str = "") -> set[str]:
    """Paths of the keys of a JSON value: `totals[].code`."""
    if isinstance(data, dict):
        under = {f"{path}.{key}".lstrip("."): value for key, value in data.items()}
        return set(under).union(*(keys(value, name) for name, value in under.items()))
    if isinstance(data, list):
        return set().union(*(keys(item, f"{path}[]") for item in data))
    return set()


def test_every_key_is_documented_and_every_documented_key_is_there():
    guide = (ROOT / "docs/bibliotheque.md").read_text(encoding="utf-8")
    part = guide.partition("## Le rapport en JSON")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE))
    assert told == keys(to_json(REPORT))


@pytest.mark.parametrize("limit", [0, 1, 4, None])
def test_a_limit_touches_the_findings_alone(limit):
    whole, some = to_json(REPORT), to_json(REPORT, limit=limit)
    assert some["findings"] == whole["findings"][:limit]
    assert (some["totals"], some["causes"]) == (whole["totals"], whole["causes"])


@pytest.mark.parametrize("name", sorted(generate.bad_budgets()))
def test_every_bad_budget_can_be_rendered(name):
    every_form(check(generate.bad_budgets()[name].content, "budget"))


@pytest.mark.parametrize("name", sorted(generate.bad_tables()))
def test_every_bad_table_can_be_rendered(name):
    every_form(check(generate.bad_tables()[name].content, "subventions"))


def every_form(report: Report) -> None:
    for lang in ("fr", "en"):
        data = json.loads(json.dumps(to_json(report, lang)))
        assert data["conforming"] is (data["verdict"] == "conforming") is report.conforming
        message = data["causes"][0]["message"]
        assert message in to_text(report, lang)
        assert message in Page(to_html(report, lang)).text
        assert message in [line[7] for line in sheet(report, 0, lang)]


# --- text ---


def test_text_gives_the_verdict_the_causes_and_the_findings():
    lines = to_text(REPORT).split("\n")
    assert lines[0].startswith("Fichier non conforme")
    assert [line.partition(" : ")[0] for line in lines[1:4]] == [
        "- Erreur",
        "- Erreur",
        "- Avertissement",
    ]
    assert lines[1].startswith("- Erreur : 3 montants avec une virgule")
    assert lines[4:6] == ["", "Constat par constat :"]
    assert len(lines) == 6 + 5


def test_text_does_not_repeat_causes_of_one_finding():
    assert len(to_text(made(COMMAS[0], EMPTY)).split("\n")) == 3


def test_an_incomplete_check_says_so():
    report = replace(made(DELIMITER), complete=False)
    assert "Contrôle incomplet" in to_text(report)
    assert "Incomplete check" in to_html(report, "en")


# --- HTML ---


class Page(HTMLParser):
    """Elements that a browser would make of a page, their attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.parts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("value", ["a ; b", "a ; b « c » ?", "« c »", "a « b ; c"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_changes_no_cell_that_it_quotes(value, lang):
    page = to_html(made(cell(2, value), cell(3, value, proposal=value)), lang)
    assert page.count(value) == page.replace("\N{NO-BREAK SPACE}", " ").count(value) > 2


@pytest.mark.parametrize(
    ("text", "lang", "shown"),
    [
        ("Ligne 2 : « a ; b » ; ôtez-la !", "fr", "Ligne 2~: «~a ; b~»~; ôtez-la~!"),
        ("5 % de « x » à 10 €", "fr", "5~% de «~x~» à 10~€"),
        ("« 1 ; 2 » : « a « b ; » c » ; d", "fr", "«~1 ; 2~»~: «~a « b ; » c~»~; d"),
        ("“a ; b” is 5 % ; see « c »", "en", "“a ; b” is 5 % ; see « c »"),
    ],
)
def test_french_signs_are_bound_outside_quotes(text, lang, shown):
    assert bound(text, lang).replace("\N{NO-BREAK SPACE}", "~") == shown


def test_a_page_obeys_nothing_that_a_file_says():
    tame = made(*(cell(n, "x", proposal="x") for n in range(len(HOSTILE))))
    findings = [cell(n, value, proposal=value) for n, value in enumerate(HOSTILE)]
    wild = made(*findings, name=HOSTILE[7], sheet=HOSTILE[8], delimiter="<")
    page = Page(to_html(wild))
    known = Page(to_html(tame)).tags
    assert [tag for tag in page.tags if tag not in ("dt", "dd")] == [
        tag for tag in known if tag not in ("dt", "dd")
    ]
    assert {name for name, _ in page.attributes} <= {
        *("lang", "charset", "name", "content", "http-equiv", "class", "scope"),
        *("role", "tabindex", "aria-label"),
    }
    for value in HOSTILE:
        assert texts.visible(value) in page.text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_loads_nothing_and_can_be_read_aloud(lang):
    html = to_html(REPORT, lang)
    page = Page(html)
    assert not re.search(r"\b(src|href)\s*=|url\(|@import|<script|javascript:", html)
    assert ("lang", lang) in page.attributes
    assert page.tags.count("h1") == 1
    headings = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert page.tags.count("th") == page.attributes.count(("scope", "col")) > 10


def test_a_page_says_what_it_leaves_out():
    assert "constats listés sur" not in Page(to_html(REPORT)).text
    assert "2 constats listés sur 5" in Page(to_html(REPORT, limit=2)).text


def test_a_page_says_how_the_file_was_read():
    text = Page(to_html(REPORT)).text
    assert "windows-1252" in text
    assert "point-virgule" in text
    assert "Feuille" not in text


# --- workbook ---


def sheet(report: Report, at: int, lang: str = "fr", limit: int | None = None) -> list[list]:
    """Cells under the headings of one sheet of the workbook."""
    rows = book(report, lang, limit).worksheets[at].iter_rows(min_row=4, values_only=True)
    return [list(row) for row in rows]


def book(report: Report, lang: str = "fr", limit: int | None = None) -> openpyxl.Workbook:
    out = io.BytesIO()
    write_xlsx(report, out, lang, limit)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def test_a_workbook_has_causes_and_what_to_correct():
    made_book = book(REPORT)
    assert made_book.sheetnames == ["Causes", "À corriger"]
    causes, findings = made_book.worksheets
    assert causes["A1"].value == texts.summary(REPORT)
    assert [c.value for c in findings[3]] == [
        *("Niveau", "Ligne du tableau", "Ligne du fichier", "Colonne", "Champ", "Élément"),
        *("Valeur", "Ce qui ne va pas et que faire", "Forme attendue", "Proposition"),
    ]
    assert [c.value for c in causes[4]][:7] == ["Erreur", 3, "I", "montant", None, 12, 980]
    assert [c.value for c in findings[4]] == [
        *("Erreur", 12, 12, "I", "montant", None, "12,5"),
        *(texts.sentence(COMMAS[0]), "un nombre avec un point, comme 2500.00", "12.5"),
    ]
    for page in made_book.worksheets:
        assert page.freeze_panes == "A4"
        assert page.auto_filter.ref.startswith("A3:")
        assert page["H4"].alignment.wrap_text


def test_a_workbook_computes_nothing():
    findings = [cell(n, value, proposal=value) for n, value in enumerate(HOSTILE, 2)]
    page = book(made(*findings)).worksheets[1]
    for row, value in enumerate(HOSTILE, 4):
        for column in ("G", "J"):
            found = page[f"{column}{row}"]
            assert (found.value, found.data_type, found.hyperlink) == (value, "s", None)
            assert found.quotePrefix  # still a text once somebody edited it


def test_a_workbook_holds_what_the_limit_lets_through():
    assert len(sheet(REPORT, 1, limit=2)) == 2
    assert len(sheet(REPORT, 0, limit=2)) == 3


def test_a_workbook_of_nothing_says_that_it_conforms():
    report = check(generate.subventions_csv(), "subventions")
    assert book(report, "en").worksheets[0]["A1"].value.startswith("The file conforms")


def test_a_text_longer_than_a_cell_is_cut():
    limit = " | ".join(f"valeur {n}" for n in range(5000))
    finding = Finding("constraint-error", "error", {"rule": "enum", "value": "x", "limit": limit})
    ((*_, message, _, _),) = sheet(made(finding), 1)
    assert len(message) == 32_767
