"""Tables of budgets: the same sums as the XML, lost zeros, grants against credits."""

from __future__ import annotations

import csv
import importlib.util
import io
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.scdl import conformity
from ckanext.scdl.conformity import BudgetFigures, Finding, Place, Report, texts
from ckanext.scdl.conformity.budget import nomenclature
from ckanext.scdl.conformity.budget.scdl import header
from ckanext.scdl.conformity.budget.zeros import (
    Booking,
    lost_in_chapitre,
    lost_in_fonction,
    lost_in_nature,
)
from ckanext.scdl.conformity.limits import Limits
from ckanext.scdl.conformity.report import MAX_KEPT
from ckanext.scdl.conformity.resources import read_json
from ckanext.scdl.conformity.table.budgets import Lines, Zeros, _functional
from ckanext.scdl.conformity.table.grid import Grid, read_grid
from ckanext.scdl.conformity.table.records import grid_of
from ckanext.scdl.conformity.table.sums import NotSummed, summable, sums
from tests import generate
from tests.support import totem

from .shared import COHERENCE, ROOT, SHARED, check, codes, needs_shared, real
from .test_generated_budgets import documents

F, INV = "fonctionnement", "investissement"
D, R = "dépense", "recette"
CODES = ("BGT_CONTNAT", "BGT_NATURE", "BGT_FONCTION")
COLUMNS = tuple(header())
Row = dict[str, str]
REAL = real("data/budgets/*.xml")


