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

MEMORY = 100_000
"""Distinct values remembered: those of a town's budget, codes and « 0.00 » above all, repeat."""

SHORT = 64
"""Characters of a value worth remembering: some are of no type that we know."""

READ_AS = ("latin-1", "iso-8859-15", "cp1252")


class LineCheck:
    """The rules of LigneBudget, arranged so that a good line costs little."""

    def __init__(self) -> None:
        self._rules = grammar().blocks["LigneBudget"]
        self._required = frozenset(e for e, rule in self._rules.items() if rule.required)
        self._accepted: set[tuple[str, str]] = set()
        self._amounts: dict[str, Decimal] = {}

    def errors(self, line: Block) -> list[Finding]:
        """Errors of a budget line, one per element."""
        values, accepted = line.values, self._accepted
        unknown = [pair for pair in values.items() if pair not in accepted]
        found = []
        for element, value in unknown:
            if finding := self._check(line, element, value):
                found.append(finding)
            elif len(accepted) < MEMORY and len(value) <= SHORT:
                accepted.add((element, value))
        if self._required <= values.keys():
            return found
        absent = (element for element in self._rules if element in self._required - values.keys())
        return [*(error("totem-element-missing", line.place(e)) for e in absent), *found]

    def _check(self, line: Block, element: str, value: str) -> Finding | None:
        rule = self._rules.get(element)
        if rule is None:
            return None
        if not value:
            missing = rule.required
            return error("totem-element-missing", line.place(element)) if missing else None
        if rule.type == "code":
            return None if value in rule.codes else _not_a_code(line, element, rule, value)
        if rule.type == "decimal" and not DECIMAL.fullmatch(value):
            return error("totem-amount-invalid", line.place(element), value=quote(value))
        if rule.max is not None and len(value) > rule.max:
            return _too_long(line, element, value, rule.max)
        return None

    def amount(self, value: str) -> Decimal:
        """The amount of a text that passed."""
        known = self._amounts.get(value)
        if known is None:
            known = Decimal(value)
            if len(self._amounts) < MEMORY:
                self._amounts[value] = known
        return known


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
