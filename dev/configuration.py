"""The ini file of a portal: what `ckan generate config` gives, and the lines that make it ours.

The lines are those that an administrator writes too (README), plus ports, paths and the key of the
data.gouv.fr test server.  The file holds secrets: mode 0600.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from dev import shell
from dev.paths import LOG, write_private

PLUGINS = ("scdl", "datagouv_harvester", "harvest", "scheming_datasets")
"""`scdl` first: its upload gate stands before any storage plugin, its templates before others'."""
PROFILE = "demo"
"""The name, in the ini file, of the data.gouv.fr account that harvest sources refer to."""
SETTINGS = {
    "ckan.plugins": " ".join(PLUGINS),
    "ckan.locale_default": "fr",
    "ckan.locales_offered": "fr en",
    "ckan.display_timezone": "Europe/Paris",
    "ckan.uploads_enabled": "true",
    "ckan.gravatar_default": "disabled",
    "ckan.max_resource_size": "100",
    "ckan.harvest.mq.type": "redis",
    # the demonstration's switch: its data.gouv.fr runs beside it, and takes such addresses
    "ckanext.scdl.allow_local_address": "true",
    "ckan.harvest.timeout": "60",  # minutes: a job that nothing ends would block its source
    "ckan.auth.anon_create_dataset": "false",
    "ckan.auth.create_unowned_dataset": "false",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.create_user_via_web": "false",
    "ckan.auth.public_user_details": "false",
    "ckan.auth.user_create_groups": "false",
    "ckan.auth.user_create_organizations": "false",
}


def profile(name: str, url: str, api_key: str, organization: str) -> dict[str, str]:
    """The lines of a data.gouv.fr account."""
    prefix = f"ckanext.scdl.profile.{name}"
    return {
        f"{prefix}.url": url,
        f"{prefix}.api_key": api_key,
        f"{prefix}.organization": organization,
    }


def write(ini: Path, ckan: Path, settings: Mapping[str, str]) -> None:
    """Brings the ini file up to date; the secrets it was generated with stay.  Raises Failure."""
    if not ini.is_file():
        _generate(ini, ckan)
    write_private(ini, edited(ini.read_text(encoding="utf-8"), settings))


def edited(text: str, settings: Mapping[str, str]) -> str:
    """The text of an ini file with these lines in `[app:main]`.

    What `ckan config-tool` does too, but that takes as long as a start of CKAN.
    """
    name = re.compile(r"([^\s#;=]+)\s*=")
    found = ((name.match(row), row) for row in text.splitlines(keepends=True))
    kept = [row for match, row in found if not (match and match[1] in settings)]
    ours = [f"{key} = {value}\n" for key, value in settings.items()]
    place = kept.index("[app:main]\n") + 1
    return "".join([*kept[:place], *ours, *kept[place:]])


def _generate(ini: Path, ckan: Path) -> None:
    draft = ini.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    log = LOG / "configuration.log"
    shell.logged([ckan, "generate", "config", draft], log, "« ckan generate config » a échoué")
    rows = draft.read_text(encoding="utf-8").splitlines(keepends=True)
    # Empty, this line gives cookies a header that some HTTP clients drop.
    kept = [row for row in rows if not row.startswith("SESSION_COOKIE_DOMAIN")]
    write_private(ini, "".join(kept))
    draft.unlink()
