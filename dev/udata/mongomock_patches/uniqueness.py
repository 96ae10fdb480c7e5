"""A duplicate key error names its index: udata then saves again after losing a slug's race."""

from typing import Any

from mongomock import collection, helpers
from pymongo.errors import DuplicateKeyError

DUPLICATE_KEY = 11000


def apply() -> None:
    """Patch the check of unique indexes."""
    original = collection.Collection._ensure_uniques

    def ensure(self: Any, document: Any) -> Any:
        try:
            return original(self, document)
        except DuplicateKeyError as error:
            raise _detailed(self, document) or error from error

    collection.Collection._ensure_uniques = ensure


def _detailed(stored: Any, document: Any) -> DuplicateKeyError | None:
    for index in stored._store.indexes.values():
        values = {key: _value(document, key) for key, _ in index["key"]}
        if index.get("unique") and len(list(stored._iter_documents(values))) > 1:
            return _error(stored, dict(index["key"]), values)
    return None


def _value(document: Any, key: str) -> Any:
    try:
        return helpers.get_value_by_dot(document, key)
    except KeyError:
        return None


def _error(stored: Any, pattern: dict[str, int], values: dict[str, Any]) -> DuplicateKeyError:
    return DuplicateKeyError(
        f"E11000 duplicate key error collection: {stored.full_name} index: {pattern}",
        DUPLICATE_KEY,
        {"keyPattern": pattern, "keyValue": values, "code": DUPLICATE_KEY},
    )
