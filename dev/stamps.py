"""Remembers what has been prepared, by a hash of what it was prepared from.

A step is done again when its inputs change or when what it makes has gone.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dev.paths import STAMPS


def digest(*inputs: str | Path) -> str:
    """A hash of texts, and of the contents of files (an absent file counts as empty)."""
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, Path):
            total.update(item.read_bytes() if item.is_file() else b"")
        else:
            total.update(item.encode())
        total.update(b"\0")
    return total.hexdigest()


def tree(folder: Path, pattern: str = "**/*") -> Iterable[Path]:
    """The files of a folder, in a fixed order, for `digest`."""
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def is_done(name: str, state: str) -> bool:
    """Whether `name` was last prepared from this very state."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == state


def done(name: str, state: str) -> None:
    """To be called once the step has succeeded."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(state, encoding="utf-8")


def forget(name: str) -> None:
    """The step will be done again."""
    (STAMPS / name).unlink(missing_ok=True)
