"""The catalogue of schemas: udata's own test catalogue, plus the two SCDL standards."""

import json
from pathlib import Path

import udata

SCDL = {
    "scdl/budget": ("Budget", ["0.8.1", "0.8.2", "0.8.3"]),
    "scdl/subventions": (
        "Subventions",
        ["1.1.0", "2.0.0", "2.0.1", "2.0.2", "2.1.0", "2.1.1"],
    ),
}


def build() -> bytes:
    """The catalogue as JSON, in the form of schema.data.gouv.fr's."""
    path = Path(udata.__file__).parent / "tests" / "schemas.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    model = data["schemas"][0]
    data["schemas"] += [_entry(model, name, *SCDL[name]) for name in SCDL]
    return json.dumps(data).encode()


def _entry(model: dict, name: str, title: str, versions: list[str]) -> dict:
    url = f"https://schema.data.gouv.fr/schemas/{name}/%s/schema.json"
    return {
        **model,
        "name": name,
        "title": title,
        "description": title,
        "schema_type": "tableschema",
        "schema_url": url % "latest",
        "versions": [{"version_name": v, "schema_url": url % v} for v in versions],
    }
