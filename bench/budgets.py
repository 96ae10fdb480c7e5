"""Budget XML: bare parse, our conversion, our whole check, and the public converter, on real files.

    pip install yatotem2scdl==0.1.5     # the peer; left out if it is not there
    python bench/budgets.py FOLDER [PLANS]

FOLDER holds budget XML, PLANS the planDeCompte files that the peer wants.  CPU seconds, the best of
RUNS; the four take turns on each file, so that a busy moment hits all alike.  Ratios count.
"""

from __future__ import annotations

import io
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from ckanext.scdl import conformity

RUNS = 5
LARGE = 1_000_000
"""Bytes above which a file counts for the ratios to the bare parse."""

Job = Callable[[Path], object]


def parse(path: Path) -> object:
    return etree.parse(path)


def convert(path: Path) -> object:
    with path.open("rb") as stream:
        return conformity.convert(stream, io.StringIO(newline=""))


def check(path: Path) -> object:
    with path.open("rb") as stream:
        return conformity.check(stream, "budget")


def peer(plans: Path) -> Job | None:
    """The public converter, if it is installed."""
    try:
        from yatotem2scdl import ConvertisseurTotemBudget
    except ImportError:
        return None
    logging.disable()
    converter = ConvertisseurTotemBudget()
    return lambda path: converter.totem_budget_vers_scdl(path, plans, io.StringIO())


def settle() -> None:
    """A freed tree of lxml lies in a hundred thousand pieces, that the C library puts together when
    somebody next asks for a large one: before the clock starts, or the next job would pay for it.
    """
    for size in (1 << 16, 1 << 20, 1 << 22):
        bytearray(size)


def seconds(job: Job, path: Path) -> float:
    settle()
    start = time.process_time()
    job(path)
    return time.process_time() - start


def measure(paths: list[Path], jobs: dict[str, Job]) -> dict[str, dict[Path, float]]:
    """Best time by job and file."""
    best: dict[str, dict[Path, float]] = {name: {} for name in jobs}
    for path in paths:
        for _ in range(RUNS):
            for name, job in jobs.items():
                taken = seconds(job, path)
                best[name][path] = min(taken, best[name].get(path, taken))
    return best


def main(folder: Path, plans: Path) -> None:
    paths = sorted(folder.glob("*.xml"))
    jobs: dict[str, Job] = {"parse": parse, "convert": convert, "check": check}
    if other := peer(plans):
        jobs["yatotem2scdl"] = other
    best = measure(paths, jobs)
    for path in paths:
        row = "  ".join(f"{name} {best[name][path] * 1000:7.1f} ms" for name in jobs)
        print(f"{path.stat().st_size / 1e6:5.2f} MB  {row}")
    totals = {name: sum(times.values()) for name, times in best.items()}
    print("in all:", "  ".join(f"{name} {total:.3f} s" for name, total in totals.items()))
    large = [path for path in paths if path.stat().st_size > LARGE]
    for name in ("convert", "check"):
        worst = max(best[name][path] / best["parse"][path] for path in large)
        print(f"{name}: at most {worst:.1f} times the bare parse, above 1 MB")
    if "yatotem2scdl" in totals:
        print(
            f"convert: {totals['yatotem2scdl'] / totals['convert']:.1f} times as fast as the peer"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "."))
