"""Is this a web address that everybody can reach?

data.gouv.fr refuses the others, and with one of them the whole dataset (udata 17: ``uris.validate``
refuses localhost, private addresses and names without a known top-level domain).  No name is
resolved here.  Imports nothing from the project.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

# RFC 2606, 6761, 6762, 8375 and the names that internal networks use; `.test` and `.example` are
# left out: they name no machine, but demonstrations and tests.
LOCAL_DOMAINS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")


def is_loopback(host: str) -> bool:
    """Is this host name or address the machine itself?"""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(url: str) -> bool:
    """Does this http(s) address name a machine of the public Internet?"""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(LOCAL_DOMAINS) and not _is_numeric(host)


def _is_numeric(host: str) -> bool:
    """`127.1` and `0x7f.1` are addresses to the C library."""
    return host.rsplit(".", 1)[-1][:1].isdigit()
