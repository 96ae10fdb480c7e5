"""A dataset to push, and the memory of a run, for these tests.  Everybody is fictitious."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from ckanext.scdl.datagouv import (
    Finding,
    Link,
    Outcome,
    PlannedItem,
    PortalDataset,
    PortalResource,
    Profile,
    Wanted,
    is_sent_once,
)
from ckanext.scdl.datagouv.portal import Vocabulary

PORTAL = "11111111-2222-4333-8444-555555555555"
DATASET = "aaaaaaaa-0000-4000-8000-000000000001"
DATA = "aaaaaaaa-0000-4000-8000-0000000000d1"
GUIDE = "aaaaaaaa-0000-4000-8000-0000000000d2"
ORGANIZATION = "0123456789abcdef01234567"
KEY = "udata_cle-de-test-0123456789"
PROFILE = Profile("essai", "https://www.data.gouv.fr", KEY, ORGANIZATION)
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=timezone.utc)

DATA_FILE = PortalResource(
    id=DATA,
    title="Budget primitif 2024 (SCDL)",
    description="Toutes les lignes du budget.",
    url="https://opendata.exemple-sur-loire.fr/dataset/budget/bp-2024.csv",
    format="CSV",
    mime="text/csv",
    size=1234,
    sha256="ab" * 32,
    modified="2024-04-02T10:00:00",
    role="donnees",
    schema=("scdl/budget", "0.8.3"),
)
GUIDE_FILE = PortalResource(
    id=GUIDE,
    title="Notice",
    url="https://opendata.exemple-sur-loire.fr/dataset/budget/notice.pdf",
    format="PDF",
    role="documentation",
)
BUDGET = PortalDataset(
    id=DATASET,
    portal_id=PORTAL,
    type="budget",
    title="Budget primitif 2024 de Exemple-sur-Loire",
    description="Le budget voté, section par section.",
    owner_org="exemple-sur-loire",
    page="https://opendata.exemple-sur-loire.fr/budget/bp-2024",
    licence_id="lov2",
    frequency="annual",
    tags=("Budget", "Finances publiques"),
    temporal=("2024-01-01", "2024-12-31"),
    zones=("fr:commune:44109",),
    granularity="fr:commune",
    resources=(DATA_FILE, GUIDE_FILE),
)
VOCABULARY = Vocabulary(
    licences=frozenset({"lov2", "notspecified"}),
    frequencies=frozenset({"annual", "monthly", "unknown"}),
    granularities=frozenset({"fr:commune", "other"}),
    zones=frozenset({"fr:commune:44109"}),
    schemas={"scdl/budget": frozenset({"0.8.3"})},
)


def with_data(dataset: PortalDataset = BUDGET, **changes: Any) -> PortalDataset:
    """The dataset with another data file."""
    data, *others = dataset.resources
    return replace(dataset, resources=(replace(data, **changes), *others))


def wanted(*datasets: PortalDataset) -> list[Wanted]:
    """As the portal hands them over: a private dataset is to be hidden."""
    return [
        Wanted(dataset, fate="hide" if dataset.private else "publish")
        for dataset in datasets or (BUDGET,)
    ]


def through_json(item: PlannedItem) -> PlannedItem:
    """As the portal does: stored by one process, carried out by another."""
    return PlannedItem.from_dict(json.loads(json.dumps(item.to_dict())))


def form_frequencies() -> list[str]:
    """The values that the portal's form proposes, in its order."""
    presets = Path(__file__).parents[2] / "schemas" / "datasets" / "presets.yaml"
    (values,) = (
        preset["values"]
        for preset in yaml.safe_load(presets.read_text(encoding="utf-8"))["presets"]
        if preset["preset_name"] == "scdl_periodicite"
    )
    return [choice["value"] for choice in values["choices"]]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


class MemoryLedger:
    """A ledger that forgets when it goes.  ``next_run`` starts another run on the same memory."""

    def __init__(self) -> None:
        self.saved: dict[str, Link] = {}
        self.problem: Finding | None = None
        self.left = 3600.0
        self.turns = 0
        self.archived: set[str] = set()
        self.hides: set[str] = set()
        self.words: dict[str, Any] | None = None
        self.words_age = 0.0
        self.begun: dict[tuple[str, str], bool] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.not_settled: set[str] = set()

    def next_run(self) -> None:
        """Another run, long after."""
        self.begun.clear()
        self.outcomes.clear()
        self.hides.clear()
        self.not_settled.clear()
        self.problem = None

    def beside(self) -> "MemoryLedger":
        """The ledger of another run of the same profile, at the same time."""
        other = MemoryLedger()
        other.saved, other.not_settled = self.saved, self.not_settled
        return other

    def links(self) -> Mapping[str, Link]:
        return {key: _stored(link) for key, link in self.saved.items()}

    def link(self, dataset_id: str) -> Link | None:
        return self.links().get(dataset_id)

    def save_link(self, link: Link) -> None:
        self.saved[link.dataset_id] = link

    def unsettled(self) -> Mapping[str, float]:
        return dict.fromkeys(self.not_settled, 0.0)

    def stop(self, problem: Finding) -> None:
        self.problem = self.problem or problem

    def stopped(self) -> Finding | None:
        return self.problem

    def turn(self, interval: float) -> float:
        self.turns += 1
        return 0.0

    def time_left(self) -> float:
        return self.left

    def archived_lately(self) -> Collection[str]:
        return self.archived

    def vocabulary(self) -> tuple[Vocabulary, float] | None:
        return (Vocabulary.from_dict(self.words), self.words_age) if self.words else None

    def save_vocabulary(self, vocabulary: Vocabulary) -> None:
        self.words, self.words_age = json.loads(json.dumps(vocabulary.to_dict())), 0.0

    def begin(self, dataset_id: str, step: str) -> bool:
        if self.begun.get((dataset_id, step)):
            return False
        self.begun[dataset_id, step] = True
        if step == "hide":
            self.hides.add(dataset_id)
        if is_sent_once(step):
            self.not_settled.add(dataset_id)
        return True

    def end(self, dataset_id: str, outcome: Outcome) -> None:
        self.outcomes.pop(dataset_id, None)  # the last one ended comes last
        self.outcomes[dataset_id] = outcome
        if outcome.state != "uncertain":
            self.not_settled.discard(dataset_id)
        if outcome.state == "failed":
            self.begun = {key: v for key, v in self.begun.items() if key[0] != dataset_id}

    def recent_failures(self, *, hides: bool = False) -> int:
        ended = [o for key, o in self.outcomes.items() if (key in self.hides) == hides]
        asked = [o for o in ended if o.state not in ("left_out", "conflict")]
        return len(list(takewhile(lambda outcome: outcome.retry, reversed(asked))))


def _stored(link: Link) -> Link:
    return Link.from_dict(json.loads(json.dumps(link.to_dict())))
