"""From a portal dataset to data.gouv.fr's: pure functions, no network.

``to_datagouv`` maps; ``usable`` first drops what data.gouv.fr would refuse (one bad tag refuses
the whole dataset there) and says so; ``obstacle`` gives the reason not to send a dataset at all.
Imports the portal's types and findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from slugify import slugify

from ckanext.scdl.datagouv.address import is_public
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.portal import PortalDataset, PortalResource, Vocabulary
from ckanext.scdl.datagouv.profile import Profile

# Written in the very request that creates the object: one added later leaves orphans whenever the
# answer is lost.
STAMP_PORTAL = "ckanext-scdl:portal"
STAMP_DATASET = "ckanext-scdl:dataset"
STAMP_RESOURCE = "ckanext-scdl:resource"
STAMP_MODIFIED = "ckanext-scdl:modified"
# Which file was uploaded: its SHA-256, else its date.  Only a hosted file has it.
STAMP_FILE = "ckanext-scdl:file"
# Why the dataset is no longer what the portal would publish, and since when; ours to take away.
MARK_FLAGGED = "ckanext-scdl:flagged"
MARK_ARCHIVED = "ckanext-scdl:archived"
MARK_HIDDEN = "ckanext-scdl:hidden"
# Private until all its files are there: in the POST, since the process may die before the next.
MARK_PENDING = "ckanext-scdl:pending"
MARKS = (MARK_FLAGGED, MARK_ARCHIVED, MARK_HIDDEN, MARK_PENDING)

# udata 17: TITLE_SIZE_LIMIT, DESCRIPTION_SIZE_LIMIT, TAG_MIN_LENGTH, TAG_MAX_LENGTH.
TITLE_MAX = 350
DESCRIPTION_MAX = 100_000
TAG_MIN, TAG_MAX = 3, 96
NAME_MAX = 60  # characters of a file's own name that are kept beside the identifier

RESOURCE_TYPES = {"donnees": "main", "source": "other", "documentation": "documentation"}
INTRODUCTIONS = {
    "budget": "Données budgétaires de la collectivité, au format du socle commun des données "
    "locales (SCDL).",
    "subventions": "Subventions attribuées par la collectivité, au format du socle commun des "
    "données locales (SCDL).",
}
INTRODUCTION = "Données de la collectivité, contrôlées d'après un standard national."
"""Of a type that somebody added to the portal."""
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SCHEME_AND_HOST = re.compile(r"^[A-Za-z]+://[^/?#]*")
ZONE_ID = re.compile(r"[a-z]+(?:[:-][A-Za-z0-9]+)*(?:@\d{4}-\d{2}-\d{2})?")
# Other names of licences that data.gouv.fr knows: SPDX's, opendefinition.org's (CKAN's own list),
# and those of DCAT-AP catalogues; compared without case.
LICENCES = {
    "etalab-2.0": "lov2",
    "fr-lo-2.0": "lov2",
    "lo-2.0": "lov2",
    "licence-ouverte-2.0": "lov2",
    "etalab-1.0": "fr-lo",
    "lo-1.0": "fr-lo",
    "licence-ouverte": "fr-lo",
    "odbl": "odc-odbl",
    "odbl-1.0": "odc-odbl",
    "pddl-1.0": "odc-pddl",
    "odc-by-1.0": "odc-by",
    "cc0-1.0": "cc-zero",
    "cc0": "cc-zero",
    "cc-by-4.0": "cc-by",
    "cc-by-sa-4.0": "cc-by-sa",
}


def to_datagouv(dataset: PortalDataset) -> dict[str, Any]:
    """The body of the request that creates this dataset, without its organisation.

    The values are in the form in which data.gouv.fr gives them back, so that they can be compared
    with what it holds.  Optional values that the portal does not have are absent.  A resource whose
    ``filetype`` is ``file`` is to be uploaded under its ``name``; ``contact`` is to be found or
    made over there first: neither is in a request as it stands.
    """
    return {
        "title": shorten(dataset.title, TITLE_MAX),
        "description": _description(dataset),
        "license": licence(dataset.licence_id),
        "private": False,
        "extras": {STAMP_PORTAL: dataset.portal_id, STAMP_DATASET: dataset.id},
        "resources": [_resource(resource) for resource in dataset.resources],
        **dict(_optional(dataset)),
    }


def _optional(dataset: PortalDataset) -> Iterator[tuple[str, Any]]:
    if dataset.frequency:
        yield "frequency", dataset.frequency
    if dataset.tags:
        yield "tags", sorted({slugify(tag) for tag in dataset.tags})
    if dataset.temporal:
        # Full dates only: udata completes a bare year with today's month and day.
        start, end = sorted(dataset.temporal)
        yield "temporal_coverage", {"start": start, "end": end}
    if dataset.zones:
        yield (
            "spatial",
            {"zones": list(dataset.zones), "granularity": dataset.granularity or "other"},
        )
    if dataset.contact:
        yield "contact", {"name": dataset.contact.name, "email": dataset.contact.email}


def licence(known_as: str) -> str:
    """data.gouv.fr's identifier of a licence, from any name that we know of it."""
    return LICENCES.get(known_as.strip().lower(), known_as)


