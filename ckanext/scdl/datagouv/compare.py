"""What differs between the dataset we want and the one data.gouv.fr holds, and what to send.

Pure functions over udata's JSON.  The portal owns the fields it sends; resources and extras that
carry no stamp of ours belong to others and are kept.  Imports the mapping's stamps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.scdl.datagouv.mapping import STAMP_MODIFIED, STAMP_RESOURCE

Json = Mapping[str, Any]

PLAIN = ("title", "description", "license", "frequency", "private")
# A change of these means another file: it is told by a request on the resource, the only one that
# moves data.gouv.fr's dates of update.
FILE_FIELDS = ("url", "format", "mime", "filesize", "checksum")
LABEL_FIELDS = ("title", "description", "type", "schema")


@dataclass(frozen=True)
class Difference:
    """What has to be written for the remote dataset to be the wanted one.

    ``fields`` names what differs (for people and for the report); ``dataset`` is the body of the
    dataset's PUT, None if it is not needed; ``files`` maps data.gouv.fr resource identifiers to
    the bodies of their PUT, to be sent after it.
    """

    fields: tuple[str, ...]
    dataset: dict[str, Any] | None
    files: Mapping[str, dict[str, Any]]

    def __bool__(self) -> bool:
        return bool(self.fields)


def difference(wanted: Json, remote: Json, known: Mapping[str, str] | None = None) -> Difference:
    """Compare ``mapping.to_datagouv``'s result with a dataset read from data.gouv.fr.

    ``known`` maps portal resource identifiers to data.gouv.fr's, for resources whose stamp was
    erased over there.
    """
    theirs = remote.get("resources") or []
    pairs = match_resources(wanted["resources"], theirs, known or {})
    files = {
        twin["id"]: _resource_body(ours, twin)
        for ours, twin in pairs
        if twin is not None and _needs_own_request(ours, twin)
    }
    listing = _listing(pairs, theirs, files)
    own = tuple(_dataset_fields(wanted, remote))
    body = _dataset_body(wanted, remote, listing) if own or listing is not None else None
    return Difference((*own, *_resource_fields(pairs, files, listing)), body, files)


def stamp(resource: Json) -> str | None:
    """The portal identifier written on a resource, None on somebody else's."""
    value = (resource.get("extras") or {}).get(STAMP_RESOURCE)
    return value if isinstance(value, str) else None


Pairs = list[tuple[Json, Json | None]]


def match_resources(
    ours: Sequence[Json], theirs: Sequence[Json], known: Mapping[str, str]
) -> Pairs:
    """Each wanted resource with its twin, by stamp, else by the recorded link."""
    by_id = {resource["id"]: resource for resource in theirs}
    by_stamp: dict[str | None, Json] = {}
    for resource in theirs:
        by_stamp.setdefault(stamp(resource), resource)
    return [
        (resource, by_stamp.get(stamp(resource)) or by_id.get(known.get(stamp(resource) or "", "")))
        for resource in ours
    ]


def _dataset_fields(wanted: Json, remote: Json) -> Iterator[str]:
    for name in PLAIN:
        if name in wanted and wanted[name] != remote.get(name):
            yield name
    if "tags" in wanted and wanted["tags"] != sorted(remote.get("tags") or []):
        yield "tags"
    if "temporal_coverage" in wanted and wanted["temporal_coverage"] != _days(remote):
        yield "temporal_coverage"
    if "spatial" in wanted and not _same_spatial(wanted["spatial"], remote.get("spatial") or {}):
        yield "spatial"
    extras = remote.get("extras") or {}
    if any(extras.get(key) != value for key, value in wanted["extras"].items()):
        yield "extras"
    if remote.get("deleted"):
        yield "deleted"


def _resource_fields(
    pairs: Pairs, files: Mapping[str, Any], listing: list[dict[str, Any]] | None
) -> Iterator[str]:
    """``resources.<portal id>.new``, ``.file`` or ``.label``; ``resources`` for the list alone."""
    changed = False
    for ours, twin in pairs:
        kind = _kind(ours, twin, files)
        if kind:
            changed = True
            yield f"resources.{stamp(ours)}.{kind}"
    if listing is not None and not changed:
        yield "resources"


