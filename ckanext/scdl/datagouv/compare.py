"""What differs between the dataset we want and the one data.gouv.fr holds, and what to send.

Pure functions over udata's JSON.  The portal owns its resources and the fields that its profile
lists; resources and extras that carry no stamp of ours belong to others and are kept.  Imports the
mapping's stamps and the profile's fields.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from ckanext.scdl.datagouv.mapping import (
    MARK_ARCHIVED,
    MARK_FLAGGED,
    MARK_HIDDEN,
    MARK_PENDING,
    MARKS,
    STAMP_FILE,
    STAMP_MODIFIED,
    STAMP_RESOURCE,
)
from ckanext.scdl.datagouv.profile import OWNABLE

Json = Mapping[str, Any]

# A change of these means another file: it is told by a request on the resource, the only one that
# moves data.gouv.fr's dates of update.
FILE_FIELDS = ("url", "format", "mime", "filesize", "checksum")
LABEL_FIELDS = ("title", "description", "type", "schema")
SHOWN_MAX = 200  # characters of a value that a plan shows


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    ``what`` is a field (``title``), ``resources.<portal id>.`` and one of ``new``, ``file``,
    ``label``, ``mode``, ``removed``, or ``resources`` for their order alone.  ``before`` and
    ``after`` are shortened for people, None where they say nothing.
    """

    what: str
    before: str | None = None
    after: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {"what": self.what, "before": self.before, "after": self.after}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | str) -> Change:
        """The reverse of ``to_dict``; plans stored by former versions held ``what`` alone."""
        return cls(data) if isinstance(data, str) else cls(**data)


@dataclass(frozen=True)
class Difference:
    """What has to be written for the remote dataset to be the wanted one.

    ``uploads`` pairs each wanted resource whose file is to be sent with the resource that it
    replaces over there, or None; ``dataset`` is the body of the dataset's PUT, None if it is not
    needed; ``files`` maps data.gouv.fr resource identifiers to the bodies of their PUT; ``surplus``
    names hosted resources to delete.  In this order.
    """

    changes: tuple[Change, ...]
    dataset: dict[str, Any] | None
    files: Mapping[str, dict[str, Any]]
    uploads: tuple[tuple[Json, str | None], ...] = ()
    surplus: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def fields(self) -> tuple[str, ...]:
        """``what`` of each change."""
        return tuple(change.what for change in self.changes)

    @property
    def requests(self) -> tuple[str, ...]:
        """What is sent, in order: ``upload``, ``dataset``, ``resource``, ``delete``."""
        sent = ["upload"] * len(self.uploads)
        sent += ["dataset"] * (self.dataset is not None or bool(self.uploads))
        sent += ["resource"] * len(self.files)
        return (*sent, *["delete"] * len(self.surplus))


@dataclass(frozen=True)
class Known:
    """What we remember of the remote dataset.

    ``resources`` maps portal resource identifiers to data.gouv.fr's, for resources whose stamp was
    erased over there; ``uploaded`` names those whose file has just been sent.
    """

    resources: Mapping[str, str] = field(default_factory=dict)
    uploaded: Collection[str] = ()
    owned: Collection[str] = OWNABLE


def difference(wanted: Json, remote: Json, known: Known | None = None) -> Difference:
    """Compare ``mapping.to_datagouv``'s result with a dataset read from data.gouv.fr."""
    known = known or Known()
    theirs = remote.get("resources") or []
    pairs = match_resources(wanted["resources"], theirs, known.resources)
    files = {
        twin["id"]: _resource_body(ours, twin)
        for ours, twin in pairs
        if twin is not None and _needs_own_request(ours, twin)
    }
    surplus = tuple(_surplus(pairs, theirs))
    listing = _listing(pairs, theirs, files, surplus)
    own = tuple(_dataset_changes(wanted, remote, known.owned))
    body = _dataset_body(wanted, remote, listing, known.owned) if own or listing else None
    uploads = tuple(_uploads(pairs, known.uploaded))
    told = (*own, *_resource_changes(pairs, theirs, files, listing, known.uploaded))
    return Difference(told, body, files, uploads, surplus)


# Resources and their twins


def stamp(resource: Json) -> str | None:
    """The portal identifier written on a resource, None on somebody else's."""
    value = (resource.get("extras") or {}).get(STAMP_RESOURCE)
    return value if isinstance(value, str) else None


