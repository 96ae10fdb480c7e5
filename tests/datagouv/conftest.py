"""The real data.gouv.fr software for these tests, and a ledger in memory.

The server is the one of SCDL_UDATA_URL and SCDL_UDATA_SEED when they are set, else one started
here with the virtualenv of SCDL_UDATA_PYTHON (.run/venv/udata, which `make test` prepares).
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
import pytest

from ckanext.scdl.datagouv import Client, Limits, Profile
from tests.datagouv.examples import MemoryLedger

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class Udata:
    """The server and its lab."""

    def __init__(self, url: str, seed_file: Path) -> None:
        self.url = url
        self.seed_file = seed_file
        self.seed: dict[str, Any] = {}
        # One for all: reading the certificates each time would take longer than the calls.
        self._http = httpx.Client(timeout=60, trust_env=False, verify=False, cookies=_no_cookie())

    def lab(self, route: str, **body: Any) -> Any:
        answer = self._http.post(f"{self.url}/__lab__/{route}", json=body)
        answer.raise_for_status()
        return answer.json()

    def reset(self) -> None:
        self.seed = self.lab("reset")

    def fault(self, **fault: Any) -> None:
        self.lab("fault", **fault)

    def received(self) -> dict[str, int]:
        return self._http.get(f"{self.url}/__lab__/requests").json()

    def journal(self) -> list[str]:
        """Method and path of each of them, in order."""
        return self._http.get(f"{self.url}/__lab__/journal").json()

    def settle(self) -> None:
        """Wait until no request is under way: some outlive the client that gave up on them."""
        while self._http.get(f"{self.url}/__lab__/health").json()["busy"]:
            time.sleep(0.02)

    def writes(self) -> int:
        """Requests other than GET that reached the server since the reset."""
        return sum(n for method, n in self.received().items() if method != "GET")

    def call(self, method: str, path: str, key: str = "editor", **more: Any) -> httpx.Response:
        """A call by somebody else than the code under test."""
        headers = {"X-API-KEY": self.seed["keys"][key]}
        url = f"{self.url}/api/1{path}"
        return self._http.request(method, url, headers=headers, **more)

    def hosted(self, url: str) -> bytes:
        """The bytes of a file that it hosts, by the address of its resource."""
        path = url.partition("/resources/")[2]
        return self._http.get(f"{self.url}/resources/{path}").raise_for_status().content

    def datasets(self) -> list[dict[str, Any]]:
        """The organisation's datasets, as its members see them."""
        path = f"/datasets/?organization={self.seed['organization']}&page_size=100&sort=created"
        return self.call("GET", path).json()["data"]

    def profile(self, **changes: Any) -> Profile:
        values = {
            "id": "essai",
            "url": self.url,
            "api_key": self.seed["api_key"],
            "organization": self.seed["organization"],
        }
        return Profile(**{**values, **changes})

    def client(self, **changes: Any) -> Client:
        """A client that does not wait between two tries."""
        limits = changes.pop("limits", Limits(read=20, pause=0))
        sleep = changes.pop("sleep", lambda _: None)
        pace = changes.pop("pace", None)
        return Client(self.profile(**changes), limits, sleep, pace)


def _no_cookie() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _python() -> Path:
    python = Path(os.environ.get("SCDL_UDATA_PYTHON") or ROOT / ".run/venv/udata/bin/python")
    if not python.exists():
        pytest.fail(
            f"No virtualenv for the data.gouv.fr test server at {python}: run `make test`, or set "
            "SCDL_UDATA_PYTHON, or leave these tests out with -m 'not udata'.",
            pytrace=False,
        )
    return python


@pytest.fixture(scope="session")
def udata_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Udata]:
    url = os.environ.get("SCDL_UDATA_URL")
    if url:
        yield Udata(url.rstrip("/"), Path(os.environ["SCDL_UDATA_SEED"]))
        return
    folder = tmp_path_factory.mktemp("udata")
    server = Udata(f"http://127.0.0.1:{(port := _free_port())}", folder / "seed.json")
    environment = {
        **os.environ,
        "UDATA_PORT": str(port),
        "UDATA_SEED": str(server.seed_file),
        "UDATA_FS_ROOT": str(folder / "files"),
        "UDATA_ALLOW_LOCAL": "",
    }
    command = [str(_python()), str(ROOT / "dev/udata/launcher.py")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(process, server, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], server: Udata, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.seed_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
            pytest.fail(f"The data.gouv.fr test server did not start:\n{tail}", pytrace=False)
        time.sleep(0.1)
    server.seed = json.loads(server.seed_file.read_text(encoding="utf-8"))


@pytest.fixture
def udata(udata_server: Udata) -> Udata:
    """The server, emptied."""
    udata_server.reset()
    return udata_server


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


FIGURES: list[str] = []


@pytest.fixture
def figure() -> Callable[[str], None]:
    """Something measured, to be read at the end of the tests."""
    return FIGURES.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in FIGURES:
        terminalreporter.write_line(line)
