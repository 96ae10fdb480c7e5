"""Each request of each scenario fails in each way, and a worker dies after each of its steps.

Then the same wish is run again: exactly one dataset over there, with the right content, order and
stamps, and a run that finds nothing left to write.  The cells are discovered by clean runs.
"""

import hashlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ckanext.scdl.datagouv import Client, DatagouvError, Limits, Wanted, carry_out, gather, mapping
from ckanext.scdl.datagouv import prepare as prepare_items
from ckanext.scdl.datagouv.compare import stamp
from tests.datagouv.conftest import Udata
from tests.datagouv.crashes import FIRST, SCENARIOS, FileLedger, Scenario
from tests.datagouv.examples import DATASET, through_json
from tests.datagouv.runs import holding

pytestmark = pytest.mark.udata

READ, LATE = 0.3, 0.6  # seconds: the client's patience, and an answer that comes after it
FAULTS: dict[str, dict[str, Any]] = {
    "502 before": {"status": 502},
    "502 after": {"status": 502, "after": True},
    "dropped before": {"drop": True},
    "dropped after": {"drop": True, "after": True},
    "too late": {"delay": LATE},
    "429": {"status": 429, "headers": {"Retry-After": "0"}},
}
MOST_RUNS = 4
FEWEST_CELLS = 850
"""Of all scenarios together: a scenario or a fault that gets lost is noticed."""

CELLS = {"faults": 0, "retries": 0, "kills": 0}


class Bench:
    """One scenario on the server, with its ledger."""

    def __init__(self, udata: Udata, scenario: Scenario, path: Path) -> None:
        self.udata, self.scenario, self.path = udata, scenario, path
        self.clients: dict[tuple[str, float, int], Client] = {}

    def prepare(self) -> dict[str, Any]:
        """Empty the server and make what comes before; the dataset as it then is."""
        self.path.unlink(missing_ok=True)
        self.udata.reset()
        for wish in self.scenario.before:
            self.run(wish, mode=self.scenario.mode_before, contents=FIRST)
        if self.scenario.contents is not FIRST:
            self._next_second(always=True)
        found = self.udata.datasets()
        return found[0] if found else {}

    def run(
        self,
        wish: Wanted,
        *,
        mode: str = "",
        contents: Any = None,
        after: Callable[[], None] = lambda: None,
        read: float = 20,
        retries: int = 0,
    ) -> None:
        """One run in this process; an error of data.gouv.fr ends it, as it does the portal's."""
        ledger = FileLedger(self.path, after)
        ledger.next_run()
        client = self._client(mode or self.scenario.mode, read, retries)
        client._transport._http.event_hooks = {"response": [lambda _: after()]}
        client.sleep = lambda _: self._wait(ledger)
        files = holding(contents or self.scenario.contents)
        try:
            items = prepare_items(gather([wish], client, ledger).items, client)
        except DatagouvError:
            return
        for item in items:
            carry_out(through_json(item), client, ledger, files)

    def _client(self, mode: str, read: float, retries: int) -> Client:
        """Made once: reading the certificates each time would take longer than the runs."""
        profile = {"mode": mode, "grace_days": 0, "requests_per_second": 1e6}
        if (mode, read, retries) not in self.clients:
            limits = Limits(read=read, pause=0, retries=retries, failures=1_000_000)
            self.clients[mode, read, retries] = self.udata.client(limits=limits, **profile)
        client = self.clients[mode, read, retries]
        client.profile = self.udata.profile(**profile)  # organisations change with each reset
        return client

    def _wait(self, ledger: FileLedger) -> None:
        """For what is doubtful: the settling delay, as short as the server allows."""
        self.udata.settle()
        ledger.not_settled.clear()

    def recover(self) -> None:
        """Run again until nothing is left to write."""
        for _ in range(MOST_RUNS):
            self.udata.settle()
            self._next_second()
            before = self.udata.writes()
            self.run(self.scenario.wish)
            if self.udata.writes() == before:
                return
        raise AssertionError(f"still something to write: {self.udata.journal()[-12:]}")

    def _next_second(self, *, always: bool = False) -> None:
        """udata files an upload under the second, and answers 500 to the same name within it."""
        if always or "/upload/" in self.udata.journal()[-1]:
            time.sleep(1.01 - time.time() % 1)

    def check(self, before: dict[str, Any]) -> None:
        """The only dataset is as wanted."""
        found = self.udata.datasets()
        (dataset,) = [one for one in found if not one["deleted"]]
        assert len(found) == 1
        ledger = FileLedger(self.path)
        link = ledger.link(DATASET)
        assert link is not None
        assert link.remote_id == dataset["id"]
        assert dataset["id"] == before.get("id", dataset["id"])
        assert dataset["extras"][mapping.STAMP_DATASET] == DATASET
        assert dataset["private"] is (self.scenario.wish.fate == "hide")
        assert bool(dataset["archived"]) is (self.scenario.wish.fate == "archive")
        flagged = self.scenario.wish.obstacle is not None and self.scenario.wish.fate == "publish"
        assert (mapping.MARK_FLAGGED in dataset["extras"]) is flagged
        self._check_resources(dataset, link.resources)
        if not flagged:
            self._check_fields(dataset)
        if self.scenario.same_ids and before:
            ids = {stamp(one): one["id"] for one in before["resources"]}
            assert {stamp(one): one["id"] for one in dataset["resources"]} == ids

    def _check_fields(self, dataset: dict[str, Any]) -> None:
        wish = self.scenario.wish.dataset
        assert dataset["title"] == wish.title
        assert dataset["license"] == "lov2"
        assert dataset["frequency"] == wish.frequency
        assert dataset["temporal_coverage"]["end"] == "2024-12-31"
        assert dataset["spatial"]["zones"] == list(wish.zones)
        assert dataset["description"].startswith(wish.description)
        assert mapping.MARK_FLAGGED not in dataset["extras"]
        contacts = [wish.contact.email] if wish.contact else []
        assert [one["email"] for one in dataset["contact_points"]] == contacts

    def _check_resources(self, dataset: dict[str, Any], linked: Any) -> None:
        wish = self.scenario.wish
        resources = dataset["resources"]
        if wish.fate == "hide":
            assert resources == []
            return
        assert [stamp(one) for one in resources] == [one.id for one in wish.dataset.resources]
        assert dict(linked) == {stamp(one): one["id"] for one in resources}
        for ours, theirs in zip(wish.dataset.resources, resources, strict=True):
            assert theirs["title"] == ours.title
            assert theirs["type"] == mapping.RESOURCE_TYPES[ours.role]
            named = (ours.schema or (None,))[0]
            assert (theirs["schema"] or {"name": None})["name"] == named
            if self.scenario.mode == "upload":
                content = self.scenario.contents[ours.id]
                assert theirs["checksum"]["value"] == hashlib.sha1(content).hexdigest()
                assert self.udata.hosted(theirs["url"]) == content
            else:
                assert (theirs["filetype"], theirs["url"]) == ("remote", ours.url)
                assert (theirs["checksum"] or {}).get("value") == ours.sha256


