"""Dotted paths through a reference (`subject._ref.$id`): discussions, follows, activities."""

from typing import Any

from bson import DBRef
from mongomock import filtering


def apply() -> None:
    """Patch the walk of a filter's path."""
    original = filtering.iter_key_candidates

    def walk(key: str, document: Any) -> Any:
        if isinstance(document, DBRef) and key:
            document = dict(document.as_doc())
        return original(key, document)

    filtering.iter_key_candidates = walk
