"""The scenarios of the crash matrix, and a ledger in a file that outlives its process."""

import hashlib
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ckanext.scdl.datagouv import Contact, Finding, PortalDataset, PortalResource, Wanted
from tests.datagouv.examples import BUDGET, DATA, GUIDE, MemoryLedger, with_data

# Contents


def stored(dataset: PortalDataset, contents: Mapping[str, bytes]) -> PortalDataset:
    """The dataset with its files on the portal."""
    return replace(dataset, resources=tuple(_stored(r, contents) for r in dataset.resources))


def _stored(resource: PortalResource, contents: Mapping[str, bytes]) -> PortalResource:
    digest = hashlib.sha256(contents[resource.id]).hexdigest()
    return replace(resource, stored=True, sha256=digest, size=len(contents[resource.id]))


FIRST = {DATA: b"a;b\n1;2\n", GUIDE: b"%PDF-1.4 notice"}
SECOND = {**FIRST, DATA: b"a;b\n3;4\n5;6\n"}
HOSTED = stored(BUDGET, FIRST)
REPLACED = stored(BUDGET, SECOND)
WITH_CONTACT = replace(BUDGET, contact=Contact("Service des finances", "finances@exemple.fr"))


# Scenarios


@dataclass(frozen=True)
class Scenario:
    """A state of things, made by the runs ``before``, and the wish of the run that fails.

    ``same_ids`` tells that every resource over there keeps its identifier, hence its permalink.
    """

    name: str
    wish: Wanted
    before: tuple[Wanted, ...] = ()
    mode: str = "link"
    mode_before: str = "link"
    contents: Mapping[str, bytes] = field(default_factory=lambda: FIRST)
    same_ids: bool = True


def _publish(dataset: PortalDataset) -> Wanted:
    return Wanted(dataset)


def _deleted(dataset: PortalDataset) -> Wanted:
    return Wanted(dataset, Finding("deleted"), "archive")


def _hidden(dataset: PortalDataset) -> Wanted:
    return Wanted(dataset, Finding("personal_data"), "hide")


def _upload(name: str, wish: Wanted, *before: Wanted, **more: Any) -> Scenario:
    return Scenario(name, wish, before, "upload", "upload", **more)


NOT_CONFORMING = Wanted(BUDGET, Finding("not_conforming", {"resource": "Budget"}))
SCENARIOS = (
    Scenario("create, link", _publish(WITH_CONTACT)),
    _upload("create, upload", _publish(HOSTED)),
    Scenario(
        "fields", _publish(replace(BUDGET, title="Autre titre", tags=())), (_publish(BUDGET),)
    ),
    Scenario("resource", _publish(with_data(sha256="cd" * 32)), (_publish(BUDGET),)),
    Scenario(
        "resource and title",
        _publish(replace(with_data(sha256="cd" * 32), title="Autre titre")),
        (_publish(BUDGET),),
    ),
    Scenario(
        "order", _publish(replace(BUDGET, resources=BUDGET.resources[::-1])), (_publish(BUDGET),)
    ),
    _upload("file replaced", _publish(REPLACED), _publish(HOSTED), contents=SECOND),
    _upload(
        "file removed",
        _publish(replace(HOSTED, resources=HOSTED.resources[:1])),
        _publish(HOSTED),
        same_ids=False,
    ),
    Scenario("archive", _deleted(BUDGET), (_publish(BUDGET),)),
    Scenario("restore", _publish(BUDGET), (_publish(BUDGET), _deleted(BUDGET))),
    _upload("hide", _hidden(HOSTED), _publish(HOSTED), same_ids=False),
    _upload("public again", _publish(HOSTED), _publish(HOSTED), _hidden(HOSTED), same_ids=False),
    Scenario("flag", NOT_CONFORMING, (_publish(BUDGET),)),
    Scenario("flag removed", _publish(BUDGET), (_publish(BUDGET), NOT_CONFORMING)),
    Scenario("link to upload", _publish(HOSTED), (_publish(BUDGET),), "upload", "link"),
    Scenario(
        "upload to link", _publish(BUDGET), (_publish(HOSTED),), "link", "upload", same_ids=False
    ),
)

# Ledger


class FileLedger(MemoryLedger):
    """Each thing remembered is in the file before the method returns, or not at all.

    ``after`` is called after each commit.
    """

    def __init__(self, path: Path, after: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._path, self._after = path, after
        if path.exists():
            vars(self).update(pickle.loads(path.read_bytes()))  # written by this very class

    def commit(self) -> None:
        state = {key: value for key, value in vars(self).items() if not key.startswith("_")}
        temporary = self._path.with_suffix(".new")
        temporary.write_bytes(pickle.dumps(state))
        temporary.replace(self._path)  # all or nothing
        self._after()

    def next_run(self) -> None:
        """Another run; what is not settled is waited for by the run itself."""
        waited = set(self.not_settled)
        super().next_run()
        self.not_settled = waited
        self.commit()

    def unsettled(self) -> Mapping[str, float]:
        """A second to wait for each: the tests wait for the server instead."""
        return dict.fromkeys(self.not_settled, 1.0)


def _committing(name: str) -> Callable[..., Any]:
    def method(self: FileLedger, *arguments: Any) -> Any:
        result = getattr(MemoryLedger, name)(self, *arguments)
        self.commit()
        return result

    return method


for _name in ("save_link", "begin", "end", "stop", "save_vocabulary"):
    setattr(FileLedger, _name, _committing(_name))
