"""The rules of one LigneBudget: what would make its line of the SCDL table invalid.

Imports the standard library only.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from ..report import Finding, error, quote
from ..totem.grammar import Rule, grammar
from ..totem.reader import Block

DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
"""xsd:decimal, the type of every amount of the XML: neither blanks nor comma nor exponent."""

MEMORY = 50_000
"""Distinct amounts remembered: those of a town's budget, « 0.00 » above all, repeat."""

READ_AS = ("latin-1", "iso-8859-15", "cp1252")


class LineCheck:
    """The rules of LigneBudget, arranged so that a good line costs little."""

    def __init__(self) -> None:
        self._rules = grammar().blocks["LigneBudget"]
        self._required = [element for element, rule in self._rules.items() if rule.required]
        self._decimals = {e for e, rule in self._rules.items() if rule.type == "decimal"}
        self._amounts: dict[str, Decimal] = {}

    def errors(self, line: Block) -> list[Finding]:
        """Errors of a budget line, one per element."""
        values, amounts, rules = line.values, self._amounts, self._rules
        found = [
            error("totem-element-missing", line.place(element))
            for element in self._required
            if not values.get(element)
        ]
        for element, value in values.items():
            # most values are amounts met before
            if not value or (value in amounts and element in self._decimals):
                continue
            rule = rules.get(element)
            if rule is not None and (finding := self._check(line, element, rule, value)):
                found.append(finding)
        return found

    def _check(self, line: Block, element: str, rule: Rule, value: str) -> Finding | None:
        if rule.type == "code":
            return None if value in rule.codes else _not_a_code(line, element, rule, value)
        if rule.type == "decimal" and not DECIMAL.fullmatch(value):
            return error("totem-amount-invalid", line.place(element), value=quote(value))
        if rule.max is not None and len(value) > rule.max:
            return _too_long(line, element, value, rule.max)
        if rule.type == "decimal" and len(self._amounts) < MEMORY:
            self._amounts[value] = Decimal(value)
        return None

    def amount(self, value: str) -> Decimal:
        """The amount of a text that passed."""
        known = self._amounts.get(value)
        return Decimal(value) if known is None else known


def misdecoded(text: str) -> bool:
    """True for UTF-8 read as another encoding (« DÃ©partement »), which no French looks like."""
    return not text.isascii() and any(map(partial(_is_utf8_read_as, text), READ_AS))


def _is_utf8_read_as(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return False
    return True


def _not_a_code(line: Block, element: str, rule: Rule, value: str) -> Finding:
    known = ", ".join(rule.codes)
    return error("totem-code-invalid", line.place(element), value=quote(value), known=known)


def _too_long(line: Block, element: str, value: str, limit: int) -> Finding:
    return error("totem-text-too-long", line.place(element), value=quote(value), limit=limit)
