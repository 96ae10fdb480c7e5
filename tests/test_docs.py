"""What is public outside the library is named in the guides, and the guides point to what exists.

Pure: files of the checkout only.  The library's own names are checked by tests/conformity and
tests/datagouv, what the plugins register by tests/portal/test_docs.py.
"""

from __future__ import annotations

import configparser
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from ckanext.scdl import command
from ckanext.scdl.conformity import check, texts
from ckanext.scdl.conformity.texts import fr
from dev import ports
from dev.__main__ import COMMANDS
from tests import generate

ROOT = Path(__file__).parents[1]
GUIDES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
GUIDES["README.md"] = (ROOT / "README.md").read_text(encoding="utf-8")
ALL = "\n".join(GUIDES.values())
ADMIN, CONTRIBUTOR = GUIDES["administrateur.md"], GUIDES["contributeur.md"]
CATALOGUE = gettext.GNUTranslations(
    (ROOT / "ckanext/scdl/i18n/fr/LC_MESSAGES/ckanext-scdl.mo").open("rb")
)


def rows(guide: str) -> list[list[str]]:
    """The cells of the guide's tables."""
    lines = re.findall(r"^ *\|(.+)\|$", guide, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def row_of(name: str, guide: str = ADMIN) -> str:
    """The table row whose first cell names `name` as code."""
    found = [" | ".join(cells) for cells in rows(guide) if f"`{name}`" in cells[0]]
    assert found, f"no table row for {name}"
    return found[-1]


# --- settings ---

DECLARATION = yaml.safe_load(
    (ROOT / "ckanext/scdl/config_declaration.yaml").read_text(encoding="utf-8")
)
OPTIONS = {o["key"]: o for group in DECLARATION["groups"] for o in group["options"]}


@pytest.mark.parametrize("key", OPTIONS)
def test_every_option_is_described_with_its_default(key: str) -> None:
    default = OPTIONS[key].get("default", "aucun")
    # CKAN knows no default of a dynamic option: its placeholder tells it
    shown = {str(default), str(default).lower(), str(OPTIONS[key].get("placeholder") or default)}
    assert any(word in row_of(key) for word in shown)


def _written_options() -> set[str]:
    blocks = re.findall(r"```(?:ini|sh)\n(.*?)```", ALL, re.DOTALL)
    keys = re.findall(r"\bckanext\.scdl\.[a-z_.<>]+(?= *=)", "\n".join(blocks))
    shaped = {re.sub(r"\.profile\.\w+\.", ".profile.<id>.", key) for key in keys}
    return {re.sub(r"\.mode\.\w+", ".mode.<type>", key) for key in shaped}


def test_the_guides_write_no_option_that_does_not_exist() -> None:
    written = _written_options()
    assert len(written) >= 2
    assert written - set(OPTIONS) == set()


@pytest.mark.parametrize("key", [key for key in OPTIONS if ".profile." in key])
def test_every_option_of_a_profile_is_known_by_its_variable(key: str) -> None:
    name = key.rsplit(".", 1)[1].upper()
    assert f"CKANEXT__SCDL__PROFILE__<ID>__{name}`" in ADMIN or f"`…__{name}`" in ADMIN


# --- the portal's forms and tables ---


def _schema(kind: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / f"schemas/datasets/{kind}.yaml").read_text(encoding="utf-8"))


PRESETS = {preset["preset_name"]: preset["values"] for preset in _schema("presets")["presets"]}


def _fields() -> list[Any]:
    return [
        pytest.param(field, id=f"{kind}-{part}-{field['field_name']}")
        for kind in ("budget", "subventions")
        for part in ("dataset_fields", "resource_fields")
        for field in _schema(kind)[part]
    ]


@pytest.mark.parametrize("field", _fields())
def test_every_field_is_in_the_reference_with_its_choices(field: dict[str, Any]) -> None:
    row = row_of(field["field_name"])
    preset = PRESETS.get(field.get("preset", ""), {})
    for choice in field.get("choices") or preset.get("choices") or ():
        assert f"`{choice['value']}`" in row


@pytest.mark.parametrize("field", _fields())
def test_every_field_is_explained_to_contributors_by_its_label(field: dict[str, Any]) -> None:
    label = field["label"]["fr"].replace("’", "'")
    labels = {name.strip() for cells in rows(CONTRIBUTOR) for name in cells[0].split(", ")}
    assert label in labels


def test_the_guides_name_no_field_that_does_not_exist() -> None:
    names = {field.values[0]["field_name"] for field in _fields()}
    part = ADMIN.partition("### Champs des jeux de données")[2].partition("### Actions")[0]
    told = {name for cells in rows(part) for name in re.findall(r"`(\w+)`", cells[0])}
    assert told == names


