"""A table read in blocks, by one process or several, gives what it gives in one piece."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from ckanext.scdl.conformity import Limits, Report
from ckanext.scdl.conformity.table import blocks, helpers, records
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


def with_runs(end: bytes) -> bytes:
    """Runs of empty lines: between records, in a cell, after each other, at the end."""
    head, *rows = table().splitlines(keepends=True)
    quoted = b'x,"a' + end * 700 + b'b"' + end
    parts = [head, *rows[:90], end * 500, *rows[90:95], quoted, end * 3, *rows[95:], end * 400]
    return b"".join(parts)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize("block", [1_000, 20_000])
@pytest.mark.parametrize("most", [60, records.MOST_CELLS])
def test_empty_lines_read_together_change_nothing(end, others, block, most, monkeypatch):
    content = with_runs(end)
    expected = read(content, monkeypatch, block=WHOLE, others=0)
    assert expected.counts["blank-row"] > 900
    monkeypatch.setattr(records, "LONG_RUN", 20)
    monkeypatch.setattr(records, "MOST_CELLS", most)
    together = []
    blank = records.blank_grid

    def seen(rows, width):
        together.append(rows)
        return blank(rows, width)

    monkeypatch.setattr(records, "blank_grid", seen)
    assert read(content, monkeypatch, block=block, others=others) == expected
    assert sum(together) > 700


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize("block", [2_000, WHOLE])
@pytest.mark.parametrize("rows", [99, 300, 598])
def test_the_first_row_beyond_the_limit_is_told(rows, block, others, monkeypatch):
    content = table(odd=ODD["quote"])
    monkeypatch.setattr(blocks, "BLOCK", block)
    monkeypatch.setattr(blocks, "ALONE", 1)
    monkeypatch.setattr(helpers, "number", lambda: others)
    report = check(content, "subventions", limits=Limits(max_rows=rows))
    (finding,) = [f for f in report.findings if f.code == "table-too-long"]
    reader = csv.reader(content.decode().splitlines(keepends=True))
    for _ in range(1 + rows):
        next(reader)
    assert (finding.place.row, finding.place.line) == (rows + 2, reader.line_num + 1)


def test_helpers_answer(monkeypatch):
    """A block that is judged here because its helper has failed would hide that failure."""

    def lost(*_):
        raise AssertionError

    monkeypatch.setattr(helpers, "Lost", type("Never", (Exception,), {}))
    monkeypatch.setattr(helpers.Helpers, "skip", lost)
    assert read(table(), monkeypatch, block=5_000, others=2).error_count > 0


ORPHAN = """
import os, sys, time
from multiprocessing import get_context
from ckanext.scdl.conformity.table import helpers
others = helpers.Helpers(lambda block, more: block, 2, 1000)
print(*(process.pid for process, _ in others._helpers), flush=True)
time.sleep(60)
"""


def test_no_helper_outlives_who_started_it():
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE) as process:
        pids = [int(word) for word in process.stdout.readline().split()]
        process.kill()
    assert len(pids) == 2
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return
        time.sleep(0.1)
    raise AssertionError


def test_a_portal_is_never_forked():
    assert helpers.number() == 0


def test_multi_line_cells_keep_memory_and_limits(monkeypatch):
    """Blocks end inside quotes all the time: none grows to the end of the file."""
    monkeypatch.setattr(blocks, "BLOCK", 20_000)
    rows = generate.subventions_rows(lignes=60)
    for row in rows:
        row["objet"] = "x\n" * 120
    lines = generate.to_csv(rows).partition(b"\n")
    content = lines[0] + b"\n" + lines[2] * 40
    sizes = []
    judged = blocks.Blocks.judged

    def measured(self, check_, room):
        for one in judged(self, check_, room):
            sizes.append(one.result.rows)
            yield one

    monkeypatch.setattr(blocks.Blocks, "judged", measured)
    report = check(content, "subventions")
    assert (report.lines, sum(sizes)) == (2400, 2400)
    assert max(sizes) < 400
    limited = check(content, "subventions", limits=Limits(max_rows=500))
    assert [f.code for f in limited.errors] == ["table-too-long"]
    assert limited.lines < 1200


WIDE = tuple(f"autre{n}" for n in range(800))


@pytest.mark.parametrize("odd", ["x", 'x"', "é"])
def test_a_long_record_of_short_cells_is_read(odd):
    rows = [{**row, **dict.fromkeys(WIDE, odd * 200)} for row in generate.subventions_rows()]
    content = generate.to_csv(rows, columns=(*generate.COLUMNS, *WIDE)).replace(b'x""', b'x"')
    report = check(content, "subventions")
    assert (report.conforming, report.lines) == (True, 12)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_limit_may_be_beyond_that_of_csv(quote, request):
    request.addfinalizer(partial(csv.field_size_limit, csv.field_size_limit(131_072)))
    rows = generate.subventions_rows(lignes=2)
    rows[1]["objet"] = quote + "x" * 200_000
    content = generate.to_csv(rows)
    (finding,) = check(content, "subventions").errors
    assert (finding.code, finding.place.line) == ("cell-too-long", 3)
    (finding,) = check(content, "subventions", limits=Limits(max_cell=300_000)).errors
    assert finding.params["rule"] == "maxLength"


def test_a_record_of_megabytes_is_refused():
    rows = [{**row, **dict.fromkeys(WIDE, "é" * 700)} for row in generate.subventions_rows()]
    content = generate.to_csv(rows, columns=(*generate.COLUMNS, *WIDE))
    (finding,) = check(content, "subventions").errors
    assert (finding.code, finding.params["rule"], finding.place.line) == (
        "cell-too-long",
        "record",
        2,
    )


def test_short_records_under_a_wide_header():
    """Each cell that is missing is told and counted, and none costs a step of Python."""
    head = generate.to_csv([], columns=(*generate.COLUMNS, *WIDE))
    row = generate.subventions_csv(lignes=1).splitlines()[1]
    report = check(head + (row + b"\n") * 3_000, "subventions")
    totals = {(t.code, t.field): t.count for t in report.totals if t.code == "missing-cell"}
    assert totals == {("missing-cell", name): 3_000 for name in WIDE}
    assert [f.place.row for f in report.errors[:801]] == [2] * 800 + [3]


def test_a_nameless_column_is_no_extra_cell():
    good = generate.subventions_csv(lignes=1)
    head, _, row = good.partition(b"\n")
    content = head + b",\n" + row.rstrip(b"\n") + b",\n" + b"a\n" + row.rstrip(b"\n") + b",,x\n"
    totals = {(t.code, t.field): t.count for t in check(content, "subventions").totals}
    assert totals["missing-cell", ""] == 1
    assert totals["extra-cell", None] == 1


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