def _requests_of(bench: Bench) -> list[str]:
    """The requests of a clean run, in order."""
    bench.prepare()
    already = len(bench.udata.journal())
    bench.run(bench.scenario.wish)
    return bench.udata.journal()[already:]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_request_fails_in_each_way(udata, tmp_path, scenario, figure):
    bench = Bench(udata, scenario, tmp_path / "ledger")
    requests = _requests_of(bench)
    assert any(not line.startswith("GET") for line in requests)
    start = time.monotonic()
    red = {}
    for position, line in enumerate(requests):
        for name, fault in FAULTS.items():
            before = bench.prepare()
            udata.fault(skip=position, **fault)
            bench.run(scenario.wish, read=READ if "delay" in fault else 20)
            red[name, position, line] = _problem(bench, before)
    CELLS["faults"] += len(red)
    seconds = time.monotonic() - start
    figure(f"{scenario.name}: {len(requests)} × {len(FAULTS)} cells in {seconds:.0f} s")
    assert {cell: problem for cell, problem in red.items() if problem} == {}
    assert len(red) == len(requests) * len(FAULTS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_may_be_repeated_is_mended_by_the_run_itself(udata, tmp_path, scenario):
    """The answer to a PUT or a DELETE is lost after it was carried out: it is sent again."""
    bench = Bench(udata, scenario, tmp_path / "ledger")
    requests = _requests_of(bench)
    red = {}
    for position, line in enumerate(requests):
        if line.startswith(("PUT", "DELETE")):
            for name in ("502 after", "dropped after"):
                before = bench.prepare()
                udata.fault(skip=position, **FAULTS[name])
                bench.run(scenario.wish, retries=2)
                written = udata.writes()
                red[name, position, line] = _problem(bench, before)
                assert udata.writes() == written
    CELLS["retries"] += len(red)
    assert {cell: problem for cell, problem in red.items() if problem} == {}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_worker_dies_after_each_step(udata, tmp_path, scenario, figure):
    bench = Bench(udata, scenario, tmp_path / "ledger")
    bench.prepare()
    steps: list[int] = []
    bench.run(scenario.wish, after=lambda: steps.append(0))
    assert len(steps) > 4
    red = {}
    for step in range(1, len(steps) + 1):
        before = bench.prepare()
        assert _killed(bench, step) == -signal.SIGKILL
        red[step] = _problem(bench, before)
    CELLS["kills"] += len(red)
    figure(f"{scenario.name}, killed: {len(steps)} cells")
    assert {step: problem for step, problem in red.items() if problem} == {}


def _problem(bench: Bench, before: dict[str, Any]) -> str:
    """Recover and check; empty when all is well."""
    try:
        bench.recover()
        bench.check(before)
    except AssertionError as error:
        return str(error)
    return ""


def _killed(bench: Bench, step: int) -> int | None:
    """The same run in a process that kills itself after so many steps; how it ended."""
    worker = multiprocessing.get_context("fork").Process(target=_die_after, args=(bench, step))
    worker.start()
    worker.join(60)
    return worker.exitcode


def _die_after(bench: Bench, step: int) -> None:
    bench.clients = {}  # no connection is shared with the parent
    done = 0

    def after() -> None:
        nonlocal done
        done += 1
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    bench.run(bench.scenario.wish, after=after)


def test_no_cell_got_lost(figure):
    """Runs last; alone it has nothing to count."""
    if not CELLS["kills"]:
        pytest.skip("the cells were not run")
    total = sum(CELLS.values())
    figure(f"crash matrix: {total} cells ({CELLS})")
    assert total >= FEWEST_CELLS
