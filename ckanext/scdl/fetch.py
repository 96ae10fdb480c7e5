"""Read a file that a link leads to: within limits, and never inside the portal's own network.

Whoever may write a link would otherwise make the portal ask, in its own name, what they cannot
reach.  Each hop's name is resolved once, its addresses are judged, and the connection goes to one
of them: a name that changes its address meanwhile changes nothing.  No proxy is used, since it
would resolve names again.  Knows nothing of CKAN; imports httpx and the library's findings.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import httpx

from ckanext.scdl.conformity import Finding
from ckanext.scdl.conformity.report import quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

log = logging.getLogger(__name__)

CODE = "link-unreadable"
SCHEMES = {"http": 80, "https": 443}
MB = 1024 * 1024
AGENT = "ckanext-scdl"
_CONNECT = 10.0  # seconds for one address
_ADDRESSES = 3  # tried at most
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is given out of IPv6; the rest is local, reserved, or stands for something else."""
_APART = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # of protocols, and dummy addresses
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays from 6to4
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)
"""No machine that publishes data; not every Python knows them."""
_LOOKUPS = threading.BoundedSemaphore(8)
"""Names looked up at once in a process, those that nobody waits for any more included."""


@dataclass(frozen=True)
class Limits:
    """size: bytes received; seconds: for everything, redirects included; redirects: their number.

    ports: those that may be asked; allowed_hosts: names whose address is not judged, because the
    administrator trusts them.
    """

    size: int = 100 * MB
    seconds: float = 60.0
    redirects: int = 5
    ports: Collection[int] = (80, 443)
    allowed_hosts: Collection[str] = ()


@dataclass(frozen=True)
class Answer:
    """What was received: the address that gave it, and what its server says to recognise it by."""

    url: str
    etag: str | None
    modified: str | None


class NotFetched(Exception):
    """The link cannot be read; `finding` says why, and `texts` says it in words."""

    def __init__(self, rule: str, **params: str | int) -> None:
        shown = {key: quote(v) if isinstance(v, str) else v for key, v in params.items()}
        self.finding = Finding(CODE, "error", {"rule": rule, **shown})
        super().__init__(rule)


class NoRoom(OSError):
    """Too many names are being looked up: this one may be tried again later."""


