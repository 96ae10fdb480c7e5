"""The standards that we check: those of schemas/tables, and those that an administrator adds.

A standard is named by its publisher ("scdl/budget"), with a version or the latest one known
("scdl/budget@0.8.3"); the last part of the name is enough where no other ends so ("budget"), and
those of schemas/tables come first.  A file's name gives the group, the name and the version:
"scdl_budget-0.8.3.json".  A file of schemas/tables may say only what differs from a later version:
`extends` names that one's file, `fields` then names the fields that are kept as they are.  Imports
the standard library; re2 where a folder is added.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from . import resources
from .schema import Check, Field, Standard, read_schema
from .schema_check import FILE_NAME, SchemaRefused, read_dropped

__all__ = [
    "BUDGET",
    "Check",
    "Field",
    "SchemaRefused",
    "Standard",
    "UnknownStandard",
    "names_of",
    "register",
    "standard",
    "standards",
]

BUDGET = "scdl/budget@0.8.3"
"""What the table of a budget XML is written in, whatever versions are added."""

Key = tuple[str, str]
"""Full name and version."""

_added: dict[Path, dict[Key, Standard]] = {}
"""By folder."""


class UnknownStandard(ValueError):
    """No standard has that name, or not in that version, or several end with it.

    text: what was asked; known: the pinned names of those that exist.
    """

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown standard {text!r}: one of {', '.join(known)}")
        self.text, self.known = text, known


def standard(text: str) -> Standard:
    """The standard of this name: "scdl/subventions@2.1.1", "scdl/subventions" or "subventions".

    Without a version, the latest one released; one to come (3.0.0-rc.1) where there is no other.
    UnknownStandard (a ValueError) lists those that exist.
    """
    name, pinned, version = text.partition("@")
    versions = [key for key in _keys() if key[0] == _full_name(name)]
    exact = version.removeprefix("v")
    released = [key for key in versions if not STAGE.search(key[1])]
    wanted = [key for key in versions if key[1] == exact] if pinned else (released or versions)[-1:]
    if not wanted:
        raise UnknownStandard(text, tuple("@".join(key) for key in _keys()))
    return _get(wanted[0])


def standards() -> list[Standard]:
    """All of them, by name, then from the oldest version to the latest."""
    return [_get(key) for key in _keys()]


def names_of(known: Standard) -> tuple[str, ...]:
    """The texts that mean this standard, the shortest first, the pinned one last."""
    short = known.name.rpartition("/")[2]
    names = (short, known.name) if _full_name(short) == known.name else (known.name,)
    latest = standard(known.name).version == known.version
    return (*(names if latest else ()), known.pinned)


def register(folder: Path) -> list[SchemaRefused]:
    """Add the Table Schemas (*.json) of a folder; what is refused, and why.

    A refused file stops no other.  A folder that is registered again replaces what it had given.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError as exception:
        _added.pop(folder, None)
        missing = isinstance(exception, FileNotFoundError | NotADirectoryError)
        return [SchemaRefused(str(folder), "folder-missing" if missing else "file-unreadable")]
    others = {key for other, keys in _added.items() if other != folder for key in keys}
    found: dict[Key, Standard] = {}
    refused: list[SchemaRefused] = []
    for path in paths:
        read = read_dropped(path)
        if isinstance(read, list):
            refused += read
        elif (read.name, read.version) in others or (read.name, read.version) in _ours():
            refused.append(SchemaRefused(str(path), "known-already", None, {"name": read.pinned}))
        else:
            found[read.name, read.version] = read
    _added[folder] = found
    return refused


def _keys() -> list[Key]:
    keys = [*_ours(), *(key for folder in _added.values() for key in folder)]
    return sorted(keys, key=lambda key: (key[0], _order(key[1])))


STAGE = re.compile("[a-z]+")


def _order(version: str) -> tuple[list[int], bool, str, list[int]]:
    """Of a version among others; one to come (3.0.0-rc.1) is before that itself."""
    stage = STAGE.search(version)
    number, step = (version[: stage.start()], version[stage.end() :]) if stage else (version, "")
    return _whole(number), stage is None, stage[0] if stage else "", _whole(step)


def _whole(text: str) -> list[int]:
    return [int(number) for number in re.findall("[0-9]+", text)]


def _full_name(name: str) -> str | None:
    """Of a full or short name; None when nothing, or more than one thing, is called so."""
    ours, all_names = {key[0] for key in _ours()}, {key[0] for key in _keys()}
    if name in all_names:
        return name
    for names in (ours, all_names):
        found = [known for known in names if known.rpartition("/")[2] == name]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _get(key: Key) -> Standard:
    for folder in _added.values():
        if key in folder:
            return folder[key]
    return _read(key)


@cache
def _ours() -> dict[Key, str]:
    """The files of schemas/tables."""
    found = {}
    for file in resources.names("tables"):
        named = FILE_NAME.fullmatch(file)
        assert named, f"schemas/tables/{file}: a name that is none"
        found[f"{named[1]}/{named[2]}", named[3]] = file
    return found


@cache
def _read(key: Key) -> Standard:
    return read_schema(*key, _descriptor(_ours()[key]))


def _descriptor(file: str) -> dict[str, Any]:
    """The whole Table Schema of a file of schemas/tables."""
    data: dict[str, Any] = resources.read_json(f"tables/{file}")
    later = data.pop("extends", None)
    if later is None:
        return data
    base = _descriptor(later)
    known = {field["name"]: field for field in base["fields"]}
    fields = data.get("fields", known)
    data["fields"] = [known[field] if isinstance(field, str) else field for field in fields]
    return base | data
