"""`python3 -m dev COMMAND`, which the Makefile calls."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from dev import demo, install, ports, postgres, say, testing, venvs
from dev.paths import ROOT, RUN
from dev.supervisor import Supervisor


def _supervisors() -> list[Supervisor]:
    """All that may run: the portals first, then what they stand on."""
    names = [path.parent.name for path in RUN.glob("*/supervisord.conf")]
    found = [Supervisor(name) for name in sorted(names, key=lambda name: name == "services")]
    return [supervisor for supervisor in found if supervisor.is_running()]


def stop() -> None:
    """Stops every process of this checkout; data stay."""
    for supervisor in _supervisors():
        with say.step(f"Arrêt de « {supervisor.name} »"):
            supervisor.stop()


def status() -> None:
    """Says what runs."""
    running = _supervisors()
    for supervisor in running:
        say.line(f"{supervisor.name} :\n{supervisor.status().rstrip()}")
    if not running:
        say.line("Rien ne tourne : make run démarre le portail.")


def logs() -> None:
    """Follows the logs of all that runs, until interrupted."""
    files = [str(path) for s in _supervisors() for path in s.folder.glob("log/*.log")]
    if not files:
        raise say.Failure("Rien ne tourne.", "make run démarre le portail")
    subprocess.run(["tail", "-n", "20", "-F", *files], check=False)


def made(root: Path) -> list[Path]:
    """Folders of a checkout that are not sources: ours, and what pip leaves of the package."""
    return [root / RUN.name, *root.glob("*.egg-info")]


def clean() -> None:
    """Stops everything and deletes `.run`, PostgreSQL's data and what pip left in the sources."""
    stop()
    postgres.remove()
    for folder in made(ROOT):
        shutil.rmtree(folder, ignore_errors=True)


def test_services() -> None:
    """For who runs pytest by hand: services and data.gouv.fr test server, left running."""
    install.install([venvs.ckan(venvs.CKAN), venvs.UDATA])
    testing.start_services()
    say.line('\nPuis : eval "$(python3 -m dev env)" et pytest, voir docs/developpement.md')


def env() -> None:
    """Prints the variables of the tests as shell commands."""
    for name, value in testing.environment().items():
        say.line(f"export {name}={shlex.quote(value)}")


def free_offset() -> None:
    """Prints a value for SCDL_PORT_OFFSET at which every port is free."""
    say.line(str(ports.free_offset()))


COMMANDS: dict[str, Callable[[], None]] = {
    "run": demo.run,
    "stop": stop,
    "status": status,
    "logs": logs,
    "clean": clean,
    "test": testing.test,
    "test-fast": testing.test_fast,
    "test-services": test_services,
    "env": env,
    "free-offset": free_offset,
}


def main(words: list[str]) -> int:
    """Runs one command; 0 done, 1 failed, 2 unknown command."""
    if len(words) != 1 or words[0] not in COMMANDS:
        print(f"python3 -m dev {{{'|'.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    try:
        COMMANDS[words[0]]()
    except say.Failure as error:
        say.failure(error)
        return 1
    except KeyboardInterrupt:
        say.line("\nInterrompu.")
        return 130
    return 0


if __name__ == "__main__":
    os.umask(0o022)  # the postgres user must be able to enter .run
    sys.exit(main(sys.argv[1:]))