def table_of(content: bytes) -> list[Row]:
    out = io.StringIO(newline="")
    conformity.convert(io.BytesIO(content), out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def written(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> bytes:
    return generate.to_csv(rows, columns=columns)


def grid(cells: list[list[str]]) -> Grid:
    return grid_of(cells, len(cells[0]), np.arange(len(cells) + 1))


def coherence_of(report: Report) -> list[tuple[str, dict[str, object]]]:
    return [(f.code, dict(f.params)) for f in report.findings if f.code in COHERENCE]


def assert_xml_and_table_say_the_same(content: bytes) -> Report:
    report = check(written(table_of(content)), "budget")
    assert coherence_of(report) == coherence_of(check(content, "budget"))
    assert report.verdict == "conforming"
    return report


# The sums


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
@needs_shared
def test_a_real_budget_and_its_table_say_the_same(path):
    report = assert_xml_and_table_say_the_same(path.read_bytes())
    assert report.findings == ()


@settings(max_examples=40, deadline=None)
@given(documents())
def test_a_right_budget_and_its_table_say_the_same(document):
    assert_xml_and_table_say_the_same(document.xml())


@pytest.mark.parametrize("defect", totem.DEFECTS)
@settings(max_examples=8, deadline=None)
@given(
    name=st.sampled_from(totem.NOMENCLATURES),
    etape=st.sampled_from(sorted(totem.ETAPES)),
    seed=st.integers(0, 1000),
)
def test_each_defect_of_a_budget_is_told_of_its_table(defect, name, etape, seed):
    if not totem.applies(defect, etape):
        etape = "09" if totem.DEFECTS[defect].accounts else "01"
    year = nomenclature._load(name)["annees"][-1]
    document = totem.make(name, year, etape, seed=seed, defect=defect)
    report = assert_xml_and_table_say_the_same(document.xml())
    code = totem.DEFECTS[defect].code
    assert set(codes(report)) == ({code} & COHERENCE)


def test_a_projet_is_not_told_from_a_budget_by_its_table():
    """What a table lacks: ProjetBudget, which says that the proposals count."""
    document = totem.make("M57-M57_D", 2024, "01", projet="true", column="MtPropNouv")
    xml = check(document.xml(), "budget")
    assert codes(xml) == ["totem-projet-de-budget"]
    assert codes(check(written(table_of(document.xml())), "budget")) == []


def unbalanced(lignes: int = 30) -> list[Row]:
    return table_of(
        totem.make("M57-M57_D", 2024, "01", lignes=lignes, defect="desequilibre-f").xml()
    )


def test_a_warning_says_where_the_section_starts():
    rows = unbalanced()
    rows[0]["BGT_OPERATION"] = "sur deux\nlignes"
    (found,) = check(written(rows), "budget").findings
    first = next(n for n, row in enumerate(rows) if row["BGT_SECTION"] == F)
    letter = chr(ord("A") + COLUMNS.index("BGT_MTPREV"))
    line = first + 2 + (first > 0)
    assert found.place == Place(line=line, row=first + 2, field="BGT_MTPREV", column=letter)
    assert (found.params["section"], found.params["ecart"]) == (F, "0.01")
    assert texts.sentence(found).startswith(f"Ligne {line}, colonne BGT_MTPREV : ")


def test_a_workbook_says_the_same_of_its_rows():
    content = totem.make("M57-M57_D", 2024, "01", defect="desequilibre-f").xml()
    out = io.BytesIO()
    conformity.convert(io.BytesIO(content), out, format="xlsx")
    report = check(out.getvalue(), "budget")
    assert coherence_of(report) == coherence_of(check(content, "budget")) != []
    place = report.findings[0].place
    assert place.line == place.row == check(written(unbalanced()), "budget").findings[0].place.row


def spoilt(rows: list[Row], **changes: str) -> list[Row]:
    return [*rows[:-1], {**rows[-1], **changes}]


SPOILT: dict[str, dict[str, str]] = {
    "section": {"BGT_SECTION": "Fonctionnement"},
    "sense": {"BGT_CODRD": "D"},
    "kind": {"BGT_OPBUDG": ""},
    "chapter": {"BGT_CONTNAT": ""},
    "comma": {"BGT_MTPREV": "12,50"},
    "nan": {"BGT_MTREAL": "NaN"},
    "outlandish": {"BGT_MTPREV": "1e999999"},
    "another-budget": {"BGT_SIRET": generate.siret(1)},
    "another-year": {"BGT_ANNEE": "2023"},
    "another-stage": {"BGT_NATDEC": "décision modificative"},
}


@pytest.mark.parametrize("name", SPOILT)
def test_nothing_is_said_of_sums_that_are_not_those_of_a_budget(name):
    report = check(written(spoilt(unbalanced(), **SPOILT[name])), "budget")
    assert report.findings
    assert coherence_of(report) == []


def test_nothing_is_said_of_the_sums_of_a_table_with_a_ragged_line():
    content = written(unbalanced())
    assert coherence_of(check(content, "budget"))
    assert coherence_of(check(content + b"\r\ncoupe,en,deux\r\n", "budget")) == []


def test_blank_lines_are_no_reason_not_to_sum():
    report = check(written(unbalanced()) + b"\n" + b"," * 21 + b"\n", "budget")
    assert codes(report) == ["blank-row", "blank-row", "totem-desequilibre"]


def test_nothing_is_said_of_the_sums_of_half_a_table():
    content = written(unbalanced())
    half = conformity.check(io.BytesIO(content), "budget", limits=Limits(max_rows=5))
    assert not half.complete
    assert coherence_of(half) == []


def test_investissement_is_not_judged_without_the_reports_of_the_year_before():
    document = totem.make("M57-M57_D", 2024, "01", defect="desequilibre-i")
    rows = table_of(document.xml())
    assert codes(check(written(rows), "budget")) == ["totem-desequilibre"]
    others = tuple(name for name in COLUMNS if name != "BGT_MTRARPREC")
    assert codes(check(written(rows, others), "budget")) == ["missing-optional-label"]


def test_a_table_without_the_expected_amounts_is_told():
    document = totem.make("M57-M57_D", 2024, "01", column="MtBudgPrec")
    (found,) = check(written(table_of(document.xml())), "budget").findings
    assert (found.code, found.place.field) == ("totem-amounts-absent", "BGT_MTPREV")
    assert "budget primitif" in texts.sentence(found)


def test_a_table_of_many_blocks_is_summed_whole():
    rows = unbalanced()
    small, large = check(written(rows), "budget"), check(written(rows * 300), "budget")
    assert large.size > 2_000_000
    ((_, once),), ((_, often),) = coherence_of(small), coherence_of(large)
    for name in ("recettes", "depenses", "ecart"):
        assert Decimal(str(often[name])) == 300 * Decimal(str(once[name]))
    assert large.findings[0].place == small.findings[0].place


def by_function(document: totem.Document) -> bytes:
    """The same, voted by function."""
    voted = replace(document, lignes=[replace(x, fonction="93020") for x in document.lignes])
    return voted.xml().replace(b"<CodRD", b'<ContFon V="930"/><CodRD')


def test_an_account_voted_by_function_is_not_judged_by_chapter():
    document = totem.make("M57-M57_D", 2024, "09", defect="depassement")
    assert coherence_of(check(written(table_of(document.xml())), "budget"))
    assert coherence_of(assert_xml_and_table_say_the_same(by_function(document))) == []


def test_functional_chapters_are_told_from_functions_in_every_plan():
    functions, functional = set(), set()
    for name in totem.NOMENCLATURES:
        plan = nomenclature._load(name)
        functions |= {code for _, code, *_ in plan["fonctions"]}
        functional |= {code for _, code, *_ in plan["comptes_fonction"] if len(code) > 3}
    for found, expected in ((functions, False), (functional, True)):
        column = grid([[code] for code in sorted(found)]).columns[0]
        assert bool(_functional(column).all()) is expected
        assert bool(_functional(column).any()) is expected


NUMBERS = st.one_of(
    st.decimals(min_value=-(10**11), max_value=10**11, places=2).map(str),
    st.sampled_from(
        [*("", "0", "0.00", "-0.5", ".5", "5.", "+3", "1_000", "1e3", " 7 ", "12.000", "0.123456")]
    ),
    st.integers(-(10**14), 10**14).map(str),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.integers(0, 3)), min_size=1, max_size=40))
