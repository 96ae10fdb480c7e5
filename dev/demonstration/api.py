"""CKAN's action API over HTTP, as any other client uses it.  Imports httpx and dev.say."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from dev.say import Failure

PATIENCE = 60.0
"""Seconds granted to one answer: the first request after a start compiles templates."""
START_AGAIN = "make run reprend où il s'est arrêté ; make clean puis make run repart de zéro"


class NotFound(Exception):
    """There is no such object."""


class Api:
    """The actions of one portal in the name of one account."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(
            base_url=f"{url}/api/3/action/",
            headers={"Authorization": token},
            timeout=PATIENCE,
            trust_env=False,  # the portal is on this machine: no proxy
            transport=transport,
        )

    def call(self, action: str, **data: Any) -> Any:
        """The result of an action.  Raises NotFound; Failure for any other refusal."""
        return self._result(action, json=data)

    def upload(self, action: str, data: Mapping[str, str], filename: str, content: bytes) -> Any:
        """The same with a file, as a form sends it."""
        return self._result(action, data=data, files={"upload": (filename, content)})

    def find(self, action: str, name: str) -> Any | None:
        """What a `_show` action gives, None if there is nothing of that name."""
        try:
            return self.call(action, id=name)
        except NotFound:
            return None

    def _result(self, action: str, **body: Any) -> Any:
        try:
            answer = self._http.post(action, **body)
        except httpx.HTTPError as error:
            raise Failure(
                f"Le portail n'a pas répondu à « {action} » ({type(error).__name__}).",
                "make status dit ce qui tourne, make logs montre les journaux",
            ) from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(action)
        if answer.is_error:
            said = f"« {action} » refusé, HTTP {answer.status_code} : {_told(answer)}"
            raise Failure(said, START_AGAIN)
        return answer.json()["result"]


def _told(answer: httpx.Response) -> str:
    """CKAN's own words, legible."""
    try:
        return json.dumps(answer.json()["error"], ensure_ascii=False)[:1000]
    except (ValueError, KeyError):
        return answer.text[:1000]
