"""What a check says: findings as data, the identity read from the file, and the verdict.

A finding is a code, its parameters and a place; `texts` puts it into words.  Everything here is
immutable or JSON-safe, so that a portal may store it.  Imports the standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Level = Literal["error", "warning"]
Verdict = Literal["conforming", "not-conforming", "unreadable"]
Kind = Literal["totem", "table", "export"]
Document = Literal["budget", "compte administratif", "compte financier unique"]
Param = str | int

MAX_KEPT = 1000
"""Findings kept per report and level; `Report.counts` still has the exact totals."""

ALWAYS_KEPT = frozenset({"totem-personal-data"})
"""A few lines a report at most, which a file full of other remarks must not hide."""

MAX_QUOTE = 100
"""Characters of a cell or attribute that a finding may quote: never a whole row."""

MAX_CAUSES = 500
"""Causes kept; a standard has some twenty columns, each with a handful of ways to be wrong."""


def quote(value: str | None) -> str:
    """A value fit for a message: printable, one line, at most MAX_QUOTE characters."""
    text = cut((value or "")[: MAX_QUOTE + 1])
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def cut(cell: str) -> str:
    """A cell as it is, MAX_QUOTE characters at most; `texts` shows what cannot be seen in it."""
    return cell if len(cell) <= MAX_QUOTE else cell[: MAX_QUOTE - 1] + "…"


@dataclass(frozen=True)
class Place:
    """Where a finding is.

    line: line of the file (XML source line, CSV physical line); row: CSV record, the header is 1
    (as a spreadsheet shows it); field: column name of the
    standard; element: XML element name; column: letter of the column in the file ("I").
    """

    line: int | None = None
    row: int | None = None
    field: str | None = None
    element: str | None = None
    column: str | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class Finding:
    """One thing found: an error is the standard's refusal, a warning is our advice.

    params of a cell's finding: value (the cell, cut at MAX_QUOTE), rule (which constraint),
    example (a valid value), cause (what is wrong with it, a key of `texts`: "comma") and proposal
    (the cell mended), the last two where they are known.
    """

    code: str
    level: Level
    params: Mapping[str, Param] = field(default_factory=dict)
    place: Place = NOWHERE

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "level": self.level,
            "params": dict(self.params),
            "place": _place_dict(self.place),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        place = Place(**data.get("place", {}))
        return cls(data["code"], data["level"], data.get("params", {}), place)


def error(code: str, place: Place = NOWHERE, **params: Param) -> Finding:
    """A finding that makes the file not conforming."""
    return Finding(code, "error", params, place)


def warning(code: str, place: Place = NOWHERE, **params: Param) -> Finding:
    """A finding that does not block."""
    return Finding(code, "warning", params, place)


def _place_dict(place: Place) -> dict[str, Any]:
    return {k: v for k, v in asdict(place).items() if v is not None}


@dataclass(frozen=True)
class Identity:
    """Whose file it is, as the file itself says; every value is text, None where unknown.

    etape is one of the four values of scdl/budget's BGT_NATDEC; document says what the standard has
    no word for, a compte financier unique.  nom is the collectivité's, followed by the budget's own
    when it is an annexe; collectivite is the former alone.  For subsidies, siret and nom are those
    of the attribuant and exercice is None unless the file holds a single year.
    """

    siret: str | None = None
    nom: str | None = None
    exercice: str | None = None
    etape: str | None = None
    nomenclature: str | None = None
    type_budget: Literal["principal", "annexe"] | None = None
    collectivite: str | None = None
    document: Document | None = None


@dataclass(frozen=True)
class Declared:
    """What the contributor's form says of the file; None or "" where it says nothing."""

    siret: str | None = None
    exercice: str | None = None
    etape: str | None = None


@dataclass(frozen=True)
class Source:
    """What was decided in order to read the file; None where it does not apply.

    name: as the caller gave it; format: "xml", "csv", "tsv", "xlsx", "xls", "ods"; encoding:
    "utf-8", "utf-8-sig", "windows-1252", "iso-8859-1", "utf-16"; delimiter: one character; sheet:
    name of the sheet read; header_row: record number of the (last) header row; columns: their
    number in the file.
    """

    name: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: int | None = None


