"""Patterns: the answers of frictionless (Python's re) for every pattern that we accept."""

from __future__ import annotations

import re
import sys
import time
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.scdl.conformity import patterns
from ckanext.scdl.conformity.patterns import PatternRefused

ARABIC_ZERO, COMBINING_ACUTE, ASTRAL_DIGIT, NBSP, LINE_SEPARATOR = (
    "\u0660",
    "\u0301",
    "\U0001d7d8",
    "\xa0",
    "\u2028",
)
CHARACTERS = "ab1_-\n \t\x1c\x85éÉßøÿ²½" + ARABIC_ZERO + COMBINING_ACUTE + ASTRAL_DIGIT
CHARACTERS += NBSP + LINE_SEPARATOR + "日😀\U0010ffff\ud800"
SIRET, RNA = r"^\d{14}$", r"^W\d{9}$"
PERIOD = r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$"


def theirs(pattern: str, cell: str) -> bool:
    """frictionless 5.21, schema/field.py."""
    return re.compile("^{0}$".format(pattern)).match(cell) is not None  # noqa: UP032, UP030


# --- the same answers ---

LITERALS = st.sampled_from([re.escape(c) for c in CHARACTERS if c != "\ud800"])
CATEGORIES = st.sampled_from([r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"])
RANGES = st.sampled_from(["a-z", "0-9", "à-ÿ", "\x00-é", "²-日", "😀-\U0010ffff", "\t-1"])
CLASSES = st.builds(
    lambda negated, parts: f"[{negated}{''.join(parts)}]",
    st.sampled_from(["", "^"]),
    st.lists(st.one_of(LITERALS, CATEGORIES, RANGES), min_size=1, max_size=3),
)
ATOMS = st.one_of(
    LITERALS, CATEGORIES, CLASSES, st.sampled_from([".", "^", "$", r"\A", r"\Z", "", r"\n", "\n"])
)
QUANTIFIERS = st.sampled_from(["?", "*", "+", "{2}", "{0}", "{1,2}", "{2,}", "*?", "+?", "??", ""])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.builds(
            lambda opening, item, many: f"{opening}{item}){many}",
            st.sampled_from(["(", "(?:", "(?P<n>"]),
            inner,
            QUANTIFIERS,
        ),
        st.builds(lambda item, many: f"{item}{many}", CLASSES | CATEGORIES | LITERALS, QUANTIFIERS),
    )


PATTERNS = st.recursive(ATOMS, _larger, max_leaves=8)
CELLS = st.one_of(
    st.text(st.sampled_from(CHARACTERS), max_size=6),
    st.text(max_size=6),
    st.text(st.sampled_from(CHARACTERS), max_size=5).map(lambda text: f"{text}\n"),
)


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(PATTERNS, st.lists(CELLS, min_size=1, max_size=5))
def test_generated_patterns_answer_as_frictionless_does(pattern, cells):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(f"^{pattern}$")
    except re.error:
        with pytest.raises(PatternRefused):
            patterns.compile(pattern)
        return
    test = patterns.compile(pattern)
    for cell in cells:
        assert test(cell) == theirs(pattern, cell), (pattern, cell)


PUBLISHED = [SIRET, RNA, PERIOD, r"[\w\s'’-]+", "oui|non", "^a|b$", "[àâäéèêëïîôùûüÿç]*"]


@settings(max_examples=1000, deadline=None)
@given(st.data(), st.sampled_from(PUBLISHED))
def test_patterns_as_published_answer_as_frictionless_does(data, pattern):
    cell = data.draw(st.one_of(st.from_regex(f"^{pattern}$"), CELLS))
    assert patterns.compile(pattern)(cell) == theirs(pattern, cell)


@pytest.mark.parametrize("pattern", [r"\d", r"\w", r"\s", r"[^\W\d]", "[à-ÿ]", "[^é]"])
def test_the_whole_of_unicode_answers_as_frictionless_does(pattern):
    test, python = patterns.compile(pattern), re.compile(f"^{pattern}$")
    different = [
        p for p in range(0, sys.maxunicode, 13) if test(chr(p)) != bool(python.match(chr(p)))
    ]
    assert different == []


@pytest.mark.parametrize(
    ("pattern", "cell", "follows"),
    [
        (SIRET, "12345678901234\n", True),
        (SIRET, "12345678901234\n\n", False),
        (SIRET, "\n12345678901234", False),
        (SIRET, ARABIC_ZERO * 14, True),
        (SIRET, ASTRAL_DIGIT * 14, True),
        (SIRET, "²" * 14, False),
        (r"\w+", "e" + COMBINING_ACUTE, False),
        (r"a$\n", "a\n", True),
        (r"a\Z", "a\n", False),
        (".", "\n", False),
        ("a|b", "azzz", True),
    ],
)
def test_what_python_says_of_ends_digits_and_marks(pattern, cell, follows):
    assert theirs(pattern, cell) is follows
    assert patterns.compile(pattern)(cell) is follows


# --- what is refused, and why ---


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ("(?=a)a", "lookaround"),
        ("(?!b)a", "lookaround"),
        ("(?<=a)b", "lookaround"),
        ("(?!)", "lookaround"),
        (r"(a)\1", "backreference"),
        ("(?P<x>a)(?P=x)", "backreference"),
        ("(a)?(?(1)b|c)", "backreference"),
        (r"\bmot\b", "boundary"),
        (r"a\B", "boundary"),
        ("(?i)siret", "flags"),
        ("(?i:siret)", "flags"),
        ("a(", "invalid"),
        ("a)(b", "invalid"),
        ("[z-a]", "invalid"),
        (f"a{{{10**30}}}", "invalid"),
        ("a{1001}", "too-large"),
        ("(a{100}){11}", "too-large"),
        ("[a-z]{1,1000}" * 21, "too-large"),
        ("(((a{1000}){1000}){1000}){1000}", "too-large"),
        ("(" * 1900 + ")" * 1900, "too-large"),
        ("a" * 4001, "too-long"),
    ],
)
def test_what_cannot_be_run_is_refused(pattern, rule):
    with pytest.raises(PatternRefused) as caught:
        patterns.compile(pattern)
    assert caught.value.rule == rule


@pytest.mark.parametrize("pattern", ["(?>a)b", "a++b"])
def test_what_never_goes_back_is_refused(pattern):
    with pytest.raises(PatternRefused) as caught:
        patterns.compile(pattern)
    assert caught.value.rule == ("atomic" if sys.version_info >= (3, 11) else "invalid")


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "(a|aa)+", "(.*a){20}", r"(\w+\s?)*"])
def test_no_pattern_takes_long(pattern):
    test = patterns.compile(pattern)
    start = time.process_time()
    assert not test("a" * 100_000 + "!\né")
    assert time.process_time() - start < 2


def test_a_pattern_full_of_characters_is_compiled_in_bounded_time():
    start = time.process_time()
    patterns.compile(
        "".join(f"[^{chr(0x4E00 + 7 * at)}]" for at in range(patterns.MAX_LENGTH // 4))
    )
    assert time.process_time() - start < 5
