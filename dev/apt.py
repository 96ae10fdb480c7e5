"""Debian packages: what is missing is installed, and apt is left alone when nothing is.

Presence is told by what a package brings (a program, a header), not by its name, so that a
service installed otherwise counts.
"""

import ctypes.util
import os
import shutil
import sysconfig
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dev import postgres, say, shell
from dev.paths import LOG

LOG_FILE = LOG / "apt.log"


@dataclass(frozen=True)
class Need:
    """A Debian package, how to see that it is there, and the service that wants it (if one)."""

    package: str
    is_there: Callable[[], object]
    service: str = ""


def _program(name: str) -> Callable[[], object]:
    return lambda: shutil.which(name)


def _headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").is_file()


NEEDS = (
    Need("python3-venv", lambda: find_spec("ensurepip")),
    Need("python3-dev", _headers),  # psycopg2 has no wheel: it is compiled
    Need("gcc", _program("gcc")),
    Need("libc6-dev", lambda: Path("/usr/include/stdio.h").is_file()),
    Need("libpq-dev", _program("pg_config")),
    Need("libmagic1", lambda: ctypes.util.find_library("magic")),
    Need("postgresql-client", _program("psql")),
    Need("postgresql", postgres.programs, "postgres"),
    Need("redis-server", _program("redis-server"), "redis"),
    Need("default-jdk-headless", _program("javac"), "solr"),
    Need("maven", _program("mvn"), "solr"),
    Need("chromium", _program("chromium"), "browser"),
    Need("pgbouncer", _program("pgbouncer"), "proxy"),
)


def missing(services: Collection[str]) -> list[str]:
    """The packages to install for these services: the last words of `NEEDS`."""
    wanted = (need for need in NEEDS if not need.service or need.service in services)
    return [need.package for need in wanted if not need.is_there()]


def install(services: Collection[str]) -> None:
    """Installs what is missing.  Raises Failure if that is not allowed or does not work."""
    packages = missing(services)
    if not packages:
        return
    remedy = f"installez-les vous-même : apt-get install {' '.join(packages)}"
    with say.step(f"Paquets Debian : {' '.join(packages)}", LOG_FILE):
        for command in (
            ["update", "-q"],
            ["install", "-q", "-y", "--no-install-recommends", *packages],
        ):
            shell.logged(
                [*_as_root(), "apt-get", *command],
                LOG_FILE,
                f"« apt-get {command[0]} » a échoué",
                remedy,
                env=shell.clean_environment({"DEBIAN_FRONTEND": "noninteractive"}),
            )


def _as_root() -> list[str]:
    """How to become root: nothing to do, or sudo (which keeps apt from asking questions)."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise say.Failure(
            "Des paquets Debian manquent, et ni root ni sudo ne sont disponibles.",
            "lancez la commande en root, ou installez sudo",
        )
    return ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
