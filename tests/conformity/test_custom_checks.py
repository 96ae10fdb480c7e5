"""The custom checks of the standards, which frictionless ignores: the answers of Validata.

What a SIRET is worth is python-stdnum's to say, as for Validata; which cells it is asked of is
written again here, plainly.  Rows without any value are left out: blank-row says enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import siret as stdnum_siret

from ckanext.scdl.conformity import Report
from tests import generate
from tests.support import tables

from .shared import SHARED, check, codes, needs_shared

EITHER = ("idBeneficiaire", "rnaBeneficiaire")
OFFICIAL = SHARED / "data/subsidies/official"
Key = tuple[int | None, str | None, str]

# --- which cells and rows are told ---

WRITTEN = (
    *(
        generate.siret(rank, siren_start=start)
        for rank in range(3)
        for start in ("21000", "1", "9")
    ),
    *("35600000000048", "35600000049837", "35600000049838", "35600000000002"),  # La Poste
    *("00000000000000", "11111111111111", "73282932000074", "73282932000075", "73282932100072"),
    *("732829320", "7328293200007", "732829320000740", "732 829 320 00074", "732.829.320-00074"),
    *("73282932000074\n", "\n73282932000074", "73282932000074 ", "\u00a073282932000074"),
    *("7328293200007\u0664", "\uff17\uff13\uff12\uff18\uff12\uff19\uff13\uff12\uff10" * 2),
    *("8,03E+13", "73282932000074.0", "SIRET 73282932000074", "x", " ", "-", "0" * 400, "7" * 41),
)
sirets = st.one_of(
    st.just(""), st.sampled_from(WRITTEN), st.text("0123456789", min_size=14, max_size=14)
)


@st.composite
def subsidies(draw: st.DrawFn) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Rows by column, a short row without the cells that it lacks; the columns of the file."""
    absent = draw(st.sampled_from([(), (EITHER[0],), (EITHER[1],), EITHER]))
    columns = tuple(c for c in generate.COLUMNS if c not in absent)
    rows = generate.subventions_rows(lignes=draw(st.integers(1, 30)))
    for row in rows:
        row["idAttribuant"] = draw(sirets)
        row["idBeneficiaire"] = draw(sirets)
        row["rnaBeneficiaire"] = draw(st.sampled_from(["", "W123456789", "w1", " "]))
    widths = st.sampled_from([len(columns)] * 4 + list(range(1, len(columns))))
    return [{c: row[c] for c in columns[: draw(widths)]} for row in rows], columns


def _content(rows: list[dict[str, str]], columns: tuple[str, ...]) -> bytes:
    lines = [columns, *(row.values() for row in rows)]
    return "".join(
        ",".join(tables.quoted(x, ",") for x in cells) + "\n" for cells in lines
    ).encode()


def _expected(rows: list[dict[str, str]], columns: tuple[str, ...]) -> Iterator[Key]:
    for number, row in enumerate(rows, start=2):
        for column in ("idAttribuant", "idBeneficiaire"):
            if row.get(column) and not stdnum_siret.is_valid(row[column]):
                yield number, column, "french-siret-value"
        if set(EITHER) & set(columns) and not any(row.get(column) for column in EITHER):
            yield number, None, "one-of-required"


def _found(report: Report) -> Counter[Key]:
    return Counter(
        (f.place.row, f.place.field, f.code)
        for f in report.errors
        if f.code in {"french-siret-value", "one-of-required"}
    )


@settings(max_examples=300, deadline=None)
@given(subsidies())
def test_each_wrong_siret_and_each_row_without_beneficiary_is_told(table):
    rows, columns = table
    found = _found(check(_content(rows, columns), "subventions"))
    if not set(EITHER) & set(columns):  # told once, of the table
        assert found.pop((1, None, "one-of-required")) == 1
    assert found == Counter(_expected(rows, columns))


@settings(max_examples=50, deadline=None)
@given(st.lists(sirets, min_size=1, max_size=30))
def test_each_wrong_siret_of_a_budget_is_told(values):
    changes = [tables.Cell("BGT_SIRET", value) for value in values]
    report = check(tables.table_of("budget", changes).encode(), "budget")
    wrong = [n for n, x in enumerate(values, start=2) if x and not stdnum_siret.is_valid(x)]
    assert _found(report) == Counter((n, "BGT_SIRET", "french-siret-value") for n in wrong)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (generate.siret(), True),
        (generate.siret()[:-1] + str((int(generate.siret()[-1]) + 1) % 10), False),
        ("73282932000074", True),
        ("73282932100072", False),  # the key of the whole is right, the SIREN's is not
        ("35600000049837", True),  # La Poste: the sum of the digits is a multiple of 5
        ("35600000049838", False),
        ("732829320", False),
        ("732 829 320 00074", True),
    ],
)
def test_a_siret_is_worth_its_keys(value, right):
    row = generate.subventions_rows(lignes=1)[0]
    report = check(generate.to_csv([{**row, "idBeneficiaire": value}]), "subventions")
    assert codes(report) == ([] if right else ["french-siret-value"])


# --- the official examples ---


@needs_shared
def test_the_official_valid_example_conforms():
    report = check((OFFICIAL / "exemple_valide.csv").read_bytes(), "subventions")
    assert report.verdict == "conforming"


@needs_shared
def test_the_official_invalid_example_has_the_errors_of_validata():
    content = (OFFICIAL / "exemples__exemple_invalide_erreurs_cellules.csv").read_bytes()
    report = check(content, "subventions")
    schema = report.counts["type-error"] + report.counts["constraint-error"]
    assert (schema, report.counts["french-siret-value"], report.error_count) == (15, 49, 65)
    (finding,) = [f for f in report.errors if f.code == "one-of-required"]
    assert finding.place.field is None
    assert finding.place.row is not None