@pytest.mark.parametrize("role", PRESETS["scdl_role"]["choices"], ids=lambda role: role["value"])
def test_every_role_is_explained_to_contributors(role: dict[str, Any]) -> None:
    assert [cells for cells in rows(CONTRIBUTOR) if cells[0] == role["label"]["fr"]]


def test_every_table_of_the_database_is_told() -> None:
    migrations = (ROOT / "ckanext/scdl/migration/scdl/versions").glob("*.py")
    source = "\n".join(path.read_text(encoding="utf-8") for path in migrations)
    tables = set(re.findall(r'create_table\(\s*"(\w+)"', source))
    assert tables
    assert [name for name in tables if f"`{name}`" not in ADMIN] == []


# --- words that people read on the screen ---

SCREEN = [
    *("Conforming", "Not conforming", "Unreadable", "Check report", "Partly checked"),
    *("Waiting for its check", "Documentation: not checked"),
    *("Add a budget", "Add subsidies", "From the file itself", "Publication on data.gouv.fr"),
    *("See it on data.gouv.fr", "All your publications"),
]


@pytest.mark.parametrize("message", SCREEN)
def test_the_contributor_reads_the_words_of_the_screen(message: str) -> None:
    shown = CATALOGUE.gettext(message)
    assert shown != message
    assert shown.replace("’", "'") in CONTRIBUTOR


def _quoted_refusals() -> list[str]:
    part = CONTRIBUTOR.partition("## Mon fichier est refusé")[2].partition("\n## ")[0]
    return [quote for cells in rows(part) for quote in re.findall(r"« (.+?) »", cells[0])]


def _bad_table() -> bytes:
    """A table with several cells of each common damage: they are told together."""
    rows = generate.subventions_rows(lignes=20)
    damages = {
        "objet": "",
        "dateConvention": "28/03/2024",
        "montant": "1 234,50 €",
        "nature": "Aide en numeraire",
        "idBeneficiaire": "123",
    }
    for at, (column, cell) in enumerate(damages.items()):
        rows[2 * at][column] = rows[2 * at + 1][column] = cell
    for row in rows[10:12]:
        row["idBeneficiaire"] = row["rnaBeneficiaire"] = ""
    for row in rows[12:15]:
        row["montant"] = "1234,50"
    rows[15]["montant"] = "non communiqué"
    for row in rows[16:18]:
        row["nature"] = "virement"
    return generate.to_csv(rows)


def _told() -> Iterator[str]:
    """What a refusal says of bad files, and of what the files above do not show."""
    bad = [("budget", one.content) for one in generate.bad_budgets().values()]
    bad += [("subventions", one.content) for one in generate.bad_tables().values()]
    bad.append(("subventions", _bad_table()))
    for standard, content in bad:
        for cause in check(io.BytesIO(content), standard).causes:
            yield texts.cause(cause)
    # a cell's sentence is only shown where it is alone: these are not cells'
    yield from (s for code, s in fr.SENTENCES.items() if not code.startswith(CELLS))
    yield from (m for m in CATALOGUE._catalog.values())


CELLS = ("type-error", "constraint-error", "check-")


@pytest.fixture(scope="module")
def told() -> str:
    return "\n".join(_told()).replace("’", "'").replace("\xa0", " ").lower()


@pytest.mark.parametrize("quote", _quoted_refusals())
def test_every_refusal_quoted_is_one_that_is_said(quote: str, told: str) -> None:
    assert quote.lower() in told


def test_refusals_are_quoted() -> None:
    assert len(_quoted_refusals()) > 10


# --- commands, targets, variables ---


@pytest.mark.parametrize("name", command.cli.commands)
def test_every_command_is_shown(name: str) -> None:
    assert f"scdl {name} " in GUIDES["README.md"]


def test_every_option_of_the_whole_command_is_named() -> None:
    with click.Context(command.cli, **command.cli.context_settings) as context:
        options = {opt for p in command.cli.get_params(context) for opt in p.opts}
    assert {"--version", "--help"} <= options
    assert [option for option in options if not re.search(rf"[` ]{option}`", CONTRIBUTOR)] == []


def _make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([a-z][a-z -]*):(?!=)", makefile, re.MULTILINE)
    return sorted({target for rule in rules for target in rule.split()})


@pytest.mark.parametrize("target", _make_targets())
def test_every_make_target_is_named(target: str) -> None:
    assert f"`make {target}`" in ALL


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_dev_is_named(name: str) -> None:
    ways = [f"python3 -m dev {name}`", *([f"`make {name}`"] if name in _make_targets() else [])]
    assert any(way in ALL for way in ways)


