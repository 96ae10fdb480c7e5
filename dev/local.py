"""HTTP to our own servers, straight: a proxy set in the environment is for the outside."""

from http.client import HTTPResponse
from typing import cast
from urllib.request import ProxyHandler, Request, build_opener

_opener = build_opener(ProxyHandler({}))


def open_url(request: str | Request, timeout: float) -> HTTPResponse:
    """Like `urllib.request.urlopen`, errors included; `timeout` in seconds."""
    return cast("HTTPResponse", _opener.open(request, timeout=timeout))


def answers(url: str) -> bool:
    """Whether a GET succeeds now."""
    try:
        with open_url(url, timeout=5.0) as reply:
            return reply.status == 200
    except OSError:  # URLError is one
        return False
