"""A real Solr 9 from Maven Central: its jars, a small launcher, one core per use.

Debian has no Solr and Maven Central has only jars; `solr-test-framework` carries the runner that
Solr's own tests start.  The schema is CKAN 2.11.6's, which 2.12.0 accepts too (the contrary is
refused).  For development and tests: a real portal has its own Solr.
"""

import json
import shutil
from pathlib import Path
from urllib.request import Request

from dev import say, shell, stamps, venvs
from dev.local import answers, open_url
from dev.paths import LOG, RUN
from dev.ports import port
from dev.supervisor import Program

CORE = "ckan"
TEST_CORE = "ckan_test"
END_TO_END_CORE = "ckan_e2e"
SOURCES = Path(__file__).parent
FOLDER = RUN / "solr"
LIBRARIES = FOLDER / "lib"
CLASSES = FOLDER / "classes"
HOME = FOLDER / "home"
LOG_FILE = LOG / "solr-install.log"


def install() -> None:
    """Fetches the jars (84 MB) and compiles the launcher, once.  Raises Failure."""
    state = stamps.digest(SOURCES / "pom.xml", SOURCES / "Launcher.java")
    if stamps.is_done("solr", state) and LIBRARIES.is_dir():
        return
    with say.step("Solr : bibliothèques Java", LOG_FILE):
        shutil.rmtree(LIBRARIES, ignore_errors=True)
        _maven()
        _compile()
    stamps.done("solr", state)


def _maven() -> None:
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    target = [f"-DoutputDirectory={LIBRARIES}"]
    shell.logged(
        ["mvn", "-B", "-q", "--strict-checksums", "-f", SOURCES / "pom.xml", *goal, *target],
        LOG_FILE,
        "Les bibliothèques de Solr n'ont pas pu être téléchargées",
        "vérifiez l'accès à Maven Central puis relancez",
    )


def _compile() -> None:
    shell.logged(
        ["javac", "-d", CLASSES, "-cp", f"{LIBRARIES}/*", SOURCES / "Launcher.java"],
        LOG_FILE,
        "Le lanceur de Solr n'a pas pu être compilé",
        "vérifiez l'installation du JDK : javac -version",
    )


def prepare() -> None:
    """Lays out Solr's home: the shared configuration and the cores.  CKAN must be installed."""
    shared = HOME / "configsets" / "ckan" / "conf"
    shared.mkdir(parents=True, exist_ok=True)
    (HOME / "solr.xml").write_text("<solr/>\n", encoding="ascii")
    shutil.copy(SOURCES / "solrconfig.xml", shared)
    shutil.copy(_schema(), shared)
    for name in ("protwords.txt", "synonyms.txt"):  # the schema names them
        (shared / name).touch()
    for core in (CORE, TEST_CORE, END_TO_END_CORE):
        folder = HOME / core
        folder.mkdir(exist_ok=True)
        (folder / "core.properties").write_text(f"name={core}\nconfigSet=ckan\n", encoding="ascii")


def _schema() -> Path:
    """The file in CKAN's package, found without importing it."""
    packages = venvs.ckan(venvs.CKAN).path / "lib"
    found = sorted(packages.glob("python*/site-packages/ckan/config/solr/schema.xml"))
    if not found:
        raise say.Failure("CKAN n'est pas installé : son schema.xml manque.", "relancez make run")
    return found[-1]


def program() -> Program:
    """The server, for supervisord."""
    memory = ["-Xms128m", "-Xmx512m", "-XX:TieredStopAtLevel=1"]
    path = ["-cp", f"{CLASSES}:{LIBRARIES}/*"]
    return Program("solr", ["java", *memory, *path, "Launcher", str(HOME), str(port("solr"))])


def url(core: str) -> str:
    """The address of a core."""
    return f"http://127.0.0.1:{port('solr')}/solr/{core}"


def is_ready() -> bool:
    """Whether every core answers."""
    cores = (CORE, TEST_CORE, END_TO_END_CORE)
    return all(answers(f"{url(core)}/select?q=*:*&rows=0") for core in cores)


def forget_site(solr_url: str, site_id: str) -> None:
    """Removes from an index what one portal put there; other portals may share the core."""
    order = json.dumps({"delete": {"query": f'site_id:"{site_id}"'}}).encode()
    request = Request(f"{solr_url}/update?commit=true", order, {"Content-Type": "application/json"})
    with open_url(request, timeout=30):
        pass
