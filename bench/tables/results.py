"""What was measured, against the targets, for people (Markdown, in French) and programs (JSON)."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from . import generate
from .generate import Input
from .jobs import INSIDE, UNLIMITED, Job


@dataclass(frozen=True)
class Result:
    """The best of the runs of a job (seconds, MB: each its own minimum), and what it told.

    rows: those that were read; errors: those that were found; failure: why there is no figure.
    """

    job: Job
    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    rows: int = 0
    errors: int | None = None
    failure: str = ""

    def to_dict(self) -> dict[str, Any]:
        kept = {k: v for k, v in asdict(self).items() if k != "job"}
        return {
            "input": self.job.input.name,
            "peer": self.job.peer,
            "how": self.job.how,
            **kept,
        }


@dataclass(frozen=True)
class Target:
    """What issue 5 asks for; `value` None when this run did not measure it."""

    title: str
    sign: str
    """A key of SIGNS, before `limit`."""
    limit: float
    unit: str
    value: float | None

    @property
    def met(self) -> bool | None:
        if self.value is None:
            return None
        return bool(SIGNS[self.sign](self.value, self.limit))


SIGNS = {"≥": operator.ge, "≤": operator.le, "<": operator.lt, "=": operator.eq}


class Results:
    """The results by input and peer."""

    def __init__(self, found: list[Result]) -> None:
        self.found = found

    def of(self, wanted: Input, peer: str, how: str = "") -> Result | None:
        """None if it was not measured, or failed."""
        for each in self.found:
            if (each.job.input, each.job.peer, each.job.how) == (wanted, peer, how):
                return None if each.failure else each
        return None

    def targets(self) -> list[Target]:
        ours, million = self.of(generate.MILLION, "scdl"), "1 000 000 de lignes"
        slow = self.of(generate.MILLION, "frictionless")
        sheet = [self.of(generate.SPREADSHEET, peer) for peer in ("frictionless", "scdl")]
        thousand = self.of(generate.THOUSAND, "scdl", INSIDE)
        small = self.of(generate.SMALL, "scdl")
        large = self.of(generate.TEN_MILLION, "scdl")
        errors, found = generate.errors(generate.MILLION.rows), ours.errors if ours else None
        return [
            Target(f"{million} : erreurs trouvées", "=", errors, "", found),
            Target(f"{million} : plus vite que frictionless", "≥", 18, "fois", _times(slow, ours)),
            Target(
                f"{million} : temps de la plus rapide des lectures nues",
                *("≤", 2, "fois", _times(ours, self._fastest_bare())),
            ),
            Target(f"{million} : mémoire", "<", 300, "Mo", _peak(ours)),
            *self._blemished("une ligne trop courte", generate.RAGGED, ours),
            *self._blemished("un guillemet jamais refermé", generate.OPENED, ours),
            *self._blemished("un guillemet au milieu d'un mot", generate.INNER, ours),
            Target(
                "XLSX de 100 000 lignes : plus vite que frictionless",
                *("≥", 8, "fois", _times(*sheet)),
            ),
            Target("1 000 lignes, une fois importé", "<", 50, "ms", _milliseconds(thousand)),
            Target("petit fichier, depuis le shell", "<", 400, "ms", _milliseconds(small)),
            Target("10 000 000 de lignes : mémoire", "<", 600, "Mo", _peak(large)),
        ]

    def _fastest_bare(self) -> Result | None:
        """None unless both bare passes were measured."""
        bare = [self.of(generate.MILLION, peer) for peer in ("duckdb", "polars")]
        done = [each for each in bare if each]
        return min(done, key=lambda each: each.wall) if done == bare else None

    def _blemished(self, blemish: str, wanted: Input, regular: Result | None) -> Iterator[Target]:
        ours, title = self.of(wanted, "scdl"), f"le même avec {blemish}"
        yield Target(f"{title} : temps du régulier", "≤", 2, "fois", _times(ours, regular))
        yield Target(f"{title} : mémoire", "<", 300, "Mo", _peak(ours))


def _times(slow: Result | None, fast: Result | None) -> float | None:
    return slow.wall / fast.wall if slow and fast else None


def _peak(result: Result | None) -> float | None:
    return result.peak if result else None


def _milliseconds(result: Result | None) -> float | None:
    return result.wall * 1000 if result else None


def to_dict(results: Results, about: Mapping[str, Any]) -> dict[str, Any]:
    """JSON-safe."""
    return {
        **about,
        "targets": [{**asdict(target), "met": target.met} for target in results.targets()],
        "results": [each.to_dict() for each in results.found],
    }


MARKS = {True: "✓", False: "✗", None: "non mesuré"}


def markdown(results: Results, about: Mapping[str, Any]) -> str:
    """The page bench/results.md."""
    lines = ["# Le contrôle des tableaux, mesuré", "", *_about(about), "", "## Les objectifs", ""]
    lines += ["| quoi | objectif | mesuré | |", "|---|---|---|---|"]
    lines += [_target_row(target) for target in results.targets()]
    lines += ["", "## Les mesures", "", NOTES]
    lines += [
        "| fichier | qui | temps s | CPU s | mémoire Mo | lignes/s | erreurs | temps / scdl |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_result_row(each, results) for each in results.found]
    return "\n".join(lines) + "\n"


NOTES = f"""\
Chaque mesure est un processus neuf lancé depuis le shell, imports compris. « {INSIDE} »
ne compte que le contrôle (CPU et mémoire restent ceux du processus). Les mesures alternent ; de
chacune, le minimum.

