"""frictionless 5 (the engine of ckanext-validation) over a table, every error counted.

python run_frictionless.py SCHEMA FILE [FIRST]    # FIRST: checked before, outside the time told
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import frictionless


def validate(schema: str, path: str) -> dict[str, Any]:
    """Errors, rows, and the seconds that the check took."""
    file = Path(path)
    start = time.perf_counter()
    resource = frictionless.Resource(
        file.name,
        basepath=str(file.parent),
        schema=frictionless.Schema.from_descriptor(schema),
        detector=frictionless.Detector(schema_sync=True),
    )
    report = resource.validate(limit_errors=10**9)
    seconds = time.perf_counter() - start
    task = report.task
    return {"errors": task.stats["errors"], "rows": task.stats["rows"], "seconds": seconds}


if __name__ == "__main__":
    frictionless.system.trusted = True
    schema, path, *first = sys.argv[1:]
    for each in first:
        validate(schema, each)
    print(json.dumps(validate(schema, path)))
