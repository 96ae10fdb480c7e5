"""What must be remembered from one run to the next, and during a run.

A Protocol: the portal implements it in PostgreSQL, the tests in memory.  One ledger speaks for one
profile and one run.  Imports only the plan's and the outcome's types, for their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ckanext.scdl.datagouv.outcome import Outcome


@dataclass(frozen=True)
class Link:
    """A portal dataset and its twin on data.gouv.fr.

    ``resources`` maps portal resource identifiers to data.gouv.fr's; ``url`` is the public page,
    or empty.
    """

    dataset_id: str
    remote_id: str
    organization: str
    url: str = ""
    resources: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "dataset_id": self.dataset_id,
            "remote_id": self.remote_id,
            "organization": self.organization,
            "url": self.url,
            "resources": dict(self.resources),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Link:
        """The reverse of ``to_dict``."""
        return cls(**data)


class Ledger(Protocol):
    """The memory of one profile, opened for one run.

    Each method commits before it returns: a process killed just after must not lose what it wrote.
    """

    def links(self) -> Mapping[str, Link]:
        """Every link of this profile, by portal dataset identifier."""

    def link(self, dataset_id: str) -> Link | None:
        """One dataset's link."""

    def save_link(self, link: Link) -> None:
        """Remember, or replace, a dataset's link."""

    def unsettled(self) -> frozenset[str]:
        """Datasets whose creation, begun less than ``push.SETTLING`` ago, has no known end.

        Those that ended as uncertain, and those that never ended, in any run of this profile:
        data.gouv.fr may still be about to create them, so they are not created again before that.
        """

    def begin(self, dataset_id: str, step: str) -> bool:
        """Record, before it is sent, that a write is about to be (``create`` or ``update``).

        False if this run already began this very step and it did not end as ``failed``: the
        message was delivered twice, or the process died in the middle.
        """

    def end(self, dataset_id: str, outcome: Outcome) -> None:
        """Record how an item ended."""

    def recent_failures(self) -> int:
        """How many of this run's last ended items, newest first, failed in a row with ``retry``.

        Those that asked nothing of data.gouv.fr (``left_out``, ``conflict``) neither count nor
        break the row.  Each item may be carried out by another process: the circuit breaker reads
        its count here.
        """
