"""What the portal hands over about a dataset, and the lists that data.gouv.fr chooses from.

Filled by the portal's glue, read by ``mapping`` and ``plan``.  Imports only findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ckanext.scdl.datagouv.finding import Finding

DatasetType = Literal["budget", "subventions"]
Role = Literal["donnees", "source", "documentation"]


@dataclass(frozen=True)
class PortalResource:
    """One file or link as the public sees it on the portal.

    ``size`` is in bytes, ``sha256`` in lower-case hexadecimal, ``modified`` an ISO 8601 instant;
    ``schema`` is ``(name, version)`` in the national catalogue, such as
    ``("scdl/budget", "0.8.3")``.
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


@dataclass(frozen=True)
class PortalDataset:
    """One dataset of the portal.

    ``portal_id`` is the portal's UUID; ``temporal`` a pair of full ISO dates; ``frequency``
    data.gouv.fr's identifier, such as ``annual``; ``zones`` identifiers such as
    ``fr:commune:99001``; ``page`` the public address on the portal; ``owner_org`` the name (not
    the title) of the organisation.
    """

    id: str
    portal_id: str
    type: DatasetType
    title: str
    owner_org: str
    page: str
    resources: tuple[PortalResource, ...]
    description: str = ""
    licence_id: str = ""
    frequency: str = ""
    tags: tuple[str, ...] = ()
    temporal: tuple[str, str] | None = None
    zones: tuple[str, ...] = ()
    granularity: str = ""
    private: bool = False


@dataclass(frozen=True)
class Wanted:
    """A dataset that the portal would publish, or the reason why it is not to be.

    ``obstacle`` is the portal's own reason, for instance ``Finding("not_conforming", …)``.
    """

    dataset: PortalDataset
    obstacle: Finding | None = None


@dataclass(frozen=True)
class Vocabulary:
    """What this data.gouv.fr accepts today: asked once for each run.

    ``zones`` holds those among the wanted ones that exist; ``schemas`` maps a name to its versions.
    """

    licences: frozenset[str]
    frequencies: frozenset[str]
    granularities: frozenset[str]
    zones: frozenset[str]
    schemas: Mapping[str, frozenset[str]]
