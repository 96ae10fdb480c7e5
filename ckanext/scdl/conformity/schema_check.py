"""What makes us refuse a Table Schema that somebody drops: a file that we could not check to the
letter would give verdicts on a part of the standard without saying so.

Every reason of a file is found at once.  `texts.refusal` puts them into words.  Imports the
standard library, and re2 by way of patterns.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from . import patterns
from .report import Param, quote
from .schema import CHECKS, DEFAULT_FORMAT, DEFAULT_TYPE, FALSE, TRUE, Standard, read_schema

MAX_BYTES = 1_000_000
"""Of a schema file; the largest published ones have some 100 000."""

FILE_NAME = re.compile(
    r"([A-Za-z0-9.-]+)_([A-Za-z0-9._-]+?)"
    r"-v?([0-9]+(?:\.[0-9]+)*(?:-?(?:alpha|beta|dev|pre|rc)(?:\.?[0-9]+)*)?)\.json"
)
"""Group, name, version: "etalab_schema-irve-statique-2.3.1.json", "…-v3.0.0-rc.1.json"."""

BOUNDS = ("minimum", "maximum")
LENGTHS = ("minLength", "maxLength")
CONSTRAINTS: dict[str, tuple[str, ...]] = {
    "string": (*LENGTHS, "pattern", "enum"),
    "number": (*BOUNDS, "enum"),
    "integer": (*BOUNDS, "enum"),
    "boolean": ("enum",),
    "date": (*BOUNDS, "enum"),
    "time": (*BOUNDS, "enum"),
    "datetime": (*BOUNDS, "enum"),
    "year": (*BOUNDS, "enum"),
    "yearmonth": (*BOUNDS, "enum"),
    "duration": ("enum",),
    "geopoint": ("enum",),
    "geojson": ("enum",),
    "array": (*LENGTHS, "enum"),
    "object": (*LENGTHS, "enum"),
    "any": ("enum",),
}
"""The types, and the constraints of each besides `required`, as frictionless has them."""

FORMATS = {
    "string": (DEFAULT_FORMAT, "email", "uri", "binary", "uuid"),
    "geopoint": (DEFAULT_FORMAT, "array", "object"),
    "geojson": (DEFAULT_FORMAT, "topojson"),
}
MOMENTS = ("date", "time", "datetime")

UNCHECKED = ("foreignKeys",)
MOST_UNIQUE = 4
"""Rules of uniqueness, the primary key included: each keeps eight bytes a record of a table."""
TEXTS = ("groupChar", "format")
LISTS = ("trueValues", "falseValues")


@dataclass(frozen=True)
class SchemaRefused:
    """One reason to refuse a Table Schema: the file (its path), the field if one is to blame, the
    rule and its parameters."""

    file: str
    rule: str
    field: str | None = None
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)


class Reason(NamedTuple):
    """A SchemaRefused before the file is known."""

    rule: str
    field: str | None = None
    params: Mapping[str, Param] = {}


def read_dropped(path: Path) -> Standard | list[SchemaRefused]:
    """The standard of a file, or why it is refused."""
    named = FILE_NAME.fullmatch(path.name)
    data = _load(path) if named else Reason("file-name", None, {"name": quote(path.name)})
    if isinstance(data, Reason):
        reasons = [data]
    else:
        assert named
        group, name, version = named.groups()
        reasons = [*_identity(data, name, version), *reasons_to_refuse(data)]
        if not reasons:
            return read_schema(f"{group}/{name}", version, data)
    return [SchemaRefused(str(path), *reason) for reason in reasons]


def _load(path: Path) -> Any:
    """The JSON of a file, or a Reason."""
    try:
        if not path.is_file():
            return Reason("file-unreadable")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError:
        return Reason("file-unreadable")
    if len(content) > MAX_BYTES:
        return Reason("file-too-large", None, {"limit": MAX_BYTES})
    try:
        return json.loads(content)
    except json.JSONDecodeError as exception:
        return Reason("not-json", None, {"line": exception.lineno, "character": exception.colno})
    except (ValueError, RecursionError):  # bytes that are no text, numbers or nesting without end
        return Reason("not-json.text")


def _identity(data: Any, name: str, version: str) -> Iterator[Reason]:
    """The file's name against what the schema says of itself, where it does."""
    if not isinstance(data, dict):
        return
    if data.get("name", name) != name:
        yield Reason("name-differs", None, {"file": name, "schema": quote(str(data["name"]))})
    said = str(data.get("version", version))
    if _numbers(said) != _numbers(version):
        yield Reason("version-differs", None, {"file": version, "schema": quote(said)})


def _numbers(version: str) -> str:
    """1.1 and v1.1.0 are one version."""
    return re.sub(r"(\.0+)+$", "", version.removeprefix("v"))


