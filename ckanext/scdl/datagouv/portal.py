"""What the portal hands over about a dataset, and the lists that data.gouv.fr chooses from.

Filled by the portal's glue, read by ``mapping`` and ``plan``.  Imports only findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ckanext.scdl.datagouv.finding import Finding

Role = Literal["donnees", "source", "documentation"]


@dataclass(frozen=True)
class PortalResource:
    """One file or link as the public sees it on the portal.

    ``size`` is in bytes, ``sha256`` in lower-case hexadecimal, ``modified`` an ISO 8601 instant;
    ``schema`` is ``(name, version)`` in the national catalogue, such as
    ``("scdl/budget", "0.8.3")``; ``stored`` tells a file of the portal, which may be uploaded, from
    a link to elsewhere.
    """

    id: str
    title: str
    url: str
    role: Role = "donnees"
    description: str = ""
    format: str = ""
    mime: str | None = None
    size: int | None = None
    sha256: str | None = None
    modified: str | None = None
    schema: tuple[str, str] | None = None
    stored: bool = False


@dataclass(frozen=True)
class Contact:
    """Whom readers may write to."""

    name: str
    email: str


@dataclass(frozen=True)
class PortalDataset:
    """One dataset of the portal.

    ``portal_id`` is the portal's UUID; ``temporal`` a pair of full ISO dates; ``frequency``
    data.gouv.fr's identifier, such as ``annual``; ``zones`` identifiers such as
    ``fr:commune:99001``; ``page`` the public address on the portal; ``owner_org`` the name (not
    the title) of the organisation.  Of one that is gone nothing but the identifiers may be known.
    """

    id: str
    portal_id: str
    type: str = "budget"
    title: str = ""
    owner_org: str = ""
    page: str = ""
    resources: tuple[PortalResource, ...] = ()
    description: str = ""
    licence_id: str = ""
    frequency: str = ""
    tags: tuple[str, ...] = ()
    temporal: tuple[str, str] | None = None
    zones: tuple[str, ...] = ()
    granularity: str = ""
    private: bool = False
    contact: Contact | None = None


Fate = Literal["publish", "archive", "hide", "ignore"]


@dataclass(frozen=True)
class Wanted:
    """What the portal wants of a dataset over there.

    ``fate`` is ``publish``; ``archive`` when it was deleted or withdrawn; ``hide`` when it was made
    private, or withdrawn for personal data; ``ignore`` when the run's filters leave it out (without
    obstacle another run sends it: it exists, and that is all).
    ``obstacle`` is the portal's own reason for another fate than ``publish``, or for not
    publishing now, for instance ``Finding("not_conforming", …)``.
    """

    dataset: PortalDataset
    obstacle: Finding | None = None
    fate: Fate = "publish"


@dataclass(frozen=True)
class Vocabulary:
    """What this data.gouv.fr accepts today: asked once for each run.

    ``zones`` holds those among ``asked_zones`` that exist; ``schemas`` maps a name to its versions;
    ``extensions`` are those of files that may be uploaded.
    """

    licences: frozenset[str]
    frequencies: frozenset[str]
    granularities: frozenset[str]
    zones: frozenset[str]
    schemas: Mapping[str, frozenset[str]]
    asked_zones: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        lists = {name: sorted(getattr(self, name)) for name in _LISTS}
        return {**lists, "schemas": {name: sorted(v) for name, v in self.schemas.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Vocabulary:
        """The reverse of ``to_dict``; KeyError when another version of ours wrote it."""
        lists = {name: frozenset(data[name]) for name in _LISTS}
        schemas = {name: frozenset(v) for name, v in data["schemas"].items()}
        return cls(**lists, schemas=schemas)


_LISTS = ("licences", "frequencies", "granularities", "zones", "asked_zones", "extensions")