def _kind(ours: Json, twin: Json | None, files: Mapping[str, Any]) -> str:
    if twin is None:
        return "new"
    if twin["id"] in files:
        return "file"
    return "label" if _differs(ours, twin, LABEL_FIELDS) or _stamp_lost(ours, twin) else ""


def _days(remote: Json) -> dict[str, Any] | None:
    """A period as udata gives it back, reduced to its dates."""
    period = remote.get("temporal_coverage")
    if not period:
        return None
    return {key: (period.get(key) or "")[:10] or None for key in ("start", "end")}


def _same_spatial(ours: Json, theirs: Json) -> bool:
    zones = [zone["id"] if isinstance(zone, dict) else zone for zone in theirs.get("zones") or []]
    return sorted(ours["zones"]) == sorted(zones) and ours["granularity"] == theirs.get(
        "granularity"
    )


def _needs_own_request(ours: Json, theirs: Json) -> bool:
    """Another file; or a schema to withdraw, which the dataset's request cannot do."""
    unlabelled = ours["schema"] is None and theirs.get("schema") is not None
    return unlabelled or _differs(ours, theirs, FILE_FIELDS) or _date_moved(ours, theirs)


def _differs(ours: Json, theirs: Json, names: Sequence[str]) -> bool:
    return any((ours[name] or None) != (theirs.get(name) or None) for name in names)


def _date_moved(ours: Json, theirs: Json) -> bool:
    modified = ours["extras"].get(STAMP_MODIFIED)
    return modified is not None and modified != (theirs.get("extras") or {}).get(STAMP_MODIFIED)


def _stamp_lost(ours: Json, theirs: Json) -> bool:
    return stamp(theirs) != stamp(ours)


def _resource_body(ours: Json, theirs: Json) -> dict[str, Any]:
    """Ours over theirs: a list of extras that is sent replaces the whole one."""
    return {**ours, "extras": {**(theirs.get("extras") or {}), **ours["extras"]}}


def _listing(
    pairs: Pairs, theirs: Sequence[Json], files: Mapping[str, Any]
) -> list[dict[str, Any]] | None:
    """The list of resources to send with the dataset, None if it is right as it stands.

    A list that is sent replaces the whole: ours in our order, then those of other people.
    """
    paired = {twin["id"] for _, twin in pairs if twin is not None}
    foreign = [r for r in theirs if r["id"] not in paired and stamp(r) is None]
    listing = [_entry(ours, twin, files) for ours, twin in pairs]
    listing += [{"id": resource["id"]} for resource in foreign]
    kept = [r["id"] for r in theirs if r["id"] in paired or stamp(r) is None]
    in_place = len(kept) == len(theirs) and _ours(listing, paired) == _ours(theirs, paired)
    if in_place and all(entry.keys() == {"id"} for entry in listing):
        return None
    return listing


def _ours(resources: Sequence[Json], paired: set[str]) -> list[str]:
    return [resource["id"] for resource in resources if resource.get("id") in paired]


def _entry(ours: Json, twin: Json | None, files: Mapping[str, Any]) -> dict[str, Any]:
    """A new resource in full, a known one by its identifier and what changed in its labels."""
    if twin is None:
        return dict(ours)
    if _kind(ours, twin, files) == "label":
        return {"id": twin["id"], **_resource_body(ours, twin)}
    return {"id": twin["id"]}  # as it is, or written whole by its own request


def _dataset_body(
    wanted: Json, remote: Json, listing: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """Everything of ours; tags and period always, since udata erases the ones it is not sent."""
    body = {key: value for key, value in wanted.items() if key != "resources"}
    body["extras"] = {**(remote.get("extras") or {}), **wanted["extras"]}
    body.setdefault("tags", remote.get("tags") or [])
    body.setdefault("temporal_coverage", _days(remote))
    if listing is not None:
        body["resources"] = listing
    if remote.get("deleted"):
        body["deleted"] = None
    return body
