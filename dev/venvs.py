"""The virtualenvs under `.run/venv`: what each holds, built when its inputs change.

`fast` has the library and the developers' tools without CKAN, which proves that the library does
not need it.  In the others CKAN comes with its exact pins in the same resolution as the rest, so
that pip moves none of them.
"""

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from dev import say, shell, stamps
from dev.paths import LOG, ROOT, RUN

CKAN = "2.11.6"
NEXT_CKAN = "2.12.0"
OLDEST_PYTHON = (3, 10)


@dataclass(frozen=True)
class Venv:
    """A virtualenv: its folder under `.run/venv`, what pip is asked for, the files that rule it."""

    name: str
    title: str
    requirements: tuple[str, ...]
    inputs: tuple[Path, ...] = (ROOT / "pyproject.toml", ROOT / "setup.py")

    @property
    def path(self) -> Path:
        return RUN / "venv" / self.name

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"

    def program(self, name: str) -> Path:
        """A command that pip put there."""
        return self.path / "bin" / name

    @property
    def state(self) -> str:
        """Changes when the virtualenv must be brought up to date."""
        return stamps.digest(platform.python_version(), *self.requirements, *self.inputs)

    def is_ready(self) -> bool:
        return self.python.exists() and stamps.is_done(f"venv-{self.name}", self.state)


def _ckan(version: str) -> Venv:
    # supervisor keeps the portal's processes alive; pytest comes with ckan[dev].
    wanted = (f"ckan[requirements,dev]=={version}", "-e", str(ROOT), "supervisor>=4.3,<5")
    tests = ("pytest-timeout>=2.3", "openpyxl>=3.1")
    return Venv(f"ckan-{version}", f"CKAN {version}", (*wanted, *tests))


def ckan(version: str) -> Venv:
    """The virtualenv of a CKAN version."""
    return _ckan(version)


FAST = Venv("fast", "Bibliothèque et outils, sans CKAN", ("-e", f"{ROOT}[dev]"))
UDATA_LOCK = ROOT / "dev" / "udata" / "requirements.lock"
UDATA = Venv("udata", "udata (data.gouv.fr)", ("-r", str(UDATA_LOCK)), (UDATA_LOCK,))


def build(venv: Venv) -> None:
    """Makes or updates a virtualenv.  Raises Failure naming pip's log."""
    if venv.is_ready():
        return
    log = LOG / f"venv-{venv.name}.log"
    remedy = f"vérifiez l'accès à PyPI puis relancez ; au besoin, supprimez {venv.path}"
    with say.step(f"{venv.title} : environnement Python", log):
        if not venv.python.exists():
            shell.logged(
                [sys.executable, "-m", "venv", "--clear", venv.path],
                log,
                f"L'environnement {venv.name} n'a pas pu être créé",
                "installez python3-venv",
            )
        # Python compiles what it imports; compiling all the rest takes a quarter of pip's time.
        options = ["--no-input", "--no-compile"]
        shell.logged(
            [venv.python, "-m", "pip", "install", *options, *venv.requirements],
            log,
            f"L'installation de « {venv.title} » a échoué",
            remedy,
        )
    stamps.done(f"venv-{venv.name}", venv.state)


def check_python() -> None:
    """Raises Failure if this Python is too old for CKAN."""
    if sys.version_info < OLDEST_PYTHON:
        raise say.Failure(
            f"Python {platform.python_version()} est trop ancien : il faut 3.10 ou plus.",
            "indiquez-en un autre : make run PYTHON=python3.11",
        )
