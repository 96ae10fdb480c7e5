"""The administrator's way: the README's own commands on a portal that is already there.

Three fenced blocks of the README are found by the HTML comment on the line before them:
`<!-- test: install -->` (pip), `<!-- test: ini -->` (lines for ckan.ini) and
`<!-- test: upgrade -->` (ckan db upgrade).  Needs the services (`make test-services`).
"""

import re
import sys
from pathlib import Path

import pytest

from dev import postgres, services, solr
from tests.installing import ROOT, fresh_venv, run, sources

pytestmark = pytest.mark.packaging

CKAN = "ckan[requirements]==2.11.6"
SITE_ID = "scdl-install-test"
DATABASE = "ckan_scdl_install_test"
PAGES = ("/", "/budget/", "/subventions/", "/harvest")
VISIT = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from werkzeug.test import Client
client = Client(make_app(load_config(sys.argv[1])))
for page in sys.argv[2:]:
    print(page, client.get(page).status_code)
"""


def readme_block(name: str) -> str:
    """The fenced block after `<!-- test: NAME -->`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- test: {name} -->\s*```\w*\n(.*?)```", text, re.DOTALL)
    assert found, f"README.md has no fenced block after <!-- test: {name} -->"
    return found[1]


class Installed:
    """A portal's virtualenv, and what it held before and after the README's pip command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = fresh_venv(folder / "venv")
        run(self.programs / "pip", "install", "-q", CKAN)
        self.before = self._versions()
        self._follow_readme()
        self.after = self._versions()

    def _versions(self) -> dict[str, str]:
        rows = run(self.programs / "pip", "freeze").splitlines()
        return dict(row.split("==", 1) for row in rows if "==" in row)

    def _follow_readme(self) -> None:
        """Where the README says ckanext-scdl, pip takes the wheel of this checkout."""
        built = self.folder / "built"
        copy = sources(self.folder / "sources")
        run(sys.executable, "-m", "build", "--wheel", "-o", built, copy)
        [wheel] = built.glob("*.whl")
        constraint = self.folder / "constraint.txt"
        constraint.write_text(f"ckanext-scdl @ {wheel.as_uri()}\n", encoding="utf-8")
        self.shell(readme_block("install"), PIP_CONSTRAINT=str(constraint))

    def shell(self, commands: str, **variables: str) -> str:
        """Runs commands as in a shell where the virtualenv is active."""
        path = f"{self.programs}:/usr/local/bin:/usr/bin:/bin"
        return run("bash", "-euo", "pipefail", "-c", commands, PATH=path, **variables)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def ini(installed: Installed) -> Path:
    """The configuration of a portal in service, with its tables, before ckanext-scdl."""
    file = installed.folder / "ckan.ini"
    ckan = installed.programs / "ckan"
    database = services.database(DATABASE)
    environment = services.test_environment()
    postgres.recreate(database)
    solr.forget_site(environment["CKAN_SOLR_URL"], SITE_ID)
    run(ckan, "generate", "config", file)
    run(
        *(ckan, "config-tool", file, f"sqlalchemy.url={database}", f"ckan.site_id={SITE_ID}"),
        *(f"solr_url={environment['CKAN_SOLR_URL']}", "ckan.site_url=http://127.0.0.1:5000"),
        *(f"ckan.redis.url={environment['CKAN_REDIS_URL']}", "ckan.plugins="),
        f"ckan.storage_path={installed.folder / 'storage'}",
    )
    run(ckan, "-c", file, "db", "init")
    return file


@pytest.fixture(scope="module")
def configured(installed: Installed, ini: Path) -> Path:
    """The same after the README's lines and commands."""
    lines = installed.folder / "lines.ini"
    lines.write_text(f"[app:main]\n{readme_block('ini')}", encoding="utf-8")
    run(installed.programs / "ckan", "config-tool", ini, "-f", lines)
    installed.shell(re.sub(r"-c \S+\.ini", f"-c {ini}", readme_block("upgrade")))
    return ini


def test_pip_moves_nothing_that_the_portal_had(installed: Installed) -> None:
    moved = {
        name: (version, installed.after.get(name))
        for name, version in installed.before.items()
        if installed.after.get(name) != version
    }
    assert len(installed.before) > 50
    assert moved == {}


def test_pip_finds_no_conflict(installed: Installed) -> None:
    run(installed.programs / "pip", "check")


def test_no_migration_is_left(installed: Installed, configured: Path) -> None:
    told = run(installed.programs / "ckan", "-c", configured, "db", "pending-migrations")
    assert "unapplied" not in told


def test_the_portal_shows_its_pages(installed: Installed, configured: Path) -> None:
    told = run(installed.programs / "python", "-c", VISIT, configured, *PAGES)
    assert [row for row in told.splitlines() if row.startswith("/")] == [f"{p} 200" for p in PAGES]
