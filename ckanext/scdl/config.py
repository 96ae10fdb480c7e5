"""Our options, one typed getter each.  Secrets come from the ini or the environment only."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.scdl.conformity import FORMATS, Format
from ckanext.scdl.conformity import Limits as TableLimits
from ckanext.scdl.datagouv import Finding, Profile, texts
from ckanext.scdl.fetch import Limits

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


class UnknownMode(Exception):
    """An option `ckanext.scdl.mode…` is neither refuse nor warn, or names no type of ours."""


MODES = ("refuse", "warn")
_MODE = "ckanext.scdl.mode"


def warns(kind: str, organization: str | None) -> bool:
    """Is a file that does not conform stored with its report, instead of being refused?

    The most precise option decides: type and organisation, then type, then the portal's own.
    """
    keys = (f"{_MODE}.{kind}.{organization}", f"{_MODE}.{kind}", _MODE)
    # without a default CKAN's log warns of an option that nobody wrote
    said = (str(tk.config.get(key, "") or "").strip() for key in keys)
    return next((mode for mode in said if mode), MODES[0]) == "warn"


def check_modes(kinds: Collection[str]) -> None:
    """Raise UnknownMode, when CKAN starts, for an option that would not do what it seems to say."""
    for key in sorted(str(key) for key in tk.config):
        if key != _MODE and not key.startswith(f"{_MODE}."):
            continue
        value = str(tk.config[key] or "").strip()
        if value and value not in MODES:
            raise UnknownMode(
                f"{key} ne connaît pas « {value} » : écrivez {' ou '.join(MODES)}. "
                f"(Unknown mode: write one of these.)"
            )
        kind, _, organization = key.removeprefix(_MODE).removeprefix(".").partition(".")
        if (kind and kind not in kinds) or "." in organization:
            raise UnknownMode(
                f"{key} ne désigne aucun type de jeu contrôlé : écrivez {_MODE}.<type> ou "
                f"{_MODE}.<type>.<organisation>, le type parmi {', '.join(kinds)}. "
                f"(No such dataset type: write one of these.)"
            )


_MB = 1024 * 1024


def sync_max_size() -> int:
    """Bytes up to which a table is checked before it is stored; a job checks larger ones."""
    return int(tk.config["ckanext.scdl.sync_max_size"]) * _MB


def table_limits() -> TableLimits:
    """How much of a table is read."""
    names = [field.name for field in dataclasses.fields(TableLimits)]
    values = {name: int(tk.config[f"ckanext.scdl.limits.{name}"]) for name in names}
    return TableLimits(**{n: v * _MB if n in _IN_MB else v for n, v in values.items()})


_IN_MB = {"max_bytes", "max_inflated", "max_memory"}


def schemas_directory() -> str:
    """The folder of the administrator's Table Schemas, "" for none."""
    return str(tk.config["ckanext.scdl.schemas_directory"] or "").strip()


def link_limits() -> Limits:
    """What may be fetched from a link, and where."""
    return Limits(
        size=int(tk.config["ckanext.scdl.link_max_size"]) * _MB,
        seconds=float(tk.config["ckanext.scdl.link_timeout"]),
        redirects=int(tk.config["ckanext.scdl.link_redirects"]),
        ports=_ports(),
        allowed_hosts=[host.lower() for host in tk.aslist(tk.config["ckanext.scdl.allowed_hosts"])],
    )


class UnknownPort(Exception):
    """`ckanext.scdl.link_ports` holds something else than numbers."""


def _ports() -> list[int]:
    words = tk.aslist(tk.config["ckanext.scdl.link_ports"])
    wrong = [word for word in words if not str(word).isdecimal()]
    if wrong:
        raise UnknownPort(
            f"ckanext.scdl.link_ports contient « {wrong[0]} » : écrivez des numéros séparés par "
            f"des espaces, par exemple 80 443. (Write numbers separated by spaces.)"
        )
    return [int(word) for word in words]


def job_timeout() -> int:
    """Seconds that the job which derives the readable table, or checks a file, may take."""
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


_NAMED = re.compile(r"CKANEXT__SCDL__PROFILE__([A-Z0-9_]+?)__[A-Z]+(?:_[A-Z]+)*")


def profiles() -> list[str]:
    """Identifiers of the profiles that the ini, or the environment, names."""
    found = {str(key).removeprefix(_PREFIX) for key in tk.config if str(key).startswith(_PREFIX)}
    named = {key.rpartition(".")[0] for key in found}
    named |= {match[1].lower() for key in os.environ if (match := _NAMED.fullmatch(key))}
    return sorted(name for name in named if name)


def profile(profile_id: str) -> Profile:
    """The profile `profile_id`.

    Raises UnknownProfile, which names the option to mend and never a value of the key, and
    ProfileInvalid.
    """
    if not _ID.fullmatch(profile_id):
        raise UnknownProfile("profile_id_invalid", profile=profile_id)
    options: Any = profile_options(profile_id)
    return Profile(
        id=profile_id,
        url=_required(profile_id, "url"),
        api_key=_required(profile_id, "api_key"),
        organization=_option(profile_id, "organization") or None,
        organizations=_pairs(profile_id),
        allow_local=allow_local_address(),
        **options,
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


def profile_options(profile_id: str) -> dict[str, object]:
    """The options of a profile that have a default, typed; those that are absent are left out.

    Raises UnknownProfile, which names the option that cannot be read.
    """
    found: dict[str, object] = {"portal_url": str(tk.config["ckan.site_url"])}
    for name, read in _TYPED.items():
        text = _option(profile_id, name)
        if not text:
            continue
        try:
            found[name] = read(text)
        except ValueError:
            option = f"{_PREFIX}{profile_id}.{name}"
            raise UnknownProfile("profile_option", option=option, value=text) from None
    return found


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _rate(text: str) -> float:
    rate = float(text.replace(",", "."))
    if not 0 < rate < float("inf"):
        raise ValueError(text)
    return rate


def _words(text: str) -> frozenset[str]:
    return frozenset(tk.aslist(text))


_TYPED: dict[str, Any] = {
    "portal_url": str,
    "mode": str,
    "not_conforming": str,
    "harvested": str,
    "owned_fields": _words,
    "grace_days": _count,
    "brake_count": _count,
    "brake_percent": _count,
    "requests_per_second": _rate,
    "budget_minutes": _count,
}


def allow_local_address() -> bool:
    """The demonstration's switch: links to this very machine are published."""
    return tk.asbool(tk.config.get("ckanext.scdl.allow_local_address", False))
