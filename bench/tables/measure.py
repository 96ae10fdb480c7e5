"""One fresh process, measured: wall, CPU, peak memory, and what it says.  Standard library only.

The peak that the kernel tells of a child is never under its parent's, so whoever calls this must
import nothing large.  A program of several processes would be told the peak of its largest one.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dev import shell
from dev.paths import ROOT

LONGEST = 1800
"""Seconds after which a process is killed."""


@dataclass(frozen=True)
class Measure:
    """Of one process: seconds, seconds of all its threads, MB, exit code (negative: signal)."""

    wall: float
    cpu: float
    peak: float
    code: int


def measure(argv: Sequence[str | Path], output: Path) -> Measure:
    """Runs from the top of the checkout; stdout goes to `output`, stderr beside it (.err)."""
    words = [str(word) for word in argv]
    environment = {**shell.clean_environment(), "PYTHONPATH": str(ROOT)}
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        streams = [(os.POSIX_SPAWN_DUP2, file.fileno(), to) for file, to in ((out, 1), (err, 2))]
        start = time.perf_counter()
        pid = os.posix_spawn(words[0], words, environment, file_actions=streams)
        watch = threading.Timer(LONGEST, os.kill, (pid, signal.SIGKILL))
        watch.start()
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        watch.cancel()
    cpu = usage.ru_utime + usage.ru_stime
    return Measure(wall, cpu, usage.ru_maxrss * 1024 / 1e6, os.waitstatus_to_exitcode(status))
