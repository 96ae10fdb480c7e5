"""From an HTTP answer of data.gouv.fr to a typed error.

udata words its refusals in six shapes (list, text, dictionary, list of dictionaries…): they are
flattened to field → messages.  Imports the errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ckanext.scdl.datagouv import errors

DETAILS_MAX = 800  # characters of somebody else's text that we carry on


@dataclass(frozen=True)
class Answer:
    """What came back: status, media type, ``Location`` or ``""``, and the body, capped in size."""

    status: int
    media_type: str
    location: str
    body: bytes

    def json(self) -> Any:
        """The decoded body; ValueError if it is not JSON."""
        if "json" not in self.media_type:
            raise ValueError("not JSON")
        return json.loads(self.body)


def error_of(answer: Answer, *, call: str, write: bool) -> errors.DatagouvError | None:
    """The error that a status means, None for a success.

    ``call`` names the call in the message (``POST /datasets/``).  A failed write whose status does
    not exclude that it was carried out is ``maybe_committed``.
    """
    status = answer.status
    if status < 300:
        return None
    if status < 400:
        return errors.Redirected(location=answer.location or "?")
    if status in _BY_STATUS:
        return _BY_STATUS[status](call=call)
    if status == 429:
        return errors.Unavailable("too_many_requests")
    if status >= 500:
        code = "gateway_error" if status in (502, 503, 504) else "server_error"
        return errors.Unavailable(code, status=str(status), maybe_committed=write)
    details = _details(flatten(_body(answer)))
    if details:
        return errors.Refused(details=details, status=str(status))
    if status == 413:
        return errors.Refused("too_heavy")
    return errors.Refused("refused_without_reason", status=str(status))


_BY_STATUS: dict[int, type[errors.DatagouvError]] = {
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    410: errors.Gone,
    423: errors.ReadOnly,
}


def flatten(body: Any) -> dict[str, list[str]]:
    """Field → messages: ``{"resources.0.url": ["Ce champ est requis."]}``; ``""`` for the whole."""
    if not isinstance(body, dict):
        return {}
    found: dict[str, list[str]] = {}
    for path, message in _walk(body.get("errors"), ""):
        found.setdefault(path, []).append(message)
    if not found and isinstance(body.get("message"), str):
        found[""] = [body["message"]]
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, _join(path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            nested = isinstance(inner, dict | list)
            yield from _walk(inner, _join(path, str(position)) if nested else path)
    elif value is not None:
        yield path, str(value)


def _join(path: str, key: str) -> str:
    if key == "__all__":
        return path
    return f"{path}.{key}" if path else key


def _body(answer: Answer) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _details(flat: dict[str, list[str]]) -> str:
    parts = [f"{path} : {' '.join(m)}" if path else " ".join(m) for path, m in flat.items()]
    text = " ; ".join(parts)
    return text if len(text) <= DETAILS_MAX else text[:DETAILS_MAX] + "…"
