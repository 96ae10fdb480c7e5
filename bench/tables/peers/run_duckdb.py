"""A bare pass of duckdb: by column, the number of cells that break the schema.  No report.

    python run_duckdb.py SCHEMA FILE

Only columns that the schema says something of are read.  Near enough, not exact: try_cast is not
frictionless's idea of a number or of a date (two errors of one cell count once).
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb

THREADS = 2


def text(value: object) -> str:
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def conditions(field: dict[str, Any]) -> list[str]:
    """In SQL, what a filled cell must satisfy."""
    name, rules = field["name"], field.get("constraints", {})
    found = []
    if field["type"] in {"number", "date"}:
        kind = {"number": "double", "date": "date"}[field["type"]]
        # alone, a cast goes down into the reader of CSV, which then fails
        cast = f"case when {name} is not null then try_cast({name} as {kind}) end"
        bounds = rules.get("minimum"), rules.get("maximum")
        found.append(f"({cast}) " + ("is not null" if None in bounds else "between {} and {}"))
        found[0] = found[0].format(*bounds)
    if field["type"] == "boolean":
        allowed = [*field["trueValues"], *field["falseValues"]]
        found.append(f"{name} in ({', '.join(map(text, allowed))})")
    if "enum" in rules:
        found.append(f"{name} in ({', '.join(map(text, rules['enum']))})")
    if "pattern" in rules:
        found.append(f"regexp_full_match({name}, {text(rules['pattern'])})")
    if "maxLength" in rules:
        found.append(f"length({name}) <= {rules['maxLength']}")
    return found


def bad(field: dict[str, Any]) -> str | None:
    """The SQL count of a column's bad cells; None if any text will do."""
    name = field["name"]
    required = field.get("constraints", {}).get("required", False)
    good = " and ".join(conditions(field)) or f"{name} is not null"
    if required:
        return f"count(*) filter (where ({good}) is not true)"
    return f"count(*) filter (where ({good}) is false)" if conditions(field) else None


def main(schema: str, path: str) -> None:
    fields = json.loads(Path(schema).read_text(encoding="utf-8"))["fields"]
    columns = ", ".join(f"{text(field['name'])}: 'VARCHAR'" for field in fields)
    counts = ", ".join(filter(None, map(bad, fields)))
    query = (
        f"select count(*), {counts} from read_csv({text(path)}, header = true, "
        f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    (found,) = connection.execute(query).fetchall()
    print(json.dumps({"rows": found[0], "errors": sum(found[1:])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
