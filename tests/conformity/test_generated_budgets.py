"""Any budget that the plans allow comes out whole; each defect gets its warning, and only it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ckanext.scdl import conformity
from ckanext.scdl.conformity.budget import nomenclature
from tests.support import totem

from .shared import check, codes

LAST_YEAR = 2024
SECTIONS = {"D": "dépense", "R": "recette"}


def years(name: str) -> list[int]:
    """The exercices of a plan that is not replaced by another that year."""
    found = nomenclature._load(name)["annees"]
    return [y for y in found if f"{nomenclature.find_plan(name, y).declinaison}" in name]


@st.composite
def documents(draw: st.DrawFn, **fixed: object) -> totem.Document:
    name = draw(st.sampled_from(totem.NOMENCLATURES))
    options = {
        "lignes": draw(st.integers(0, 60)),
        "seed": draw(st.integers(0, 10_000)),
        "with_chapters": draw(st.booleans()),
        "prefix": draw(st.sampled_from(["", "n", "db"])),
        "encoding": draw(st.sampled_from(["UTF-8", "ISO-8859-1", "UTF-16"])),
        **fixed,
    }
    etape = draw(st.sampled_from(sorted(totem.ETAPES)))
    return totem.make(name, draw(st.sampled_from(years(name))), etape, **options)


def table_of(content: bytes) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(content), out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_right_budget_has_no_finding_and_keeps_every_code_and_amount(document):
    content = document.xml()
    report = check(content, "budget")
    assert (report.verdict, codes(report)) == ("conforming", [])
    rows = table_of(content)
    assert len(rows) == len(document.lignes)
    for row, ligne in zip(rows, document.lignes, strict=True):
        got = (row["BGT_NATURE"], row["BGT_FONCTION"], row["BGT_CONTNAT"], row["BGT_SECTION"])
        assert got == (ligne.nature, ligne.fonction, ligne.chapitre, ligne.section)
        assert row["BGT_CODRD"] == SECTIONS[ligne.sens]
        assert row["BGT_OPBUDG"] == ("ordre" if ligne.ordre else "réel")
        for element, amount in document.amounts(ligne).items():
            assert row[f"BGT_{element.upper()}"] == f"{amount:.2f}"


@settings(max_examples=15, deadline=None)
@given(documents())
def test_the_table_of_a_right_budget_conforms(document):
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(document.xml()), out)
    report = check(out.getvalue().encode(), "budget")
    assert (report.verdict, codes(report)) == ("conforming", [])


@pytest.mark.parametrize("defect", totem.DEFECTS)
@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from(totem.NOMENCLATURES),
    etape=st.sampled_from(sorted(totem.ETAPES)),
    seed=st.integers(0, 1000),
)
def test_each_defect_gets_its_warning_and_only_it(defect, name, etape, seed):
    if not totem.applies(defect, etape):
        etape = "09" if totem.DEFECTS[defect].accounts else "01"
    # a plan that another has replaced since is not the one that a later exercice is read with
    assume(defect != "annee" or years(name)[-1] == LAST_YEAR)
    document = totem.make(name, years(name)[-1], etape, seed=seed, defect=defect)
    report = check(document.xml(), "budget")
    assert (report.verdict, codes(report)) == ("conforming", [totem.DEFECTS[defect].code])


@settings(max_examples=10, deadline=None)
@given(documents())
def test_a_summary_is_the_sums_of_the_table(document):
    content = document.xml()
    figures = conformity.summary(io.BytesIO(content))
    assert figures["lines"] == len(document.lignes)
    for element, sums in figures["totals"].items():
        for section, sens in (("F", "D"), ("F", "R"), ("I", "D"), ("I", "R")):
            expected = sum(
                document.amounts(ligne).get(element, totem.ZERO)
                for ligne in document.lignes
                if (ligne.section[0].upper(), ligne.sens) == (section, sens)
            )
            assert sums.get(section + sens, "0.00") == f"{expected:.2f}"


@pytest.mark.parametrize("options", [{}, {"prefix": "n"}, {"encoding": "UTF-16"}])
def test_a_masked_budget_tells_of_nobody_and_keeps_its_figures(options):
    document = totem.make("M57-M57_D", 2024, "01", defect="personnes", **options)
    content, out = document.xml(), io.BytesIO()
    assert conformity.mask(io.BytesIO(content), out) == {"CONCOURS": 1}
    assert "inventée" not in out.getvalue().decode("utf-8")
    assert codes(check(out.getvalue(), "budget")) == []
    assert table_of(out.getvalue()) == table_of(content)

    again = io.BytesIO()
    assert conformity.mask(io.BytesIO(out.getvalue()), again) == {}
    assert again.getvalue() == out.getvalue()


NAME = "Personne inventée"
HIDDEN = {
    "attribute-in-attribute": """<CONCOURS><LibOrgaBenef A=' V="x"' V="{}"/></CONCOURS>""",
    "single-quotes": "<CONCOURS><LibOrgaBenef V='{}'/></CONCOURS>",
    "not-self-closed": '<PRET><NomBenefPret V="{}"></NomBenefPret></PRET>',
    "dropped-not-self-closed": '<PERSONNEL><RemunAgent V="1"></RemunAgent></PERSONNEL><!-- {} -->',
    "nested-rows": '<CONCOURS><CONCOURS><LibOrgaBenef V="{}"/></CONCOURS></CONCOURS>',
    "outside-its-row": '<NomBenefPret V="{}"/>',
    "in-a-seal": '<Signature><CONCOURS><LibOrgaBenef V="{}"/></CONCOURS></Signature>',
    "other-namespace": '<q:CONCOURS xmlns:q="urn:x"><q:LibOrgaBenef V="{}"/></q:CONCOURS>',
    "publisher": '<q:Champ_Editeur xmlns:q="urn:x" V="{}"/>',
    "deeper": '<CONCOURS><X><LibOrgaBenef V="{}"/></X></CONCOURS>',
    "said-twice": '<CONCOURS><LibOrgaBenef V=""/><LibOrgaBenef V="{}"/></CONCOURS>',
    "kind-said-twice": '<CONCOURS><CodNatJurBenefCA V="P1"/><CodNatJurBenefCA V="P3"/>'
    '<LibOrgaBenef V="{}"/></CONCOURS>',
    "text": "<PRET><NomBenefPret>{}</NomBenefPret></PRET>",
    "children": "<Champ_Editeur><a>{}</a></Champ_Editeur>",
    "certificate": "<Signature><KeyInfo><X509Data><X509SubjectName>{}</X509SubjectName></X509Data>"
    "</KeyInfo></Signature>",
    "agent": '<PERSONNEL><RemunAgent V="1"/></PERSONNEL>',
    "account": '<Gestion NomComptable="{}"/>',
}


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_nothing_personal_survives_and_both_readers_agree(name, encoding):
    annexes = f"<Annexes>{HIDDEN[name].format(NAME)}</Annexes>"
    document = replace(totem.make("M57-M57_D", 2024, "01"), annexes=annexes, encoding=encoding)
    content, out = document.xml(), io.BytesIO()
    counts = conformity.mask(io.BytesIO(content), out)
    found = {f.params["annexe"]: f.params["number"] for f in check(content, "budget").findings}
    assert counts == found != {}

    masked = out.getvalue()
    text = masked.decode("utf-8" if encoding == "UTF-16" else encoding)
    assert NAME not in text
    assert "&#" not in text
    assert codes(check(masked, "budget")) == []
    assert table_of(masked) == table_of(content)
    again = io.BytesIO()
    assert (conformity.mask(io.BytesIO(masked), again), again.getvalue()) == ({}, masked)


def test_remarks_without_number_do_not_hide_what_is_personal():
    document = totem.make("M57-M57_D", 2024, "01", defect="personnes")
    unknown = [
        totem.Ligne(f"69{n:05}", "65", "fonctionnement", sens, totem.TEN, written="65")
        for n in range(1200)
        for sens in "DR"
    ]
    content = replace(document, lignes=[*document.lignes, *unknown]).xml()
    assert "totem-personal-data" in codes(check(content, "budget"))


def test_a_gzip_with_padding_between_its_members_is_read_whole():
    content = totem.make("M57-M57_D", 2024, "01").xml()
    packed = gzip.compress(content[:5000]) + bytes(70_000) + gzip.compress(content[5000:])
    assert table_of(packed) == table_of(content)


def test_a_gzip_is_read_as_what_it_holds():
    content = totem.make("M57-M57_D", 2024, "01").xml()
    packed = gzip.compress(content[:5000]) + gzip.compress(content[5000:])
    report = check(packed, "budget")
    assert (report.verdict, report.size) == ("conforming", len(packed))
    assert table_of(packed) == table_of(content)


def test_the_json_and_the_spreadsheet_hold_what_the_csv_does():
    from openpyxl import load_workbook

    content = totem.make("M14-M14_COM_SUP3500", 2022, "01").xml()
    rows = table_of(content)
    text, book = io.StringIO(newline=""), io.BytesIO()
    conformity.convert(io.BytesIO(content), text, format="json")
    conformity.convert(io.BytesIO(content), book, format="xlsx")

    assert json.loads(text.getvalue()) == [{k: v or None for k, v in r.items()} for r in rows]
    header, *cells = load_workbook(book).active.iter_rows()
    names = [cell.value for cell in header]
    assert names == list(rows[0])
    for row, line in zip(rows, cells, strict=True):
        for name, cell in zip(names, line, strict=True):
            amount = name.startswith(("BGT_MT", "BGT_CREDOUV"))
            assert cell.data_type == ("n" if amount or not row[name] else "s")
            shown = f"{cell.value:.2f}" if amount and cell.value is not None else cell.value
            assert (shown or "") == row[name]
