"""udata itself made into a WSGI application with our settings.

One thing is switched off, as udata's own harvester does: the histories of an organisation by month,
which each write would compute again from all its datasets.
"""

import os
from typing import Any

os.environ["UDATA_SETTINGS"] = "/nonexistent"  # no udata.cfg of this machine is picked up

import mongomock_patches  # noqa: F401  (before udata connects)
import udata.app
from flask import Flask
from settings import OVERRIDES
from udata.core.organization.models import Organization
from udata.settings import Defaults


def create() -> Flask:
    """The application; only one for each process."""
    settings = type("Lab", (Defaults,), OVERRIDES)
    app: Flask = udata.app.create_app(settings)
    udata.app.standalone(app)
    _leave_histories()
    return app


def _leave_histories() -> None:
    made = Organization.__init__

    def initialize(self: Organization, *values: Any, **named: Any) -> None:
        made(self, *values, **named)
        self.compute_aggregate_metrics = False

    Organization.__init__ = initialize
