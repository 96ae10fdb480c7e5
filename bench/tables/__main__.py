"""`make bench`: builds the peers' virtualenvs and the inputs in .run, measures all in turn, writes
bench/results.md and bench/results.json.

    make bench                                            # all but the ten million rows
    make bench ARGS="--large --runs 5"
    python -m bench.tables --only scdl --only polars --runs 1   # shown, not written

This process imports nothing large: no peak is told under its own (measure.py).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dev import say, shell, stamps, venvs
from dev.paths import ROOT, RUN, shown

from .generate import INPUTS, Input
from .jobs import DISTRIBUTIONS, SCDL, VENVS, Job, jobs
from .measure import Measure, measure
from .results import Result, Results, markdown, to_dict

FOLDER = RUN / "bench"
PAGE, DATA = ROOT / "bench/results.md", ROOT / "bench/results.json"
CHUNK = 1 << 20
VERSIONS = (
    "import importlib.metadata, json, sys;"
    "print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))"
)


def main(words: Sequence[str] | None = None) -> int:
    """0 when everything could be measured; a target that is missed is no failure."""
    options = _options(words)
    peers = options.only or list(VENVS)
    for venv in dict.fromkeys([SCDL, *(VENVS[peer] for peer in peers)]):
        if venv is not SCDL or not options.python:
            venvs.build(venv)
    python = Path(options.python).absolute() if options.python else SCDL.python
    program = (python, "-m", "ckanext.scdl.command") if options.python else (SCDL.program("scdl"),)
    folder = _inputs_folder()
    every = jobs(folder, program, python, large=options.large)
    wanted = [job for job in every if job.peer in peers]
    _make_inputs(folder, [job.input for job in wanted], python)
    about = _about(options.runs, peers, python)
    results = Results(_measured(wanted, options.runs))
    page = markdown(results, about)
    say.line(f"\n{page}")
    if options.only:
        say.line("Rien n'est écrit : --only ne mesure qu'une partie.")
    else:
        PAGE.write_text(page, encoding="utf-8")
        data = json.dumps(to_dict(results, about), ensure_ascii=False, indent=1)
        DATA.write_text(f"{data}\n", encoding="utf-8")
    return int(any(each.failure for each in results.found))


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.tables", description="Mesure le contrôle des tableaux."
    )
    some = range(1, 100)
    told = "exécutions de chaque mesure"
    parser.add_argument("--runs", type=int, default=3, choices=some, metavar="N", help=told)
    parser.add_argument("--only", action="append", choices=list(VENVS), help="cet outil seulement")
    parser.add_argument("--large", action="store_true", help="aussi 10 000 000 de lignes (2,1 Go)")
    parser.add_argument("--python", help="un Python où sont les dépendances de scdl")
    return parser.parse_args(words)


def _inputs_folder() -> Path:
    """Named after the code that makes the inputs; those of other versions are deleted."""
    sources = (ROOT / "bench/tables/generate.py", ROOT / "tests/generate.py")
    folder = FOLDER / f"inputs-{stamps.digest(*sources)[:12]}"
    for other in FOLDER.glob("inputs-*"):
        if other != folder:
            shutil.rmtree(other)
    return folder


def _make_inputs(folder: Path, inputs: list[Input], python: Path) -> None:
    """Makes those that are missing, and has the system keep all of them in memory if it can."""
    names = [name for name in INPUTS if name in {each.name for each in inputs}]
    with say.step("Fichiers à contrôler"):
        shell.logged(
            [python, "-m", "bench.tables.generate", folder, *names],
            FOLDER / "generate.log",
            "Les fichiers à contrôler n'ont pas pu être écrits",
            f"vérifiez la place libre (1 Go, 3 Go avec --large) dans {FOLDER}",
        )
        os.sync()
        for name in names:
            with (folder / name).open("rb", buffering=0) as file:
                while file.read(CHUNK):
                    pass


def _measured(wanted: list[Job], runs: int) -> list[Result]:
    """Each job in turn, so that a busy moment hits all alike."""
    found: dict[str, list[Result]] = {job.key: [] for job in wanted}
    for run in range(runs):
        for job in wanted:
            if run and job.once:
                continue
            result = _once(job)
            found[job.key].append(result)
            told = result.failure or f"{result.wall:.3f} s, {result.peak:.0f} Mo"
            say.line(f"  {run + 1}/{runs} {job.key} : {told}")
    return [_best(found[job.key]) for job in wanted]


def _once(job: Job) -> Result:
    output = FOLDER / "out" / f"{job.key.replace(' ', '-')}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    taken = measure(job.argv, output)
    try:
        told = _told(output)
    except ValueError:
        told = {}
    errors = shown(output.with_suffix(".err"))
    if taken.code not in {0, 1} or "errors" not in told:
        return Result(job, failure=f"échec (code {taken.code}), voir {errors}")
    return _result(job, taken, told)


def _told(output: Path) -> dict[str, Any]:
    """What the process said: a peer {"errors", "rows"?, "seconds"?}, ours its report."""
    told = json.loads(output.read_text(encoding="utf-8"))
    if "totals" in told:
        counts = [total["count"] for total in told["totals"] if total["level"] == "error"]
        return {"errors": sum(counts)}
    return dict(told)


def _result(job: Job, taken: Measure, told: dict[str, Any]) -> Result:
    wall = told["seconds"] if job.inside else taken.wall
    rows = told.get("rows", job.input.rows)
    return Result(job, wall, taken.cpu, taken.peak, rows, told["errors"])


def _best(found: list[Result]) -> Result:
    """The least of each figure; a failure if there was one."""
    for each in found:
        if each.failure:
            return each
    least = {name: min(getattr(each, name) for each in found) for name in ("wall", "cpu", "peak")}
    return replace(found[0], **least)


def _about(runs: int, peers: list[str], python: Path) -> dict[str, Any]:
    versions = {}
    for venv in dict.fromkeys(VENVS[peer] for peer in peers):
        program = python if venv is SCDL else venv.python
        answer = shell.answer([program, "-c", VERSIONS, *DISTRIBUTIONS[venv]])
        versions[venv.title] = json.loads(answer)
    return {
        "date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        "runs": runs,
        "commit": _commit(),
        "machine": {
            "model": _after("model name", Path("/proc/cpuinfo")),
            "cores": len(os.sched_getaffinity(0)),
            "ram": int(_after("MemTotal", Path("/proc/meminfo")).split()[0]) / 1024**2,
            "python": platform.python_version(),
            "load": os.getloadavg()[0],
        },
        "versions": versions,
    }


def _after(name: str, path: Path) -> str:
    """The value of a `name: value` line of /proc."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "inconnu"


def _commit() -> str:
    """The commit that is measured, if git is there."""
    argv = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "inconnu"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except say.Failure as error:
        say.failure(error)
        sys.exit(2)
