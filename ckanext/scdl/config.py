"""Our options, one typed getter each.  Secrets come from the ini or the environment only."""

from __future__ import annotations

import os
import re

import ckan.plugins.toolkit as tk

from ckanext.scdl.conformity import FORMATS, Format
from ckanext.scdl.datagouv import Finding, Profile, texts

SOURCE_TYPE = "datagouv"
"""What ckanext-harvest calls a source that publishes on data.gouv.fr."""

_PREFIX = "ckanext.scdl.profile."
_ID = re.compile(r"[a-z0-9_]+")


class UnknownProfile(Exception):
    """The harvest source names a profile that the portal's configuration does not define.

    `finding` says which option to mend, never its value.
    """

    def __init__(self, code: str, **params: str) -> None:
        self.finding = Finding(code, params)
        super().__init__(texts.sentence(self.finding, "fr"))


def personal_data() -> str:
    """What is done with a budget XML that tells of people: "mask" or "refuse"."""
    return str(tk.config["ckanext.scdl.personal_data"])


def job_timeout() -> int:
    """Seconds the job that derives the readable table may take."""
    return int(tk.config["ckanext.scdl.job_timeout"])


class UnknownFormat(Exception):
    """`ckanext.scdl.table_formats` asks for a format that the library does not write."""


def table_formats() -> list[Format]:
    """Formats of the readable table, as the administrator lists them, the CSV first.

    Raises UnknownFormat, which CKAN meets when it starts.
    """
    words = tk.aslist(tk.config["ckanext.scdl.table_formats"])
    unknown = [word for word in words if word not in FORMATS]
    if unknown:
        raise UnknownFormat(
            f"ckanext.scdl.table_formats ne connaît pas « {unknown[0]} » : écrivez des mots parmi "
            f"{' '.join(FORMATS)}. (Unknown format: write words among these.)"
        )
    # the CSV is the conforming table, hence there whatever is written
    return list(dict.fromkeys(["csv", *words]))


def profile(profile_id: str) -> Profile:
    """The profile `profile_id`.

    Raises UnknownProfile, which names the missing option and never a value.
    """
    if not _ID.fullmatch(profile_id):
        raise UnknownProfile("profile_id_invalid", profile=profile_id)
    return Profile(
        id=profile_id,
        url=_required(profile_id, "url"),
        api_key=_required(profile_id, "api_key"),
        organization=_option(profile_id, "organization") or None,
        organizations=_pairs(profile_id),
    )


def _option(profile_id: str, name: str) -> str:
    variable = f"CKANEXT__SCDL__PROFILE__{profile_id}__{name}".upper()
    return (os.environ.get(variable) or tk.config.get(f"{_PREFIX}{profile_id}.{name}", "")).strip()


def _required(profile_id: str, name: str) -> str:
    value = _option(profile_id, name)
    if not value:
        raise UnknownProfile("profile_missing", option=f"{_PREFIX}{profile_id}.{name}")
    return value


def _pairs(profile_id: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in _option(profile_id, "organizations").split()]
    if not all(name and remote for name, _, remote in pairs):
        raise UnknownProfile(
            "organizations_unreadable", option=f"{_PREFIX}{profile_id}.organizations"
        )
    return {name: remote for name, _, remote in pairs}
