"""A profile: which data.gouv.fr, with which key, for which organisations.

It is read from the portal's configuration, where the key stays: no text made here shows it.
Imports only the errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

from ckanext.scdl.datagouv.address import is_loopback, is_public
from ckanext.scdl.datagouv.errors import ProfileInvalid

# A key goes into an HTTP header: anything else would make the HTTP library quote it in its error.
KEY = re.compile(r"[!-~]{8,}")
# MongoDB identifier; a slug is refused by data.gouv.fr when a dataset is created.
ORGANIZATION_ID = re.compile(r"[0-9a-f]{24}")

Mode = Literal["link", "upload"]
WhenNotConforming = Literal["flag", "archive"]
WhenHarvested = Literal["stop", "adopt"]

OWNABLE = frozenset(
    {
        "title",
        "description",
        "license",
        "frequency",
        "tags",
        "temporal_coverage",
        "spatial",
        "contact_points",
    }
)
"""Fields that the portal may own; it always owns its resources, its stamps and `private`."""


@dataclass(frozen=True)
class Profile:
    """One access to data.gouv.fr.

    ``url`` is the site's address without path (``https://www.data.gouv.fr``); ``organization`` the
    data.gouv.fr organisation (24 hexadecimal characters) of every portal organisation that
    ``organizations`` (portal name → data.gouv.fr identifier) does not name.

    ``portal_url`` is the portal's public address without path, ``""`` when nothing is known of it;
    ``mode`` links to the portal's files or uploads them; ``not_conforming`` tells what becomes of a
    linked dataset that no longer conforms; ``harvested`` what is done where data.gouv.fr already
    harvests the portal; ``owned_fields`` are those that the portal sets again when somebody edits
    them over there (others are sent at creation only).  ``grace_days`` pass before a deleted or
    withdrawn dataset is archived; more than ``brake_count`` archivings, or ``brake_percent`` of
    what is published, are not carried out.  ``requests_per_second`` and ``budget_minutes`` hold for
    a whole run.  ``allow_local`` is the demonstration's switch.

    Raises ProfileInvalid, which names the option at fault and never shows the key.
    """

    id: str
    url: str
    api_key: str = field(repr=False)
    organization: str | None = None
    organizations: Mapping[str, str] = field(default_factory=dict)
    portal_url: str = ""
    mode: Mode = "link"
    not_conforming: WhenNotConforming = "flag"
    harvested: WhenHarvested = "stop"
    owned_fields: frozenset[str] = OWNABLE
    grace_days: int = 7
    brake_count: int = 20
    brake_percent: int = 10
    requests_per_second: float = 5.0
    budget_minutes: int = 120
    allow_local: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.strip().rstrip("/"))
        object.__setattr__(self, "portal_url", self.portal_url.strip().rstrip("/"))
        object.__setattr__(self, "api_key", self.api_key.strip())
        _check_url(self.id, self.url)
        _check_key(self.id, self.api_key)
        _check_organizations(self.id, self.all_organizations)
        _check_words(self)

    @property
    def all_organizations(self) -> tuple[str, ...]:
        """Every data.gouv.fr organisation named, each once, in a stable order."""
        named = [self.organization, *self.organizations.values()]
        return tuple(sorted({organization for organization in named if organization}))

    def organization_for(self, owner_org: str) -> str | None:
        """The data.gouv.fr organisation of a portal organisation, None if nothing names one."""
        return self.organizations.get(owner_org, self.organization)

    def check_portal_address(self) -> None:
        """Raise ProfileInvalid when data.gouv.fr would be given links that nobody can follow.

        Without any call.  An upload carries the file, hence needs no public portal.
        """
        linked = self.mode == "link" and not self.allow_local
        if linked and self.portal_url and not is_public(self.portal_url):
            raise ProfileInvalid("portal_address_local", profile=self.id, address=self.portal_url)


def _check_url(profile: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises when it is no port
    except ValueError:
        raise ProfileInvalid("profile_url", profile=profile) from None
    if not host or parts.scheme not in ("http", "https") or _has_more(parts):
        raise ProfileInvalid("profile_url", profile=profile)
    if parts.scheme == "http" and not is_loopback(host):
        raise ProfileInvalid("profile_https", profile=profile)


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.username or parts.password or parts.path or parts.query or parts.fragment)


def _check_key(profile: str, key: str) -> None:
    if not key:
        raise ProfileInvalid("profile_key_missing", profile=profile)
    if not KEY.fullmatch(key):
        raise ProfileInvalid("profile_key_malformed", profile=profile)


def _check_organizations(profile: str, organizations: tuple[str, ...]) -> None:
    for organization in organizations:
        if not ORGANIZATION_ID.fullmatch(organization):
            raise ProfileInvalid("profile_organization", profile=profile, organization=organization)


def _check_words(profile: Profile) -> None:
    words = {
        "mode": (profile.mode, get_args(Mode)),
        "not_conforming": (profile.not_conforming, get_args(WhenNotConforming)),
        "harvested": (profile.harvested, get_args(WhenHarvested)),
    }
    for name, (word, known) in words.items():
        if word not in known:
            raise ProfileInvalid(
                "profile_word", profile=profile.id, option=name, word=word, known=", ".join(known)
            )
    for name in sorted(profile.owned_fields - OWNABLE):
        raise ProfileInvalid(
            "profile_word",
            profile=profile.id,
            option="owned_fields",
            word=name,
            known=", ".join(sorted(OWNABLE)),
        )
