"""What is told of a thousand cells at once is what would be told of each: accepted means valid."""

from __future__ import annotations

import datetime as dt
import random
import re
from decimal import Decimal
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from ckanext.scdl.conformity.table import accept, shapes, swar, utf8
from ckanext.scdl.conformity.table.grid import Column, Grid, read_grid
from ckanext.scdl.conformity.table.keys import hashed

PERIOD = r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$"


def grid_of(values: list[str], delimiter: str = ";") -> Grid:
    grid = read_grid("".join(f"{value}\n" for value in values).encode(), delimiter, 1)
    assert grid is not None
    return grid


def column(values: list[str]) -> Column:
    return grid_of(values).columns[0]


def some(alphabet: str, lengths: tuple[int, ...], count: int = 20_000) -> list[str]:
    """Many texts over an alphabet, always the same."""
    rng = random.Random(len(alphabet))
    return ["".join(rng.choices(alphabet, k=rng.choice(lengths))) for _ in range(count)]


def test_keys_of_sirets_are_those_of_stdnum():
    values = some("0123456789", (14,))
    whole, siren = swar.luhn(column(values))
    assert whole.tolist() == [luhn.is_valid(value) for value in values]
    assert siren.tolist() == [luhn.is_valid(value[:9]) for value in values]


@pytest.mark.parametrize("positive", [False, True])
def test_numbers_are_digits_with_a_dot(positive):
    plain = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
    values = [*some("0123456789.-00..é e", (0, 1, 2, 3, 5, 8, 9, 10, 15, 16, 17), 60_000)]
    values += ["-", "-.", ".", "-0", ".0", "0.", "00.00", "1234567890123456", "12345678.9", "-1.5"]

    def expected(value: str) -> bool:
        if not plain.fullmatch(value) or len(value) > 16:
            return False
        return not positive or (Decimal(value) > 0 and value[0] != "-")

    found = swar.written_number(column(values), positive=positive).tolist()
    assert found == [expected(value) for value in values]
    assert sum(found) > 1000


def test_plain_numbers_have_their_value():
    values = [*some("0123456789.-", (0, 1, 2, 4, 8, 15, 16)), "1.0", "-0.01", "0.8"]
    plain = accept.Plain.of(column(values))
    for at, value in enumerate(values):
        if plain.valid[at]:
            mantissa = int(plain.mantissa[at]) * (-1 if plain.negative[at] else 1)
            assert Decimal(mantissa).scaleb(-int(plain.decimals[at])) == Decimal(value)


@pytest.mark.parametrize(
    ("pattern", "alphabet", "lengths"),
    [
        (r"^\d{14}$", "0123456789/:é", (13, 14, 15)),
        (r"^W\d{9}$", "W0123456789", (9, 10, 11)),
        (PERIOD, "0123456789-/", (10, 21)),
        (r"[A-Z]{2}(-|\.)\d{1,3}", "AZaz-.019", (3, 4, 5, 6)),
    ],
)
def test_what_fits_a_template_matches_the_pattern(pattern, alphabet, lengths):
    values = [*some(alphabet, lengths), "2024-01-31/2024-02-01", "W123456789", "2024-01-31", "AZ-0"]
    found = swar.fits(column(values), shapes.templates(pattern)).tolist()
    assert found == [re.fullmatch(pattern, value) is not None for value in values]
    assert any(found)


@pytest.mark.parametrize("pattern", [r"\w+", ".*", r"é{3}", r"(a|b){1,9}{2}", r"[^a]", r"(?=a)a"])
def test_a_pattern_of_no_fixed_shape_has_no_template(pattern):
    assert shapes.templates(pattern) == []


def test_equal_texts_are_found():
    values = some("aé12", (0, 2, 3, 4, 9, 17))
    wanted = [*values[:40], "aide en numéraire;aide en nature"]
    found = swar.equals(column(values), [value.encode() for value in wanted]).tolist()
    assert found == [value in wanted for value in values]


def test_days_that_exist_every_year():
    start = dt.date(1999, 12, 1)
    days = [str(start + dt.timedelta(days=n)) for n in range(800)]
    values = [*days, "2024-00-10", "2024-13-01", "2024-01-00", "0000-01-01", "2024-02-30"]
    found = accept.real_day(column(values), 0).tolist()
    assert found == [int(v[8:]) <= 28 and v in days for v in values]


def test_periods_go_forward():
    rng = random.Random(4)
    days = [str(dt.date(2020, 1, 1) + dt.timedelta(days=rng.randrange(800))) for _ in range(2000)]
    pairs = [(one, rng.choice([one, *days])) for one in days]
    found = accept.in_order(column([f"{one}/{other}" for one, other in pairs]), 0, 11).tolist()
    assert found == [one <= other for one, other in pairs]


PIECES = (
    *(text.encode() for text in ("a", "bc", "é", "€", "’", "\n")),
    *(b"\xc3", b"\xe2\x82", b"\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xe0\x80\x80", b"\xff"),
)


@pytest.mark.parametrize("part", [2, 3, 5, utf8.PART])
@given(data=st.lists(st.sampled_from(PIECES)).map(b"".join) | st.text(max_size=60).map(str.encode))
def test_what_is_surely_utf8_is_utf8(part, data):
    with mock.patch.object(utf8, "PART", part):
        surely = utf8.surely_utf8(data)
    if surely:
        data.decode("utf-8")


@pytest.mark.parametrize("part", [2, 3, 5, utf8.PART])
@given(data=st.text("abé€’\n", max_size=200).map(str.encode))
def test_french_is_surely_utf8(part, data):
    with mock.patch.object(utf8, "PART", part):
        assert utf8.surely_utf8(data)


def test_keys_tell_texts_apart_wherever_they_stand():
    rng = random.Random(3)
    pool = ["", "a", "a" * 8, "a" * 9, "a" * 32, "a" * 33, "a" * 400, "a" * 399 + "b", "a" * 70_000]
    pool += some("ab", (7, 8, 9, 31, 32, 33, 64, 65, 129, 300), 3000)
    distinct = list(dict.fromkeys(pool))
    first = dict(zip(distinct, hashed(column(distinct)).tolist(), strict=True))
    assert len(set(first.values())) == len(distinct)
    mixed = rng.sample(pool, len(pool) // 2)
    assert hashed(column(mixed)).tolist() == [first[value] for value in mixed]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "a", '"b"', '"c,\n"', '"d""e"', "é", '""']), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_grid_gives_the_cells_of_csv(rows, end):
    import csv
    import io

    text = "".join(",".join(row) + end for row in rows)
    expected = list(csv.reader(io.StringIO(text, newline="")))
    grid = read_grid(text.encode(), ",", 3)
    assert grid is not None
    assert [[grid.text(r, c) for c in range(3)] for r in range(grid.rows)] == expected


@given(st.text('a,"\n\r;', max_size=40))
def test_whatever_is_taken_for_regular_gives_the_cells_of_csv(text):
    import csv
    import io

    text += "\n"
    expected = list(csv.reader(io.StringIO(text, newline="")))
    for width in (1, 2, 3):
        grid = read_grid(text.encode(), ",", width)
        if grid is not None:
            cells = [[grid.text(r, c) for c in range(width)] for r in range(grid.rows)]
            # csv gives no cell at all for a blank line, a grid of one column an empty one
            assert cells == [row or [""] for row in expected]
