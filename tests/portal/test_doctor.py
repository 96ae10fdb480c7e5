"""`ckan scdl doctor` on a real portal: what it finds, what it says, and that it tells no key."""

import base64
import http.server
import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.scdl import doctor, doctor_texts
from ckanext.scdl.model import PushProfile

from .publishing import PREFIX, call, harvest

pytestmark = [pytest.mark.portal, pytest.mark.udata]


@pytest.fixture
def found(portal):
    """A function: the checks by id, the worst of each."""

    def look():
        checks = {}
        for check in doctor.examine():
            known = checks.get(check.id)
            if known is None or doctor.LEVELS.index(check.level) > doctor.LEVELS.index(known.level):
                checks[check.id] = check
        return checks

    return look


def test_a_portal_that_works(found, source, table):
    harvest(source)
    checks = found()
    assert [c.sentence() for c in checks.values() if c.level == "error"] == []
    good = {name for name, check in checks.items() if check.level == "ok"}
    assert good >= {
        "plugins",
        "uploads",
        "storage",
        "migrations",
        "version",
        "pooling",
        "redis",
        "solr",
        "stuck",
        "connection",
        "last_run",
    }


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("udata_fausse-clef-0123456789", "refuse la clé"),
        ("partial_editor", "éditeur"),
        ("outsider", "membre"),
    ],
)
def test_who_must_do_what(found, source, udata, ckan_config, monkeypatch, key, said):
    monkeypatch.setitem(ckan_config, f"{PREFIX}.api_key", udata["keys"].get(key, key))
    check = found()["connection"]
    assert check.level == "error"
    assert said in check.sentence()
    assert "fausse-clef" not in check.sentence()


def test_a_local_address_and_the_switch(found, source, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, f"{PREFIX}.portal_url", "http://localhost:5000")
    assert "localhost" in found()["connection"].sentence()
    monkeypatch.setitem(ckan_config, "ckanext.scdl.allow_local_address", "true")
    checks = found()
    assert checks["local_address"].level == "error"
    assert checks["connection"].level == "ok"


def test_a_moved_portal(found, source, table, ckan_config, monkeypatch):
    harvest(source)
    monkeypatch.setitem(ckan_config, f"{PREFIX}.portal_url", "https://copie.exemple-sur-loire.fr")
    assert "copie" in found()["connection"].sentence()


def test_a_paused_profile_and_one_that_never_ran(found, source):
    call("scdl_push_pause", profile="essai")
    checks = found()
    assert "resume essai" in checks["paused"].sentence()
    assert checks["never_run"].level == "warning"


def test_a_source_of_a_profile_that_is_no_more(found, source, ckan_config, monkeypatch):
    assert "source_profile" not in found()
    for name in [name for name in ckan_config if name.startswith(f"{PREFIX}.")]:
        monkeypatch.delitem(ckan_config, name)
    check = found()["source_profile"]
    assert (check.level, "profil essai" in check.sentence()) == ("error", True)


def test_a_wrong_option(found, source, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, f"{PREFIX}.grace_days", "une semaine")
    check = found()["connection"]
    assert (check.level, f"{PREFIX}.grace_days" in check.sentence()) == ("error", True)


def test_a_silent_data_gouv_fr(found, source, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, f"{PREFIX}.url", "http://127.0.0.1:9")
    start = time.monotonic()
    assert found()["connection"].level == "error"
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("table", ["scdl_push_told", "scdl_alembic_version"])
def test_tables_that_are_missing(found, source, table):
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {table}_before"))
    try:
        check = found()["migrations"]
    finally:
        with model.meta.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table}_before RENAME TO {table}"))
    assert (check.level, table in check.sentence()) == ("error", True)


@pytest.fixture
def at_migration():
    """A function: the database says that it is at this one."""
    change = sa.text("UPDATE scdl_alembic_version SET version_num = :version")
    with model.meta.engine.begin() as connection:
        before = connection.execute(sa.text("SELECT version_num FROM scdl_alembic_version"))
        version = before.scalar()

    def say(other):
        with model.meta.engine.begin() as connection:
            connection.execute(change, {"version": other})

    yield say
    say(version)