def test_sums_are_those_of_decimals(cells):
    block = grid([[text, "x"] for text, _ in cells])
    groups = np.array([group for _, group in cells])
    wanted = np.array([group < 3 for _, group in cells])
    expected = [Decimal(0)] * 4
    for text, group in cells:
        if text and group < 3:
            expected[group] += Decimal(text.strip())
    assert sums(block, 0, groups, 4, wanted) == expected


@pytest.mark.parametrize("text", ["", "x", "1,5", "NaN", "sNaN", "Infinity", "1e15", "1e-13"])
def test_what_cannot_be_added_up_exactly_is_not(text):
    with pytest.raises(NotSummed):
        summable(text)


# Lost zeros


def booking(section: str, sens: str, chapitre: str, nature: str, **others: object) -> Booking:
    blank = Booking(section, sens, False, chapitre, "", nature, "")
    return blank._replace(**others)


CHAPITRES = [
    (booking(F, D, "11", "60612"), "011"),
    (booking(F, R, "13", "6419"), "013"),
    (booking(F, D, "23", "023"), "023"),
    (booking(F, D, "22", "22"), "022"),
    (booking(F, R, "2", "002"), "002"),
    (booking(F, D, "42", "6811", ordre=True), "042"),
    (booking(F, D, "43", "608", ordre=True), "043"),
    (booking(INV, R, "1", "001"), "001"),
    (booking(INV, R, "24", "024"), "024"),
    (booking(INV, D, "40", "13911", ordre=True), "040"),
    (booking(INV, D, "41", "2031", ordre=True), "041"),
    (booking(INV, D, "20", "2031"), None),
    (booking(INV, D, "20", "020"), "020"),
    (booking(INV, D, "20", "20"), "020"),
    (booking(INV, D, "20", "20", chapitre_libelle="Immobilisations incorporelles"), None),
    (booking(INV, D, "20", "2", chapitre_libelle="DEPENSES IMPREVUES"), "020"),
    (booking(INV, R, "20", "2031"), None),
    (booking(INV, R, "21", "21", ordre=True), "021"),
    (booking(INV, R, "21", "021"), "021"),
    (booking(INV, D, "21", "2111"), None),
    (booking(INV, D, "21", "21"), None),
    (booking(INV, D, "10", "10226"), None),
    (booking(INV, D, "10", "3351", ordre=True), "010"),
    (booking(INV, D, "18", "181"), None),
    (booking(INV, D, "18", "2031", chapitre_libelle="RSA"), "018"),
    *((booking(INV, D, code, f"{code}1"), None) for code in ("13", "16", "22", "23", "26", "27")),
    (booking(INV, D, "204", "20422"), None),
    (booking(F, D, "011", "60612"), None),
    (booking(F, D, "65", "6574"), None),
    (booking("", D, "23", "023"), None),
    (booking(F, D, "", "60612"), None),
]


@pytest.mark.parametrize(("line", "meant"), CHAPITRES)
def test_the_chapter_that_was_meant(line, meant):
    assert lost_in_chapitre(line) == meant


