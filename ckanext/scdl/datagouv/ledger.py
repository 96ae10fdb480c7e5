"""What must be remembered from one run to the next, and during a run.

A Protocol: the portal implements it in PostgreSQL, the tests in memory.  One ledger speaks for one
profile and one run.  Imports only the plan's and the outcome's types, for their names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ckanext.scdl.datagouv.finding import Finding
    from ckanext.scdl.datagouv.outcome import Outcome
    from ckanext.scdl.datagouv.portal import Vocabulary


@dataclass(frozen=True)
class Link:
    """A portal dataset and its twin on data.gouv.fr.

    ``resources`` maps portal resource identifiers to data.gouv.fr's; ``url`` is the public page,
    or empty; ``digests`` is ``compare.digests`` of the dataset after our last write; ``absent`` is
    the ISO date since which the portal no longer wants it there.
    """

    dataset_id: str
    remote_id: str
    organization: str
    url: str = ""
    resources: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    absent: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "dataset_id": self.dataset_id,
            "remote_id": self.remote_id,
            "organization": self.organization,
            "url": self.url,
            "resources": dict(self.resources),
            "digests": dict(self.digests),
            "absent": self.absent,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Link:
        """The reverse of ``to_dict``."""
        return cls(**data)


def is_sent_once(step: str) -> bool:
    """Would this step of ``Ledger.begin``, sent again, make a second dataset or resource?"""
    return step.partition(" ")[0] in ("create", "upload")


class Ledger(Protocol):
    """The memory of one profile, opened for one run.

    Each method commits before it returns: a process killed just after must not lose what it wrote.
    Another profile's links and begun creations count where it serves the same data.gouv.fr
    organisation: a dataset has one twin there, whoever made it.
    """

    def links(self) -> Mapping[str, Link]:
        """Every link of this profile, by portal dataset identifier."""

    def link(self, dataset_id: str) -> Link | None:
        """One dataset's link."""

    def save_link(self, link: Link) -> None:
        """Remember, or replace, a dataset's link."""

    def unsettled(self) -> Mapping[str, float]:
        """Seconds for which a creation or an upload whose end is not known is still waited for.

        By portal dataset identifier; of those that ended as uncertain, and those that never ended,
        in any run, less than ``push.SETTLING`` ago: data.gouv.fr may still be about to carry them
        out, so they are not asked for again before that.
        """

    def begin(self, dataset_id: str, step: str) -> bool:
        """Record, before it is sent, that a write is about to be.

        ``step`` is ``create``, ``upload <resource>`` or another write.  False if this run already
        began this very step and it did not end as ``failed``: the message was delivered twice, or
        the process died in the middle.
        """

    def end(self, dataset_id: str, outcome: Outcome) -> None:
        """Record how an item ended."""

    def recent_failures(self, *, hides: bool = False) -> int:
        """How many of this run's last ended items, newest first, failed in a row with ``retry``.

        Of those that were to hide something, or else of all the others: the two have their own
        rows.  Those that asked nothing of data.gouv.fr (``left_out``, ``conflict``) neither count
        nor break the row.  Each item may be carried out by another process: the circuit breaker
        reads its count here.
        """

    def stop(self, problem: Finding) -> None:
        """Record what stops this run: the items that are left send nothing."""

    def stopped(self) -> Finding | None:
        """What stopped this run, in any process."""

    def turn(self, interval: float) -> float:
        """Take the run's next turn to send a request; seconds to wait for it.

        Turns are ``interval`` seconds apart, whatever process takes them.
        """

    def time_left(self) -> float:
        """Seconds of the run's time budget that are left."""

    def archived_lately(self) -> Collection[str]:
        """Datasets that any run of this profile archived in the last 24 hours, this one too.

        And those that another run has planned to: they wait in a queue.
        """

    def vocabulary(self) -> tuple[Vocabulary, float] | None:
        """What data.gouv.fr accepted when it was last asked, and how many seconds ago."""

    def save_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Remember it."""