def test_a_migration_that_was_not_made(found, source, at_migration):
    """The tables are all there; a column may not be."""
    at_migration("003")
    checks = found()
    assert checks["version"].level == "error"
    assert "ckan db upgrade -p scdl" in checks["version"].sentence()
    assert "connection" not in checks


def test_a_migration_of_a_later_extension(found, source, at_migration):
    """An older version was put back: its migrations could not go forward."""
    at_migration("999")
    checks = found()
    assert checks["newer"].level == "error"
    assert "999" in checks["newer"].sentence()
    assert "db upgrade" not in checks["newer"].sentence()


@pytest.fixture
def elsewhere():
    """A function: CKAN's database is at this port, from now on."""
    before = model.meta.engine

    def use(engine):
        model.Session.remove()
        model.Session.configure(bind=engine)
        model.meta.engine = engine

    yield lambda port: use(sa.create_engine(before.url.set(host="127.0.0.1", port=port)))
    use(before)


@pytest.mark.parametrize("listens", [True, False])
def test_a_silent_postgresql(found, source, elsewhere, listens):
    """It stopped after CKAN had started: said once, and the rest is looked at no more."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        elsewhere(silent.getsockname()[1])
        start = time.monotonic()
        checks = found()
    assert time.monotonic() - start < 60
    assert checks["database"].level == "error"
    assert "sqlalchemy.url" in checks["database"].sentence()
    assert [name for name, check in checks.items() if check.level == "error"] == ["database"]
    assert not set(checks) & {"migrations", "version", "pooling", "stuck", "connection"}


@pytest.mark.parametrize(
    ("plugins", "level"),
    [
        ("scdl datagouv_harvester harvest scheming_datasets", "ok"),
        ("harvest scdl datagouv_harvester scheming_datasets", "warning"),
    ],
)
def test_the_order_of_plugins(found, source, ckan_config, monkeypatch, plugins, level):
    """ckanext-harvest's pages would hide ours; the other orders stop CKAN itself."""
    monkeypatch.setitem(ckan_config, "ckan.plugins", plugins)
    assert found()["order"].level == level


def test_a_table_that_is_locked_is_not_waited_for(found, source):
    """A migration under way, or a transaction that somebody left open."""
    start = time.monotonic()
    with model.meta.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("LOCK TABLE scdl_push_run IN ACCESS EXCLUSIVE MODE"))
        checks = found()
    assert checks["profile"].level == "error"
    assert time.monotonic() - start < 60
    waits = model.Session.execute(sa.text("SHOW statement_timeout")).scalar()
    assert waits == "0", "CKAN's own questions wait as before"


@pytest.mark.parametrize("listens", [True, False])
def test_a_silent_redis(found, source, ckan_config, monkeypatch, listens):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        port = silent.getsockname()[1]
        monkeypatch.setitem(ckan_config, "ckan.redis.url", f"redis://127.0.0.1:{port}/1")
        start = time.monotonic()
        check = found()["redis"]
    assert check.level == "error"
    assert time.monotonic() - start < 60


