"""One HTTP exchange with data.gouv.fr: limits, no cookie, no redirect, errors typed.

Knows nothing of datasets.  Imports the profile, the answers and httpx.
"""

from __future__ import annotations

import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO, NamedTuple, Protocol
from urllib.parse import urlsplit

import httpx

from ckanext.scdl.datagouv import errors
from ckanext.scdl.datagouv.address import is_loopback
from ckanext.scdl.datagouv.answers import Answer, error_of
from ckanext.scdl.datagouv.profile import Profile

# At DEBUG it writes every header it receives: the session cookie would outlive a revoked key.
logging.getLogger("httpcore").setLevel(logging.INFO)


@dataclass(frozen=True)
class Limits:
    """Seconds, except ``size`` (bytes of an answer) and the counts.

    ``read`` is the longest silence, ``total`` the longest exchange once the answer has begun.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 120.0
    size: int = 32 * 1024 * 1024
    retries: int = 2  # of a GET, PUT or DELETE, beyond the first try
    pause: float = 1.0  # before the first retry, then doubled; a random part is taken of it
    longest_pause: float = 30.0  # whatever Retry-After asks
    failures: int = 3  # in a row, after which nothing more is sent


class Pace(Protocol):
    """Who is asked before each request: the rate holds for all the processes of a run."""

    def turn(self, interval: float) -> float:
        """Take the next turn, ``interval`` seconds after the last one taken; seconds to wait."""


class Upload(NamedTuple):
    """A file to send: its name there, its media type, and its bytes opened for reading."""

    name: str
    mime: str
    file: BinaryIO


class _Call(NamedTuple):
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    upload: Upload | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def is_safe(self) -> bool:
        """Does sending it twice give the same as once?  Of the POST, never."""
        return self.method != "POST"

    def content(self) -> dict[str, Any]:
        """What httpx is given to send."""
        if self.upload is None:
            return {"json": self.body}
        return {"files": {"file": (self.upload.name, self.upload.file, self.upload.mime)}}

    def __str__(self) -> str:
        """Without its query, for a message."""
        return f"{self.method} {self.path.partition('?')[0]}"


class Transport:
    """The connection of one profile.  ``requests`` and ``writes`` count what was sent."""

    def __init__(
        self,
        profile: Profile,
        limits: Limits,
        sleep: Callable[[float], None] = time.sleep,
        pace: Pace | None = None,
    ) -> None:
        self.requests = 0
        self.writes = 0
        self._interval = 1 / profile.requests_per_second
        self._pace = pace
        self._limits = limits
        self._sleep = sleep
        self._failures = 0
        self._http = _http_client(profile, limits)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        """A safe call: tried again a few times when data.gouv.fr does not answer."""
        return self._try(_Call("GET", path, headers=headers))

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """A call that changes something: a POST is sent once, whatever happens."""
        return self._try(_Call(method, path, body))

    def delete(self, path: str) -> None:
        """A deletion, the answer of which is empty."""
        self._try(_Call("DELETE", path))

    def upload(self, path: str, upload: Upload) -> Any:
        """A file, sent once, whatever happens."""
        return self._try(_Call("POST", path, upload=upload))

    def _try(self, call: _Call, attempt: int = 0) -> Any:
        try:
            return self._exchange(call)
        except errors.Unavailable as error:
            over = attempt == self._limits.retries or error.finding.code not in RETRYABLE
            if over or not call.is_safe:
                raise
            self._sleep(self._wait_for(error, attempt))
        return self._try(call, attempt + 1)

    def _wait_for(self, error: errors.Unavailable, attempt: int) -> float:
        """What data.gouv.fr asks, else longer each time and never the same for two of us."""
        if error.retry_after is not None:
            return min(error.retry_after, self._limits.longest_pause)
        pause: float = min(self._limits.pause * 2**attempt, self._limits.longest_pause)
        return pause * random.uniform(0.5, 1)  # noqa: S311  (no secret)

    def _exchange(self, call: _Call) -> Any:
        if self._failures >= self._limits.failures:
            raise errors.Unavailable("circuit_open", failures=str(self._failures))
        if self._pace is not None:
            self._sleep(self._pace.turn(self._interval))
        self.requests += 1
        self.writes += call.writes
        try:
            result = self._decoded(call)
        except errors.Unavailable:
            self._failures += 1
            raise
        except errors.DatagouvError:
            self._failures = 0  # refused, but by a server that answers
            raise
        self._failures = 0
        return result

    def _decoded(self, call: _Call) -> Any:
        answer, retry_after = self._send(call)
        error = error_of(answer, call=str(call), write=call.writes)
        if error:
            error.retry_after = retry_after
            raise error
        if answer.status == NO_CONTENT:
            return None
        try:
            return answer.json()
        except (ValueError, RecursionError):
            raise errors.Unavailable("not_json", maybe_committed=call.writes) from None

    def _send(self, call: _Call) -> tuple[Answer, float | None]:
        try:
            with self._http.stream(
                call.method, call.path, headers=call.headers, **call.content()
            ) as response:
                # a large file may have taken longer to be sent
                deadline = time.monotonic() + self._limits.total
                content = _read(response, deadline, self._limits.size)
                return _answer(response, content), _retry_after(response)
        # `from None`: the exceptions of the HTTP library hold the request, hence the key.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise errors.Unavailable("unreachable") from None
        except httpx.TimeoutException:
            raise errors.Unavailable("timeout", maybe_committed=call.writes) from None
        except (httpx.HTTPError, httpx.StreamError):
            raise errors.Unavailable("connection_lost", maybe_committed=call.writes) from None
        except _TooLargeError:
            raise errors.Unavailable("answer_too_large", maybe_committed=call.writes) from None


NO_CONTENT = 204

# 500 is left out: it may be our own doing, and would come back.
RETRYABLE = frozenset(
    {"unreachable", "timeout", "connection_lost", "too_many_requests", "gateway_error"}
)


class _TooLargeError(Exception):
    """The answer passes the limit of size."""


def _http_client(profile: Profile, limits: Limits) -> httpx.Client:
    trusting = not is_loopback(urlsplit(profile.url).hostname or "")
    return httpx.Client(
        base_url=f"{profile.url}/api/",
        headers={
            "X-API-KEY": profile.api_key,
            "User-Agent": user_agent(),
            "Accept": "application/json",
        },
        # A session cookie outlives the key that earned it: with a jar, a revoked key still writes.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        # The portal's proxy and certificates, except towards this very machine.
        verify=_certificates(trusting),
        trust_env=trusting,
    )


@lru_cache(maxsize=2)
def _certificates(trusting: bool) -> ssl.SSLContext:
    """Read once: it takes longer than many a request, and each item has a client of its own."""
    return httpx.create_ssl_context(trust_env=trusting)


def user_agent() -> str:
    """Stable and recognisable: udata records each one it meets with the key (20 at most)."""
    try:
        return f"ckanext-scdl/{version('ckanext-scdl')}"
    except PackageNotFoundError:
        return "ckanext-scdl/0"


def _read(response: httpx.Response, deadline: float, size: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > size:
            raise _TooLargeError
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("total time limit")
    return bytes(content)


def _answer(response: httpx.Response, content: bytes) -> Answer:
    return Answer(
        response.status_code,
        response.headers.get("Content-Type", ""),
        response.headers.get("Location", ""),
        content,
    )


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds; the form with a date is not used by data.gouv.fr and is ignored."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None