def reasons_to_refuse(data: Any) -> Iterator[Reason]:
    """Of a descriptor, whatever it is."""
    fields = data.get("fields") if isinstance(data, dict) else None
    if not isinstance(fields, list) or not fields:
        yield Reason("not-table-schema")
        return
    for key in UNCHECKED:
        if data.get(key):
            yield Reason("not-checked", None, {"key": key})
    yield from _missing_values(data)
    names: list[str] = []
    for position, entry in enumerate(fields, 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name.strip():
            yield Reason("field-without-name", None, {"position": position})
            continue
        if name in names:
            yield Reason("field-repeated", quote(name))
        names.append(name)
        for reason in _field(entry):
            yield reason._replace(field=quote(name))
    yield from _uniqueness(data, fields, names)
    yield from _custom_checks(data.get("custom_checks", []), names)


def _uniqueness(data: Mapping[str, Any], fields: list[Any], names: list[str]) -> Iterator[Reason]:
    key = data.get("primaryKey")
    columns = [key] if isinstance(key, str) and key else key or []
    if not isinstance(columns, list) or not all(column in names for column in columns):
        yield _bad("primaryKey", key)
        return
    number = sum(map(_is_unique, fields)) + bool(columns)
    if number > MOST_UNIQUE:
        yield Reason("unique-too-many", None, {"number": number, "limit": MOST_UNIQUE})


def _is_unique(entry: Any) -> bool:
    constraints = entry.get("constraints") if isinstance(entry, dict) else None
    return isinstance(constraints, dict) and constraints.get("unique") is True


def _field(data: Mapping[str, Any]) -> Iterator[Reason]:
    kind = data.get("type", DEFAULT_TYPE)
    if not isinstance(kind, str) or kind not in CONSTRAINTS:
        yield Reason("unknown-type", None, _known(kind, CONSTRAINTS))
        return
    malformed = list(_properties(data))
    yield from malformed
    if malformed:
        return
    yield from _format(kind, data.get("format", DEFAULT_FORMAT).removeprefix("fmt:"))
    yield from _contradictions(data)
    yield from _missing_values(data)
    yield from _constraints(kind, data)


def _properties(data: Mapping[str, Any]) -> Iterator[Reason]:
    """The values of properties that are not what Table Schema says."""
    sound: dict[str, Callable[[Any], bool]] = {
        **dict.fromkeys(TEXTS, lambda value: isinstance(value, str)),
        **dict.fromkeys(LISTS, _texts),
        "decimalChar": lambda value: isinstance(value, str) and value != "",
        "bareNumber": lambda value: isinstance(value, bool),
        "constraints": lambda value: isinstance(value, dict),
    }
    for key, good in sound.items():
        if key in data and not good(data[key]):
            yield _bad(key, data[key])
    if "required" in data:
        yield Reason("required-misplaced")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _format(kind: str, name: str) -> Iterator[Reason]:
    if kind in MOMENTS and name not in (DEFAULT_FORMAT, "any") and not _directives(name):
        yield Reason("unknown-format.date", None, {"value": quote(name)})
    if kind in FORMATS and name not in FORMATS[kind]:
        yield Reason("unknown-format", None, {**_known(name, FORMATS[kind]), "type": kind})


def _directives(name: str) -> bool:
    """A date format that strptime reads."""
    found = re.findall("%(.?)", name)
    return bool(found) and set(found) <= set("aAbBcdfGHIjmMpSuUVwWxXyYzZ%")


def _contradictions(data: Mapping[str, Any]) -> Iterator[Reason]:
    both = set(data.get("trueValues", TRUE)) & set(data.get("falseValues", FALSE))
    if both:
        yield Reason("true-and-false", None, {"value": quote(min(both))})
    if data.get("groupChar") and data.get("groupChar") == data.get("decimalChar", "."):
        yield Reason("same-characters", None, {"value": quote(data["groupChar"])})


def _missing_values(data: Mapping[str, Any]) -> Iterator[Reason]:
    values = data.get("missingValues", [])
    entries = values if isinstance(values, list) else [None]
    texts = [entry.get("value") if isinstance(entry, dict) else entry for entry in entries]
    if not all(isinstance(text, str) for text in texts):
        yield _bad("missingValues", values)


def _constraints(kind: str, data: Mapping[str, Any]) -> Iterator[Reason]:
    given = dict(data.get("constraints", {}))
    known = ("required", "unique", *CONSTRAINTS[kind])
    for name, value in given.items():
        if name not in known:
            yield Reason("unknown-constraint", None, {**_known(name, known), "type": kind})
        elif name == "pattern" and isinstance(value, str):
            yield from _pattern(value)
        elif not _sound(name, value, kind, data):
            yield _bad(name, value)
    for (low, high), type_ in ((BOUNDS, kind), (LENGTHS, "integer")):
        first, last = (_read(given.get(name), type_, data) for name in (low, high))
        if first is not None and last is not None and first > last:
            yield Reason("crossed", None, {"low": low, "high": high})


def _sound(name: str, value: Any, kind: str, data: Mapping[str, Any]) -> bool:
    """The value of a constraint is one that a cell can be compared with."""
    if name in ("required", "unique"):
        return isinstance(value, bool)
    if name in LENGTHS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if name in BOUNDS:
        return _read(value, kind, data) is not None
    if name == "enum":
        return isinstance(value, list) and bool(value) and all(_item(v, kind, data) for v in value)
    return False


def _item(value: Any, kind: str, data: Mapping[str, Any]) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        words = (*data.get("trueValues", TRUE), *data.get("falseValues", FALSE))
        return isinstance(value, bool) or value in words
    return kind not in READERS or _read(value, kind, data) is not None


def _pattern(pattern: str) -> Iterator[Reason]:
    try:
        patterns.compile(pattern)
    except patterns.PatternRefused as refused:
        params = {"value": quote(pattern), "detail": quote(refused.detail)}
        yield Reason(f"pattern.{refused.rule}", None, params)


def _custom_checks(checks: Any, names: list[str]) -> Iterator[Reason]:
    if not isinstance(checks, list) or not all(isinstance(check, dict) for check in checks):
        yield _bad("custom_checks", checks)
        return
    for check in checks:
        name, params = check.get("name"), check.get("params")
        if not isinstance(name, str) or not name:
            yield _bad("custom_checks", checks)
            continue
        for param in CHECKS.get(name, ()):  # of another check the report will say that it lacks
            column = params.get(param) if isinstance(params, dict) else None
            if column not in names:
                found = {"name": name, "param": param, "value": quote(str(column))}
                yield Reason("check-without-column", None, found)


def _known(value: Any, known: Any) -> dict[str, Param]:
    return {"value": quote(str(value)), "known": ", ".join(known)}


def _bad(key: str, value: Any) -> Reason:
    brackets = "{…}" if isinstance(value, dict) else "[…]" if isinstance(value, list) else None
    shown = brackets or json.dumps(value, ensure_ascii=False)
    return Reason("bad-value", None, {"key": key, "value": quote(shown)})


# --- bounds and enumerations: what a value of the type may be ---

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NUMBERS = ("number", "integer", "year")
"""The types whose values JSON may write as whole numbers."""


def _read(value: Any, kind: str, data: Mapping[str, Any]) -> Any:
    """The value of a bound, comparable with others of its type; None when it is none.

    Narrower than what cells may be, so that no engine reads a bound in another way.
    """
    if isinstance(value, float):
        sound = kind == "number" or (kind == "integer" and value.is_integer())
        return Decimal(str(value)) if sound and math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and kind in NUMBERS:
        value = f"{value:04}" if kind == "year" else str(value)
    if not isinstance(value, str) or kind not in READERS:
        return None
    try:
        return READERS[kind](value, data)
    except ValueError:
        return None


def _number(text: str, data: Mapping[str, Any]) -> Decimal | None:
    decimal, group = data.get("decimalChar", "."), data.get("groupChar")
    odd = [group, *((decimal, ".") if decimal != "." else ())]
    if not PLAIN.fullmatch(text) or any(character and character in text for character in odd):
        return None
    return Decimal(text)


def _moment(default: str) -> Callable[[str, Mapping[str, Any]], Any]:
    """Without a time zone: a bound that has one does not compare with cells that have none."""

    def read(text: str, data: Mapping[str, Any]) -> Any:
        format_ = data.get("format", DEFAULT_FORMAT).removeprefix("fmt:")
        if "%" in format_:
            return datetime.strptime(text, format_)  # noqa: DTZ007
        moment = datetime.strptime(text, default)  # noqa: DTZ007
        return moment if moment.strftime(default) == text else None

    return read


def _bare(default: str) -> Callable[[str, Mapping[str, Any]], Any]:
    """As _moment, for the types that have no format."""
    read = _moment(default)
    return lambda text, _data: read(text, {})


READERS: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "number": _number,
    "integer": lambda text, _data: int(text) if PLAIN.fullmatch(text) else None,
    "year": _bare("%Y"),
    "yearmonth": _bare("%Y-%m"),
    "date": _moment("%Y-%m-%d"),
    "datetime": _moment("%Y-%m-%dT%H:%M:%S"),
    "time": _moment("%H:%M:%S"),
}
