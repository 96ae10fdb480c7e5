"""Runs other programs: output into a log, the environment without CKAN's own variables."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.paths import ROOT
from dev.say import Failure


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without `CKAN_*` and `CKANEXT__*`: they win over an ini
    file, and each portal here must obey its own."""
    foreign = ("CKAN_", "CKANEXT__")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, **(extra or {})}


def logged(
    argv: Sequence[str | Path],
    log: Path,
    failed: str,
    remedy: str = "",
    *,
    env: Mapping[str, str] | None = None,
) -> None:
    """Runs to the end, output appended to `log`.  Raises Failure(failed, remedy, log)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"$ {' '.join(map(str, argv))}\n")
        out.flush()
        done = subprocess.run(
            argv,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=env if env is not None else clean_environment(),
            check=False,
        )
    if done.returncode:
        raise Failure(f"{failed} (code de sortie {done.returncode}).", remedy, log)


def answer(
    argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, given: str = ""
) -> str:
    """What a quick command prints.  Raises Failure with its error output."""
    done = subprocess.run(
        argv,
        capture_output=True,
        text=True,
        input=given,
        cwd=ROOT,
        env=env if env is not None else clean_environment(),
        check=False,
    )
    if done.returncode:
        told = (done.stderr or done.stdout).strip()
        raise Failure(f"La commande « {Path(argv[0]).name} » a échoué : {told[-2000:]}")
    return done.stdout
