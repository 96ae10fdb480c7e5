"""Where things lie: the checkout and `.run/`, which holds all that the stack makes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / ".run"
LOG = RUN / "log"
STAMPS = RUN / "stamps"
LONGEST_SOCKET = 100
"""Bytes: the kernel refuses a Unix socket whose path has more than 107."""


def private(path: Path) -> Path:
    """Makes a folder that only its owner may read, and returns it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Writes a file that holds secrets: it is never readable by others, not even for a moment."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def shown(path: Path) -> str:
    """The path as a person at the top of the checkout would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