INCORPORELLES = "Immobilisations incorporelles (sauf 204)"
NATURES = [
    (booking(F, D, "023", "23"), "023"),
    (booking(F, D, "22", "22"), "022"),
    (booking(F, R, "002", "2"), "002"),
    (booking(INV, R, "001", "1"), "001"),
    (booking(INV, D, "001", "1"), "001"),
    (booking(INV, R, "024", "24"), "024"),
    (booking(INV, R, "021", "21", ordre=True), "021"),
    (booking(INV, R, "21", "21"), None),
    (booking(INV, D, "21", "21"), None),
    (booking(INV, D, "020", "20"), "020"),
    (booking(INV, D, "20", "20", nature_libelle=INCORPORELLES), None),
    (booking(INV, D, "20", "20", nature_libelle="Dépenses imprévues (investissement)"), "020"),
    (booking(INV, R, "20", "20"), None),
    (booking(INV, D, "23", "23"), None),
    (booking(INV, D, "20", "2031"), None),
    (booking("", D, "023", "23"), None),
    (booking(F, D, "023", "023"), None),
    (booking(F, D, "011", "60612"), None),
]


@pytest.mark.parametrize(("line", "meant"), NATURES)
def test_the_nature_that_was_meant(line, meant):
    assert lost_in_nature(line) == meant


FONCTIONS = [
    ("20", "ADMINISTRATION GENERALE DE LA COLLECTIVITE", "020"),
    ("20", "Administration générale", "020"),
    ("20", "Services communs", None),
    ("20", "", None),
    ("20", "Voirie", None),
    ("1", "Opérations non ventilables", "01"),
    ("48", "Autres actions de coopération décentralisée", "048"),
    ("48", "Autres actions", None),
    ("24", "Fêtes et cérémonies", "024"),
    ("211", "Écoles maternelles", None),
    ("020", "Administration générale de la collectivité", None),
    ("", "", None),
]


@pytest.mark.parametrize(("code", "label", "meant"), FONCTIONS)
def test_the_function_that_was_meant(code, label, meant):
    assert lost_in_fonction(code, label) == meant


def test_the_codes_with_zeros_are_those_of_the_plans():
    spec = importlib.util.spec_from_file_location("build", ROOT / "dev/nomenclatures.py")
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    plans = map(nomenclature._load, sorted(set(nomenclature._index().values())))
    made = builder.json.dumps(builder.zeros(plans), default=sorted)
    assert builder.json.loads(made) == read_json("nomenclatures/zeros.json")


def without_zeros(rows: list[Row]) -> tuple[list[Row], dict[str, list[tuple[int, str, str]]]]:
    """As a spreadsheet leaves the codes; by column, the record, the code left and the right one."""
    lost: dict[str, list[tuple[int, str, str]]] = {}
    damaged = []
    for number, row in enumerate(rows, 2):
        left = {name: str(int(row[name])) if row[name].isdecimal() else row[name] for name in CODES}
        for name, code in left.items():
            if code != row[name]:
                lost.setdefault(name, []).append((number, code, row[name]))
        damaged.append({**row, **left})
    return damaged, lost


def told(report: Report) -> dict[str, list[tuple[int | None, object, object]]]:
    found: dict[str, list[tuple[int | None, object, object]]] = {}
    for f in report.findings:
        if f.code == "budget-zero-lost":
            said = (f.place.row, f.params["value"], f.params["proposal"])
            found.setdefault(f.place.field or "", []).append(said)
    return found


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
@needs_shared
def test_every_zero_lost_by_a_real_budget_is_found(path):
    """And the chapters meant are those summed: no false remark on the balance."""
    damaged, lost = without_zeros(table_of(path.read_bytes()))
    report = check(written(damaged), "budget")
    assert set(report.counts) == {"budget-zero-lost"}
    totals = {total.field: total.count for total in report.totals}
    assert totals == {name: len(cells) for name, cells in lost.items()}
    for name, cells in told(report).items():
        assert cells == lost[name][: len(cells)]
    places = {c.first.place.field: (c.first.place.row, c.last.row) for c in report.causes}
    assert places == {name: (cells[0][0], cells[-1][0]) for name, cells in lost.items()}


