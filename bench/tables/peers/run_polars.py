"""A bare pass of polars: by column, the number of cells that break the schema.  No report.

    python run_polars.py SCHEMA FILE

Only columns that the schema says something of are read.  Near enough, not exact: a cast is not
frictionless's idea of a number or of a date (two errors of one cell count once).
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

THREADS = 2
os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # read when polars is imported

import polars as pl  # noqa: E402


def conditions(field: dict[str, Any]) -> list[pl.Expr]:
    """What a filled cell must satisfy."""
    cell, rules = pl.col(field["name"]), field.get("constraints", {})
    found = []
    if field["type"] == "number":
        number = cell.cast(pl.Float64, strict=False)
        found.append(number.is_not_null())
        if "minimum" in rules and "maximum" in rules:
            found = [number.is_between(rules["minimum"], rules["maximum"]).fill_null(value=False)]
    if field["type"] == "date":
        found.append(cell.str.to_date("%Y-%m-%d", strict=False).is_not_null())
    if field["type"] == "boolean":
        found.append(cell.is_in([*field["trueValues"], *field["falseValues"]]))
    if "enum" in rules:
        found.append(cell.is_in(rules["enum"]))
    if "pattern" in rules:
        found.append(cell.str.contains(rules["pattern"]))
    if "maxLength" in rules:
        found.append(cell.str.len_chars() <= rules["maxLength"])
    return found


def bad(field: dict[str, Any]) -> pl.Expr | None:
    """The count of a column's bad cells; None if any text will do."""
    name = field["name"]
    required = field.get("constraints", {}).get("required", False)
    good = conditions(field)
    if required:
        all_good = pl.all_horizontal(good) if good else pl.col(name).is_not_null()
        return (~all_good.fill_null(value=False)).sum().alias(name)
    return (~pl.all_horizontal(good)).sum().alias(name) if good else None


def main(schema: str, path: str) -> None:
    fields = json.loads(Path(schema).read_text(encoding="utf-8"))["fields"]
    counts = [count for field in fields if (count := bad(field)) is not None]
    table = pl.scan_csv(path, infer_schema=False)
    found = table.select(pl.len().alias("*"), *counts).collect(engine="streaming").row(0)
    print(json.dumps({"rows": found[0], "errors": sum(found[1:])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
