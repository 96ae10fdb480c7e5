"""What a check says: findings as data, the identity read from the file, and the verdict.

A finding is a code, its parameters and a place; `texts` puts it into words.  Everything here is
immutable or JSON-safe, so that a portal may store it.  Imports the standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from .codes import LEVELS

Level = Literal["error", "warning"]
Verdict = Literal["conforming", "not-conforming", "unreadable"]
Kind = Literal["totem", "table", "export"]
Document = Literal["budget", "compte administratif", "compte financier unique"]
Param = str | int

MAX_KEPT = 1000
"""Findings kept per report and level; `Report.counts` still has the exact totals."""

ALWAYS_KEPT = frozenset({"totem-personal-data"})
"""A few lines a report at most, which a file full of other remarks must not hide."""

MAX_QUOTE = 80
"""Characters of a cell or attribute that a finding may quote: never a whole row."""


def quote(value: str | None) -> str:
    """A value fit for a message: printable, one line, at most MAX_QUOTE characters."""
    text = "".join(c if c.isprintable() else " " for c in (value or "")[: MAX_QUOTE + 1])
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"


@dataclass(frozen=True)
class Place:
    """Where a finding is.

    line: line of the file (XML source line, CSV physical line); row: CSV record, the header is 1
    (as a spreadsheet shows it); field: column name; element: XML element name.
    """

    line: int | None = None
    row: int | None = None
    field: str | None = None
    element: str | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class Finding:
    """One thing found: an error is the standard's refusal, a warning is our advice."""

    code: str
    level: Level
    params: Mapping[str, Param] = field(default_factory=dict)
    place: Place = NOWHERE

    def to_dict(self) -> dict[str, Any]:
        place = {k: v for k, v in asdict(self.place).items() if v is not None}
        return {
            "code": self.code,
            "level": self.level,
            "params": dict(self.params),
            "place": place,
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
class Report:
    """The result of a check: bounded findings, exact totals by code, and the verdict.

    standard, version: the standard checked ("scdl/budget", "0.8.3"); kind: what the file is, None
    when unreadable, "export" for an XLSX or a JSON that a portal made of a budget; sha256 and size
    (bytes) of the whole stream, of its beginning when it is too large (file-too-large); lines:
    budget lines or CSV records, header not counted.
    """

    standard: str
    version: str
    kind: Kind | None
    sha256: str
    size: int
    lines: int
    identity: Identity
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
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
        return sum(n for code, n in self.counts.items() if LEVELS.get(code) != "warning")

    @property
    def warning_count(self) -> int:
        """All warnings, those not kept included."""
        return sum(n for code, n in self.counts.items() if LEVELS.get(code) == "warning")

    @property
    def verdict(self) -> Verdict:
        if self.unreadable:
            return "unreadable"
        return "not-conforming" if self.errors else "conforming"

    @property
    def conforming(self) -> bool:
        return self.verdict == "conforming"

    def with_findings(self, more: Iterable[Finding]) -> Report:
        """The same report with further findings at its end."""
        added = tuple(more)
        counts = Counter(self.counts) + Counter(f.code for f in added)
        return replace(self, findings=(*self.findings, *added), counts=dict(counts))

    def only(self, findings: Iterable[Finding]) -> Report:
        """The same report with these findings alone."""
        kept = tuple(findings)
        return replace(self, findings=kept, counts=dict(Counter(f.code for f in kept)))

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
            "counts": dict(self.counts),
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
            counts=data["counts"],
            unreadable=data["verdict"] == "unreadable",
        )


class Findings:
    """Collects findings: keeps the first MAX_KEPT of each level, counts them all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: list[Finding] = []
        self._levels: Counter[Level] = Counter()

    def add(self, finding: Finding) -> None:
        self.counts[finding.code] += 1
        self._levels[finding.level] += 1
        if self._levels[finding.level] <= MAX_KEPT or finding.code in ALWAYS_KEPT:
            self._kept.append(finding)

    @property
    def room(self) -> int:
        """Errors that would still be kept."""
        return max(0, MAX_KEPT - self._levels["error"])

    def count(self, code: str, number: int) -> None:
        """Errors of one code beyond what is kept: counted without being built."""
        if not number:
            return
        self.counts[code] += number
        self._levels["error"] += number

    @property
    def kept(self) -> tuple[Finding, ...]:
        """Errors first, each level in the order of the file."""
        return tuple(sorted(self._kept, key=lambda f: f.level != "error"))

    @property
    def blocked(self) -> bool:
        return self._levels["error"] > 0


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
