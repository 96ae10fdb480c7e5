"""Budget XML that the project generates: what is accepted, and the table derived from it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

import frictionless
import pytest

from ckanext.scdl import conformity
from ckanext.scdl.conformity import Declared, Identity, NotConvertible
from ckanext.scdl.conformity.budget import check as budget_check
from ckanext.scdl.conformity.intake import MAX_BYTES
from ckanext.scdl.conformity.standards import standard
from ckanext.scdl.conformity.totem.grammar import grammar
from ckanext.scdl.conformity.totem.parser import MAX_XML_BYTES
from tests import generate

from .shared import COHERENCE, check, codes

Rows = list[dict[str, str]]


def convert(content: bytes) -> Rows:
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(content), out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def schema_errors(rows: Rows) -> list[list[object]]:
    """What frictionless, alone, finds with our schema."""
    names = list(standard("budget").field_names)
    table = [names, *([row[name] for name in names] for row in rows)]
    schema = frictionless.Schema.from_descriptor(dict(standard("budget").descriptor))
    report = frictionless.validate(table, schema=schema)
    return report.flatten(["rowNumber", "fieldName", "type"])


def edited(old: str, new: str, **arguments: object) -> bytes:
    """A generated budget with one piece of its text replaced."""
    text = generate.budget_xml(**arguments).decode("iso-8859-1")  # type: ignore[arg-type]
    assert old in text
    return text.replace(old, new, 1).encode("iso-8859-1")


GOOD: list[dict[str, Any]] = [
    {},
    {"prefix": "db"},
    {"encoding": "UTF-8"},
    {"encoding": "UTF-16"},
    {"annexe": True},
    {"etape": "décision modificative"},
    {"etape": "compte administratif"},
    {"nomenclature": "M14-M14_COM_SUP3500", "exercice": "2022"},
    {"nom": 'Commune d\'"Œuilly" & fils <€>'},
    {"lignes": 400},
]


@pytest.mark.parametrize("arguments", GOOD, ids=str)
def test_a_good_budget_conforms_and_gives_a_valid_table(arguments):
    content = generate.budget_xml(**arguments)
    report = check(content, "budget")
    assert codes(report) == []
    assert (report.standard, report.version, report.kind) == ("scdl/budget", "0.8.3", "totem")
    rows = convert(content)
    assert len(rows) == report.lines
    assert schema_errors(rows) == []


LIMITS = [
    (element, rule.max)
    for rules in grammar().blocks.values()
    for element, rule in rules.items()
    if rule.max
]
EXTREMES = {
    "longest": {element: "9" * limit for element, limit in LIMITS},
    "quotes": {element: "&quot;" * limit for element, limit in LIMITS if limit > 30},
    "beyond-the-bmp": {element: "&#x1F4B6;" * limit for element, limit in LIMITS if limit > 30},
    "carriage-return": {element: "a&#13;b" for element, limit in LIMITS if limit > 30},
    "blanks-inside": {element: "a&#10;&#13;&#9;b" for element, limit in LIMITS if limit > 30},
    "amounts": {element: "+.5" for element, limit in LIMITS if limit == 30},
    "one-digit-too-many": {"MtPrev": "9" * 31},
    "endless-amount": {"MtPrev": "9" * 200_000},
    "endless-name": {"LibelleColl": "x" * 2000},
    "endless-establishment": {"LibelleEtab": "x" * 2000},
    "endless-label": {"LibCpte": "x" * 200_000},
    "endless-operation": {"Operation": "x" * 200_000},
}


def with_values(values: dict[str, str]) -> bytes:
    """A generated budget whose elements hold these values, every line an unknown nature's."""
    text = generate.budget_xml(annexe=True).decode("iso-8859-1")
    for element, value in {"Nature": "60699", **values}.items():
        before = {"LibelleColl": "<NatCEPL", "LibelleEtab": "<IdEtab"}.get(element, "<Nature")
        text = re.sub(f"<{element} [^>]*/>", "", text) if element != "Nature" else text
        text = text.replace(before, f'<{element} V="{value}"/>{before}')
    return text.encode("iso-8859-1")


def assert_the_table_is_as_conforming_as_the_budget(content: bytes, *, summed: bool = True) -> None:
    """And both say the same of their sums; summed: if the amounts can be added up exactly."""
    if check(content, "budget").conforming:
        out = io.StringIO(newline="")
        conformity.convert(io.BytesIO(content), out)
        told = [c for c in codes(check(content, "budget")) if c in COHERENCE and summed]
        assert codes(check(out.getvalue().encode(), "budget")) == told
        return
    with pytest.raises(NotConvertible):
        conformity.convert(io.BytesIO(content), io.StringIO())


@pytest.mark.parametrize("arguments", GOOD, ids=str)
def test_the_table_of_a_good_budget_conforms(arguments):
    assert_the_table_is_as_conforming_as_the_budget(generate.budget_xml(**arguments))


