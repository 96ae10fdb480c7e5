"""A profile: which data.gouv.fr, with which key, for which organisations.

It is read from the portal's configuration, where the key stays: no text made here shows it.
Imports only the errors.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from ckanext.scdl.datagouv.errors import ProfileInvalid

# A key goes into an HTTP header: anything else would make the HTTP library quote it in its error.
KEY = re.compile(r"[!-~]{8,}")
# MongoDB identifier; a slug is refused by data.gouv.fr when a dataset is created.
ORGANIZATION_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Profile:
    """One access to data.gouv.fr.

    ``url`` is the site's address without path (``https://www.data.gouv.fr``); ``organization`` the
    data.gouv.fr organisation (24 hexadecimal characters) of every portal organisation that
    ``organizations`` (portal name → data.gouv.fr identifier) does not name.

    Raises ProfileInvalid, which names the option at fault and never shows the key.
    """

    id: str
    url: str
    api_key: str = field(repr=False)
    organization: str | None = None
    organizations: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.strip().rstrip("/"))
        object.__setattr__(self, "api_key", self.api_key.strip())
        _check_url(self.id, self.url)
        _check_key(self.id, self.api_key)
        _check_organizations(self.id, self.all_organizations)

    @property
    def all_organizations(self) -> tuple[str, ...]:
        """Every data.gouv.fr organisation named, each once, in a stable order."""
        named = [self.organization, *self.organizations.values()]
        return tuple(sorted({organization for organization in named if organization}))

    def organization_for(self, owner_org: str) -> str | None:
        """The data.gouv.fr organisation of a portal organisation, None if nothing names one."""
        return self.organizations.get(owner_org, self.organization)


def is_loopback(host: str) -> bool:
    """Is this host name or address the machine itself?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
