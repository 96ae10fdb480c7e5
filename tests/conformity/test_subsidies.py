"""Advice on subsidies: periods, references, amounts and shares that the standard lets pass."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.scdl.conformity.repair import periods as pattern
from ckanext.scdl.conformity.subsidies import amounts, periods, references, shares


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2018-02-28", None),
        ("2024-02-29", None),
        ("2018-01-01/2018-12-31", None),
        ("2018-01-01/2018-01-01", None),
        ("2018-01-01\n", None),
        ("2018-02-30", "period-impossible"),
        ("2023-02-29", "period-impossible"),
        ("2018-13-01", "period-impossible"),
        ("0000-01-01", "period-impossible"),
        ("2018-01-01/2018-31-12", "period-impossible"),
        ("2018-99-99/2018-12-31", "period-impossible"),
        ("2018-12-31/2018-01-01", "period-reversed"),
    ],
)
def test_a_period_of_the_right_form_may_mean_nothing(value, expected):
    assert re.match(pattern.PATTERN, value)
    assert periods.judge(value) == expected


@given(st.dates(), st.dates())
def test_a_period_goes_forward(start, end):
    assert periods.judge(f"{start}/{end}") == ("period-reversed" if end < start else None)
    assert periods.judge(str(start)) is None


@pytest.mark.parametrize(
    "value",
    [
        "02/07/2019",
        "2/7/2019",
        "02/07/19",
        "02/07/2019 00:00",
        "2019-07-02 00:00:00",
        "2019-07-02T00:00:00",
        "2-juil",
        "02-juil",
        "02-juil-19",
        "07-févr.-2019",
        "juil-19",
        "févr.-07",
        "juil.-19",
        " déc-12 ",
        "août-21",
    ],
)
def test_a_reference_that_a_spreadsheet_made_a_date_is_told(value):
    assert references.looks_like_date(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2017-03-103",
        "2017-03-10",
        "2019-07-02-15",
        "CP 2017-11-13",
        "2-11",
        "1 6",
        "2.7",
        "12/2019",
        "2019/12",
        "1/2/15",
        "45/2019/12",
        "43122",
        "DEL-2024-031",
        "DEC-19",
        "MARS-12",
        "mars 2019",
        "CD du 02/07/2019",
        "32/07/2019",
        "02/13/2019",
        "2019-07-02 15",
        "CONV N° 2074-15 2015-06-19",
        "I-A 4",
        "Z34507",
        "1" * 131_000,
        "2019-07-02 " * 12_000,
    ],
    ids=lambda value: value[:30],
)
def test_a_real_reference_is_not(value):
    assert not references.looks_like_date(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2500.00", None),
        (" 2500 ", None),
        (".5", None),
        ("+3.", None),
        ("NaN", "amount-nan"),
        ("-NaN", "amount-nan"),
        ("INF", "amount-nan"),
        ("-Infinity", "amount-nan"),
        ("-5", "amount-negative"),
        ("-1e9", "amount-negative"),
        ("0", "amount-zero"),
        ("-0.00", "amount-zero"),
        ("0e5", "amount-zero"),
        ("1e5", "amount-unusual"),
        ("1_000", "amount-unusual"),
        ("١٢", "amount-unusual"),
        ("1e999999", "amount-unusual"),
    ],
)
def test_an_amount_that_frictionless_takes_may_be_none(value, expected):
    assert amounts.judge(value) == expected


def test_what_is_no_number_is_the_callers_mistake():
    with pytest.raises(InvalidOperation):
        amounts.judge("1,5")


def decimals(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    "group",
    [
        (),
        ("1",),
        ("1.00",),
        ("0.8", "0.2"),
        ("0.33", "0.33", "0.33"),
        ("0.17",) * 6,
        ("0.05",) * 20,
        ("1", "1", "1"),
        ("0.3333", "0.3333", "0.3333"),
        ("0.5", "NaN"),
    ],
    ids=str,
)
def test_shares_that_make_one_grant(group):
    assert shares.amiss(decimals(*group)) is None


@pytest.mark.parametrize(
    ("group", "total"),
    [
        (("0.8",), "0.8"),
        (("0.8", "0.1"), "0.9"),
        (("0.5", "0.6"), "1.1"),
        (("1", "0.5"), "1.5"),
        (("0.5", "0.49"), "0.99"),
        (("0.3", "0.3", "0.3"), "0.9"),
    ],
    ids=str,
)
def test_shares_that_do_not(group, total):
    assert shares.amiss(decimals(*group)) == Decimal(total)


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=30))
def test_rounding_is_never_told(parts):
    """Any sharing, its parts rounded to the cent, the half cents upwards and downwards alike."""
    whole = sum(parts)
    rounded = [round(Decimal(part) / whole, 2) for part in parts]
    assert shares.amiss(rounded) is None or abs(sum(rounded) - 1) == shares.HALF_A_CENT * len(parts)
