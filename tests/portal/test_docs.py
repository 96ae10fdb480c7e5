"""Whatever our plugins register in CKAN is in the reference of the administrator's guide, and the
commands that it gives exist and work."""

from __future__ import annotations

import json
import re
import shlex
import uuid
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest

from ckanext.scdl import harvest_mends, helpers, plugin, push_helpers
from ckanext.scdl.harvester import DatagouvHarvesterPlugin
from ckanext.scdl.logic import action, auth, push, validators
from ckanext.scdl.plugin import ScdlPlugin
from tests import generate

from .test_upload import call, file

pytestmark = pytest.mark.portal

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/administrateur.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`(?:h\.)?([\w/<>]+)(?:\([^`]*\))?`", GUIDE.partition("## Référence")[2]))
"""What the reference writes as code, without arguments."""

PLUGINS = {"scdl": ScdlPlugin, "datagouv_harvester": DatagouvHarvesterPlugin}


def part(title: str) -> str:
    """One part of the reference."""
    return GUIDE.partition(f"### {title}\n")[2].partition("\n### ")[0]


@pytest.fixture(scope="module")
def plugins(portal_app):
    from ckan import plugins as p

    return [p.get_plugin(name) for name in PLUGINS]


def registered(plugins, method):
    """What the plugins give CKAN by this method: name -> function."""
    return {
        name: function
        for one in plugins
        if hasattr(one, method)
        for name, function in getattr(one, method)().items()
    }


@pytest.mark.parametrize(
    ("method", "at_least", "title"),
    [
        ("get_actions", 3, "Actions"),
        ("get_auth_functions", 5, "Autorisations"),
        ("get_validators", 7, "Pour un schéma ou un thème"),
        ("get_helpers", 6, "Pour un schéma ou un thème"),
    ],
)
def test_every_function_is_in_the_reference(plugins, method, at_least, title):
    names = registered(plugins, method)
    assert len(names) >= at_least
    assert [name for name in names if not re.search(rf"`(h\.)?{name}[`(]", part(title))] == []


def test_every_mend_of_another_version_is_in_the_reference():
    mends = [
        name
        for name, f in vars(harvest_mends).items()
        if getattr(f, "chained_action", None) is True
    ]
    assert len(mends) >= 2
    assert [name for name in mends if f"`{name}`" not in part("Actions")] == []


def test_every_parameter_of_our_actions_is_told(plugins):
    ours = {n: f for n, f in registered(plugins, "get_actions").items() if n.startswith("scdl_")}
    assert ours
    for name, function in ours.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", part("Actions"), re.MULTILINE)
        parameters = re.findall(r":param (\w+):", function.__doc__)
        assert parameters or name == "scdl_push_profiles"
        assert [p for p in parameters if f"`{p}`" not in row] == []


def test_every_key_of_our_answers_is_told():
    for function in (
        action.scdl_report_show,
        push.scdl_push_report,
        push.scdl_push_profiles,
        action.scdl_publication_show,
    ):
        keys = re.findall(r'"(\w+)"', function.__doc__.partition(":returns:")[2])
        assert keys
        assert [key for key in keys if f"`{key}`" not in part("Actions")] == []


def test_every_page_is_in_the_reference(portal_app, plugins):
    blueprints = {
        blueprint.name for one in plugins for blueprint in getattr(one, "get_blueprint", list)()
    }
    rules = [
        rule.rule
        for rule in portal_app.flask_app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in blueprints
    ]
    assert len(rules) >= 2
    assert [rule for rule in rules if f"`{rule}`" not in part("Pages")] == []


def test_the_reference_names_nothing_that_does_not_exist():
    known = {
        *vars(action),
        *vars(push),
        *vars(auth),
        *vars(validators),
        *vars(helpers),
        *vars(push_helpers),
    }
    assert {name for name in CODE if name.startswith("scdl_")} - known == set()


@pytest.mark.parametrize("name", PLUGINS)
def test_every_plugin_is_described(name):
    assert f"| `{name}` |" in GUIDE


def test_the_plugins_are_those_of_the_package():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = project.partition('entry-points."ckan.plugins"]')[2].partition("\n\n")[0]
    assert set(re.findall(r"^(\w+) =", declared, re.MULTILINE)) == set(PLUGINS)


def test_the_errors_that_stop_ckan_are_explained():
    assert f"`{plugin.MisplacedPlugin.__name__}`" in GUIDE


def given_commands() -> list[list[str]]:
    """The words after `ckan -c …ini` in the blocks of both guides, without comments."""
    blocks = re.findall(r"```\w*\n(.*?)```", GUIDE + README, re.DOTALL)
    text = "\n".join(blocks).replace("\\\n", " ")
    lines = re.findall(r"(?:^|=\S*/)ckan -c \S+\.ini (.+)$", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("words", given_commands(), ids=" ".join)
def test_every_command_of_the_guides_exists(portal, cli, words):
    from ckan.cli.cli import ckan

    shown = cli.invoke(ckan, [*words, "--help"])
    assert shown.exit_code == 0, shown.output


def test_the_refusal_of_the_guide_is_what_a_contributor_reads(new_dataset):
    """Regenerate the block from the assertion's message when a sentence changes."""
    contributor = (ROOT / "docs/contributeur.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- test: refusal -->\s*```text\n(.*?)```", contributor, re.DOTALL)
    rows = generate.subventions_rows(lignes=60)
    for row in rows[10:52]:
        row["montant"] = "1602,22"
    for row in rows[3:6]:
        row["dateConvention"] = "28/03/2024"
    rows[7]["objet"] = ""
    dataset = new_dataset("subventions")
    upload = file(generate.to_csv(rows), "aides.csv")
    with pytest.raises(tk.ValidationError) as refused:
        call("resource_create", package_id=dataset["id"], upload=upload)
    (told,) = refused.value.error_dict["url"]
    assert told.replace("\xa0", " ").split("\n") == block.splitlines()


def test_commands_were_found():
    assert len(given_commands()) >= 6


def test_the_source_is_made_by_the_command_of_the_guide(
    portal, cli, profile, ckan_config, monkeypatch
):
    from ckan.cli.cli import ckan
    from ckan.tests import factories, helpers

    for name in ("url", "api_key", "organization"):
        value = ckan_config[f"ckanext.scdl.profile.essai.{name}"]
        monkeypatch.setitem(ckan_config, f"ckanext.scdl.profile.default.{name}", value)
    (block,) = re.findall(r"<!-- test: source -->\s*```sh\n(.*?)```", GUIDE, re.DOTALL)
    words = shlex.split(block.replace("\\\n", " "))[3:]
    name = f"source-{uuid.uuid4().hex[:8]}"
    organization = factories.Organization()
    ours = {"vers-data-gouv-fr": name, "mon-organisation": organization["id"]}
    assert set(ours) <= set(words)
    done = cli.invoke(ckan, [ours.get(word, word) for word in words])
    assert done.exit_code == 0, done.output
    source = helpers.call_action("harvest_source_show", id=name)
    assert source["source_type"] == DatagouvHarvesterPlugin.info(None)["name"]
    assert source["frequency"] == "DAILY"
    assert json.loads(source["config"]) == {"profile": "default"}