def is_hosted(resource: Json) -> bool:
    """Does data.gouv.fr hold this resource's file?

    A link that an upload replaced is still said to be ``remote`` over there.
    """
    return resource.get("filetype") == "file" or STAMP_FILE in (resource.get("extras") or {})


# The identifier that ends the name of a file that we uploaded (``mapping.file_name``).
UPLOADED_NAME = re.compile(r"-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[^/]*$")


def origin(resource: Json) -> str | None:
    """The portal identifier of a resource that we made, None for somebody else's.

    An upload whose answer was lost has no stamp yet, but its name.
    """
    named = UPLOADED_NAME.search(str(resource.get("url") or "")) if is_hosted(resource) else None
    return stamp(resource) or (named[1] if named else None)


Pairs = list[tuple[Json, Json | None]]


def match_resources(
    ours: Sequence[Json], theirs: Sequence[Json], known: Mapping[str, str]
) -> Pairs:
    """Each wanted resource with its twin: by stamp, by the recorded link, by the file's name.

    A link may become a hosted file in place; a hosted file cannot become a link.
    """
    by_id = {resource["id"]: resource for resource in theirs}
    by_stamp: dict[str, Json] = {}
    for resource in theirs:
        name = stamp(resource)
        if name is not None:
            by_stamp.setdefault(name, resource)
    return [(one, _twin(one, by_stamp, by_id, theirs, known)) for one in ours]


def _twin(
    ours: Json,
    by_stamp: Mapping[str, Json],
    by_id: Mapping[str, Json],
    theirs: Sequence[Json],
    known: Mapping[str, str],
) -> Json | None:
    name = stamp(ours) or ""
    hosts = ours["filetype"] == "file"
    found = [by_stamp.get(name), by_id.get(known.get(name, ""))]
    if hosts:
        found.append(next((one for one in theirs if _is_lost_upload(one, name)), None))
    else:
        # of two with one stamp, the link is ours: the file is what is left of the other mode
        found.insert(0, next((r for r in theirs if stamp(r) == name and not is_hosted(r)), None))
    return next((one for one in found if one is not None and (hosts or not is_hosted(one))), None)


def _is_lost_upload(resource: Json, name: str) -> bool:
    """Was it uploaded by us, and its answer lost before it could be stamped?"""
    last = str(resource.get("url") or "").rsplit("/", 1)[-1]
    return stamp(resource) is None and bool(name) and f"-{name.lower()}." in last


def _surplus(pairs: Pairs, theirs: Sequence[Json]) -> Iterator[str]:
    """Hosted resources of ours that stand for nothing: a list without them keeps the bytes."""
    paired = {twin["id"] for _, twin in pairs if twin is not None}
    for resource in theirs:
        if resource["id"] not in paired and is_hosted(resource) and origin(resource) is not None:
            yield resource["id"]


def _uploads(pairs: Pairs, uploaded: Collection[str]) -> Iterator[tuple[Json, str | None]]:
    for ours, twin in pairs:
        if _needs_upload(ours, twin, uploaded):
            yield ours, twin["id"] if twin is not None else None


def _needs_upload(ours: Json, twin: Json | None, uploaded: Collection[str]) -> bool:
    if ours["filetype"] != "file" or stamp(ours) in uploaded:
        return False
    return twin is None or _file_stamp(twin) != _file_stamp(ours)


def _file_stamp(resource: Json) -> Any:
    return (resource.get("extras") or {}).get(STAMP_FILE)


# Fields of the dataset


def _dataset_changes(wanted: Json, remote: Json, owned: Collection[str]) -> Iterator[Change]:
    there = current(remote)
    for name, value in values(wanted).items():
        if (name in owned or name == "private") and value != there[name]:
            yield Change(name, *_both(there[name], value))
    extras = remote.get("extras") or {}
    lost = any(extras.get(key) != value for key, value in wanted["extras"].items())
    if lost or _stale(remote, extras):
        yield Change("extras")
    if remote.get("deleted"):
        yield Change("deleted")
    if MARK_FLAGGED in extras:
        yield Change("flag")
    if archive_is_ours(remote):
        yield Change("archived")


def archive_is_ours(remote: Json) -> bool:
    """Is it archived by us, or by the end of a harvester whose datasets we took over?

    Udata archives what a harvester made when that harvester is deleted (harvest/actions.py of
    17.18); a decision of somebody's bears no such reason.
    """
    reason = (remote.get("harvest") or {}).get("archived_reason")
    ours = MARK_ARCHIVED in (remote.get("extras") or {}) or reason == "harvester-deleted"
    return bool(remote.get("archived")) and ours


