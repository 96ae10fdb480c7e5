"""`ckan scdl doctor`: is everything there that a night needs, and if not, who must do what?

Each check is a small function that gives its findings; none raises, none waits for long, none tells
a key, none writes anything.  The words are `doctor_texts`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from ckan import model
from ckan.lib.jobs import Worker
from redis import Redis
from redis.exceptions import RedisError

from ckanext.scdl import config, doctor_texts, runs
from ckanext.scdl.datagouv import Finding, texts
from ckanext.scdl.datagouv.address import is_public
from ckanext.scdl.ledger import PLANNED
from ckanext.scdl.model import PushItem, PushProfile, PushRun
from ckanext.scdl.source import Source, sources, unknown_profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Level = Literal["ok", "warning", "error"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "error")
"""From the best to the worst: the place is the exit code."""

log = logging.getLogger(__name__)

_QUIET = dt.timedelta(days=2)
_STUCK = dt.timedelta(hours=6)
_SECONDS = 5  # granted to each question to a service
_TIMES = 5
_MIGRATIONS = Path(__file__).parent / "migration" / "scdl"
_VERSION = sa.text("SELECT version_num FROM scdl_alembic_version")
_LIMITS = sa.text(
    f"SET LOCAL statement_timeout = {_SECONDS * 1000}; SET LOCAL transaction_read_only = on"
)


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, how it stands, and what fills its sentence."""

    id: str
    level: Level
    params: Mapping[str, str] = field(default_factory=dict)
    finding: Finding | None = None

    def sentence(self, language: str = "fr") -> str:
        """What is wrong and who must do what."""
        if self.finding is not None:
            said = texts.sentence(self.finding, language)
            return said if "profile" not in self.params else f"{self.params['profile']} : {said}"
        return doctor_texts.sentence(self.id, self.level, self.params, language)

    def to_dict(self, language: str = "fr") -> dict[str, str]:
        """Plain values, ready for JSON."""
        return {"id": self.id, "level": self.level, "sentence": self.sentence(language)}


def examine(profile_id: str | None = None) -> Iterator[Check]:
    """Every check, in the order in which a person would mend things; of one profile or of all.

    Without the tables only what does without is looked at: the rest would say the same again.
    """
    with _reading():
        for look in (_plugins, _settings, _redis, _solr):
            yield from _safely(look.__name__.removeprefix("_"), look)
        tables = list(_safely("database", _database))
        yield from tables
        if worst(tables) != "ok":
            return
        for look in (_pooling, _harvest_jobs):
            yield from _safely(look.__name__.removeprefix("_"), look)
        yield from _profiles(profile_id)


@contextmanager
def _reading() -> Iterator[None]:
    """No question waits, for a table that a migration or a stuck transaction holds; none writes."""

    def limit(_session: Any, _transaction: Any, connection: sa.engine.Connection) -> None:
        connection.execute(_LIMITS)

    model.Session.rollback()
    sa.event.listen(model.Session, "after_begin", limit)
    try:
        yield
    finally:
        sa.event.remove(model.Session, "after_begin", limit)
        model.Session.rollback()


def _profiles(profile_id: str | None) -> Iterator[Check]:
    known = config.profiles()
    if not known:
        yield Check("profiles", "warning")
    for name in [profile_id] if profile_id else known:
        if name not in known:
            yield Check("profile_unknown", "error", {"profile": name})
            continue
        yield from _safely("profile", lambda name=name: _profile(name))  # type: ignore[misc]


def worst(checks: list[Check]) -> Level:
    """The level of them all."""
    return max((check.level for check in checks), key=LEVELS.index, default="ok")


