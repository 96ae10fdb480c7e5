"""Our check inside a process that has imported and used it already, as in a portal.

python run_scdl.py SCHEMA FILE FIRST    # SCHEMA is not read: every peer has the same arguments
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from ckanext.scdl.conformity import check


def timed(path: str) -> dict[str, Any]:
    """Errors, and the seconds that the check took."""
    with Path(path).open("rb") as stream:
        start = time.perf_counter()
        report = check(stream, "subventions", filename=path)
        seconds = time.perf_counter() - start
    errors = sum(total.count for total in report.totals if total.level == "error")
    return {"errors": errors, "seconds": seconds}


if __name__ == "__main__":
    _schema, path, first = sys.argv[1:]
    timed(first)
    print(json.dumps(timed(path)))
