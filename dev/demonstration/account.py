"""The contributor's account, drawn once and kept in a private file beside the configuration.

Standard library: `make run` reads it to print it.
"""

import json
import secrets
from pathlib import Path

from dev.paths import write_private

NAME = "contribution"
FILE = "contribution.json"


def read(portal_folder: Path) -> dict[str, str]:
    """Its `name` and `password`; FileNotFoundError before the first load."""
    content: dict[str, str] = json.loads((portal_folder / FILE).read_text(encoding="utf-8"))
    return content


def read_or_draw(portal_folder: Path) -> dict[str, str]:
    """The same, drawn and kept first if there is none."""
    if not (portal_folder / FILE).is_file():
        account = {"name": NAME, "password": secrets.token_urlsafe(12)}
        write_private(portal_folder / FILE, json.dumps(account))
    return read(portal_folder)
