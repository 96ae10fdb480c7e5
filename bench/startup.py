"""How long `scdl --help` takes, against an empty Python and against importing frictionless.

    python bench/startup.py

Medians of RUNS cold processes, in milliseconds.  What is heavy (frictionless, lxml) must be
imported only by the commands that need it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "scdl --help": ["-m", "ckanext.scdl.command", "--help"],
    "import ckanext.scdl.conformity": ["-c", "import ckanext.scdl.conformity"],
    "import frictionless": ["-c", "import frictionless"],
}


def milliseconds(arguments: list[str]) -> float:
    """Wall time of one fresh Python."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def measure(runs: int = RUNS) -> dict[str, float]:
    """Median by command; the commands take turns so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, arguments in COMMANDS.items():
            times[name].append(milliseconds(arguments))
    return {name: statistics.median(values) for name, values in times.items()}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:32} {value:6.0f} ms")