def test_solr_with_an_account(found, source, ckan_config, monkeypatch):
    """Asked as CKAN asks: a Solr that wants an account answers 401 without."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Guarded) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/solr/ckan"
        monkeypatch.setitem(ckan_config, "solr_url", address)
        assert found()["solr"].level == "error"
        monkeypatch.setitem(ckan_config, "solr_user", "ckan")
        monkeypatch.setitem(ckan_config, "solr_password", "mot de passe")
        assert found()["solr"].level == "ok"
        server.shutdown()


class _Guarded(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        account = base64.b64encode(b"ckan:mot de passe").decode()
        good = self.headers["Authorization"] == f"Basic {account}"
        self.send_response(200 if good else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_it_writes_nothing(found, source):
    model.Session.query(PushProfile).delete()
    model.Session.commit()
    found()
    assert model.Session.query(PushProfile).count() == 0


def test_it_could_not_write(found, source):
    """PostgreSQL refuses, whatever a check may call one day; afterwards CKAN writes again."""
    looks = doctor.examine()
    next(looks)
    with pytest.raises(sa.exc.InternalError, match="read-only"):
        PushProfile.of("lu")
    looks.close()
    assert PushProfile.of("lu").profile == "lu"


# The command


def test_the_command(cli, source, table, ckan_config):
    harvest(source)
    result = cli.invoke(ckan, ["scdl", "doctor"])
    assert result.exit_code in (0, 1), result.output
    assert "La clé et les droits" in result.output or "la clé et les droits" in result.output
    assert ckan_config[f"{PREFIX}.api_key"] not in result.output
    told = json.loads(cli.invoke(ckan, ["scdl", "doctor", "--json", "--lang", "en"]).stdout)
    assert told["level"] in ("ok", "warning")
    assert {"id", "level", "sentence"} == set(told["checks"][0])
    assert any("the key and the rights are good" in c["sentence"] for c in told["checks"])


def test_an_error_is_exit_code_2(cli, source, ckan_config, monkeypatch):
    PushProfile.of("essai").portal_url = "https://autre.exemple-sur-loire.fr"
    model.Session.commit()
    assert cli.invoke(ckan, ["scdl", "doctor"]).exit_code == 2
    assert cli.invoke(ckan, ["scdl", "doctor", "--profile", "inconnu"]).exit_code == 2


def test_each_sentence_is_in_both_languages():
    for words in doctor_texts.SENTENCES.values():
        assert set(words) == {"fr", "en"}
        assert all(words.values())


# A proxy in front of PostgreSQL


@pytest.fixture
def pooled():
    """A function: pgbouncer in this mode, in front of the tests' database; an engine on it."""
    program = shutil.which("pgbouncer")
    assert program, "pgbouncer is missing: « make test » installs it"
    started = []

    def start(mode, turns=False, size=20):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        url = model.meta.engine.url
        target = f"host={url.host} port={url.port} dbname={url.database}"
        text = (
            f"[databases]\n{url.database} = {target} user={url.username} password={url.password}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
            f"pool_mode = {mode}\nunix_socket_dir =\nserver_round_robin = {int(turns)}\n"
            f"default_pool_size = {size}\nquery_wait_timeout = 10\n"
        )
        # it refuses to run as root
        command = [program, "-q", "-u", "nobody", str(_readable(text))]
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        _wait(port)
        return sa.create_engine(url.set(host="127.0.0.1", port=port))

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=20)


def _readable(text):
    """A file that any account may read: pytest's own folders are closed."""
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    folder.chmod(0o755)
    place = folder / "pgbouncer.ini"
    place.write_text(text, encoding="ascii")
    place.chmod(0o644)
    return place


def _wait(port):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("pgbouncer did not start")


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize(
    ("mode", "size", "pools"),
    [
        *(("transaction", size, True) for size in (1, 2, 3, 4, 20)),
        *(("session", size, False) for size in (2, 20)),
    ],
)
def test_a_pooling_proxy_is_found(portal, pooled, mode, size, pools, turns):
    """However it chooses and however few it has: all are free, as on a portal that works."""
    engine = pooled(mode, turns, size)
    assert engine.url.port != model.meta.engine.url.port
    with ExitStack() as visitors:
        for _ in range(min(size, 4)):
            visitors.enter_context(engine.connect()).execute(sa.text("SELECT 1"))
    engine.dispose()
    assert doctor.pools_transactions(engine) is pools


def test_a_pooling_proxy_is_found_under_load(portal, pooled):
    """Others take and give back connections meanwhile."""
    engine = pooled("transaction", size=3)
    stop = threading.Event()

    def work():
        with engine.connect() as connection:
            while not stop.is_set():
                with connection.begin():
                    connection.execute(sa.text("SELECT pg_sleep(0.002)"))

    others = [threading.Thread(target=work) for _ in range(2)]
    for other in others:
        other.start()
    try:
        assert all(doctor.pools_transactions(engine) for _ in range(10))
    finally:
        stop.set()
        for other in others:
            other.join()


def test_no_proxy_no_pooling(portal):
    assert not doctor.pools_transactions(model.meta.engine)
