"""Our errors of the schema are frictionless's, cell for cell; where they are not, it is argued.

The differences are those of docs/controles.md, each shown here with both answers.  Number of
generated tables: SCDL_DIFFERENTIAL_TABLES, for long campaigns.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from decimal import InvalidOperation

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import generate
from tests.support import tables
from tests.support.differential import (
    BLOCKS,
    PLAIN,
    Reading,
    blocks_of,
    by_frictionless,
    by_us,
    disagreement,
    reading,
)
from tests.support.tables import Cell, End, Line

from .shared import ROOT, check, needs_shared, real

TABLES = int(os.environ.get("SCDL_DIFFERENTIAL_TABLES", "2000"))
STANDARDS = ("budget", "subventions")
FIELDS = [(name, f) for name in STANDARDS for f in tables.described_fields(name)]
BLOCK_SIZES = st.sampled_from([None, 300, 1_000, 4_000, 20_000])
campaign = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


# --- values and rows, one by one ---


def _id(value: object) -> str:
    return str(value["name"]) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(("name", "described"), FIELDS, ids=_id)
def test_the_values_tried_break_every_rule_of_the_field(name, described):
    field = frictionless.Field.from_descriptor(dict(described))
    broken = {rule for v in tables.near(described) for rule in field.read_cell(v)[1] or ()}
    rules = {rule for rule, limit in described.get("constraints", {}).items() if limit}
    typed = set() if described["type"] == "string" else {"type"}
    # a cell without a character is a missing one: nothing is shorter than 1
    assert broken == (rules | typed) - {"minLength"}


@pytest.mark.parametrize(("name", "described"), FIELDS, ids=_id)
def test_values_near_each_constraint_are_judged_as_by_frictionless(name, described):
    cells = [Cell(described["name"], value) for value in tables.near(described)]
    assert disagreement(tables.table_of(name, cells).encode(), name) == {}


def _broken_rows(name: str) -> bytes:
    """A table with every broken row between two whole ones."""
    edges = [tables.described_fields(name)[at]["name"] for at in (0, -1)]
    cells = [Cell(edge, raw, raw=True) for edge in edges for raw in tables.RAW]
    damages = [*map(Line, tables.LINES), *map(End, tables.ENDS), *cells]
    pairs = ((Line("nothing"), damage) for damage in damages)
    return tables.table_of(name, [damage for pair in pairs for damage in pair]).encode()


@pytest.mark.parametrize("name", STANDARDS)
def test_rows_of_every_form_are_judged_as_by_frictionless(name):
    assert disagreement(_broken_rows(name), name) == {}


@pytest.mark.parametrize("name", STANDARDS)
def test_no_edge_of_a_block_changes_anything(name):
    pytest.importorskip(BLOCKS)
    content = _broken_rows(name)
    expected = by_frictionless(content, name, **PLAIN)
    for size in range(50, 3_000, 17):
        with blocks_of(size):
            assert by_us(check(content, name), name) == expected, size


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
        "\r\n\r\n",
        "\r",
        "\n\r",
        'a,"jamais ferme',
        'a,"jamais ferme\n\n\n',
        '"',
        '""',
        '"""',
        " ",
        ' "a" , "b" \r\n',
        "fin sans retour",
        ",",
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", STANDARDS)
def test_the_end_of_a_file_is_read_as_by_frictionless(name, tail):
    content = tables.table_of(name, [Line("nothing")] * 3) + tail
    assert disagreement(content.encode(), name) == {}


# --- generated tables ---


def _compared(name: str, table: tables.Table, size: int | None) -> None:
    with blocks_of(size):
        report = check(table.content, name)
    how = reading(report)
    assert (how["delimiter"], how["header_row"]) == (table.delimiter, table.header_row)
    assert table.content.decode(how["encoding"]) == table.text
    assert disagreement(table.content, name, report) == {}


