"""The rules of one LigneBudget: what would make its line of the SCDL table invalid.

Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ..report import Finding, error, quote
from ..totem.grammar import Rule, grammar
from ..totem.reader import Block

DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
"""xsd:decimal, the type of every amount of the XML: neither blanks nor comma nor exponent."""

READ_AS = ("latin-1", "iso-8859-15", "cp1252")


def check_line(line: Block) -> Iterator[Finding]:
    """Errors of a budget line, one per element."""
    for element, rule in grammar().blocks["LigneBudget"].items():
        value = line.get(element)
        if not value:
            if rule.required:
                yield error("element-missing", line.place(element))
        elif finding := _check(line, element, rule, value):
            yield finding


def misdecoded(text: str) -> bool:
    """True for UTF-8 read as another encoding (« DÃ©partement »), which no French looks like."""
    return not text.isascii() and any(map(partial(_is_utf8_read_as, text), READ_AS))


def _is_utf8_read_as(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return False
    return True


def _check(line: Block, element: str, rule: Rule, value: str) -> Finding | None:
    if rule.type == "decimal" and not DECIMAL.fullmatch(value):
        return error("amount-invalid", line.place(element), value=quote(value))
    if rule.type == "code" and value not in rule.codes:
        codes = ", ".join(rule.codes)
        return error("code-invalid", line.place(element), value=quote(value), known=codes)
    if rule.max is not None and len(value) > rule.max:
        return error("text-too-long", line.place(element), value=quote(value), limit=rule.max)
    return None
