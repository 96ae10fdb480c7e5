"""Read the data files of `schemas/` wherever the package is installed (wheel, sdist, editable).

Imports the standard library only.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def read_bytes(path: str) -> bytes:
    """The bytes of schemas/<path>; FileNotFoundError when there is no such file."""
    return files("ckanext.scdl").joinpath("schemas", *path.split("/")).read_bytes()


def read_json(path: str) -> Any:
    """The JSON content of schemas/<path>."""
    return json.loads(read_bytes(path))


def names(folder: str) -> list[str]:
    """Names of the files in schemas/<folder>, sorted."""
    place = files("ckanext.scdl").joinpath("schemas", *folder.split("/"))
    return sorted(entry.name for entry in place.iterdir() if entry.is_file())
