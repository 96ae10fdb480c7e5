"""A third standard, made up: the Table Schema of the playgrounds of a fictitious métropole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NAME, VERSION = "metropole/aires-de-jeux", "1.2.0"
FILE = "metropole_aires-de-jeux-1.2.0.json"

CSV = """\
identifiant,nom,position,agrandie_le,ages,jeux,surface,cloturee,siret_gestionnaire
AJ-0001,Square du moulin,"4.8357,45.7640",02/05/2023,3-6 ans,7,"412,5",oui,21000001400014
AJ-0002,Place des tilleuls,"4.8361,45.7702",n.c.,6-12 ans,12,90,non,
"""


def schema() -> dict[str, Any]:
    """Every type and constraint that an ordinary published schema has."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "aires-de-jeux",
        "title": "Aires de jeux",
        "version": VERSION,
        "missingValues": ["", "n.c."],
        "fields": [
            {
                "name": "identifiant",
                "type": "string",
                "example": "AJ-0001",
                "constraints": {"required": True, "pattern": r"^AJ-\d{4}$"},
            },
            {"name": "nom", "constraints": {"required": True, "minLength": 3, "maxLength": 80}},
            {"name": "position", "type": "geopoint", "example": "4.8357,45.7640"},
            {
                "name": "agrandie_le",
                "type": "date",
                "format": "%d/%m/%Y",
                "examples": ["02/05/2023", "14/07/2024"],
                "constraints": {"minimum": "01/01/1950"},
            },
            {
                "name": "ages",
                "type": "string",
                "constraints": {"enum": ["0-3 ans", "3-6 ans", "6-12 ans"]},
            },
            {
                "name": "jeux",
                "type": "integer",
                "example": 7,
                "constraints": {"minimum": 1, "maximum": 200},
            },
            {
                "name": "surface",
                "type": "number",
                "decimalChar": ",",
                "groupChar": " ",
                "constraints": {"minimum": 0.5, "maximum": "20000"},
            },
            {"name": "cloturee", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
            {"name": "siret_gestionnaire", "missingValues": ["", "-"]},
        ],
        "custom_checks": [
            {"name": "french-siret-value", "params": {"column": "siret_gestionnaire"}}
        ],
    }


def drop(folder: Path, data: Any = None, name: str = FILE) -> Path:
    """The schema, or `data`, as a file of the folder; bytes are written as they are."""
    path = folder / name
    content = schema() if data is None else data
    if not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False).encode()
    path.write_bytes(content)
    return path
