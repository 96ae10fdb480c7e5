"""A PostgreSQL cluster of our own: Debian's programs, our data directory, port and passwords.

The cluster that Debian starts on 5432 is neither used nor stopped.  It listens on 127.0.0.1 only,
without Unix socket, and asks for a password; being a toy, it does not wait for the disk.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from dev import shell
from dev.paths import LOG, ROOT, RUN, shown, write_private
from dev.ports import port
from dev.say import Failure, line
from dev.supervisor import Program

ROLE = "ckan_scdl"
DATABASE = "ckan_scdl"
TEST_DATABASE = "ckan_scdl_test"
SYSTEM_USER = "postgres"
LOG_FILE = LOG / "postgres.log"
PASSWORD_FILE = RUN / "postgres.password"
ELSEWHERE = Path("/var/lib/ckanext-scdl")


def programs() -> Path | None:
    """The folder of the newest server installed by Debian, or of the one that made our data."""
    found = {path.parent.parent.name: path.parent for path in _servers()}
    made_by = _version_of_data()
    if made_by:
        return found.get(made_by)
    return found[max(found, key=int)] if found else None


def _servers() -> list[Path]:
    return [p for p in Path("/usr/lib/postgresql").glob("*/bin/initdb") if p.parts[-3].isdigit()]


def _version_of_data() -> str:
    for folder in (RUN / "postgres", _elsewhere()):
        stamp = folder / "data" / "PG_VERSION"
        if os.access(stamp, os.R_OK):
            return stamp.read_text(encoding="ascii").strip()
    return ""


def _elsewhere() -> Path:
    return ELSEWHERE / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def folder() -> Path:
    """Where the data lie: `.run/postgres`, or a system directory if the postgres user cannot enter
    the checkout (a home in mode 0700, for instance)."""
    RUN.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or _can_enter(RUN):
        return RUN / "postgres"
    return _elsewhere()


def _can_enter(path: Path) -> bool:
    return subprocess.run([*_as_owner(), "test", "-x", path], check=False).returncode == 0


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", SYSTEM_USER, "--"] if os.geteuid() == 0 else []


def prepare() -> None:
    """Makes the cluster once.  Raises Failure naming the log."""
    if (folder() / "data" / "PG_VERSION").is_file():
        return
    place = folder()
    if place != RUN / "postgres":
        line(f"  · Données de PostgreSQL dans {place} : l'utilisateur postgres n'entre pas ici")
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    password = place / "superuser"
    write_private(password, secrets.token_urlsafe(24))
    if os.geteuid() == 0:
        shutil.chown(place, SYSTEM_USER)
        shutil.chown(password, SYSTEM_USER)
    _initdb(place, password)
    write_private(PASSWORD_FILE, password.read_text(encoding="ascii"))
    password.unlink()


def _initdb(place: Path, password: Path) -> None:
    settings = ["-A", "scram-sha-256", "-U", "postgres", f"--pwfile={password}"]
    locale = ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    shell.logged(
        [*_as_owner(), _program("initdb"), "-D", place / "data", *settings, *locale],
        LOG_FILE,
        "PostgreSQL n'a pas pu créer ses données",
        f"supprimez {shown(place)} et relancez",
    )


def _program(name: str) -> Path:
    found = programs()
    if not found:
        raise Failure("Le serveur PostgreSQL manque.", "apt-get install postgresql")
    return found / name


def program() -> Program:
    """The server, for supervisord."""
    relaxed = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", *relaxed]
    options = [word for setting in settings for word in ("-c", setting)]
    place = folder()
    return Program(
        "postgres",
        [
            str(_program("postgres")),
            "-D",
            str(place / "data"),
            "-p",
            str(port("postgres")),
            *options,
        ],
        user=SYSTEM_USER if os.geteuid() == 0 else "",
        folder=place,
        stop_signal="INT",  # "fast": open connections are closed
    )


def url(database: str) -> str:
    """The address of one of our databases, as SQLAlchemy wants it."""
    return f"postgresql://{ROLE}:{ROLE}@127.0.0.1:{port('postgres')}/{database}"


def is_ready() -> bool:
    """Whether the server answers queries."""
    try:
        return _query("SELECT 1").strip() == "1"
    except Failure:
        return False


def create(*databases: str) -> None:
    """Makes the role and the databases that are not there yet."""
    if not _query(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'").strip():
        _query(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{ROLE}'")
    present = _query("SELECT datname FROM pg_database").split()
    for database in databases:
        if database not in present:
            _query(f"CREATE DATABASE {database} OWNER {ROLE}")


def _query(sql: str) -> str:
    password = PASSWORD_FILE.read_text(encoding="ascii")
    server = f"postgresql://postgres@127.0.0.1:{port('postgres')}/postgres"
    return _psql(server, sql, shell.clean_environment({"PGPASSWORD": password}))


def ask(database_url: str, sql: str) -> str:
    """What a test database answers to a statement.  Raises Failure unless it is one of tests."""
    _demand_test(database_name(database_url))
    return _psql(database_url, sql)


def _psql(server: str, sql: str, env: dict[str, str] | None = None) -> str:
    return shell.answer(["psql", "-X", "-q", "-t", "-A", "-d", server, "-c", sql], env=env)


def recreate(database_url: str) -> None:
    """Empties a test database by dropping it.  Raises Failure unless its name ends in `_test`."""
    name = database_name(database_url)
    _demand_test(name)
    server = with_database(database_url, "postgres")
    _psql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _psql(server, f'CREATE DATABASE "{name}"')


def _demand_test(name: str) -> None:
    if not name.endswith("_test"):
        raise Failure(
            f"La base « {name} » n'est pas une base de test : elle ne sera pas vidée.",
            "donnez à CKAN_SQLALCHEMY_URL une base dont le nom finit par _test",
        )


def database_name(database_url: str) -> str:
    """The last part of the URL: `postgresql://user:password@host/NAME?options`."""
    return urlsplit(database_url).path.lstrip("/")


def with_database(database_url: str, name: str) -> str:
    """The same server and role, another database; without SQLAlchemy's driver (`+psycopg2`)."""
    parts = urlsplit(database_url)
    return parts._replace(scheme="postgresql", path=f"/{name}").geturl()


def remove() -> None:
    """Deletes the data directory, wherever it is; the server must be stopped."""
    for place in (RUN / "postgres", _elsewhere()):
        shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):  # another checkout's data, or never made
        ELSEWHERE.rmdir()
