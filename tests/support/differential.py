"""Two verdicts on one table, ours and frictionless's, made comparable.

    disagreement(content, "subventions") == {}      -> the same errors, row by row

frictionless is told what we decided of the file (encoding, separator, header row), so that only the
judgement is compared.  Imports frictionless and the library.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypedDict

import frictionless
import pytest
from frictionless.formats import CsvControl

from ckanext.scdl.conformity import Report
from ckanext.scdl.conformity.report import MAX_KEPT
from ckanext.scdl.conformity.standards import standard
from tests.conformity.shared import check

Key = tuple[int | None, str, str]
"""Record number (None: said of the header or of the file), field ("": none), code."""

JUDGED = ("name", "type", "format", "constraints", "trueValues", "falseValues")
BLOCKS = "ckanext.scdl.conformity.table.blocks"


class Reading(TypedDict):
    """How a file is read: Python's name of an encoding, one character, a record number."""

    encoding: str
    delimiter: str
    header_row: int


PLAIN = Reading(encoding="utf-8", delimiter=",", header_row=1)


def reading(report: Report) -> Reading:
    """What we decided in order to read the file."""
    source = report.source
    assert source.encoding
    assert source.delimiter
    assert source.header_row
    return Reading(
        encoding=source.encoding, delimiter=source.delimiter, header_row=source.header_row
    )


@cache
def _schema(name: str) -> frictionless.Schema:
    """What frictionless judges by; the words around it triple the time that a small table takes."""
    descriptor = standard(name).descriptor
    fields = [{k: f[k] for k in JUDGED if k in f} for f in descriptor["fields"]]
    missing = {k: descriptor[k] for k in ("missingValues",) if k in descriptor}
    return frictionless.Schema.from_descriptor({"fields": fields, **missing})


def by_frictionless(
    content: bytes, name: str, *, encoding: str, delimiter: str, header_row: int
) -> Counter[Key]:
    """All the errors that frictionless finds, columns paired by name (schema_sync)."""
    control = CsvControl(
        delimiter=delimiter, quote_char='"', double_quote=True, skip_initial_space=False
    )
    resource = frictionless.Resource(
        content,
        format="csv",
        encoding=encoding,
        schema=_schema(name),
        dialect=frictionless.Dialect(header_rows=[header_row], controls=[control]),
        detector=frictionless.Detector(schema_sync=True),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of schema_sync
        report = resource.validate(limit_errors=0)
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return Counter(map(_key, errors))


def _key(error: frictionless.Error) -> Key:
    """Of an error of a cell, a row, a label or the file; `flatten` takes as long as the check."""
    return getattr(error, "row_number", None), getattr(error, "field_name", ""), error.type


def by_us(report: Report, name: str) -> Counter[Key]:
    """Our errors that are kept, but those that frictionless ignores.

    All the others are compared, those too whose code frictionless does not have; it gives the
    errors of a header no row.
    """
    header = report.source.header_row or 0
    return Counter(
        (None if (f.place.row or 0) <= header else f.place.row, f.place.field or "", f.code)
        for f in report.errors
        if f.code not in _ours(name)
    )


def disagreement(content: bytes, name: str, report: Report | None = None) -> dict[Key, int]:
    """For each (row, field, code), how many more times we say it than frictionless does.

    The exact totals are compared too (row None); of a file with more errors than a report keeps,
    each error kept must be one of frictionless's.
    """
    report = report or check(content, name)
    ours, theirs = by_us(report, name), by_frictionless(content, name, **reading(report))
    totals = Counter(
        {
            (None, t.field or "", t.code): t.count
            for t in report.totals
            if t.level == "error" and t.code not in _ours(name)
        }
    )
    found = _difference(totals, _without_rows(theirs))
    if report.error_count <= MAX_KEPT:
        return {**found, **_difference(ours, theirs)}
    return {**found, **(ours - theirs)}


def _difference(ours: Mapping[Key, int], theirs: Mapping[Key, int]) -> dict[Key, int]:
    counts = {key: ours.get(key, 0) - theirs.get(key, 0) for key in {*ours, *theirs}}
    return {key: counts[key] for key in sorted(counts, key=repr) if counts[key]}


def _without_rows(verdict: Counter[Key]) -> Counter[Key]:
    totals: Counter[Key] = Counter()
    for (_, field, code), count in verdict.items():
        totals[None, field, code] += count
    return totals


def _ours(name: str) -> set[str]:
    """The standard's custom checks, and the one error that we add to what frictionless says."""
    return {"quote-open", *(custom.name for custom in standard(name).checks)}


@contextmanager
def blocks_of(size: int | None) -> Iterator[None]:
    """Tables read by blocks of about `size` bytes: a short one then has the edges of a long one."""
    if size is None or find_spec(BLOCKS) is None:
        yield
        return
    blocks: Any = import_module(BLOCKS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        yield
