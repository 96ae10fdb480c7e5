"""One at a time, across processes and hosts: locks of PostgreSQL."""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE, _PATIENCE = 0.2, 120.0  # seconds


@contextmanager
def dataset_held(package_id: str) -> Iterator[None]:
    """In the block, the dataset and what we store about it are read as they stand together.

    CKAN reads a dataset, changes it and writes it all back: without its row held, a save that ends
    in between would be undone, or half seen.  What the session had read before is forgotten, since
    PostgreSQL's lock does not refresh it.  Commit to keep what the block wrote.
    """
    model.Session.rollback()
    model.Package.get(package_id, for_update=True)
    try:
        yield
    finally:
        model.Session.rollback()


class Busy(Exception):
    """Another process kept the lock for longer than we were ready to wait."""


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Hold the lock `name` while the block runs; raise Busy after two minutes.

    The lock has its own connection: the commits of the block do not release it, and PostgreSQL does
    when the process dies.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _acquire(connection, key, name, time.monotonic() + _PATIENCE)
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _acquire(connection: sa.engine.Connection, key: int, name: str, deadline: float) -> None:
    query = sa.text("SELECT pg_try_advisory_lock(:key)")
    while not connection.execute(query, {"key": key}).scalar():
        if time.monotonic() > deadline:
            raise Busy(name)
        time.sleep(_PAUSE)
