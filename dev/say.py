"""What the stack tells the person who waits: one French line per step, with its duration.

`step` times a piece of work and gives a sign of life while it lasts; `Failure` carries a message,
the remedy and the log, for the person who must act.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.paths import shown

SIGN_OF_LIFE = 20.0
"""Seconds between two lines that say a step is still running."""
LAST_LINES = 15


class Failure(Exception):
    """A step that cannot go on.  `remedy` says what to do; `log` is the file to read."""

    def __init__(self, message: str, remedy: str = "", log: Path | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.log = log


def line(text: str = "") -> None:
    """Prints at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str, log: Path | None = None) -> Iterator[None]:
    """Says what is being done, that it still is, and how many seconds it took."""
    where = f" (journal : {shown(log)})" if log else ""
    line(f"  … {title}{where}")
    begin, over = time.monotonic(), threading.Event()
    watch = threading.Thread(target=_still_running, args=(title, begin, over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
    line(f"  ✓ {title} : {time.monotonic() - begin:.0f} s")


def _still_running(title: str, begin: float, over: threading.Event) -> None:
    while not over.wait(SIGN_OF_LIFE):
        line(f"  … {title} : toujours en cours, {time.monotonic() - begin:.0f} s")


def failure(error: Failure) -> None:
    """Prints a failure: what, the end of the log, what to do."""
    print(f"\n✗ {error}", file=sys.stderr)
    if error.log and error.log.is_file():
        tail = error.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
        print("\n".join(f"    {row}" for row in tail), file=sys.stderr)
        print(f"  Journal complet : {shown(error.log)}", file=sys.stderr)
    if error.remedy:
        print(f"  Que faire : {error.remedy}", file=sys.stderr)