def _description(dataset: PortalDataset) -> str:
    """The portal's text, or a sentence of ours, then where the dataset comes from."""
    text = dataset.description.strip() or INTRODUCTIONS.get(dataset.type, INTRODUCTION)
    origin = f"\n\n---\nSource : {_origin(dataset)}"
    return shorten(text, DESCRIPTION_MAX - len(origin)) + origin


def _origin(dataset: PortalDataset) -> str:
    """A link to the portal's page, where one is of use to readers."""
    title = shorten(dataset.title, TITLE_MAX)
    text = re.sub(r"([\[\]\\])", r"\\\1", title) + " – portail open data de la collectivité"
    return f"[{text}]({dataset.page})" if dataset.page else text


def _resource(resource: PortalResource) -> dict[str, Any]:
    return _hosted(resource) if resource.stored else _linked(resource)


def _hosted(resource: PortalResource) -> dict[str, Any]:
    """A file to upload: data.gouv.fr tells its format, size and checksum by itself."""
    return {
        **_labels(resource),
        "filetype": "file",
        "name": file_name(resource),
        "mime": resource.mime or "application/octet-stream",
        "extras": {STAMP_RESOURCE: resource.id, STAMP_FILE: fingerprint(resource)},
    }


def file_name(resource: PortalResource) -> str:
    """The name of an uploaded file: it carries the portal's identifier of the resource.

    udata puts names in lower case, and dashes for what is no letter, digit or dot.
    """
    path = PurePosixPath(unquote(urlsplit(resource.url).path))
    extension = slugify(path.suffix or resource.format)
    stem = slugify(path.stem)[:NAME_MAX].strip("-") or "fichier"
    return f"{stem}-{resource.id}.{extension}".lower()


def fingerprint(resource: PortalResource) -> str:
    """What tells a file from the one that replaces it."""
    return resource.sha256 or resource.modified or ""


def _labels(resource: PortalResource) -> dict[str, Any]:
    return {
        "title": shorten(resource.title.strip() or resource.url, TITLE_MAX),
        "description": shorten(resource.description.strip(), DESCRIPTION_MAX) or None,
        "type": RESOURCE_TYPES[resource.role],
        "schema": _schema(resource),
    }


def _linked(resource: PortalResource) -> dict[str, Any]:
    """One link; without ``filetype`` udata would take it for a hosted file and freeze its URL."""
    return {
        **_labels(resource),
        "url": _url(resource.url),
        "filetype": "remote",
        "format": resource.format.strip().lower() or None,
        "mime": resource.mime or None,
        "filesize": resource.size,
        "checksum": {"type": "sha256", "value": resource.sha256} if resource.sha256 else None,
        "extras": dict(_resource_stamp(resource)),
    }


def _url(text: str) -> str:
    """Without blanks around, scheme and host in lower case: udata refuses the others."""
    return SCHEME_AND_HOST.sub(lambda match: match[0].lower(), text.strip())


def _schema(resource: PortalResource) -> dict[str, str | None] | None:
    """All three keys: udata keeps the old name when only some are sent."""
    if resource.schema is None:
        return None
    name, version = resource.schema
    return {"name": name, "version": version, "url": None}