@pytest.mark.parametrize("name", STANDARDS)
def test_generated_tables_are_judged_as_by_frictionless(name):
    @settings(campaign, max_examples=TABLES // len(STANDARDS))
    @given(tables.tables(name), BLOCK_SIZES)
    def compare(table: tables.Table, size: int | None) -> None:
        _compared(name, table, size)

    compare()


@pytest.mark.parametrize("name", STANDARDS)
def test_long_tables_are_judged_as_by_frictionless(name):
    @settings(campaign, max_examples=max(1, TABLES // 100))
    @given(tables.tables(name, lines=(1_000, 3_000)), BLOCK_SIZES)
    def compare(table: tables.Table, size: int | None) -> None:
        _compared(name, table, size)

    compare()


@pytest.mark.parametrize(
    "titles",
    [("Subventions versées en 2024",), ("Commune de Fontargent", "", "Année 2024"), ("", "")],
    ids=repr,
)
@pytest.mark.parametrize("name", STANDARDS)
def test_titles_above_the_header_change_nothing_but_the_row_numbers(name, titles):
    @settings(campaign, max_examples=max(1, TABLES // 100))
    @given(tables.tables(name, titles=titles))
    def compare(table: tables.Table) -> None:
        _compared(name, table, None)

    compare()


def test_more_errors_than_a_report_keeps_are_all_counted():
    wrong = [Cell("montant", "x"), Cell("pourcentageSubvention", "NaN"), Line("half")] * 400
    content = tables.table_of("subventions", wrong).encode()
    report = check(content, "subventions")
    assert len(report.errors) == 1_000 < report.error_count
    assert disagreement(content, "subventions", report) == {}


# --- real files ---

FILES_OF_OTHERS = [
    *(("subventions", path) for path in real("data/subsidies/official/*.csv")),
    *(("subventions", path) for path in real("data/subsidies/real/*.csv")),
    *(("budget", path) for path in real("data/budgets/*converter.csv")),
    *(("budget", path) for path in real("data/budget-tables/*.csv")),
]


@needs_shared
@pytest.mark.parametrize(("name", "path"), FILES_OF_OTHERS, ids=lambda x: getattr(x, "stem", x))
def test_real_tables_are_judged_as_by_frictionless(name, path):
    content = path.read_bytes()
    report = check(content, name, filename=path.name)
    if report.source.header_row is None:  # another standard's: a documented difference
        assert report.error_count == 1
    else:
        assert disagreement(content, name, report) == {}


# --- the differences ---

ROWS = generate.subventions_rows(lignes=300)
WRONG = [{**ROWS[0], "montant": "beaucoup"}, *ROWS[1:]]
Crash = type[Exception]


@dataclass(frozen=True)
class Difference:
    """A subsidy table, and the errors that each finds in it, by code."""

    content: bytes
    theirs: dict[str, int] | Crash
    ours: dict[str, int]
    encoding: str = "utf-8"


DIFFERENCES = {
    "`sNaN` dans une colonne bornée": Difference(
        generate.to_csv([{**ROWS[0], "pourcentageSubvention": "sNaN"}]),
        theirs=InvalidOperation,
        ours={"type-error": 1},
    ),
    "Nom de colonne répété": Difference(
        generate.to_csv(WRONG, columns=(*generate.COLUMNS, "objet")),
        theirs={"error": 1},
        ours={"duplicate-label": 1, "type-error": 1},
    ),
    "Plusieurs colonnes sans nom": Difference(
        generate.to_csv(WRONG, columns=(*generate.COLUMNS, "", "")),
        theirs={"error": 1},
        ours={"type-error": 1},
    ),
    "En-tête méconnu": Difference(
        b"Beneficiaire,Somme\nLes Amis du moulin,100\n",
        theirs={"unmatched-header": 1, "missing-label": 11},
        ours={"unmatched-header": 1},
    ),
    "Aucune ligne sous l'en-tête": Difference(
        generate.to_csv([]), theirs={}, ours={"table-without-rows": 1}
    ),
    "Fichier vide": Difference(b"", theirs={"source-error": 1}, ours={"file-empty": 1}),
    "Caractère nul": Difference(
        generate.to_csv([{**ROWS[0], "objet": "a\0b"}]), theirs={}, ours={"not-csv": 1}
    ),
    "Octets abîmés": Difference(
        generate.to_csv(WRONG) + b"Fin \xff\n",
        theirs={"type-error": 1, "encoding-error": 1},
        ours={"encoding-error": 1},
    ),
    "BOM devant du Windows-1252": Difference(
        b"\xef\xbb\xbf" + generate.to_csv(ROWS, encoding="cp1252"),
        theirs={"missing-label": 1},
        ours={},
        encoding="cp1252",
    ),
    "Guillemet jamais fermé": Difference(
        generate.to_csv(ROWS) + b'"' + b"a,b\n" * 300_000,
        theirs={"missing-cell": 15, "constraint-error": 10},
        ours={"cell-too-long": 1},
    ),
}


def _theirs(content: bytes, how: Reading) -> dict[str, int] | Crash:
    try:
        verdict = by_frictionless(content, "subventions", **how)
    except InvalidOperation as crash:
        return type(crash)
    found: Counter[str] = Counter()
    for (_, _, code), count in verdict.items():
        found[code] += count
    return dict(found)


@pytest.mark.parametrize("title", DIFFERENCES)
def test_a_difference_is_as_documented(title):
    case = DIFFERENCES[title]
    assert _theirs(case.content, Reading(**{**PLAIN, "encoding": case.encoding})) == case.theirs
    report = check(case.content, "subventions")
    assert {t.code: t.count for t in report.totals if t.level == "error"} == case.ours


def test_the_differences_documented_are_those():
    guide = (ROOT / "docs/controles.md").read_text(encoding="utf-8")
    part = guide.partition("### Ce qui diffère de frictionless")[2].partition("\n## ")[0]
    titles = re.findall(r"^\| ([^|]+?) \|", part, re.MULTILINE)
    assert titles[0] == "cas"
    assert titles[1:] == list(DIFFERENCES)
