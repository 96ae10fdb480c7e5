"""What there is to say about one dataset or one call: a code and its parameters, never a sentence.

Findings are stored by the portal and put into words when shown (``texts.sentence``), in the
reader's language.  Imports nothing from the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMES_NOTHING = (
    *("status", "call", "failures", "minutes", "count", "limit", "date"),
    *("organization", "role", "profile", "domain", "bound", "here", "address"),
    *("option", "known", "example", "kind"),
)
"""Parameters that tell of no file, dataset, page nor person."""


@dataclass(frozen=True)
class Finding:
    """One thing to tell.

    ``code`` is a key of ``texts.SENTENCES``; ``params`` fill the sentence and are plain text, so
    that a finding can be stored as JSON.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """``{"code": …, "params": {…}}``, ready for JSON."""
        return {"code": self.code, "params": dict(self.params)}

    def discreet(self) -> Finding:
        """Without what names a file, a dataset, a page or a person: for anybody to read."""
        return Finding(self.code, {k: v for k, v in self.params.items() if k in NAMES_NOTHING})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """The reverse of ``to_dict``."""
        return cls(data["code"], dict(data.get("params") or {}))