def values(wanted: Json) -> dict[str, Any]:
    """The fields that the portal sends, by name, in the form of ``current``."""
    found = {name: wanted[name] for name in (*PLAIN, "tags", "temporal_coverage") if name in wanted}
    if "spatial" in wanted:
        zones = sorted(wanted["spatial"]["zones"])
        found["spatial"] = {"zones": zones, "granularity": wanted["spatial"]["granularity"]}
    if "contact" in wanted:
        found["contact_points"] = [_contact(wanted["contact"])]
    return found


PLAIN = ("title", "description", "license", "frequency", "private")


def current(remote: Json) -> dict[str, Any]:
    """The same fields as data.gouv.fr holds them, normalised."""
    spatial = remote.get("spatial") or {}
    zones = [zone["id"] if isinstance(zone, dict) else zone for zone in spatial.get("zones") or []]
    return {
        **{name: remote.get(name) for name in PLAIN},
        "tags": sorted(remote.get("tags") or []),
        "temporal_coverage": days(remote),
        "spatial": {"zones": sorted(zones), "granularity": spatial.get("granularity")},
        "contact_points": [_contact(one) for one in remote.get("contact_points") or []],
    }


def _contact(contact: Json) -> str:
    return f"{contact.get('name')} <{contact.get('email')}>"


def days(remote: Json) -> dict[str, Any] | None:
    """A period as udata gives it back, reduced to its dates."""
    period = remote.get("temporal_coverage")
    if not period:
        return None
    return {key: (period.get(key) or "")[:10] or None for key in ("start", "end")}


def _stale(remote: Json, extras: Json) -> bool:
    """A mark of ours that is no longer true: it would later tell as ours what was done by hand."""
    return (
        MARK_PENDING in extras
        or (MARK_HIDDEN in extras and not remote.get("private"))
        or (MARK_ARCHIVED in extras and not remote.get("archived"))
    )


