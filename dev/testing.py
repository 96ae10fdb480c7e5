"""`make test` and `make test-fast`: the preparation, then every check, each timed; all of them are
run even if one fails, and the last lines say which.

One check, long and with a server of its own, is carried out beside the others, and shown in its
turn, the last.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from dev import install, postgres, services, shell, venvs
from dev.paths import ROOT, RUN
from dev.ports import demand_free
from dev.say import Failure, line, step
from dev.supervisor import Supervisor, wait
from dev.udata_server import Udata

FAST = "not portal and not udata and not e2e and not packaging"
TEST_UDATA = Udata("udata-test", RUN / "test")
TEST_SUPERVISOR = Supervisor("test")


@dataclass(frozen=True)
class Check:
    """A command, as a person would type it at the top of the checkout."""

    title: str
    command: tuple[str | Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False
    """Does it start with the first one?  Its output is kept until its turn."""


@dataclass(frozen=True)
class Result:
    """How a check ended; `output` is empty when it was shown as it came."""

    code: int
    seconds: float
    output: str = ""


def test_fast() -> None:
    """The checks that need no service: seconds, once the light virtualenv is there."""
    venvs.check_python()
    venvs.build(venvs.FAST)
    _run([_library()])


def test() -> None:
    """Every check.  Raises Failure if one fails.  Leaves running what ran before, no more."""
    prepare()
    ran_before = services.SUPERVISOR.is_running(), TEST_SUPERVISOR.is_running()
    try:
        start_services()
        _run(_checks())
    finally:
        for supervisor, was_running in zip(
            (services.SUPERVISOR, TEST_SUPERVISOR), ran_before, strict=True
        ):
            if not was_running:
                supervisor.stop()


def prepare() -> None:
    """Installs all that the tests need."""
    versions = [venvs.ckan(venvs.CKAN), venvs.ckan(venvs.NEXT_CKAN)]
    install.install([*versions, venvs.UDATA, venvs.FAST], for_tests=True)


def start_services() -> None:
    """Starts the services of the portal tests, and empties their database."""
    services.start()
    if not TEST_SUPERVISOR.is_running():
        demand_free("udata-test")
        TEST_UDATA.seed_file.unlink(missing_ok=True)
    with step("Serveur de test data.gouv.fr"):
        TEST_SUPERVISOR.run([TEST_UDATA.program()])
        wait(TEST_UDATA.is_ready, "Le démarrage de udata", TEST_SUPERVISOR.log("udata"))
    postgres.recreate(services.test_environment()["CKAN_SQLALCHEMY_URL"])


def environment() -> dict[str, str]:
    """The variables that the tests read."""
    return {
        **services.test_environment(),
        "SCDL_UDATA_PYTHON": str(venvs.UDATA.python),
        "SCDL_UDATA_URL": TEST_UDATA.url,
        "SCDL_UDATA_SEED": str(TEST_UDATA.seed_file),
    }


def _own_server(check: Check) -> Check:
    """The portal's tests empty the common data.gouv.fr server: this one starts another."""
    return replace(check, environment={**check.environment, "SCDL_UDATA_URL": ""}, beside=True)


def _own_portal(check: Check) -> Check:
    """The browser tests make databases and cores of their own on the services."""
    return replace(check, environment=services.given())


def _library() -> Check:
    folders = ("--ignore=tests/portal", "--ignore=tests/e2e")
    return _pytest("Bibliothèque, sans CKAN", venvs.FAST, "tests", *folders, "-m", FAST)


def _checks() -> list[Check]:
    tools, ckan = venvs.FAST, venvs.ckan(venvs.CKAN)
    return [
        Check("Règles de code", (tools.program("ruff"), "check")),
        Check("Mise en forme", (tools.program("ruff"), "format", "--check")),
        Check("Types de la bibliothèque", (tools.program("mypy"),)),
        Check("Types de dev/", (tools.program("mypy"), "--strict", "dev/__main__.py")),
        _library(),
        _pytest("Portail", ckan, "tests/portal", "--ckan-ini=test.ini"),
        _pytest("Installation", tools, "tests/test_wheel.py", "tests/test_install.py"),
        _own_portal(_pytest("Navigateur, portail entier", tools, "tests/e2e")),
        _own_server(_pytest("data.gouv.fr", tools, "tests/datagouv", "-m", "udata")),
    ]


def _pytest(title: str, venv: venvs.Venv, *words: str) -> Check:
    options = ("-m", "pytest", "-q", "--durations=5", *words)
    return Check(title, (venv.python, *options), environment())


def _run(checks: Iterable[Check]) -> None:
    checks = list(checks)
    results: list[tuple[str, Result]] = []
    with ThreadPoolExecutor() as pool:
        begun = {check.title: pool.submit(_done, check) for check in checks if check.beside}
        for check in checks:
            line(f"\n── {check.title} : {' '.join(map(_short, check.command))}")
            if check.beside:
                with step(check.title):
                    result = begun[check.title].result()
                line(result.output)
            else:
                result = _done(check)
            results.append((check.title, result))
    line("\nBilan :")
    for title, result in results:
        line(f"  {'✗' if result.code else '✓'} {title} : {result.seconds:.0f} s")
    failed = [title for title, result in results if result.code]
    if failed:
        raise Failure(f"En échec : {', '.join(failed)}.", "les détails sont plus haut")


def _done(check: Check) -> Result:
    begin = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=shell.clean_environment(check.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if check.beside else None,
        stderr=subprocess.STDOUT if check.beside else None,
        text=True,
        check=False,
    )
    return Result(done.returncode, time.monotonic() - begin, done.stdout or "")


def _short(word: str | Path) -> str:
    return os.path.relpath(word, ROOT) if isinstance(word, Path) else word
