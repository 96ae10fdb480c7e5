"""A whole portal for the browser tests, once per CKAN version: real processes, real queues.

`SCDL_E2E_CKAN=2.11.6` keeps to one version; `pytest tests/e2e -k 2.12.0` selects one too.  The
services must run (`make test-services`); everything else is started and stopped here.
"""

import os
from collections.abc import Iterator

import pytest

from dev import services, venvs
from dev.portal import Portal, end_to_end

CHOSEN = os.environ.get("SCDL_E2E_CKAN")
VERSIONS = CHOSEN.split() if CHOSEN else [venvs.CKAN, venvs.NEXT_CKAN]


@pytest.fixture(scope="session", params=VERSIONS, ids=[f"ckan-{version}" for version in VERSIONS])
def portal(request: pytest.FixtureRequest) -> Iterator[Portal]:
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