def _both(before: Any, after: Any) -> tuple[str | None, str | None]:
    """Two values that differ, long ones from near the place where they do."""
    old, new = _line(before), _line(after)
    pairs = zip(old or "", new or "", strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = same - SHOWN_MAX // 4 if same > SHOWN_MAX // 2 else 0
    return _cut(old, start), _cut(new, start)


def _cut(text: str | None, start: int = 0) -> str | None:
    if text is None:
        return None
    text = f"…{text[start:]}" if start else text
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"


def _line(value: Any) -> str | None:
    """A value in a plan that people read: one line of a table or of a terminal."""
    if value is None or value == []:
        return None
    if isinstance(value, dict):
        value = [*(value.get("zones") or []), value.get("start"), value.get("end")]
    text = ", ".join(str(v) for v in value if v) if isinstance(value, list) else str(value)
    return " ".join(text.splitlines())


# Edits by other people


def digests(remote: Json) -> dict[str, str]:
    """What each field holds now, in short, to see at the next run that somebody edited it there."""
    return {name: _digest(value) for name, value in current(remote).items()}


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def edited_there(remote: Json, known: Mapping[str, str]) -> tuple[str, ...]:
    """Fields that no longer hold what our last write left in them, among those ``known``."""
    now = digests(remote)
    return tuple(name for name in now if name in known and known[name] != now[name])


# What is sent


def _resource_changes(
    pairs: Pairs,
    theirs: Sequence[Json],
    files: Mapping[str, Any],
    listing: list[dict[str, Any]] | None,
    uploaded: Collection[str],
) -> Iterator[Change]:
    changed = False
    for ours, twin in pairs:
        kind = _kind(ours, twin, files, uploaded)
        if kind:
            changed = True
            yield Change(f"resources.{stamp(ours)}.{kind}", _title(twin), _title(ours))
    for resource in _dropped(pairs, theirs):
        changed = True
        yield Change(f"resources.{origin(resource)}.removed", _title(resource), None)
    if listing is not None and not changed:
        yield Change("resources")


def _title(resource: Json | None) -> str | None:
    return None if resource is None else _cut(_line(resource.get("title")))


def _dropped(pairs: Pairs, theirs: Sequence[Json]) -> Iterator[Json]:
    """Resources of ours that stand for nothing on the portal any more, or for the other mode."""
    paired = {twin["id"] for _, twin in pairs if twin is not None}
    for resource in theirs:
        if resource["id"] not in paired and origin(resource) is not None:
            yield resource


def _kind(
    ours: Json, twin: Json | None, files: Mapping[str, Any], uploaded: Collection[str]
) -> str:
    if twin is None:
        return "new"
    if _needs_upload(ours, twin, uploaded):
        return "file" if is_hosted(twin) else "mode"
    if twin["id"] in files:
        return "file"
    return "label" if _label_differs(ours, twin) else ""


def _label_differs(ours: Json, twin: Json) -> bool:
    lost = any(
        (twin.get("extras") or {}).get(key) != value
        for key, value in ours["extras"].items()
        if key != STAMP_MODIFIED
    )
    return lost or _differs(ours, twin, LABEL_FIELDS)


def _needs_own_request(ours: Json, theirs: Json) -> bool:
    """Another file; or a schema to withdraw, which the dataset's request cannot do."""
    if ours["schema"] is None and theirs.get("schema") is not None:
        return True
    if ours["filetype"] == "file":
        return False
    return _differs(ours, theirs, FILE_FIELDS) or _date_moved(ours, theirs)


def _differs(ours: Json, theirs: Json, names: Sequence[str]) -> bool:
    return any((ours[name] or None) != (theirs.get(name) or None) for name in names)


def _date_moved(ours: Json, theirs: Json) -> bool:
    modified = ours["extras"].get(STAMP_MODIFIED)
    return modified is not None and modified != (theirs.get("extras") or {}).get(STAMP_MODIFIED)


# What is not data.gouv.fr's: ours to carry the file out.
OURS = ("name", "mime")


def _resource_body(ours: Json, theirs: Json) -> dict[str, Any]:
    """Ours over theirs: a list of extras that is sent replaces the whole one."""
    sent = dict(ours)
    if ours["filetype"] == "file":
        sent = {key: ours[key] for key in (*LABEL_FIELDS, "extras")}
    return {**sent, "extras": {**(theirs.get("extras") or {}), **ours["extras"]}}


def _listing(
    pairs: Pairs, theirs: Sequence[Json], files: Mapping[str, Any], surplus: Collection[str]
) -> list[dict[str, Any]] | None:
    """The list of resources to send with the dataset, None if it is right as it stands.

    A list that is sent replaces the whole: ours in our order, then those of other people, then what
    is about to be deleted by its own request.
    """
    ready = [(ours, twin) for ours, twin in pairs if twin or ours["filetype"] != "file"]
    paired = {twin["id"] for _, twin in ready if twin is not None}
    foreign = [r for r in theirs if r["id"] not in paired and origin(r) is None]
    listing = [_entry(ours, twin, files) for ours, twin in ready]
    listing += [{"id": resource["id"]} for resource in foreign]
    listing += [{"id": resource_id} for resource_id in surplus]
    ids = {entry.get("id") for entry in listing}
    kept = [resource for resource in theirs if resource["id"] in ids]
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
    if twin["id"] not in files and _label_differs(ours, twin):
        return {"id": twin["id"], **_resource_body(ours, twin)}
    return {"id": twin["id"]}  # as it is, or written whole by its own request


def _dataset_body(
    wanted: Json, remote: Json, listing: list[dict[str, Any]] | None, owned: Collection[str]
) -> dict[str, Any]:
    """Everything of ours, and what udata erases when it is not sent."""
    body = {
        key: value
        for key, value in wanted.items()
        if key in owned or key not in (*OWNABLE, "resources", "contact")
    }
    if "contact" in wanted and "contact_points" in owned:
        body["contact"] = wanted["contact"]
    extras = {k: v for k, v in (remote.get("extras") or {}).items() if k not in MARKS}
    body = {**kept(remote), **body, "extras": {**extras, **wanted["extras"]}}
    if listing is not None:
        body["resources"] = listing
    if remote.get("deleted"):
        body["deleted"] = None
    if archive_is_ours(remote):
        body["archived"] = None
    return body


def kept(remote: Json) -> dict[str, Any]:
    """What every PUT of a dataset must repeat: udata erases tags and period, and may publish."""
    return {
        "tags": remote.get("tags") or [],
        "temporal_coverage": days(remote),
        "private": bool(remote.get("private")),
    }