@settings(max_examples=40, deadline=None)
@given(documents())
def test_every_zero_lost_by_a_budget_is_found_unless_its_label_is_of_both_functions(document):
    rows = table_of(document.xml())
    damaged, lost = without_zeros(rows)
    report = check(written(damaged), "budget")
    assert set(report.counts) <= {"budget-zero-lost"}
    labels = read_json("nomenclatures/zeros.json")["fonctions"]
    for name, cells in lost.items():
        wanted = [
            (row, left, right)
            for row, left, right in cells
            if name != "BGT_FONCTION"
            or rows[row - 2]["BGT_FONCTION_LABEL"] not in labels.get(left, ())
        ]
        assert told(report).get(name, []) == wanted


@needs_shared
def test_the_codes_that_a_town_published_without_their_zeros_are_found():
    """Montpellier's budget of 2013: columns and labels of its own, codes as its spreadsheet left
    them."""
    path = SHARED / "data/budget-tables/VilleMTP_MTP_BudgetPri_2013.csv"
    plan = nomenclature.find_plan("M14-M14_COM_SUP3500", 2013)
    rows = [
        montpellier(source, plan)
        for source in csv.DictReader(io.StringIO(path.read_text("iso-8859-1")), delimiter=";")
    ]
    left = [{**row, "BGT_CONTNAT": row["BGT_CONTNAT"].lstrip("0")} for row in rows]
    report = check(written(left), "budget")
    assert report.verdict == "conforming"
    found = told(report)
    assert {(value, meant) for _, value, meant in found["BGT_NATURE"]} == {
        ("21", "021"),
        ("23", "023"),
        ("24", "024"),
    }
    assert Counter((value, meant) for _, value, meant in found["BGT_FONCTION"]) == {
        ("20", "020"): 118,
        ("21", "021"): 15,
        ("22", "022"): 26,
        ("23", "023"): 23,
        ("24", "024"): 24,
        ("25", "025"): 13,
        ("26", "026"): 34,
        ("48", "048"): 54,
    }
    totals = {total.field: total.count for total in report.totals}
    assert totals["BGT_CONTNAT"] == sum(row["BGT_CONTNAT"].startswith("0") for row in rows)
    assert set(report.counts) == {"budget-zero-lost"}  # once told apart, chapters balance


def montpellier(source: Row, plan: nomenclature.Plan) -> Row:
    """A line of that town's table as one of the standard; the plan says its chapter."""
    exercice, section, sens, nature, fonction, amount, label = source.values()
    right = f"0{nature}" if len(nature) == 2 else nature
    compte = plan.parent(right)
    below = [c for code, c in plan.comptes.items() if code.startswith(compte.code)]
    kinds = [(kind, c) for kind in ("R", "OES", "OIS") for c in below if sens + kind in c.chapitres]
    kind, booked = kinds[0]
    chapitre = plan.chapitres[booked.chapitres[sens + kind]]
    return {
        "BGT_NATDEC": "budget primitif",
        "BGT_ANNEE": exercice,
        "BGT_SIRET": generate.siret(),
        "BGT_NOM": "Commune",
        "BGT_CONTNAT": chapitre.code,
        "BGT_CONTNAT_LABEL": chapitre.libelle,
        "BGT_NATURE": nature,
        "BGT_NATURE_LABEL": compte.libelle,
        "BGT_FONCTION": fonction,
        "BGT_FONCTION_LABEL": label,
        "BGT_SECTION": {"F": F, "I": INV}[section],
        "BGT_OPBUDG": "réel" if kind == "R" else "ordre",
        "BGT_CODRD": {"D": D, "R": R}[sens],
        "BGT_MTPREV": amount.replace(",", "."),
    }