Resolver = Callable[[str, int], Awaitable[list[str]]]


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order in which the system would try them.

    The system's lookup cannot be interrupted: it has a thread of its own, which whoever waits may
    leave behind when the time is over (asyncio's would be waited for).  NoRoom when too many are
    left behind already, or when the system gives no thread.
    """
    if not _LOOKUPS.acquire(blocking=False):
        raise NoRoom(host)
    answer: Future[list[str]] = Future()
    try:
        threading.Thread(target=_look_up, args=(host, port, answer), daemon=True).start()
    except RuntimeError:
        _LOOKUPS.release()
        raise NoRoom(host) from None
    return await asyncio.wrap_future(answer)


def _look_up(host: str, port: int, answer: Future[list[str]]) -> None:
    answer.set_running_or_notify_cancel()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exception:
        answer.set_exception(exception)
    else:
        answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    finally:
        _LOOKUPS.release()


def fetch(
    url: str,
    out: BinaryIO,
    limits: Limits,
    known: Answer | None = None,
    resolver: Resolver = resolved,
) -> Answer | None:
    """Write to `out` what the link leads to; None when it is still what `known` was.

    Raises NotFetched, having written a part at most; nothing else, whatever a server answers.
    """
    reading = _read(url, out, limits, known, resolver)
    try:
        return asyncio.run(asyncio.wait_for(reading, limits.seconds))
    except NotFetched:
        raise
    except asyncio.TimeoutError:
        raise NotFetched("seconds", limit=int(limits.seconds)) from None
    except Exception as exception:
        # a job that fails here would leave the link waiting, or with the report of an older file
        log.exception("A link could not be read for a reason that we do not know")
        raise NotFetched("unexpected") from exception


async def _read(
    url: str, out: BinaryIO, limits: Limits, known: Answer | None, resolver: Resolver
) -> Answer | None:
    for _ in range(limits.redirects + 1):
        hop = await _hop(url, limits, resolver)
        async with _answered(hop, limits, known) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and known:
                return None
            if not response.has_redirect_location:
                return await _received(response, url, out, limits)
            url = _next(url, response)
    raise NotFetched("redirects", limit=limits.redirects)


class _Hop(NamedTuple):
    """One request: what is asked, and the addresses that may be."""

    url: httpx.URL
    addresses: list[str]


async def _hop(url: str, limits: Limits, resolver: Resolver) -> _Hop:
    """Raises NotFetched for what must not be asked."""
    parsed = _parsed(url)
    port = parsed.port or SCHEMES[parsed.scheme]
    if port not in limits.ports:
        raise NotFetched("port", port=port)
    host = parsed.raw_host.decode("ascii").strip("[]").rstrip(".").lower()
    try:
        addresses = await resolver(host, port)
    except NoRoom:
        raise NotFetched("no-room") from None
    except (OSError, UnicodeError):
        raise NotFetched("unknown-host", host=host) from None
    if host not in limits.allowed_hosts and not all(map(is_public, addresses)):
        raise NotFetched("address", host=host)
    return _Hop(parsed, addresses[:_ADDRESSES])


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        named = parsed.host  # read from what the name is written as, which may be no name
    except (httpx.InvalidURL, UnicodeError):
        raise NotFetched("address-unreadable") from None
    if parsed.scheme not in SCHEMES or not named:
        raise NotFetched("address-unreadable")
    if parsed.userinfo:
        raise NotFetched("credentials")
    return parsed


def is_public(address: str) -> bool:
    """Is this an address of the public Internet, and no way round to another?"""
    ip = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if ip.version == 6 and ip not in _UNICAST:
        return False
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _APART)
    return ip.is_global and not special


def _inner(ip: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else ip)


@asynccontextmanager
async def _answered(
    hop: _Hop, limits: Limits, known: Answer | None
) -> AsyncIterator[httpx.Response]:
    """The answer of the first address that accepts the connection."""
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(),  # the system's authorities, an intranet's among them
        trust_env=False,
        timeout=httpx.Timeout(limits.seconds, connect=_CONNECT),
    ) as client:
        for address in hop.addresses:
            request = _request(client, hop.url, address, known)
            try:
                response = await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.HTTPError:
                raise NotFetched("unreachable", host=hop.url.host) from None
            except (httpx.InvalidURL, UnicodeError):
                # httpx has read the address of a redirect
                raise NotFetched("address-unreadable") from None
            try:
                yield response
            except httpx.HTTPError:
                raise NotFetched("unreachable", host=hop.url.host) from None
            finally:
                await response.aclose()
            return
    raise NotFetched("unreachable", host=hop.url.host)


def _request(
    client: httpx.AsyncClient, url: httpx.URL, address: str, known: Answer | None
) -> httpx.Request:
    """To this address, for that name: the certificate must be the name's."""
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": AGENT,
        "Accept-Encoding": "identity",
    }
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.modified:
        headers["If-Modified-Since"] = known.modified
    named = {"sni_hostname": url.raw_host.decode("ascii")}
    return client.build_request(
        "GET", url.copy_with(host=address), headers=headers, extensions=named
    )


def _next(url: str, response: httpx.Response) -> str:
    try:
        return str(httpx.URL(url).join(response.headers["location"]))
    except (httpx.InvalidURL, UnicodeError):
        raise NotFetched("address-unreadable") from None


async def _received(response: httpx.Response, url: str, out: BinaryIO, limits: Limits) -> Answer:
    if response.status_code != httpx.codes.OK:
        raise NotFetched("status", status=response.status_code)
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        # we asked for none: inflated, a little may become gigabytes
        raise NotFetched("encoding", host=response.request.headers["host"], value=coding)
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limits.size:
            raise NotFetched("size", limit=limits.size // MB)
        out.write(chunk)
    headers = response.headers
    return Answer(url, _repeatable(headers.get("etag")), _repeatable(headers.get("last-modified")))


def _repeatable(value: str | None) -> str | None:
    """A header's value if it can be sent back: others are no use to recognise a file by."""
    return value if value and value.isascii() and value.isprintable() else None
