"""Our dataset types: those whose ckanext-scheming schema names the standard that its files follow.

`scdl_standard`, at the top of a dataset YAML, is the name of a standard, with its version
(« scdl/subventions@2.1.1 ») or without (« scdl/subventions »: the latest that the portal has).
Imports ckanext-scheming and the library.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from ckanext.scdl.conformity import standards, texts

KEY = "scdl_standard"

log = logging.getLogger(__name__)


class UnknownStandard(Exception):
    """A dataset YAML names a standard, or a version, whose Table Schema the portal has not."""


def add_standards(folder: str) -> None:
    """Add the administrator's Table Schemas; one that is refused is told in the log."""
    for refused in standards.register(Path(folder)):
        log.error("%s", texts.refusal(refused))


def dataset_types() -> list[str]:
    """Our dataset types, in the order in which the portal lists their schemas."""
    return [kind for kind, schema in _schemas().items() if schema.get(KEY)]


def standard_of(kind: str, kept: str | None = None) -> str:
    """The standard that a file of this dataset type must follow, as name@version.

    kept: the one under which the dataset's files were accepted; it stands as long as it is a
    version of the type's own, and the portal has it.  Raises UnknownStandard, which CKAN meets when
    it starts, or KeyError for a type of others.
    """
    own = _of_type(kind)
    return kept if kept and _is_version_of(kept, own) else own.pinned


def _of_type(kind: str) -> standards.Standard:
    word = str(_schemas()[kind][KEY])
    try:
        return standards.standard(word)
    except standards.UnknownStandard as exception:
        raise UnknownStandard(
            f"Le type de jeu « {kind} » demande le standard « {word} », que ce portail n'a pas : "
            f"écrivez {KEY} parmi {', '.join(exception.known)}, ou déposez son Table Schema. "
            f"(Unknown standard: write one of these, or add its Table Schema.)"
        ) from None


def _is_version_of(kept: str, own: standards.Standard) -> bool:
    try:
        return standards.standard(kept).name == own.name
    except standards.UnknownStandard:
        return False


def _schemas() -> dict[str, Any]:
    from ckanext.scheming.helpers import scheming_dataset_schemas

    return scheming_dataset_schemas(expanded=False) or {}
