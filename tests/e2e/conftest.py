"""A whole portal for the browser tests, once per CKAN version: real processes, real queues.

`SCDL_E2E_CKAN=2.11.6` keeps to one version; `pytest tests/e2e -k 2.12.0` selects one too.  The
services must run (`make test-services`); everything else is started and stopped here.
"""

import os
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dev import services, venvs
from dev.portal import Portal, end_to_end
from dev.ports import port

CHOSEN = os.environ.get("SCDL_E2E_CKAN")
VERSIONS = CHOSEN.split() if CHOSEN else [venvs.CKAN, venvs.NEXT_CKAN]


class Letters:
    """The mail server of the portal: what it was handed, oldest first."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture(scope="session")
def letters() -> Iterator[Letters]:
    box = Letters()
    server = Controller(box, hostname="127.0.0.1", port=port("mail-e2e"), ready_timeout=60)
    server.start()
    yield box
    server.stop()


@pytest.fixture(scope="session", params=VERSIONS, ids=[f"ckan-{version}" for version in VERSIONS])
def portal(request: pytest.FixtureRequest, letters: Letters) -> Iterator[Portal]:
    """An empty portal with its data.gouv.fr test server, consumers, worker and harvest loop.

    What a test uses: `url`, `ini`, `udata_url`, `udata_seed`, `admin` (name, password, token),
    `create_user(name, organizations={name: role})`, `call(action, data, token)` and
    `run_ckan(*words)`.
    """
    services.start()
    whole = Portal(end_to_end(request.param))
    whole.empty()
    try:
        whole.start()
        yield whole
    finally:
        whole.stop()