def _variables() -> set[str]:
    files = [*(ROOT / "dev").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in files if path.name != "test_docs.py"
    )
    named = set(re.findall(r"\bSCDL_[A-Z0-9]+(?:_[A-Z0-9]+)*\b", source))
    return named | {ports._variable(name) for name in ports.DEFAULTS}


@pytest.mark.parametrize("variable", sorted(_variables()))
def test_every_variable_is_named(variable: str) -> None:
    assert re.search(rf"`{variable}\b", ALL)


# --- the guides themselves ---


def test_the_index_leads_to_every_guide() -> None:
    assert [
        n
        for n in GUIDES
        if n not in ("index.md", "README.md") and f"]({n}" not in GUIDES["index.md"]
    ] == []


def _links() -> list[Any]:
    return [
        pytest.param(name, target, id=f"{name}:{target}")
        for name, text in GUIDES.items()
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:", target)
    ]


@pytest.mark.parametrize(("name", "target"), _links())
def test_every_relative_link_leads_somewhere(name: str, target: str) -> None:
    page = ROOT / name if name == "README.md" else ROOT / "docs" / name
    path, _, anchor = target.partition("#")
    aim = (page.parent / path).resolve() if path else page
    assert aim.is_relative_to(ROOT.resolve())
    assert aim.exists()
    if anchor:
        assert anchor in _anchors(aim.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    """Of a page's headings, as GitHub and GitLab make them."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _unit(name: str) -> configparser.ConfigParser:
    found = re.search(rf"<!-- test: {name} -->\s*```ini\n(.*?)```", ADMIN, re.DOTALL)
    assert found
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(found[1])
    return unit


def test_the_consumers_are_started_again() -> None:
    assert _unit("unit")["Service"]["Restart"] == "always"
    assert _unit("unit")["Service"]["ExecStart"].endswith(" harvester fetch-consumer")
    # systemd gives up on a service that dies five times in ten seconds
    assert int(_unit("unit")["Service"]["RestartSec"]) >= 3


def test_the_timer_runs_every_five_minutes() -> None:
    assert _unit("timer")["Timer"]["OnUnitInactiveSec"] == "5min"
    assert _unit("oneshot")["Service"]["ExecStart"].endswith(" harvester run")


DEPLOY = ROOT / "deploy"
UNITS = {
    "ckan-worker.service": "jobs worker",
    "ckan-gather.service": "harvester gather-consumer",
    "ckan-fetch.service": "harvester fetch-consumer",
    "ckan-harvest.service": "harvester run",
}


@pytest.mark.parametrize(("name", "command"), UNITS.items())
def test_each_unit_starts_its_command(name: str, command: str) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((DEPLOY / "systemd" / name).read_text(encoding="utf-8"))
    service = unit["Service"]
    assert service["ExecStart"].endswith(f"/ckan.ini {command}")
    assert service["EnvironmentFile"].startswith("-")
    assert (service.get("Type") == "oneshot") == (command == "harvester run")
    assert (service.get("Restart") == "always") == (command != "harvester run")
    assert f"deploy/systemd/{name}" in ADMIN


def test_the_guide_shows_the_files_as_they_are() -> None:
    shown = {
        "unit": "ckan-fetch.service",
        "oneshot": "ckan-harvest.service",
        "timer": "ckan-harvest.timer",
    }
    for name, file in shown.items():
        found = re.search(rf"<!-- test: {name} -->\s*```ini\n(.*?)```", ADMIN, re.DOTALL)
        assert found
        assert found[1] == (DEPLOY / "systemd" / file).read_text(encoding="utf-8")


def test_the_cron_line_runs_every_five_minutes() -> None:
    lines = (DEPLOY / "cron" / "ckanext-scdl").read_text(encoding="utf-8").splitlines()
    (line,) = [one for one in lines if one.startswith("*")]
    assert line.startswith("*/5 * * * * www-data ")
    assert " harvester run" in line
    assert "deploy/cron/ckanext-scdl" in ADMIN


def test_the_two_ways_to_install_are_the_same() -> None:
    """The README's blocks are tried on a real portal (test_install.py); the guide repeats them."""
    readme = re.findall(r"<!-- test: (\w+) -->\s*```\w+\n(.*?)```", GUIDES["README.md"], re.DOTALL)
    assert {name for name, _ in readme} == {"install", "ini", "upgrade"}
    for _, block in readme:
        assert [line for line in block.splitlines() if line not in ADMIN.splitlines()] == []
