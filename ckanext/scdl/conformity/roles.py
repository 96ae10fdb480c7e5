"""The role of a resource, guessed from its name and first bytes: source, données, documentation.

Only the first two are checked, so anything unknown is données: better to check too much than to
let a table through as documentation.  So is .txt, under which Excel saves tables.  Imports the
standard library only.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from .magic import container, first_bytes

Role = Literal["source", "donnees", "documentation"]

SOURCE = {".xml"}
ANNEXES = {".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".tif", ".tiff"}
"""Extensions of what nobody could check, whatever its uploader calls it."""
DOCUMENTATION = {
    *ANNEXES,
    *(".doc", ".docx", ".odt", ".rtf", ".md", ".html", ".htm", ".ppt", ".pptx", ".odp"),
}
DOCUMENTATION_KINDS = {"pdf", "image", "html"}


def detect_role(filename: str | None, head: bytes) -> Role:
    """By extension first (a PDF renamed .xml is a source, and refused as such), else by content.

    head: the first bytes of the file (a few hundred are enough).
    """
    name = (filename or "").replace("\\", "/").lower().removesuffix(".gz")
    extension = PurePosixPath(name).suffix
    if extension in SOURCE:
        return "source"
    if extension in DOCUMENTATION:
        return "documentation"
    if extension:
        return "donnees"
    return _by_content(head)


def is_annex(filename: str | None, head: bytes) -> bool:
    """Is the file a PDF or an image: by its extension, or without any by its content?"""
    extension = PurePosixPath((filename or "").replace("\\", "/").lower()).suffix
    return extension in ANNEXES or (not extension and container(head) in ("pdf", "image"))


def _by_content(head: bytes) -> Role:
    kind = container(first_bytes(head))
    if kind == "xml":
        return "source"
    return "documentation" if kind in DOCUMENTATION_KINDS else "donnees"