def test_lost_zeros_are_counted_beyond_what_is_kept_and_placed_in_the_file():
    rows = table_of(totem.make("M57-M57_D", 2024, "01", lignes=60).xml())
    rows[0]["BGT_OPERATION"] = "sur deux\nlignes"
    damaged, lost = without_zeros(rows * 200)
    report = check(written(damaged), "budget")
    counts = {total.field: total.count for total in report.totals}
    assert counts["BGT_CONTNAT"] == len(lost["BGT_CONTNAT"]) > MAX_KEPT
    cause = next(c for c in report.causes if c.first.place.field == "BGT_CONTNAT")
    chapters = lost["BGT_CONTNAT"]
    for place, (row, *_) in ((cause.first.place, chapters[0]), (cause.last, chapters[-1])):
        assert (place.row, place.column) == (row, "E")
        above = row - 2  # records above, of which one in len(rows) is on two lines
        assert place.line == row + -(-above // len(rows))


def test_a_table_without_labels_or_sections_is_searched_all_the_same():
    rows, lost = without_zeros(table_of(totem.make("M57-M57_D", 2024, "01").xml()))
    bare = tuple(n for n in COLUMNS if n not in ("BGT_SECTION", "BGT_FONCTION_LABEL"))
    assert lost
    assert told(check(written(rows, bare), "budget")) == {}


def test_a_lost_zero_is_told_with_what_to_write():
    finding = Finding(
        "budget-zero-lost",
        "warning",
        {"value": "20", "proposal": "020"},
        Place(3, 3, "BGT_CONTNAT"),
    )
    assert "« 020 »" in texts.sentence(finding)
    assert "“020”" in texts.sentence(finding, "en")


def test_a_large_table_is_looked_at_quickly():
    """100 000 rows: the sums and the codes take a fraction of a second in one thread."""
    rows = table_of(totem.make("M57-M57_D", 2024, "01", lignes=400).xml())
    damaged, _ = without_zeros(rows)
    many = (damaged * (100_000 // len(damaged) + 1))[:100_000]
    columns = {name: at for at, name in enumerate(COLUMNS)}
    body = written(many).partition(b"\n")[2]
    block = read_grid(body, ",", len(COLUMNS))
    assert block is not None
    live = np.ones(block.rows, dtype=bool)
    start = time.process_time()  # others work beside it
    Zeros(columns).observe(block, live)
    assert Lines(columns, SILENT).observe(block, live) is not None
    assert time.process_time() - start < 2


class _Silent:
    budget = None
    identity = conformity.Identity()
    complete = True


SILENT = _Silent()


# Grants against the budget


def grants(amounts: list[str], **changes: str) -> bytes:
    rows = generate.subventions_rows(lignes=len(amounts))
    return generate.to_csv(
        [{**row, "montant": amount, **changes} for row, amount in zip(rows, amounts, strict=True)]
    )


BUDGET = BudgetFigures(generate.siret(), "2024", "budget primitif", {"65748": Decimal("100.00")})


def told_of(content: bytes, budget: BudgetFigures | None = BUDGET) -> list[Finding]:
    report = check(content, "subventions", budget=budget)
    assert report.verdict == "conforming"
    return [f for f in report.findings if f.code == "budget-line-differs"]


def test_grants_beyond_the_credits_are_told():
    (found,) = told_of(grants(["60.00", "50.50"]))
    assert found.params == {
        "montant": "110.50",
        "budget": "100.00",
        "ecart": "10.50",
        "exercice": "2024",
        "etape": "budget primitif",
    }
    assert found.place == Place(field="montant", column="I")
    assert "110,50 €" in texts.sentence(found)
    assert "100.00" in texts.sentence(found, "en")


QUIET: dict[str, Callable[[], tuple[bytes, BudgetFigures | None]]] = {
    "within": lambda: (grants(["60.00", "40.00"]), BUDGET),
    "no-budget": lambda: (grants(["160.00"]), None),
    "another-siret": lambda: (grants(["160.00"]), replace(BUDGET, siret=generate.siret(1))),
    "another-year": lambda: (grants(["160.00"]), replace(BUDGET, exercice="2023")),
    "of-another-year": lambda: (grants(["160.00"], dateConvention="2023-12-31"), BUDGET),
    "a-change": lambda: (grants(["160.00"]), replace(BUDGET, etape="décision modificative")),
    "no-credits": lambda: (grants(["160.00"]), replace(BUDGET, articles={})),
    "shared": lambda: (grants(["200.00"], pourcentageSubvention="0.5"), BUDGET),
    "in-nature": lambda: (grants(["160.00"], nature="aide en nature"), BUDGET),
    "mixed": lambda: (grants(["160.00"], nature="aide en nature;aide en numéraire"), BUDGET),
    "given-back": lambda: (grants(["160.00", "-60.00"]), BUDGET),
}


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_said_otherwise(name):
    assert told_of(*QUIET[name]()) == []


AMOUNTS = st.one_of(
    st.decimals(min_value=0, max_value=10**9, places=2).map(str),
    st.sampled_from(["1_000", "1e3", "12.3456", "999999999999999", "+5", "0.005"]),
)
SHARES = st.sampled_from(["1", "0.5", "0.333333", "1.0", "0.25", "1e-1", "0.123457"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, SHARES), min_size=1, max_size=30))
def test_the_parts_are_added_up_exactly(parts):
    rows = generate.subventions_rows(lignes=len(parts))
    given_ = [
        {**row, "montant": amount, "pourcentageSubvention": share}
        for row, (amount, share) in zip(rows, parts, strict=True)
    ]
    total = sum((Decimal(amount) * Decimal(share) for amount, share in parts), Decimal(0))
    just = replace(BUDGET, articles={"6574": total})
    under = replace(BUDGET, articles={"6574": total - Decimal("0.000001")})
    if total:
        assert told_of(generate.to_csv(given_), just) == []
        assert len(told_of(generate.to_csv(given_), under)) == 1


def test_lines_with_an_error_are_left_out():
    rows = generate.subventions_rows(lignes=3)
    for row, amount in zip(rows, ("90.00", "90,00", "90.00"), strict=True):
        row["montant"] = amount
    rows[2]["pourcentageSubvention"] = "100 %"
    report = check(generate.to_csv(rows), "subventions", budget=BUDGET)
    assert report.counts == {"type-error": 2}


def articles(etape: str, **options: object) -> bytes:
    lignes = [
        generate.Ligne(nature, chapitre, sens, Decimal(amount))
        for nature, chapitre, sens, amount in (
            ("65748", "65", "D", "100.00"),
            ("65748", "65", "D", "20.50"),
            ("20421", "204", "D", "30.00"),
            ("65748", "65", "R", "7.00"),
            ("60612", "011", "D", "1000.00"),
        )
    ]
    return generate.budget_xml(etape=etape, detail=lignes, **options)


@pytest.mark.parametrize(
    ("etape", "credits_"),
    [
        ("budget primitif", {"65748": Decimal("120.50"), "20421": Decimal("30.00")}),
        ("compte administratif", {"65748": Decimal("120.50"), "20421": Decimal("30.00")}),
        ("décision modificative", {}),
        ("budget supplémentaire", {}),
    ],
)
def test_the_figures_of_a_budget_are_those_of_its_table(etape, credits_):
    content = articles(etape)
    figures = BudgetFigures.of(conformity.summary(io.BytesIO(content)))
    assert figures == BudgetFigures(generate.siret(), "2024", etape, credits_)
    assert figures.total == (sum(credits_.values()) or None)
    assert BudgetFigures.of_table(table_of(content)) == figures


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
@needs_shared
def test_the_figures_of_a_real_budget_are_those_of_its_table(path):
    content = path.read_bytes()
    figures = BudgetFigures.of(conformity.summary(io.BytesIO(content)))
    assert BudgetFigures.of_table(table_of(content)) == figures
    assert bool(figures.articles) is ("DM" not in path.stem)


@needs_shared
def test_a_real_budget_opens_more_than_it_names():
    """Crac'h: 47 895.00 of grants named in the annexe, of the 51 553.00 of article 6574."""
    content = (SHARED / "data/budgets/budget-crach-001.xml").read_bytes()
    figures = BudgetFigures.of(conformity.summary(io.BytesIO(content)))
    assert figures.articles["6574"] == Decimal("51553.00")


def test_a_table_that_is_not_one_budget_gives_no_figures():
    rows = table_of(articles("budget primitif"))
    assert BudgetFigures.of_table([]) is None
    assert BudgetFigures.of_table([*rows, {**rows[0], "BGT_ANNEE": "2023"}]) is None
    assert BudgetFigures.of_table([*rows, {**rows[0], "BGT_SIRET": ""}]) is None
    for amount in ("12,50", "NaN"):
        assert BudgetFigures.of_table([*rows, {**rows[0], "BGT_MTPREV": amount}]) is None


def test_a_summary_gives_the_articles():
    figures = conformity.summary(io.BytesIO(articles("budget primitif")))
    assert figures["by_article"]["MtPrev"] == {
        "FD_60612": "1000.00",
        "FD_65748": "120.50",
        "FR_65748": "7.00",
        "ID_20421": "30.00",
    }
