"""A whole CKAN portal: its database, index, configuration, processes and data.gouv.fr server.

`make run` starts one for the demonstration; the browser tests build others beside it, each for a
CKAN version, on the same PostgreSQL, Redis and Solr but with databases of their own.
"""

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from dev import configuration, postgres, redis, services, shell, solr, stamps, venvs
from dev.local import answers, open_url
from dev.paths import LOG, ROOT, RUN, private, write_private
from dev.ports import demand_free, port
from dev.say import Failure, step
from dev.supervisor import Program, Supervisor, wait
from dev.udata_server import Udata

SYSADMIN = "administration"


@dataclass(frozen=True)
class Place:
    """Where a portal lives.

    `harvest_pause`: seconds between two `ckan harvester run`; `settings`: lines that its ini file
    has besides the others'.
    """

    name: str
    ckan_version: str
    ckan_port: str
    udata_port: str
    database_url: str
    redis_url: str
    solr_url: str
    harvest_pause: int
    settings: Mapping[str, str] = field(default_factory=dict)


def demonstration() -> Place:
    """The portal of `make run`."""
    return Place(
        name="demo",
        ckan_version=venvs.CKAN,
        ckan_port="ckan",
        udata_port="udata",
        database_url=services.given_database(postgres.DATABASE),
        redis_url=services.redis_url(redis.DATABASE),
        solr_url=services.solr_url(solr.CORE),
        harvest_pause=60,
    )


def end_to_end(ckan_version: str) -> Place:
    """A portal for the browser tests: its database is emptied first."""
    return Place(
        name=f"e2e-{ckan_version}",
        ckan_version=ckan_version,
        ckan_port="ckan-e2e",
        udata_port="udata-e2e",
        database_url=services.database("ckan_scdl_e2e_test"),
        redis_url=services.redis_url(redis.END_TO_END_DATABASE),
        solr_url=services.solr_url(solr.END_TO_END_CORE),
        harvest_pause=8,
        settings={
            "smtp.server": f"127.0.0.1:{port('mail-e2e')}",
            "smtp.mail_from": "portail@fontargent.test",
            # a file may stop conforming after it was published
            "ckanext.scdl.mode.subventions": "warn",
            f"ckanext.scdl.profile.{configuration.PROFILE}.grace_days": "1",
        },
    )


