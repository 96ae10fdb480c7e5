"""For all tests: no test ever runs on a database that is not one for tests."""

import configparser
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest


def database_name(url: str) -> str:
    """The database of an SQLAlchemy URL."""
    return urlsplit(url).path.lstrip("/")


def refuse(url: str, origin: str) -> None:
    """Ends the whole run, before any connection, unless the database is named `*_test`."""
    name = database_name(url)
    if url and not name.endswith("_test"):
        pytest.exit(
            f"{origin} : la base « {name} » n'est pas une base de test. Les tests vident leur base "
            "et ne tournent que sur une base dont le nom finit par _test.",
            returncode=2,
        )


def pytest_configure(config: pytest.Config) -> None:
    refuse(os.environ.get("CKAN_SQLALCHEMY_URL", ""), "CKAN_SQLALCHEMY_URL")
    ini = config.getoption("--ckan-ini", default=None)
    if ini and Path(ini).is_file():
        refuse(_database_of(Path(ini)), ini)


def _database_of(ini: Path) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read(ini, encoding="utf-8")
    return parser.get("app:main", "sqlalchemy.url", fallback="")


@pytest.fixture(scope="session")
def refuse_real_database() -> Callable[[str, str], None]:
    """`refuse`, for the conftest of the portal tests: (URL, where it comes from)."""
    return refuse
