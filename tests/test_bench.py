"""The tables of `make bench`: the same everywhere, right or wrong exactly where they say."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import frictionless

from bench.tables import generate
from bench.tables.jobs import SCHEMA, Job
from bench.tables.results import Result, Results
from ckanext.scdl.conformity import Report, check

ROWS = 100 * len(generate.KINDS)
"""One bad cell of each kind."""
CUSTOM = {"french-siret-value"}


def announced() -> set[tuple[int, str, str]]:
    """(row, field, code): the header is row 1."""
    bad = generate.bad_cells(ROWS).items()
    return {(rank + 2, kind.column, code) for rank, kind in bad for code in kind.codes}


def by_us(path: Path) -> Report:
    return check(io.BytesIO(path.read_bytes()), "subventions")


def test_measures_of_two_days_are_of_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    generate.write_csv(path, generate.rows(ROWS))
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == "3cfc5df7b19b5423"


def test_rows_that_should_conform_do_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    generate.write_csv(path, generate.good_rows(ROWS))
    report = by_us(path)
    assert (report.lines, report.findings) == (ROWS, ())


def test_each_bad_cell_is_refused_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    generate.write_csv(path, generate.rows(ROWS))
    schema = frictionless.Schema.from_descriptor(json.loads(SCHEMA.read_text(encoding="utf-8")))
    resource = frictionless.Resource(path.name, basepath=str(tmp_path), schema=schema)
    found = resource.validate(limit_errors=ROWS).flatten(["rowNumber", "fieldName", "type"])
    schema_part = {each for each in announced() if each[2] not in CUSTOM}
    assert sorted(map(tuple, found)) == sorted(schema_part)
    places = [(e.place.row, e.place.field, e.code) for e in by_us(path).errors]
    assert sorted(places) == sorted(announced())
    assert len(places) == generate.errors(ROWS)


def test_the_blemishes_are_one_short_row_and_one_quote(tmp_path: Path) -> None:
    source, path = tmp_path / "table.csv", tmp_path / "other.csv"
    generate.write_csv(source, generate.rows(ROWS))
    lines = source.read_bytes().splitlines()

    def changed(spoil: object) -> list[tuple[bytes, bytes]]:
        generate.middle(path, source, spoil)
        after = path.read_bytes().splitlines()
        return [pair for pair in zip(lines, after, strict=True) if pair[0] != pair[1]]

    [(before, after)] = changed(generate.shortened)
    assert before.count(b",") - after.count(b",") == 2
    for spoil in (generate.opened, generate.inner):
        [(before, after)] = changed(spoil)
        assert (before.count(b'"'), after.count(b'"')) == (0, 1)
        assert after.startswith(b'"') == (spoil is generate.opened)


MEASURING = """
import sys
from pathlib import Path
from bench.tables.measure import measure
code = "import time; x = bytearray(b'1') * 300_000_000; time.sleep(0.3); print(1); exit(3)"
taken = measure([sys.executable, "-c", code], Path(sys.argv[1]))
print(taken.code, taken.wall, taken.peak)
"""


def test_a_process_is_measured_from_its_start_to_its_end(tmp_path: Path) -> None:
    """From a small process: the peak that is told is never under that of who measures."""
    output = tmp_path / "said.json"
    argv = [sys.executable, "-c", MEASURING, str(output)]
    told = subprocess.run(argv, cwd=SCHEMA.parents[2], capture_output=True, check=True).stdout
    code, wall, peak = map(float, told.split())
    assert (code, output.read_text()) == (3, "1\n")
    assert wall > 0.3
    assert 300 < peak < 340


def test_targets_compare_with_the_faster_of_two_bare_passes() -> None:
    seconds = {"scdl": 1.0, "frictionless": 17.0, "duckdb": 0.6, "polars": 0.5}
    found = [Result(Job(peer, generate.MILLION, ()), wall) for peer, wall in seconds.items()]
    ratios = [(each.value, each.met) for each in Results(found).targets() if each.unit == "fois"]
    assert ratios[:3] == [(17.0, False), (2.0, True), (None, None)]
    without_polars = Results(found[:3]).targets()
    assert [each.value for each in without_polars if each.unit == "fois"][:2] == [17.0, None]
