"""PostgreSQL, Redis and Solr: ours, or those that `CKAN_SQLALCHEMY_URL`, `CKAN_REDIS_URL` and
`CKAN_SOLR_URL` name.

`database`, `redis_url` and `solr_url` give the addresses that a portal or the tests shall use.
"""

import os
from urllib.parse import urlsplit

from dev import postgres, redis, solr
from dev.ports import demand_free
from dev.say import step
from dev.supervisor import Supervisor, wait

SUPERVISOR = Supervisor("services")
VARIABLES = {
    "postgres": "CKAN_SQLALCHEMY_URL",
    "redis": "CKAN_REDIS_URL",
    "solr": "CKAN_SOLR_URL",
}
OURS = {"postgres": postgres, "redis": redis, "solr": solr}


def ours() -> list[str]:
    """The services that the environment does not point elsewhere."""
    return [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]


def start() -> None:
    """Starts our services, unless they run, and makes the databases.  Raises Failure."""
    names = ours()
    if not names:
        return
    prepare(names)
    if not SUPERVISOR.is_running():
        for name in names:
            demand_free(name)
    with step(f"Services : {', '.join(names)}"):
        SUPERVISOR.run([OURS[name].program() for name in names])
        for name in names:
            wait(OURS[name].is_ready, f"Le démarrage de {name}", SUPERVISOR.log(name))
        if "postgres" in names:
            postgres.create(postgres.DATABASE, postgres.TEST_DATABASE)


def prepare(names: list[str]) -> None:
    """Lays out the data of those services that have some."""
    if "postgres" in names:
        postgres.prepare()
    if "solr" in names:
        solr.prepare()


def database(name: str) -> str:
    """The URL of a database: ours; or of that name on the server that the environment names."""
    given = os.environ.get("CKAN_SQLALCHEMY_URL")
    return postgres.with_database(given, name) if given else postgres.url(name)


def given_database(otherwise: str) -> str:
    """The database that the environment names, as it is; else ours of this name."""
    return os.environ.get("CKAN_SQLALCHEMY_URL") or postgres.url(otherwise)


def redis_url(number: int) -> str:
    """The URL of a numbered database, on our Redis or on the one given."""
    given = os.environ.get("CKAN_REDIS_URL")
    return urlsplit(given)._replace(path=f"/{number}").geturl() if given else redis.url(number)


def solr_url(core: str) -> str:
    """The URL of a core; of a Solr that is given, the one core that was given."""
    return os.environ.get("CKAN_SOLR_URL") or solr.url(core)


def given() -> dict[str, str]:
    """The addresses that the environment names, to hand on to a program."""
    present = {variable: os.environ.get(variable, "") for variable in VARIABLES.values()}
    return {variable: url for variable, url in present.items() if url}


def test_environment() -> dict[str, str]:
    """What the portal tests' `test.ini` is overridden with (CKAN reads these variables)."""
    return {
        "CKAN_SQLALCHEMY_URL": given_database(postgres.TEST_DATABASE),
        "CKAN_REDIS_URL": os.environ.get("CKAN_REDIS_URL") or redis.url(redis.TEST_DATABASE),
        "CKAN_SOLR_URL": solr_url(solr.TEST_CORE),
    }
