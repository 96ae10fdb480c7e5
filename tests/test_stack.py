"""The development stack, as far as it can be tried without starting anything."""

import configparser
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import configuration, ports, postgres, services, shell, stamps, supervisor
from dev.__main__ import COMMANDS, made
from dev.say import Failure

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults, whatever ports and services this run of the tests uses."""
    for name in ("OFFSET", *(name.upper().replace("-", "_") for name in ports.DEFAULTS)):
        monkeypatch.delenv(f"SCDL_PORT_{name}", raising=False)
    for variable in services.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_tests_configuration_names_the_default_ports() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "test.ini", encoding="utf-8")
    lines = parser["app:main"]
    environment = services.test_environment()
    assert lines["sqlalchemy.url"] == environment["CKAN_SQLALCHEMY_URL"]
    assert lines["ckan.redis.url"] == environment["CKAN_REDIS_URL"]
    assert lines["solr_url"] == environment["CKAN_SOLR_URL"]


def test_two_shifted_sets_of_ports_have_none_in_common() -> None:
    shifted = {number + ports.STRIDE for number in ports.DEFAULTS.values()}
    assert shifted.isdisjoint(ports.DEFAULTS.values())


def test_a_port_can_be_shifted_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCDL_PORT_OFFSET", "100")
    assert ports.port("udata-test") == ports.DEFAULTS["udata-test"] + 100
    monkeypatch.setenv("SCDL_PORT_UDATA_TEST", "9999")
    assert ports.port("udata-test") == 9999


def test_a_taken_port_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setenv("SCDL_PORT_SOLR", str(taken))
    with pytest.raises(Failure, match=str(taken)) as failure:
        ports.demand_free("solr")
    assert "SCDL_PORT_SOLR=" in failure.value.remedy


def test_a_port_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCDL_PORT_SOLR", "solr")
    with pytest.raises(Failure, match="SCDL_PORT_SOLR=solr"):
        ports.port("solr")


def test_given_services_are_used_and_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_SOLR_URL", "http://solr.example.org/solr/portail")
    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql+psycopg2://u:p@db.example.org/x?a=b")
    assert services.ours() == ["redis"]
    assert services.solr_url("ckan") == "http://solr.example.org/solr/portail"
    assert services.database("y_test") == "postgresql://u:p@db.example.org/y_test?a=b"


def test_only_a_test_database_is_emptied() -> None:
    with pytest.raises(Failure, match="« ckan » n'est pas une base de test"):
        postgres.recreate("postgresql://nobody@127.0.0.1:1/ckan")


def test_a_programs_environment_has_no_ckan_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_SITE_URL", "http://example.org")
    monkeypatch.setenv("CKANEXT__SCDL__PROFILE__DEMO__API_KEY", "secret")
    assert not [name for name in shell.clean_environment() if name.startswith("CKAN")]


def test_a_step_is_done_again_when_its_input_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stamps, "STAMPS", tmp_path)
    source = tmp_path / "input"
    source.write_text("one", encoding="ascii")
    stamps.done("step", stamps.digest(source))
    assert stamps.is_done("step", stamps.digest(source))
    source.write_text("two", encoding="ascii")
    assert not stamps.is_done("step", stamps.digest(source))


def test_the_control_socket_is_never_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RUN", Path("/" + "long/" * 40))
    rows = supervisor.Supervisor("demo").text([]).splitlines()
    [path] = [row.removeprefix("file = ") for row in rows if row.startswith("file = ")]
    assert len(path) < 107


def test_percent_signs_survive_supervisors_configuration() -> None:
    program = supervisor.Program("x", ["echo", "100%"])
    text = supervisor.Supervisor("demo").text([program])
    parser = configparser.ConfigParser()
    parser.read_string(text)
    assert parser["program:x"]["command"] == "echo 100%"


def test_settings_replace_their_lines_and_leave_the_others() -> None:
    text = "[server:main]\n[app:main]\n# a = 0\na = 1\nab = 2\n\n[loggers]\nkeys = root\n"
    once = configuration.edited(text, {"a": "x=y", "new": "100%"})
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(once)
    assert dict(parser["app:main"]) == {"a": "x=y", "new": "100%", "ab": "2"}
    assert dict(parser["loggers"]) == {"keys": "root"}
    assert configuration.edited(once, {"a": "x=y", "new": "100%"}) == once


def test_make_calls_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [names] = re.findall(r"^(run .*):$", makefile, re.MULTILINE)
    assert set(names.split()) <= set(COMMANDS)


def test_clean_leaves_the_sources_alone(tmp_path: Path) -> None:
    for name in (".run", "ckanext_scdl.egg-info", "docs"):
        (tmp_path / name).mkdir()
    for folder in made(tmp_path):
        folder.rmdir()
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def test_the_guide_names_every_command_and_port() -> None:
    guide = (ROOT / "docs" / "developpement.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if not re.search(rf"(make|-m dev) {name}\b", guide)]
    missing += [str(number) for number in ports.DEFAULTS.values() if str(number) not in guide]
    missing += [name for name in services.VARIABLES.values() if name not in guide]
    assert missing == []
