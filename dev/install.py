"""Installs what a command needs, side by side: Debian packages first, then virtualenvs and Solr.

A second call finds everything in place and takes no time.
"""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from dev import apt, services, solr, venvs
from dev.paths import RUN
from dev.say import line
from dev.venvs import Venv


def install(environments: Sequence[Venv], *, for_tests: bool = False) -> None:
    """Brings everything up to date; for tests, what only they need too.  Raises Failure."""
    venvs.check_python()
    with _alone():
        wanted = services.ours()
        apt.install([*wanted, *(["browser", "proxy"] if for_tests else [])])
        tasks: list[Callable[[], None]] = [partial(venvs.build, venv) for venv in environments]
        if "solr" in wanted:
            tasks.append(solr.install)
        side_by_side(tasks)


def side_by_side(tasks: Sequence[Callable[[], None]]) -> None:
    """Runs all of them to their end.  Raises the Failure of the first that failed."""
    with ThreadPoolExecutor(max_workers=len(tasks)) as pool:
        for result in [pool.submit(task) for task in tasks]:
            result.result()


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands in one checkout do not install at the same time."""
    RUN.mkdir(exist_ok=True)
    with (RUN / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            line("  … une autre commande installe déjà : attente de sa fin")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
