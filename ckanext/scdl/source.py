"""What the configuration of a harvest source says: the profile, who goes where, and what is sent.

This text is public: the key is in the portal's ini.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.scdl import config
from ckanext.scdl.datagouv import Finding, texts
from ckanext.scdl.dataset_types import dataset_types

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ckanext.scdl.datagouv import Profile

DEFAULT_PROFILE = "default"
_LISTS = ("types", "portal_organizations", "portal_tags")
_KNOWN = ("profile", "organizations", *_LISTS)


class BadConfig(ValueError):
    """The configuration of a harvest source says something that cannot be done; `finding`."""

    def __init__(self, code: str, **params: str) -> None:
        self.finding = Finding(code, params)
        super().__init__(texts.sentence(self.finding, "fr"))


@dataclass(frozen=True)
class Source:
    """A harvest source towards data.gouv.fr.

    `organizations` maps names of the portal's organisations to data.gouv.fr's, beyond what the
    profile maps; `types`, `portal_organizations` (names) and `portal_tags` leave out datasets that
    are of none of them, an empty list leaves none out.  ckanext-harvest copies each key onto the
    source's own page: none may be the name of a field of a dataset, such as `tags`.
    """

    profile_id: str = DEFAULT_PROFILE
    organizations: Mapping[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    portal_organizations: tuple[str, ...] = ()
    portal_tags: tuple[str, ...] = ()

    def profile(self) -> Profile:
        """The profile, with the source's organisations.

        Raises UnknownProfile, ProfileInvalid, and BadConfig for an organisation that the profile
        does not allow.
        """
        profile = config.profile(self.profile_id)
        for name, identifier in self.organizations.items():
            if identifier not in profile.all_organizations:
                raise BadConfig("organization_not_allowed", name=name, profile=profile.id)
        return replace(profile, organizations={**profile.organizations, **self.organizations})

    def takes(self, kind: str, organization: str, tags: Collection[str]) -> bool:
        """Does the source send a dataset of this type, organisation (name) and tags?"""
        return (
            (not self.types or kind in self.types)
            and (not self.portal_organizations or organization in self.portal_organizations)
            and (not self.portal_tags or not set(self.portal_tags).isdisjoint(tags))
        )

    def takes_package(self, package: model.Package) -> bool:
        """Does the source send this dataset of the portal?"""
        group = model.Group.get(package.owner_org) if package.owner_org else None
        tags = {tag.name for tag in package.get_tags()} if self.portal_tags else set()
        return self.takes(package.type, group.name if group else "", tags)


def read(text: str | None) -> Source:
    """The source that a configuration describes.  Raises BadConfig, which says what to write."""
    if not (text or "").strip():
        return Source()
    try:
        options = json.loads(text or "")
    except (ValueError, RecursionError):
        raise BadConfig("source_config") from None
    if not isinstance(options, dict):
        raise BadConfig("source_config")
    for name in options:
        if name not in _KNOWN:
            raise BadConfig("source_option_unknown", option=name, known=", ".join(_KNOWN))
    source = Source(
        profile_id=_text(options, "profile", DEFAULT_PROFILE),
        organizations=_pairs(options),
        **{name: _list(options, name) for name in _LISTS},
    )
    _check_types(source)
    return source


def _text(options: dict[str, Any], name: str, default: str) -> str:
    value = options.get(name, default)
    if not isinstance(value, str):
        raise BadConfig("source_option_kind", option=name, example='"profile": "default"')
    return value


def _list(options: dict[str, Any], name: str) -> tuple[str, ...]:
    value = options.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise BadConfig("source_option_kind", option=name, example=f'"{name}": ["…", "…"]')
    return tuple(value)


def _pairs(options: dict[str, Any]) -> dict[str, str]:
    value = options.get("organizations", {})
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        example = '"organizations": {"ville-de-fontargent": "534fff8ea3a7292c64a77f02"}'
        raise BadConfig("source_option_kind", option="organizations", example=example)
    return value


def _check_types(source: Source) -> None:
    for kind in source.types:
        if kind not in dataset_types():
            known = ", ".join(dataset_types())
            raise BadConfig("source_type_unknown", kind=kind, known=known)


def check(source: Source) -> None:
    """Do the organisations that the source names exist on the portal?  Raises BadConfig."""
    for name in sorted({*source.organizations, *source.portal_organizations}):
        group = model.Group.get(name)
        if group is None or not group.is_organization or group.name != name:
            raise BadConfig("source_organization_unknown", name=name)


def sources(profile_id: str) -> dict[str, Source]:
    """The active harvest sources of a profile, by identifier, the oldest first.

    One whose configuration cannot be read is left out: its own runs tell.
    """
    found = {key: source for key, source in _active() if source is not None}
    return {key: one for key, one in found.items() if one.profile_id == profile_id}


def published_by(profile_id: str) -> list[tuple[str | None, Source]]:
    """What publishes for a profile: its sources; without any, all that the profile may send.

    Nothing where a source cannot be read: its filters are unknown.
    """
    found = sources(profile_id)
    if found:
        return list(found.items())
    unreadable = any(source is None for _, source in _active())
    return [] if unreadable else [(None, Source(profile_id))]


def all_sources(*, taking_back: bool = False) -> Iterator[tuple[str | None, Source]]:
    """What publishes, for every profile; ``taking_back`` asks for what may have.

    Then a source that cannot be read keeps nothing online: whatever its filters, its profile is
    named.
    """
    for profile_id in config.profiles():
        found = published_by(profile_id)
        yield from found or ([(None, Source(profile_id))] if taking_back else [])


def unknown_profiles() -> list[str]:
    """Profiles that active sources name and the portal's configuration does not."""
    named = {source.profile_id for _, source in _active() if source is not None}
    return sorted(named - set(config.profiles()))


def _active() -> Iterator[tuple[str, Source | None]]:
    """Every active source of our type; None for one whose configuration cannot be read."""
    if "harvest" not in tk.aslist(tk.config.get("ckan.plugins")):
        return  # publishing from a terminal does without
    from ckanext.harvest.model import HarvestSource

    for row in HarvestSource.filter(type=config.SOURCE_TYPE, active=True).order_by("created"):
        try:
            yield str(row.id), read(row.config)
        except BadConfig:
            yield str(row.id), None