def test_a_code_that_is_also_an_amount_is_judged_as_a_code():
    text = generate.budget_xml().decode("iso-8859-1")
    text = re.sub('<MtPrev V="[^"]*"', '<MtPrev V="6061200000"', text, count=1)
    before, mark, after = text.rpartition('<Nature V="')
    text = f'{before}{mark}6061200000"{after.partition(chr(34))[2]}'
    assert codes(check(text.encode("iso-8859-1"), "budget")) == ["totem-text-too-long"]


@pytest.mark.parametrize("name", EXTREMES)
def test_the_table_of_an_extreme_budget_conforms_or_there_is_none(name):
    content = with_values(EXTREMES[name])
    refused = name.startswith(("endless", "one-digit"))
    assert check(content, "budget").conforming is not refused
    if refused:
        assert {f.code for f in check(content, "budget").errors} == {"totem-text-too-long"}
    assert_the_table_is_as_conforming_as_the_budget(content, summed=name != "longest")


def test_a_table_stays_within_what_a_check_reads():
    """Four bytes a character, quotes doubled: names and labels repeated on every line, plus twice
    the budget itself, are less than the largest table read."""
    names = 2 * 4 * 150
    labels = 3 * 2 * 200
    assert budget_check.MAX_LIGNES * (names + labels) + 2 * MAX_XML_BYTES < MAX_BYTES


def test_too_many_lines_are_refused_saying_where(monkeypatch):
    monkeypatch.setattr(budget_check, "MAX_LIGNES", 10)
    content = generate.budget_xml(lignes=31)
    report = check(content, "budget")
    assert (report.verdict, codes(report)) == ("unreadable", ["xml-oversized"])
    assert b"<LigneBudget>" in content.split(b"\n")[report.findings[0].place.line - 1]


def test_the_identity_is_read_from_the_header():
    content = generate.budget_xml(nom="COMMUNE D'ÉTANG", exercice="2023", siret_etab=None)
    assert check(content, "budget").identity == Identity(
        siret=generate.siret(),
        nom="COMMUNE D'ÉTANG",
        exercice="2023",
        etape="budget primitif",
        nomenclature="M57-M57_D",
        type_budget="principal",
        collectivite="COMMUNE D'ÉTANG",
        document="budget",
    )


def test_an_annex_budget_bears_both_names():
    content = generate.budget_xml(annexe=True, nom="FONTARGENT", etablissement="EAU")
    identity = check(content, "budget").identity
    assert (identity.nom, identity.type_budget) == ("FONTARGENT – EAU", "annexe")
    assert identity.collectivite == "FONTARGENT"


@pytest.mark.parametrize(
    ("code", "document"),
    [
        ("01", "budget"),
        ("02", "budget"),
        ("03", "budget"),
        ("09", "compte administratif"),
        ("10", "compte financier unique"),
        ("77", None),
    ],
)
def test_a_compte_financier_unique_is_told_from_a_compte_administratif(code, document):
    """Which the standard's table cannot do."""
    assert check(generate.budget_xml(etape=code), "budget").identity.document == document


def test_a_compte_financier_unique_is_a_compte_administratif_without_its_totals():
    report = check(generate.cfu_xml(lignes=40), "budget")
    assert (codes(report), report.lines) == ([], 40)
    assert report.identity.etape == "compte administratif"
    assert len(convert(generate.cfu_xml(lignes=40))) == 40


def test_amounts_are_copied_as_written():
    content = edited("MtPrev V=", 'MtReal V="007.10"/><MtPrev V=')
    assert convert(content)[0]["BGT_MTREAL"] == "007.10"


def test_lines_are_balanced_once_converted():
    totals: dict[tuple[str, str], Decimal] = {}
    for row in convert(generate.budget_xml(lignes=90)):
        key = row["BGT_SECTION"], row["BGT_CODRD"]
        totals[key] = totals.get(key, Decimal(0)) + Decimal(row["BGT_MTPREV"])
    for section in ("fonctionnement", "investissement"):
        assert totals[section, "recette"] == totals[section, "dépense"] > 0


def test_chapters_left_out_are_those_that_other_lines_write():
    lignes = generate.lignes_budget(120)
    rows = convert(generate.budget_xml(detail=lignes))
    sections = {"F": "fonctionnement", "I": "investissement"}
    assert [(r["BGT_CONTNAT"], r["BGT_SECTION"]) for r in rows] == [
        (ligne.chapitre, sections[ligne.section]) for ligne in lignes
    ]


def test_chapters_020_and_20_stay_apart():
    chapitres = {r["BGT_CONTNAT"]: r["BGT_CONTNAT_LABEL"] for r in convert(generate.budget_xml())}
    assert chapitres["020"] == "Dépenses imprévues"
    assert chapitres["20"].startswith("Immobilisations incorporelles")


def test_an_article_written_as_chapter_gives_way_to_the_plan():
    """As « opérations d'équipement » are exported: ContNat is the article."""
    content = edited('<ContNat V="21"/>', '<ContNat V="2151"/>')
    assert {r["BGT_CONTNAT"] for r in convert(content) if r["BGT_NATURE"] == "2151"} == {"21"}


