"""Our dataset types: those whose ckanext-scheming schema names the standard that its files follow.

`scdl_standard`, at the top of a dataset YAML, is the name of a standard (« scdl/subventions »), or
a name and a version (« scdl/subventions@2.1.1 »).  Imports ckanext-scheming and the library.
"""

from __future__ import annotations

from typing import Any

from ckanext.scdl.conformity import standards

KEY = "scdl_standard"


class UnknownStandard(Exception):
    """A dataset YAML names a standard, or a version, whose Table Schema the portal has not."""


def dataset_types() -> list[str]:
    """Our dataset types, in the order in which the portal lists their schemas."""
    return [kind for kind, schema in _schemas().items() if schema.get(KEY)]


def standard_of(kind: str, kept: str | None = None) -> str:
    """What `conformity.check` calls the standard that a file of this dataset type must follow.

    kept: the standard, as name@version, under which the dataset's files were accepted; it stands
    as long as it is another version of the type's own, and the portal has it.  Raises
    UnknownStandard, which CKAN meets when it starts, or KeyError for a type of others.
    """
    word = str(_schemas()[kind][KEY])
    known = _known()
    if kept in known and kept.partition("@")[0] == word.partition("@")[0]:
        return known[kept]
    if word not in known:
        raise UnknownStandard(
            f"Le type de jeu « {kind} » demande le standard « {word} », que ce portail n'a pas : "
            f"écrivez {KEY} parmi {', '.join(known)}. (Unknown standard: write one of these.)"
        )
    return known[word]


def full_name(standard: str) -> str:
    """Name and version ("scdl/budget@0.8.3") of what the library calls `standard`."""
    one = standards.standard(standard)
    return f"{one.name}@{one.version}"


def _schemas() -> dict[str, Any]:
    from ckanext.scheming.helpers import scheming_dataset_schemas

    return scheming_dataset_schemas(expanded=False) or {}


def _known() -> dict[str, str]:
    """The library's own name of each standard, by its full name, with and without version."""
    full = {short: standards.standard(short) for short in standards.FILES}
    named = {one.name: short for short, one in full.items()}
    return named | {full_name(short): short for short in full}