@dataclass(frozen=True)
class Total:
    """How many findings of one code a column got, those not kept included; field None: no column.

    Counted as frictionless counts errors: a cell that breaks two constraints counts twice.
    """

    level: Level
    code: str
    field: str | None
    count: int


@dataclass(frozen=True)
class Cause:
    """Findings that one gesture mends: same code, column or element, and way of being wrong.

    count is exact; first is the first of them, its place and value included; last is the place of
    the last one.  A cell that two rules refuse for one reason is told once, and so are short rows,
    whatever the columns that they lack.
    """

    first: Finding
    count: int
    last: Place


@dataclass(frozen=True)
class Report:
    """The result of a check: bounded findings, exact totals, causes, and the verdict.

    standard, version: the standard checked ("scdl/budget", "0.8.3"); kind: what the file is, None
    when unreadable, "export" for an XLSX or a JSON that a portal made of a budget; sha256 and size
    (bytes) of the whole stream, of its beginning when it is too large (file-too-large); lines:
    budget lines or records of the table, header not counted.  complete: the whole file was read and
    everything that the standard asks for was checked.
    """

    standard: str
    version: str
    kind: Kind | None
    sha256: str
    size: int
    lines: int
    identity: Identity
    findings: tuple[Finding, ...]
    totals: tuple[Total, ...]
    causes: tuple[Cause, ...] = ()
    source: Source = Source()
    complete: bool = True
    unreadable: bool = False

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if f.level == "warning"]

    @property
    def error_count(self) -> int:
        """All errors, those not kept included."""
        return sum(t.count for t in self.totals if t.level == "error")

    @property
    def warning_count(self) -> int:
        """All warnings, those not kept included."""
        return sum(t.count for t in self.totals if t.level == "warning")

    @property
    def counts(self) -> dict[str, int]:
        """Findings by code, those not kept included."""
        counts: Counter[str] = Counter()
        for total in self.totals:
            counts[total.code] += total.count
        return dict(counts)

    @property
    def verdict(self) -> Verdict:
        if self.unreadable:
            return "unreadable"
        return "not-conforming" if self.error_count else "conforming"

    @property
    def conforming(self) -> bool:
        return self.verdict == "conforming"

    def with_findings(self, more: Iterable[Finding]) -> Report:
        """The same report with further findings at its end."""
        added = tuple(more)
        totals, causes = added_up(added)
        return replace(
            self,
            findings=(*self.findings, *added),
            totals=_merged(self.totals, totals),
            causes=(*self.causes, *causes),
        )

    def only(self, findings: Iterable[Finding]) -> Report:
        """The same report with these findings alone."""
        kept = tuple(findings)
        totals, causes = added_up(kept)
        return replace(self, findings=kept, totals=totals, causes=causes)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `Report.from_dict` reads it back."""
        return {
            "standard": self.standard,
            "version": self.version,
            "kind": self.kind,
            "verdict": self.verdict,
            "sha256": self.sha256,
            "size": self.size,
            "lines": self.lines,
            "identity": asdict(self.identity),
            "source": asdict(self.source),
            "complete": self.complete,
            "totals": [asdict(total) for total in self.totals],
            "causes": [
                {"first": c.first.to_dict(), "count": c.count, "last": _place_dict(c.last)}
                for c in self.causes
            ],
            "findings": [f.to_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        return cls(
            standard=data["standard"],
            version=data["version"],
            kind=data["kind"],
            sha256=data["sha256"],
            size=data["size"],
            lines=data["lines"],
            identity=Identity(**data["identity"]),
            findings=tuple(Finding.from_dict(f) for f in data["findings"]),
            totals=_stored_totals(data),
            causes=_stored_causes(data),
            source=Source(**data.get("source", {})),
            complete=data.get("complete", True),
            unreadable=data["verdict"] == "unreadable",
        )


def _key(finding: Finding) -> tuple[Level, str, str | None]:
    return finding.level, finding.code, finding.place.field


def _cause_key(finding: Finding) -> tuple[object, ...]:
    params = finding.params
    return (*_key(finding), finding.place.element, params.get("rule"), params.get("cause"))


def _merged(one: Iterable[Total], other: Iterable[Total]) -> tuple[Total, ...]:
    totals: dict[tuple[Level, str, str | None], int] = {}
    for total in (*one, *other):
        key = (total.level, total.code, total.field)
        totals[key] = totals.get(key, 0) + total.count
    return tuple(Total(*key, count) for key, count in totals.items())


def added_up(findings: Iterable[Finding]) -> tuple[tuple[Total, ...], tuple[Cause, ...]]:
    """The totals and causes of findings that are all known."""
    collected = Findings()
    for finding in findings:
        collected.add(finding)
    return collected.totals, collected.causes


def _rank(cause: Cause) -> tuple[object, ...]:
    first = cause.first
    # of one row, what is said of its columns comes before what is said of all of it
    place = (first.place.row or 0, first.place.field is None, first.place.field or "")
    rule = (str(first.params.get("rule", "")), str(first.params.get("cause", "")))
    return _depth(first), first.level != "error", -cause.count, *place, first.code, *rule


ROOTS: tuple[frozenset[str], ...] = (
    frozenset({"unmatched-header", "missing-label", "duplicate-label", "delimiter-mixed"}),
    frozenset({"sheet-uncalculated", "sheet-errors"}),
    frozenset({"quote-open", "quote-unclosed", "total-row", "note-row", "header-repeated"}),
    frozenset({"extra-cell", "missing-cell"}),
)
"""Codes of what makes other cells wrong, the deepest first: a reader mends it before the rest."""


def _depth(first: Finding) -> int:
    if first.params.get("rule") == "absent":
        return 0  # columns that one-of-required looks for
    codes = (at for at, codes in enumerate(ROOTS) if first.code in codes)
    return next(codes, len(ROOTS))


def is_root(cause: Cause) -> bool:
    """Does it make other cells wrong?"""
    return _depth(cause.first) < len(ROOTS)


SHORT_ROW = "missing-cell"
"""The code of a cell that a row is too short to have; the cause of what its column says of it."""


def _gestures(causes: Iterable[Cause]) -> Iterator[Cause]:
    """What one gesture mends is told once: cells that two rules refuse for one reason, and rows too
    short, whatever the columns that they lack."""
    told: set[tuple[object, ...]] = set()
    for cause in causes:
        first = cause.first
        reason = first.params.get("cause")
        same = (first.level, first.place, reason, cause.count, cause.last)
        if reason != SHORT_ROW and (reason is None or same not in told):
            told.add(same)
            yield cause


def _one_reason(causes: Iterable[Cause]) -> Iterator[Cause]:
    """What is wrong for one reason in cells of the wrong type and in others of the column is told
    once: 80 % and 80 are both percentages.  No cell is in both, one of the wrong type breaks no
    other rule."""
    told = list(causes)
    typed = {_reason(c.first): c for c in told if c.first.code == "type-error"}
    for cause in told:
        reason = _reason(cause.first)
        if cause.first.code == "type-error" and reason is not None:
            continue
        if cause.first.code == "constraint-error" and reason is not None and reason in typed:
            typed[reason] = _added(typed[reason], cause)
        else:
            yield cause
    yield from (cause for reason, cause in typed.items() if reason is not None)


def _reason(first: Finding) -> tuple[object, ...] | None:
    """A column and what is wrong in it, where that is known."""
    reason = first.params.get("cause")
    return None if reason is None else (first.level, first.place.field, reason)


def _added(one: Cause, other: Cause) -> Cause:
    """Two causes as one, from the first of their findings to the last."""
    first = min(one.first, other.first, key=lambda f: f.place.row or 0)
    last = max(other.last, one.last, key=lambda place: place.row or 0)
    return Cause(first, one.count + other.count, last)


def _of_no_column(cause: Cause) -> Cause:
    place = replace(cause.first.place, field=None, column=None)
    last = replace(cause.last, field=None, column=None)
    return Cause(replace(cause.first, place=place), cause.count, last)


class Findings:
    """Collects findings: keeps the first MAX_KEPT of each level, counts them all, by cause too."""

    def __init__(self) -> None:
        self._totals: Counter[tuple[Level, str, str | None]] = Counter()
        self._causes: dict[tuple[object, ...], Cause] = {}
        self._kept: list[Finding] = []
        self._levels: Counter[Level] = Counter()

    def add(self, finding: Finding) -> None:
        """One finding more."""
        self.add_cause(Cause(finding, 1, finding.place), (finding,))

    def add_cause(self, cause: Cause, kept: Iterable[Finding] = ()) -> None:
        """Many findings of one cause; `kept` are those of them worth keeping, in file order."""
        first = cause.first
        self._totals[_key(first)] += cause.count
        if first.code == SHORT_ROW:
            cause = _of_no_column(cause)  # a header may be wider than there is room for causes
        key = _cause_key(cause.first)
        known = self._causes.get(key)
        if known is not None:
            self._causes[key] = _added(known, cause)
        elif len(self._causes) < MAX_CAUSES:
            self._causes[key] = cause
        for finding in kept:
            self.keep(finding)

    def keep(self, finding: Finding) -> None:
        """Keep one that is counted elsewhere, if there is room."""
        self._levels[finding.level] += 1
        if self._levels[finding.level] <= MAX_KEPT or finding.code in ALWAYS_KEPT:
            self._kept.append(finding)

    def room(self, level: Level) -> int:
        """Findings of this level that would still be kept."""
        return max(0, MAX_KEPT - self._levels[level])

    @property
    def rooms(self) -> dict[Level, int]:
        """The same for both levels."""
        return {"error": self.room("error"), "warning": self.room("warning")}

    @property
    def kept(self) -> tuple[Finding, ...]:
        """Errors first, each level in the order of the file."""
        return tuple(sorted(self._kept, key=lambda f: f.level != "error"))

    @property
    def totals(self) -> tuple[Total, ...]:
        """Exact; errors first, by code and column."""
        totals = (Total(*key, count) for key, count in self._totals.items())
        return tuple(sorted(totals, key=lambda t: (t.level != "error", t.code, t.field or "")))

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What makes other cells wrong first (ROOTS), then errors, then the most frequent, then as
        they come in the file."""
        return tuple(sorted(_one_reason(_gestures(self._causes.values())), key=_rank))

    @property
    def blocked(self) -> bool:
        return any(level == "error" for level, _, _ in self._totals)


def _stored_totals(data: Mapping[str, Any]) -> tuple[Total, ...]:
    """Of a stored report; those of 0.1 counted by code alone."""
    if "totals" in data:
        return tuple(Total(**total) for total in data["totals"])
    levels: dict[str, Level] = {f["code"]: f["level"] for f in data["findings"]}
    counts = data.get("counts", {})
    return tuple(Total(levels.get(code, "error"), code, None, n) for code, n in counts.items())


def _stored_causes(data: Mapping[str, Any]) -> tuple[Cause, ...]:
    """Of a stored report; one of 0.1 has none but those of its findings."""
    if "causes" not in data:
        return added_up(Finding.from_dict(f) for f in data["findings"])[1]
    return tuple(
        Cause(Finding.from_dict(c["first"]), c["count"], Place(**c["last"])) for c in data["causes"]
    )


class Unreadable(Exception):
    """The stream cannot be read as what it should be; carries the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class NotConvertible(Exception):
    """The budget has errors: no table may be derived.  `report` says which."""

    def __init__(self, report: Report) -> None:
        first = report.errors[0].code if report.errors else "?"
        super().__init__(f"budget refusé ({sum(report.counts.values())} constats, dont {first})")
        self.report = report