def _resource_stamp(resource: PortalResource) -> Iterator[tuple[str, str]]:
    yield STAMP_RESOURCE, resource.id
    # Without a hash, the date is the only sign that a file was replaced at the same address.
    if resource.modified and not resource.sha256:
        yield STAMP_MODIFIED, resource.modified


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where possible, ending in an ellipsis."""
    text = text.strip()
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip() + "…"


# What cannot be sent


def obstacle(dataset: PortalDataset, vocabulary: Vocabulary, profile: Profile) -> Finding | None:
    """Why this dataset is not to be sent, None if it is.

    An unknown licence is one: udata would publish the dataset without any licence, silently.
    """
    if dataset.private:
        return Finding("private")
    if not dataset.title.strip():
        return Finding("no_title")
    if not dataset.licence_id:
        return Finding("no_licence")
    if licence(dataset.licence_id) not in vocabulary.licences:
        return Finding("licence_unknown", {"licence": dataset.licence_id})
    return _resources_obstacle(dataset.resources, profile)


def _resources_obstacle(resources: tuple[PortalResource, ...], profile: Profile) -> Finding | None:
    if not any(resource.role == "donnees" for resource in resources):
        return Finding("no_data")
    for resource in resources:
        uploaded = profile.mode == "upload" and resource.stored
        code = None if uploaded else _url_obstacle(resource.url.strip(), profile.allow_local)
        if code:
            return Finding(code, {"resource": resource.title or resource.id})
    return None


def _url_obstacle(url: str, allow_local: bool) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "url_unusable"
    if parts.username or parts.password:
        return "url_credentials"  # udata would publish them
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        return "url_unusable"
    return None if allow_local or is_public(url) else "url_local"


# What is dropped


def usable(
    dataset: PortalDataset, vocabulary: Vocabulary, profile: Profile
) -> tuple[PortalDataset, tuple[Finding, ...]]:
    """The dataset without the optional values that data.gouv.fr would refuse, and what was lost.

    Its resources are ``stored`` where their file is to be uploaded.
    """
    notes: list[Finding] = []
    cleaned = replace(
        dataset,
        frequency=_known_frequency(dataset, vocabulary, notes),
        tags=tuple(_good_tags(dataset, notes)),
        temporal=_good_temporal(dataset, notes),
        zones=tuple(_known_zones(dataset, vocabulary, notes)),
        granularity=_known_granularity(dataset, vocabulary, notes),
        resources=tuple(
            _known_schema(resource, vocabulary, notes)
            for resource in _sendable(dataset.resources, vocabulary, profile, notes)
        ),
        page=_public_page(dataset.page, profile),
    )
    if len(dataset.title.strip()) > TITLE_MAX:
        notes.append(Finding("title_cut", {"limit": str(TITLE_MAX)}))
    return cleaned, tuple(notes)


def _known_frequency(dataset: PortalDataset, vocabulary: Vocabulary, notes: list[Finding]) -> str:
    if not dataset.frequency or dataset.frequency in vocabulary.frequencies:
        return dataset.frequency
    notes.append(Finding("frequency_unknown", {"frequency": dataset.frequency}))
    return ""


def _good_tags(dataset: PortalDataset, notes: list[Finding]) -> Iterator[str]:
    for tag in dataset.tags:
        if TAG_MIN <= len(slugify(tag)) <= TAG_MAX:
            yield tag
        else:
            notes.append(Finding("tag_refused", {"tag": shorten(tag, 100)}))


def _good_temporal(dataset: PortalDataset, notes: list[Finding]) -> tuple[str, str] | None:
    if dataset.temporal and not all(map(_is_full_date, dataset.temporal)):
        notes.append(Finding("temporal_unreadable", {"dates": " – ".join(dataset.temporal)}))
        return None
    return dataset.temporal


def _is_full_date(text: str) -> bool:
    if not FULL_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _known_zones(
    dataset: PortalDataset, vocabulary: Vocabulary, notes: list[Finding]
) -> Iterator[str]:
    for zone in dict.fromkeys(dataset.zones):
        if zone in vocabulary.zones:
            yield zone
        else:
            notes.append(Finding("zone_unknown", {"zone": shorten(zone, 100)}))


def _known_granularity(dataset: PortalDataset, vocabulary: Vocabulary, notes: list[Finding]) -> str:
    if not dataset.granularity or dataset.granularity in vocabulary.granularities:
        return dataset.granularity
    notes.append(Finding("granularity_unknown", {"granularity": dataset.granularity}))
    return ""


def _known_schema(
    resource: PortalResource, vocabulary: Vocabulary, notes: list[Finding]
) -> PortalResource:
    if resource.schema is None:
        return resource
    name, version = resource.schema
    if version in vocabulary.schemas.get(name, ()):
        return resource
    notes.append(Finding("schema_unknown", {"schema": name, "version": version}))
    return replace(resource, schema=None)


def _sendable(
    resources: Iterable[PortalResource],
    vocabulary: Vocabulary,
    profile: Profile,
    notes: list[Finding],
) -> Iterator[PortalResource]:
    """A file that data.gouv.fr would not take is linked to, if the portal can be reached."""
    for resource in resources:
        if not resource.stored or profile.mode != "upload":
            yield replace(resource, stored=False)
        elif file_name(resource).rpartition(".")[2] in vocabulary.extensions:
            yield resource
        else:
            reachable = _url_obstacle(resource.url.strip(), profile.allow_local) is None
            code = "extension_linked" if reachable else "extension_dropped"
            notes.append(Finding(code, {"resource": resource.title or resource.id}))
            if reachable:
                yield replace(resource, stored=False)


def _public_page(page: str, profile: Profile) -> str:
    """Nobody could follow a link to an internal portal, which only uploads its files."""
    return page if profile.allow_local or is_public(page) else ""
