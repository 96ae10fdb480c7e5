"""A table read in blocks, by one process or several, gives what it gives in one piece."""

from __future__ import annotations

import os
import signal

import pytest

from ckanext.scdl.conformity import Report
from ckanext.scdl.conformity.table import blocks, helpers
from tests import generate

from .shared import check

ROWS = 600


def table(*, odd: str = "") -> bytes:
    """Errors of several kinds on many rows, cells on several lines, a ragged and a blank record."""
    rows = generate.subventions_rows(lignes=ROWS)
    for at in range(0, ROWS, 7):
        rows[at]["montant"] = f"{at},50"
    for at in range(0, ROWS, 11):
        rows[at]["objet"] = f"sur\ndeux « lignes » n° {at}"
    lines = generate.to_csv(rows).splitlines(keepends=True)
    lines[250:250] = [b"trop,court\n", b"\n"]
    lines[400:400] = [odd.encode()] if odd else []
    return b"".join(lines)


def read(content: bytes, monkeypatch: pytest.MonkeyPatch, *, block: int, others: int) -> Report:
    monkeypatch.setattr(blocks, "BLOCK", block)
    monkeypatch.setattr(blocks, "ALONE", 1)
    monkeypatch.setattr(helpers, "number", lambda: others)
    return check(content, "subventions")


WHOLE = 1 << 24
ODD = {
    "regular": "",
    "quote": 'un "guillemet" égaré\n',
    "opened": '"jamais fermé\n',
    "return": "a\rb\n",
    "long": "x" * 131_001 + "\n",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("block", [2_000, 20_000])
def test_no_way_of_reading_changes_the_report(odd, others, block, monkeypatch):
    content = table(odd=ODD[odd])
    expected = read(content, monkeypatch, block=WHOLE, others=0)
    assert expected.error_count > ROWS // 10
    assert read(content, monkeypatch, block=block, others=others) == expected


def test_a_helper_that_dies_loses_nothing(monkeypatch):
    content = table()
    expected = read(content, monkeypatch, block=WHOLE, others=0)
    give = helpers.Helpers.give

    def give_and_kill(self, block, more):
        give(self, block, more)
        process, _ = self._helpers[0]
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            process.join()

    monkeypatch.setattr(helpers.Helpers, "give", give_and_kill)
    assert read(content, monkeypatch, block=5_000, others=2) == expected


@pytest.mark.parametrize("others", [0, 2])
def test_damage_is_told_at_its_line(others, monkeypatch):
    lines = table().splitlines(keepends=True)
    lines[500] = b"abim\xe9" + lines[500]
    report = read(b"".join(lines), monkeypatch, block=5_000, others=others)
    (finding,) = report.findings
    assert (finding.code, finding.place.line) == ("encoding-error", 501)


def test_a_helper_s_own_failure_is_ours(monkeypatch):
    """A mistake in the engine must not look like a file without errors."""

    def broken(_grid, _room):
        raise ZeroDivisionError

    read_ = blocks.Blocks
    text = type("T", (), {"read": staticmethod(lambda _size: b"")})()
    monkeypatch.setattr(blocks, "BLOCK", 100)
    monkeypatch.setattr(blocks, "ALONE", 0)
    monkeypatch.setattr(helpers, "number", lambda: 1)
    with pytest.raises(ZeroDivisionError):
        list(read_(text, b"a,b\n" * 200, ",", 2, 1000).judged(broken, dict))
