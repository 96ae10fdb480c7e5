"""`$text` and `{"$meta": "textScore"}`, used by `?q=` on the lists.

The fields searched are those of the collection's own text index (Dataset: title).  Words are ANDed
as phrases, whatever the case and accents; the stemmer and the score are approximations.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from mongomock import collection, filtering
from pymongo.errors import OperationFailure

INDEX_NOT_FOUND = 27
SUFFIXES = ("ing", "es", "ed", "s", "e")


def apply() -> None:
    """Patch filters, iteration and sorting."""
    _patch_filter()
    _patch_iteration()
    _patch_sort()


def _patch_filter() -> None:
    original = filtering._Filterer.apply

    def filtered(self: Any, search: Any, document: Any) -> bool:
        if isinstance(search, dict) and "$text" in search:
            search = dict(search)
            if not _score(search.pop("$text"), document):
                return False
        return original(self, search, document)

    filtering._Filterer.apply = filtered
    filtering._filterer_inst.apply = filtered.__get__(filtering._filterer_inst)


def _patch_iteration() -> None:
    original = collection.Collection._iter_documents

    def iterate(self: Any, search: Any) -> Any:
        return original(self, _bound(self, search))

    collection.Collection._iter_documents = iterate


def _patch_sort() -> None:
    original = collection.Collection._get_dataset

    def read(self: Any, spec: Any, sort: Any, fields: Any, as_class: Any) -> Any:
        orders = list(sort.items() if isinstance(sort, dict) else sort or [])
        plain = [(key, order) for key, order in orders if not _is_meta(order)]
        if isinstance(fields, dict):
            fields = {key: value for key, value in fields.items() if not _is_meta(value)} or None
        documents = original(self, spec, plain or (sort and []), fields, as_class)
        search = _find(_bound(self, spec)) if len(plain) < len(orders) else None
        return _by_score(self, spec, search, documents) if search else documents

    collection.Collection._get_dataset = read


def _by_score(stored: Any, spec: Any, search: Any, documents: Any) -> Any:
    scores = {one["_id"]: _score(search, one) for one in stored._iter_documents(spec)}
    return iter(sorted(documents, key=lambda one: -scores.get(one["_id"], 0)))


def _is_meta(value: Any) -> bool:
    return isinstance(value, dict) and "$meta" in value


def _bound(stored: Any, spec: Any) -> Any:
    """The filter with the text index's fields attached to every `$text`."""
    if not isinstance(spec, dict):
        return spec
    return {key: _bound_value(stored, key, value) for key, value in spec.items()}


def _bound_value(stored: Any, key: str, value: Any) -> Any:
    if key == "$text":
        return {**value, "__weights__": _weights(stored)}
    if key in ("$and", "$or", "$nor"):
        return [_bound(stored, one) for one in value]
    return value


def _weights(stored: Any) -> dict[str, int]:
    for index in stored._store.indexes.values():
        fields = [key for key, kind in index.get("key", []) if kind == "text"]
        if fields:
            weights = index.get("weights") or {}
            return {field: weights.get(field, 1) for field in fields}
    raise OperationFailure("text index required for $text query", INDEX_NOT_FOUND)


def _find(spec: Any) -> Any:
    if not isinstance(spec, dict):
        return None
    if "$text" in spec:
        return spec["$text"]
    inner = (one for key in ("$and", "$or") for one in spec.get(key, []))
    return next((found for found in map(_find, inner) if found), None)


def _score(search: Any, document: Any) -> float:
    """0 when the document does not match, else an approximation of MongoDB's score."""
    query = _plain(search["$search"])
    phrases = [phrase for phrase in re.findall(r'"([^"]*)"', query) if phrase.strip()]
    terms = {_stem(word) for word in re.findall(r"\w+", query)}
    found = [
        (weight, _plain(value))
        for field, weight in search["__weights__"].items()
        for value in _values(document, field)
    ]
    text = " \n ".join(value for _, value in found)
    if any(phrase not in text for phrase in phrases):
        return 0.0
    return sum(weight * _term_score(terms, value) for weight, value in found)


def _term_score(terms: set[str], value: str) -> float:
    tokens = [_stem(word) for word in re.findall(r"\w+", value)]
    counts = [tokens.count(term) for term in terms if term in tokens]
    return sum((2 - 0.5 ** (n - 1)) * (0.5 * n / len(tokens) + 0.5) for n in counts)


def _values(document: Any, path: str) -> Iterator[str]:
    if isinstance(document, list):
        for one in document:
            yield from _values(one, path)
    elif isinstance(document, dict):
        head, _, rest = path.partition(".")
        value = document.get(head)
        if rest:
            yield from _values(value, rest)
        else:
            yield from (str(one) for one in (value if isinstance(value, list) else [value]) if one)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text or "")
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


def _stem(word: str) -> str:
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word