- **scdl** : `scdl check --format json` entier. Ses erreurs comptent aussi les SIRET faux, que
  frictionless ignore.
- **frictionless** : API Python, `schema_sync=True`, `limit_errors` levée. C'est le moteur de
  ckanext-validation, qui n'a donc pas de ligne à lui.
- **duckdb**, **polars** : lecture nue à deux fils. Les mêmes conditions, comptées par colonne, sans
  dire où.
- **validata** : validata-core tel quel s'arrête à 1 000 erreurs ou 100 000 lignes ; ses lignes/s
  sont celles qu'il a contrôlées. « {UNLIMITED} » : il les contrôle toutes.
"""


def _about(about: Mapping[str, Any]) -> Iterator[str]:
    yield f"`make bench`, le {about['date']}, {about['runs']} exécutions, commit {about['commit']}."
    yield ""
    machine = about["machine"]
    yield (
        f"Machine : {machine['model']}, {machine['cores']} cœurs, {_number(machine['ram'], 0)} Go, "
        f"Python {machine['python']}, charge au départ {_number(machine['load'])}."
    )
    yield ""
    for venv, versions in about["versions"].items():
        told = ", ".join(f"{name} {version}" for name, version in versions.items())
        yield f"- {venv} : {told}"


def _target_row(target: Target) -> str:
    value = "" if target.value is None else f"{_number(target.value)} {target.unit}".strip()
    asked = f"{target.sign} {_number(target.limit, 0)} {target.unit}".strip()
    return f"| {target.title} | {asked} | {value} | {MARKS[target.met]} |"


def _result_row(result: Result, results: Results) -> str:
    job = result.job
    who = f"{job.peer}, {job.how}" if job.how else job.peer
    if result.failure:
        return f"| {job.input.name} | {who} | {result.failure} | | | | | |"
    ours = results.of(job.input, "scdl", job.how if job.inside else "")
    figures = (
        _number(result.wall, 3 if result.wall < 1 else 2),
        _number(result.cpu, 2),
        _number(result.peak, 0),
        _number(result.rows / result.wall, 0),
        "" if result.errors is None else _number(result.errors, 0),
        "" if (times := _times(result, ours)) is None else _number(times, 2),
    )
    return f"| {job.input.name} | {who} | {' | '.join(figures)} |"


def _number(value: float, decimals: int = 1) -> str:
    """As the French write it: 25 419,4."""
    text = f"{value:,.{decimals}f}".removesuffix(".0")
    return text.replace(",", " ").replace(".", ",")
