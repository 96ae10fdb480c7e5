"""udata itself, unchanged, made into a WSGI application with our settings."""

import os

os.environ["UDATA_SETTINGS"] = "/nonexistent"  # no udata.cfg of this machine is picked up

import mongomock_patches  # noqa: F401  (before udata connects)
import udata.app
from flask import Flask
from settings import OVERRIDES
from udata.settings import Defaults


def create() -> Flask:
    """The application; only one for each process."""
    settings = type("Lab", (Defaults,), OVERRIDES)
    app: Flask = udata.app.create_app(settings)
    udata.app.standalone(app)
    return app