def test_a_budget_voted_by_function_gets_chapters_by_nature_and_labels_by_function():
    content = edited('<Fonction V="020"/>', '<Fonction V="93020"/><ContFon V="930"/>')
    row = next(r for r in convert(content) if r["BGT_FONCTION"] == "93020")
    assert row["BGT_CONTNAT"] == "011"
    assert row["BGT_FONCTION_LABEL"]


def test_an_unknown_nature_warns_once_and_still_gives_a_valid_table():
    content = generate.budget_xml(lignes=120).replace(b'V="60612"', b'V="60699999"')
    report = check(content, "budget")
    assert (report.verdict, codes(report)) == ("conforming", ["totem-nature-unknown"])
    rows = [r for r in convert(content) if r["BGT_NATURE"] == "60699999"]
    assert {(r["BGT_CONTNAT"], r["BGT_SECTION"]) for r in rows} == {("011", "fonctionnement")}
    assert schema_errors(convert(content)) == []


@pytest.mark.parametrize(
    ("nature", "chapitre", "section"),
    [("9", "9", "fonctionnement"), ("5999", "5999", "investissement")],
)
def test_a_nature_without_any_chapter_is_booked_by_its_class(nature, chapitre, section):
    ligne = generate.Ligne(nature, "", "D", Decimal("1.00"))
    text = generate.budget_xml(detail=[ligne]).decode("iso-8859-1")
    content = re.sub("<(CaracSup|ContNat)[^>]*>", "", text).encode("iso-8859-1")
    (row,) = convert(content)
    assert (row["BGT_CONTNAT"], row["BGT_SECTION"]) == (chapitre, section)
    assert row["BGT_CONTNAT_LABEL"] == f"Chapitre {chapitre}"
    assert schema_errors([row]) == []


def test_the_line_s_own_label_serves_when_the_plan_has_none():
    content = edited('<Nature V="60612"/>', '<Nature V="60699"/><LibCpte V="Compte maison"/>')
    assert convert(content)[0]["BGT_NATURE_LABEL"] == "Compte maison (hors plan de comptes)"


def test_a_year_without_plan_uses_the_nearest_and_says_so():
    report = check(generate.budget_xml(exercice="2026"), "budget")
    assert (report.verdict, codes(report)) == ("conforming", ["totem-plan-of-another-year"])
    assert dict(report.findings[0].params) == {"exercice": "2026", "annee": 2024}


def test_a_draft_budget_is_told_and_its_proposals_count():
    content = generate.budget_xml(projet=True).replace(b"MtPrev", b"MtInconnu")
    assert codes(check(content, "budget")) == ["totem-projet-de-budget"]
    voted = generate.budget_xml().replace(b"MtPrev", b"MtInconnu")
    assert codes(check(voted, "budget")) == ["totem-amounts-absent"]


@pytest.mark.parametrize("declared", [b"ISO-8859-1", b"ISO-8859-15", b"Windows-1252"])
@pytest.mark.parametrize("nom", ["Commune d'Étang-lès-Bois", "COMMUNE D'ÉTANG"])
def test_utf8_declared_as_another_encoding_is_told_once(declared, nom):
    content = generate.budget_xml(nom=nom, encoding="UTF-8")
    report = check(content.replace(b"UTF-8", declared), "budget")
    assert (report.verdict, codes(report)) == ("conforming", ["totem-text-misdecoded"])


def test_a_stage_without_its_amounts_warns():
    content = edited('NatDec V="01"', 'NatDec V="09"')
    assert codes(check(content, "budget")) == ["totem-amounts-absent"]


def test_what_the_form_says_otherwise_is_a_warning_naming_both():
    declared = Declared(siret=generate.siret(5), exercice="2023", etape="Budget primitif")
    report = check(generate.budget_xml(), "budget", declared=declared)
    assert report.conforming
    assert codes(report) == ["siret-differs", "exercice-differs"]
    assert dict(report.findings[1].params) == {"file": "2024", "form": "2023"}
    assert report.warning_count == 2


def test_a_refused_budget_writes_nothing():
    out = io.StringIO()
    bad = generate.bad_budgets()["montant"].content
    with pytest.raises(NotConvertible) as refusal:
        conformity.convert(io.BytesIO(bad), out)
    assert out.getvalue() == ""
    assert codes(refusal.value.report) == ["totem-amount-invalid"]


def test_the_table_has_the_standard_s_header_and_line_feeds_only():
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(generate.budget_xml()), out)
    first, _, rest = out.getvalue().partition("\n")
    assert first.split(",") == list(standard("budget").field_names)
    assert rest.endswith("\n")
    assert "\r" not in rest


def test_the_stream_is_read_from_where_it_stands_and_left_open():
    content = generate.budget_xml()
    stream = io.BytesIO(b"already read" + content)
    stream.seek(len(b"already read"))
    report = conformity.check(stream, "budget")
    assert report.conforming
    assert report.size == len(content)
    assert not stream.closed


def test_an_unknown_standard_is_a_programming_error():
    with pytest.raises(ValueError, match="marches"):
        check(b"", "marches")