class Portal:
    """One portal; nothing happens before `start`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.folder = private(RUN / place.name)
        self.ini = self.folder / "ckan.ini"
        self.udata = Udata(place.udata_port, self.folder, allow_local=True)
        self.supervisor = Supervisor(place.name)
        self._admin_file = self.folder / "administration.json"

    @property
    def url(self) -> str:
        """The portal's address, without final slash."""
        return f"http://127.0.0.1:{port(self.place.ckan_port)}"

    @property
    def udata_url(self) -> str:
        """The address of its data.gouv.fr test server, without final slash."""
        return self.udata.url

    @property
    def udata_seed(self) -> dict[str, Any]:
        """Keys and organisations of that server."""
        return self.udata.seed()

    @property
    def is_new(self) -> bool:
        """Whether it has never been started."""
        return not self._admin_file.is_file()

    @property
    def admin(self) -> dict[str, str]:
        """The sysadmin that `start` made: `name`, `password`, `token` (for the API)."""
        content: dict[str, str] = json.loads(self._admin_file.read_text(encoding="utf-8"))
        return content

    # --- life ---

    def start(self) -> None:
        """Starts it with the code and settings of now; the services must run.  Raises Failure."""
        self.start_udata()
        self.start_ckan()

    def start_udata(self) -> None:
        """The first half of `start`, which needs no service."""
        self.stop()
        for name in (self.place.ckan_port, self.place.udata_port):
            demand_free(name)
        with step(f"Serveur de test data.gouv.fr ({self.place.name})"):
            self.udata.seed_file.unlink(missing_ok=True)
            self.supervisor.run([self.udata.program()])
            wait(self.udata.is_ready, "Le démarrage de udata", self.supervisor.log("udata"))

    def start_ckan(self) -> None:
        """The second half: configuration (it needs udata's keys), database, processes."""
        self._prepare()
        with step(f"Portail CKAN {self.place.ckan_version} ({self.place.name})"):
            server, *others = self._programs()
            self.supervisor.run([self.udata.program(), server])
            wait(self.is_ready, "Le démarrage de CKAN", self.supervisor.log("ckan"))
            # After it, not beside it: each loads all of CKAN, and pages are waited for first.
            self.supervisor.run([self.udata.program(), server, *others])

    def stop(self) -> None:
        """Stops its processes; its data stay."""
        self.supervisor.stop()

    def empty(self) -> None:
        """Drops all it holds, so that `start` makes it anew; test databases only."""
        self.stop()
        postgres.recreate(self.place.database_url)
        solr.forget_site(self.place.solr_url, self._site_id)
        redis.forget_site(self._program("python"), self.place.redis_url, self._site_id)
        stamps.forget(f"database-{self.place.name}")
        shutil.rmtree(self.folder)
        private(self.folder)

    def is_ready(self) -> bool:
        """Whether CKAN answers."""
        return answers(f"{self.url}/api/3/action/status_show")

    # --- use ---

    def run_ckan(self, *words: str, given: str = "") -> str:
        """Runs `ckan WORDS` on this portal and returns what it prints; `given` is typed in."""
        return shell.answer([self._program("ckan"), "-c", self.ini, *words], given=given)

    def call(self, action: str, data: Mapping[str, Any], token: str = "") -> Any:
        """The result of an API action, as the sysadmin unless a token is given."""
        headers = {
            "Content-Type": "application/json",
            "Authorization": token or self.admin["token"],
        }
        body = json.dumps(data).encode()
        request = Request(f"{self.url}/api/3/action/{action}", body, headers)
        try:
            with open_url(request, timeout=60) as reply:
                return json.load(reply)["result"]
        except HTTPError as error:
            told = error.read().decode(errors="replace")[:1000]
            raise Failure(f"{action} : HTTP {error.code}, {told}") from error

    def create_user(
        self, name: str, *, organizations: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Makes an account, member of organisations (name → admin, editor or member), which must
        exist.  Returns its `name`, `password` and API `token`."""
        password = secrets.token_urlsafe(12)
        user = {"name": name, "password": password, "email": f"{name}@example.org"}
        self.call("user_create", user)
        for organization, role in (organizations or {}).items():
            member = {"id": organization, "username": name, "role": role}
            self.call("organization_member_create", member)
        token = self.call("api_token_create", {"user": name, "name": "tests"})["token"]
        return {"name": name, "password": password, "token": token}

    # --- how it is made ---

    @property
    def _site_id(self) -> str:
        return f"scdl-{self.place.name}"

    def _program(self, name: str) -> Path:
        return venvs.ckan(self.place.ckan_version).program(name)

    def _prepare(self) -> None:
        with step(f"Configuration et base de données ({self.place.name})"):
            configuration.write(self.ini, self._program("ckan"), self._settings())
            self._upgrade_database()
            if self.is_new:
                self._create_admin()

    def _settings(self) -> dict[str, str]:
        seed = self.udata.seed()
        account = (seed["base_url"], seed["api_key"], seed["organization"])
        return {
            **configuration.SETTINGS,
            "ckan.site_id": self._site_id,
            "ckan.site_url": self.url,
            "ckan.site_title": "Données budgétaires de la métropole",
            "ckan.storage_path": str(private(self.folder / "storage")),
            "sqlalchemy.url": self.place.database_url,
            "solr_url": self.place.solr_url,
            "ckan.redis.url": self.place.redis_url,
            **configuration.profile(configuration.PROFILE, *account),
            **self.place.settings,
        }

    def _upgrade_database(self) -> None:
        """Creates and upgrades the tables, when a migration or the list of plugins changed."""
        stamp = f"database-{self.place.name}"
        migrations = stamps.tree(ROOT / "ckanext" / "scdl" / "migration", "**/*.py")
        state = stamps.digest(self.place.database_url, *configuration.PLUGINS, *migrations)
        if stamps.is_done(stamp, state):
            return
        upgrades = (
            [["db", "upgrade"]]  # all plugins at once, since 2.12
            if self.place.ckan_version == venvs.NEXT_CKAN
            else [["db", "upgrade", "-p", plugin] for plugin in ("harvest", "scdl")]
        )
        for words in (["db", "init"], *upgrades):
            self._logged(*words)
        stamps.done(stamp, state)

    def _logged(self, *words: str) -> None:
        log = LOG / f"{self.place.name}-ckan.log"
        command: list[str | Path] = [self._program("ckan"), "-c", self.ini, *words]
        shell.logged(command, log, f"« ckan {' '.join(words)} » a échoué", "lisez le journal")

    def _create_admin(self) -> None:
        password = secrets.token_urlsafe(12)
        address = f"email={SYSADMIN}@example.org"
        secret = f"password={password}"
        self.run_ckan("sysadmin", "add", SYSADMIN, address, secret, given="y\n")  # create it: yes
        told = self.run_ckan("user", "token", "add", SYSADMIN, "make-run", "--quiet")
        account = {"name": SYSADMIN, "password": password, "token": told.split()[-1]}
        write_private(self._admin_file, json.dumps(account))

    def _programs(self) -> list[Program]:
        ckan = [str(self._program("ckan")), "-c", str(self.ini)]
        server = ["run", "--host", "127.0.0.1", "--port", str(port(self.place.ckan_port))]
        safely = ["--disable-reloader", "--disable-debugger", "--threaded"]
        loop = 'pause="$1"; shift; while :; do "$@"; sleep "$pause"; done'
        pause = str(self.place.harvest_pause)
        return [
            Program("ckan", [*ckan, *server, *safely]),
            Program("worker", [*ckan, "jobs", "worker"]),
            Program("gather", [*ckan, "harvester", "gather-consumer"]),
            Program("fetch", [*ckan, "harvester", "fetch-consumer"]),
            Program("harvest", ["sh", "-c", loop, "harvest", pause, *ckan, "harvester", "run"]),
        ]
