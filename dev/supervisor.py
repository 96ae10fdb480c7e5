"""supervisord (PyPI) keeps the processes alive: a consumer that dies is started again.

One supervisord per stack (the services, the demonstration, a test portal), each with its own
configuration, socket and logs under `.run/<name>`.
"""

import hashlib
import os
import shlex
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from dev import shell, venvs
from dev.paths import LONGEST_SOCKET, ROOT, RUN, private, write_private
from dev.say import Failure

RPC = "supervisor.rpcinterface:make_main_rpcinterface"
PATIENCE = 90.0
"""Seconds granted to a server to answer, and to a stack to stop."""


@dataclass(frozen=True)
class Program:
    """A process to keep alive.  `user`: whom to run it as; `folder`: its working directory."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    folder: Path = ROOT
    stop_signal: str = "TERM"


class Supervisor:
    """The supervisord of one stack, named as its folder under `.run`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = RUN / name
        self.configuration = self.folder / "supervisord.conf"
        self._pid_file = self.folder / "supervisord.pid"

    def log(self, program: str) -> Path:
        """The output of a program."""
        return self.folder / "log" / f"{program}.log"

    def is_running(self) -> bool:
        """Whether our supervisord (and not a later process of the same number) lives."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return False
        return os.fsencode(self.configuration) in words

    def run(self, programs: Sequence[Program]) -> None:
        """Makes these programs, and no other, the ones that run."""
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        write_private(self.configuration, self.text(programs))
        if self.is_running():
            self.control("update")
            return
        supervisord = venvs.ckan(venvs.CKAN).program("supervisord")
        shell.answer([supervisord, "-c", self.configuration])

    def control(self, *words: str) -> str:
        """Runs supervisorctl and returns what it says."""
        supervisorctl = venvs.ckan(venvs.CKAN).program("supervisorctl")
        return shell.answer([supervisorctl, "-c", self.configuration, *words])

    def status(self) -> str:
        """One line per program; supervisorctl fails when one of them does not run."""
        try:
            return self.control("status")
        except Failure as error:
            return str(error)

    def stop(self) -> None:
        """Stops the programs and supervisord itself.  Raises Failure if that takes too long."""
        if not self.is_running():
            return
        self.control("shutdown")
        wait(lambda: not self.is_running(), f"L'arrêt de « {self.name} »", self.log("supervisord"))
        if self._is_far():
            shutil.rmtree(self._socket().parent)

    def _is_far(self) -> bool:
        return len(os.fsencode(self.folder / "control.sock")) > LONGEST_SOCKET

    def _socket(self) -> Path:
        if not self._is_far():
            return self.folder / "control.sock"
        label = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        # Never in a folder where others may write, if there is a better one.
        runtime = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
        return private(Path(runtime or gettempdir()) / f"ckanext-scdl-{label}") / "control.sock"

    def text(self, programs: Sequence[Program]) -> str:
        """The configuration file of supervisord for these programs."""
        socket = self._socket()
        owner = ["user = root"] if os.geteuid() == 0 else []
        head = [
            "[supervisord]",
            f"pidfile = {self._pid_file}",
            f"logfile = {self.log('supervisord')}",
            f"childlogdir = {self.folder / 'log'}",
            *owner,
            "[unix_http_server]",
            f"file = {socket}",
            "chmod = 0600",
            "[rpcinterface:supervisor]",
            f"supervisor.rpcinterface_factory = {RPC}",
            "[supervisorctl]",
            f"serverurl = unix://{socket}",
        ]
        sections = [row for program in programs for row in self._section(program)]
        return "\n".join(row.replace("%", "%%") for row in head + sections) + "\n"

    def _section(self, program: Program) -> list[str]:
        environment = ",".join(f'{k}="{v}"' for k, v in program.environment.items())
        return [
            f"[program:{program.name}]",
            f"command = {shlex.join(program.command)}",
            f"directory = {program.folder}",
            f"environment = {environment}",
            *([f"user = {program.user}"] if program.user else []),
            "autorestart = true",
            "startretries = 1000",  # a consumer must come back, however long a service was away
            f"stopsignal = {program.stop_signal}",
            "stopasgroup = true" if program.stop_signal == "TERM" else "stopasgroup = false",
            "killasgroup = true",
            "redirect_stderr = true",
            f"stdout_logfile = {self.log(program.name)}",
            "stdout_logfile_maxbytes = 20MB",
            "stdout_logfile_backups = 1",
        ]


def wait(is_ready: Callable[[], bool], what: str, log: Path | None = None) -> None:
    """Waits until a server answers.  Raises Failure after `PATIENCE` seconds."""
    end = time.monotonic() + PATIENCE
    while not is_ready():
        if time.monotonic() > end:
            raise Failure(f"{what} n'a pas abouti en {PATIENCE:.0f} s.", "lisez le journal", log)
        time.sleep(0.2)