def _safely(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """A check that fails is a finding too, told in one line."""
    try:
        yield from look()
    except Exception as error:
        model.Session.rollback()
        log.debug("Check %s failed", name, exc_info=True)
        yield Check(name, "error", {"error": type(error).__name__})


# The portal


def _plugins() -> Iterator[Check]:
    loaded = tk.aslist(tk.config.get("ckan.plugins"))
    wanted = ["scdl", "datagouv_harvester", "harvest", "scheming_datasets"]
    missing = [name for name in wanted if name not in loaded]
    level: Level = "error" if missing else "ok"
    yield Check("plugins", level, {"missing": ", ".join(missing)})
    if not missing:
        # the other orders that matter stop CKAN at its start
        ordered = loaded.index("scdl") < loaded.index("harvest")
        yield Check("order", _level(ordered, "warning"))


def _settings() -> Iterator[Check]:
    yield Check("uploads", _level(tk.asbool(tk.config.get("ckan.uploads_enabled"))))
    folder = str(tk.config.get("ckan.storage_path") or "")
    usable = bool(folder) and os.access(folder, os.W_OK)
    yield Check("storage", _level(usable, "warning"), {"folder": folder or "–"})
    yield Check("site", _level(is_public(_site()), "warning"), {"address": _site()})
    if config.allow_local_address():
        yield Check("local_address", "error")
    redis_queue = tk.config.get("ckan.harvest.mq.type") == "redis"
    yield Check("queue", _level(redis_queue, "warning"))
    yield Check("timeout", _level(bool(tk.config.get("ckan.harvest.timeout")), "warning"))
    yield Check("mail", _level(bool(tk.config.get("smtp.mail_from")), "warning"))


def _site() -> str:
    return str(tk.config.get("ckan.site_url") or "")


def _level(good: object, otherwise: Level = "error") -> Level:
    return "ok" if good else otherwise


def _database() -> Iterator[Check]:
    with _bare(model.meta.engine).connect():
        pass  # CKAN's own connections would wait for ever
    looked_at = sa.inspect(model.Session.connection())
    wanted = [*(table.name for table in _tables()), "scdl_alembic_version"]
    missing = sorted(name for name in wanted if not looked_at.has_table(name))
    yield Check("migrations", _level(not missing), {"missing": ", ".join(missing)})
    if not missing:
        yield _version()


def _version() -> Check:
    """A table may be there and lack a column of a later migration."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    wanted = scripts.get_current_head()
    there = model.Session.execute(_VERSION).scalar()
    told = {"there": str(there), "wanted": str(wanted)}
    if there and there not in {script.revision for script in scripts.walk_revisions()}:
        return Check("newer", "error", told)
    return Check("version", _level(there == wanted), told)


def _tables() -> list[Any]:
    from ckanext.scdl import model as ours

    classes = vars(ours).values()
    return [c.__table__ for c in classes if hasattr(c, "__table__")]


def _pooling() -> Iterator[Check]:
    yield Check("pooling", _level(not pools_transactions(model.meta.engine)))


def pools_transactions(engine: sa.engine.Engine) -> bool:
    """Does a proxy give one client's server connection to another between two transactions?

    A lock taken by the first would then be held by whoever comes next: pgbouncer in mode
    `transaction`.  It gives the connection that was last free, which both then have, or each in
    turn (`server_round_robin`), and the first changes between two questions.  Neither keeps one
    while the other asks: there may be one only.  Several times: others take and give back too.
    """
    alone = _bare(engine).execution_options(isolation_level="AUTOCOMMIT")
    mine, others = set(), set()
    with alone.connect() as first, alone.connect() as second:
        for _ in range(_TIMES):
            mine |= {_server(first), _server(first)}
            others.add(_server(second))
    return bool(mine & others) or len(mine) > 1 or len(others) > 1


def _bare(engine: sa.engine.Engine) -> sa.engine.Engine:
    """Connections of our own to CKAN's PostgreSQL: not kept, nor waited for."""
    limit = {"connect_timeout": _SECONDS}
    return sa.create_engine(engine.url, poolclass=sa.pool.NullPool, connect_args=limit)


def _server(connection: Any) -> int:
    return int(connection.execute(sa.text("SELECT pg_backend_pid()")).scalar())


def _redis() -> Iterator[Check]:
    address = str(tk.config.get("ckan.redis.url"))
    # CKAN's own client waits for ever
    limits = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS}
    try:
        alive = Worker.all(connection=Redis.from_url(address, **limits))
    except RedisError:
        yield Check("redis", "error")
        return
    yield Check("redis", "ok")
    yield Check("worker", _level(alive, "warning"))


def _solr() -> Iterator[Check]:
    names = ("solr_url", "solr_user", "solr_password")
    address, user, password = (str(tk.config.get(name) or "") for name in names)
    account = (user, password) if user and password else None
    try:
        answer = requests.get(f"{address.rstrip('/')}/schema/name", auth=account, timeout=_SECONDS)
        good = answer.status_code == requests.codes.ok
    except requests.RequestException:
        good = False
    yield Check("solr", _level(good))


def _harvest_jobs() -> Iterator[Check]:
    from ckanext.harvest.model import HarvestJob, HarvestSource

    old = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None) - _STUCK
    rows = (
        model.Session.query(HarvestJob)
        .join(HarvestSource, HarvestSource.id == HarvestJob.source_id)
        .filter(HarvestSource.type == config.SOURCE_TYPE)
        .filter(HarvestJob.status != "Finished", HarvestJob.created < old)
    )
    stuck = rows.count()
    yield Check("stuck", _level(not stuck, "warning"), {"count": str(stuck)})
    for name in unknown_profiles():
        yield Check("source_profile", "error", {"profile": name})


# A profile


def _profile(name: str) -> Iterator[Check]:
    told = {"profile": name}
    row = PushProfile.find(name)
    if row is not None and row.paused is not None:
        yield Check("paused", "warning", told)
    found = list(sources(name).values())
    if not found:
        yield Check("source", "warning", told)
    for source in found or [Source(name)]:
        yield from _connection(source)
    yield from _last_run(name)


def _connection(source: Source) -> Iterator[Check]:
    told = {"profile": source.profile_id}
    try:
        remarks = runs.verify(source)
    except runs.EXPECTED as error:
        model.Session.rollback()
        yield Check("connection", "error", told, runs.problem_of(error))
        return
    yield Check("connection", "ok", told)
    for remark in remarks:
        yield Check("catalogue", "warning", told, remark)


def _last_run(name: str) -> Iterator[Check]:
    rows = model.Session.query(PushRun).filter_by(profile=name, kind="run")
    last = rows.order_by(PushRun.started.desc()).first()
    now = dt.datetime.now(dt.timezone.utc)
    if last is None:
        yield Check("never_run", "warning", {"profile": name})
        return
    told = {"profile": name, "date": f"{last.started:%Y-%m-%d}"}
    yield Check("last_run", _level(now - last.started < _QUIET, "warning"), told)
    if last.problem:
        yield Check("last_problem", "error", {"profile": name}, Finding.from_dict(last.problem))
    open_items = model.Session.query(PushItem).filter_by(run_id=last.id, state=PLANNED)
    if now - last.started > _STUCK and open_items.count():
        yield Check("interrupted", "warning", told)
