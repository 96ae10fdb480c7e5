"""validata-core (the engine of Validata) over a table.

python run_validata.py SCHEMA FILE            # as it is: stops at 1 000 errors or 100 000 rows
python run_validata.py SCHEMA FILE unlimited  # both limits lifted
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import validata_core

MANY = 10**9


def main(schema: str, path: str, *unlimited: str) -> None:
    warnings.simplefilter("ignore")
    options: dict[str, Any] = {}
    if unlimited:
        validata_core.VALIDATA_MAX_ROWS = MANY  # no option sets it
        options["limit_errors"] = MANY
    report = validata_core.validate(
        path, json.loads(Path(schema).read_text(encoding="utf-8")), **options
    )
    errors = report["tasks"][0]["errors"]
    told: dict[str, Any] = {"errors": len(errors)}
    if errors and not unlimited:  # it does not say how many rows it read: up to the last error
        told["rows"] = max(error.get("rowPosition") or 0 for error in errors)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
