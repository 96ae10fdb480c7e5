"""Helpers of the packaging tests: a clean copy of the sources, fresh virtualenvs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_SOURCES = (".run", ".git", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")


def sources(target: Path) -> Path:
    """The checkout without anything that was made in it."""
    shutil.copytree(ROOT, target, symlinks=True, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    return target


def fresh_venv(folder: Path) -> Path:
    """A virtualenv with pip alone; returns its `bin`."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


def run(*words: str | Path, cwd: Path | None = None, **variables: str) -> str:
    """What a command prints; fails the test with all its output unless it succeeds.

    CKAN's variables are left out: what is tested must do with the configuration it is given.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CKAN")}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
