"""One at a time, across processes and hosts: locks of PostgreSQL."""

from __future__ import annotations

import hashlib
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE, _PATIENCE = 0.2, 120.0  # seconds
_TRY = sa.text("SELECT pg_try_advisory_lock(:key)")


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
def exclusively(*names: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the locks `names` while the block runs; raise Busy after `patience` seconds.

    Always in the same order, lest two processes wait for each other.  The locks have a connection
    of their own: the commits of the block do not release them, and PostgreSQL does when the process
    dies.
    """
    if not names:
        yield
        return
    deadline = time.monotonic() + patience
    with _connection() as connection, ExitStack() as held:
        for name in sorted(set(names)):
            key = _key(name)
            _acquire(connection, key, name, deadline)
            held.callback(_release, connection, key)
        yield


def is_held(name: str) -> bool:
    """Does any process hold the lock `name` now?"""
    with _connection() as connection:
        if not connection.execute(_TRY, {"key": _key(name)}).scalar():
            return True
        _release(connection, _key(name))
    return False


def _connection() -> Any:
    return model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _release(connection: sa.engine.Connection, key: int) -> None:
    connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _acquire(connection: sa.engine.Connection, key: int, name: str, deadline: float) -> None:
    while not connection.execute(_TRY, {"key": key}).scalar():
        if time.monotonic() > deadline:
            raise Busy(name)
        time.sleep(_PAUSE)
