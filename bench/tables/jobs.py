"""Who is measured on what: the virtualenvs of the peers, and the command of each measure.

Imports the standard library only, like all that runs in the measuring process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dev.paths import ROOT
from dev.venvs import Venv

from . import generate
from .generate import Input

CHECK = ("check", "--format", "json")
"""Our command line, before the file."""

SCDL = Venv("bench-scdl", "ckanext-scdl seul", ("-e", str(ROOT)))
PEERS = Venv(
    "bench-peers",
    "frictionless, duckdb et polars",
    ("frictionless[excel]==5.21.0", "duckdb==2.0.1", "polars==2.1.0"),
    inputs=(),
)
VALIDATA = Venv(
    "bench-validata",
    "validata-core",
    # frictionless 4 imports pkg_resources
    ("validata-core==0.9.7", "frictionless[excel]==4.38.0", "setuptools<81"),
    inputs=(),
)
VENVS = {
    "scdl": SCDL,
    "frictionless": PEERS,
    "duckdb": PEERS,
    "polars": PEERS,
    "validata": VALIDATA,
}
DISTRIBUTIONS = {
    SCDL: ("ckanext-scdl", "numpy", "python-calamine", "google-re2"),
    PEERS: ("frictionless", "openpyxl", "duckdb", "polars"),
    VALIDATA: ("validata-core", "frictionless", "openpyxl"),
}
"""Whose versions are told."""

SCHEMA = ROOT / "schemas/tables/scdl_subventions-2.1.1.json"
SCRIPTS = ROOT / "bench/tables/peers"

INSIDE = "dans un processus qui a déjà servi"
UNLIMITED = "limites levées"


@dataclass(frozen=True)
class Job:
    """A measure: who, on what, how.

    inside: the time is the one that the process tells, imports left out.
    once: measured once whatever the number of runs.
    """

    peer: str
    input: Input
    argv: tuple[str | Path, ...]
    how: str = ""
    once: bool = False

    @property
    def key(self) -> str:
        """Its name in results.json."""
        return " ".join(filter(None, (self.input.name, self.peer, self.how)))

    @property
    def inside(self) -> bool:
        return self.how == INSIDE


def jobs(folder: Path, scdl: tuple[str | Path, ...], python: Path, *, large: bool) -> list[Job]:
    """All measures, in the order of a round.

    folder: of the inputs; scdl: our program; python: one that imports our library.
    """

    def shell(wanted: Input, *, once: bool = False) -> Job:
        return Job("scdl", wanted, (*scdl, *CHECK, folder / wanted.name), once=once)

    def script(peer: str, wanted: Input, *more: str | Path, how: str = "") -> Job:
        program = python if peer == "scdl" else VENVS[peer].python
        argv = (program, SCRIPTS / f"run_{peer}.py", SCHEMA, folder / wanted.name, *more)
        return Job(peer, wanted, argv, how)

    def found() -> Iterator[Job]:
        yield shell(generate.MILLION)
        for peer in ("frictionless", "duckdb", "polars", "validata"):
            yield script(peer, generate.MILLION)
        for wanted in (generate.RAGGED, generate.OPENED, generate.INNER):
            yield shell(wanted)
        yield shell(generate.HUNDRED_THOUSAND)
        yield script("frictionless", generate.HUNDRED_THOUSAND)
        yield script("validata", generate.HUNDRED_THOUSAND, "unlimited", how=UNLIMITED)
        yield shell(generate.SPREADSHEET)
        yield script("frictionless", generate.SPREADSHEET)
        for peer in ("scdl", "frictionless"):
            yield script(peer, generate.THOUSAND, folder / generate.SMALL.name, how=INSIDE)
        yield shell(generate.SMALL)
        yield script("frictionless", generate.SMALL)
        if large:
            yield shell(generate.TEN_MILLION, once=True)

    return list(found())
