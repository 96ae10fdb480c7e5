"""How one item of the plan ended.  Imports only findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ckanext.scdl.datagouv.finding import Finding

State = Literal[
    "created",
    "adopted",
    "updated",
    "restored",
    "flagged",
    "archived",
    "hidden",
    "unchanged",
    "left_out",
    "conflict",
    "failed",
    "uncertain",
]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Outcome:
    """The end of one item.

    ``finding`` says why where the state alone does not (always set for left_out, conflict, failed
    and uncertain); ``notes`` are what was dropped or noticed on the way; ``url`` is the public
    page; ``retry`` tells that the failure is not the dataset's fault.
    """

    state: State
    finding: Finding | None = None
    notes: tuple[Finding, ...] = ()
    remote_id: str | None = None
    url: str | None = None
    retry: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "state": self.state,
            "finding": self.finding and self.finding.to_dict(),
            "notes": [note.to_dict() for note in self.notes],
            "remote_id": self.remote_id,
            "url": self.url,
            "retry": self.retry,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Outcome:
        """The reverse of ``to_dict``."""
        finding = data.get("finding")
        return cls(
            state=data["state"],
            finding=Finding.from_dict(finding) if finding else None,
            notes=tuple(Finding.from_dict(note) for note in data.get("notes") or ()),
            remote_id=data.get("remote_id"),
            url=data.get("url"),
            retry=bool(data.get("retry")),
        )
