"""`$eq` and `$ne` of an aggregation on a missing field: for MongoDB missing is not null."""

from typing import Any

from mongomock import aggregate


class _Missing:
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Missing)

    __hash__ = None


def apply() -> None:
    """Patch the parser of aggregations."""
    original = aggregate._Parser._handle_comparison_operator

    def compare(self: Any, operator: str, values: Any) -> bool:
        if operator not in ("$eq", "$ne") or len(values) != 2:
            return original(self, operator, values)
        equal = _parse(self, values[0]) == _parse(self, values[1])
        return equal if operator == "$eq" else not equal

    aggregate._Parser._handle_comparison_operator = compare


def _parse(parser: Any, value: Any) -> Any:
    try:
        return parser.parse(value)
    except KeyError:
        return _Missing()
