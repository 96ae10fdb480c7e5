"""Every finding code and its level: the list that texts, documentation and tests are held to.

"error" is what the standard refuses or what leaves nothing to check; "warning" is our advice.
Imports nothing.
"""

from __future__ import annotations

from typing import Literal

LEVELS: dict[str, Literal["error", "warning"]] = {
    # the file
    "file-empty": "error",
    "file-too-large": "error",
    "not-xml": "error",
    "not-csv": "error",
    # budget XML: its form
    "xml-malformed": "error",
    "xml-truncated": "error",
    "xml-encoding": "error",
    "xml-doctype": "error",
    "xml-oversized": "error",
    "xml-other-root": "error",
    # budget XML: its content
    "budget-missing": "error",
    "budget-multiple": "error",
    "budget-without-lines": "error",
    "block-missing": "error",
    "element-missing": "error",
    "siret-invalid": "error",
    "exercice-invalid": "error",
    "etape-unknown": "error",
    "nomenclature-unknown": "error",
    "code-invalid": "error",
    "amount-invalid": "error",
    "text-too-long": "error",
    "nature-unknown": "warning",
    "text-misdecoded": "warning",
    "plan-of-another-year": "warning",
    "projet-de-budget": "warning",
    "amounts-absent": "warning",
    # tables: the file and its header
    "encoding-error": "error",
    "encoding-not-utf8": "warning",
    "delimiter-not-comma": "warning",
    "header-unrecognised": "error",
    "header-missing": "error",
    "header-missing-optional": "warning",
    "header-misspelt": "error",
    "header-duplicate": "error",
    "header-extra": "warning",
    "header-order": "warning",
    "table-without-rows": "error",
    "table-too-long": "error",
    "cell-too-long": "error",
    # tables: rows and cells (names of frictionless and Validata)
    "blank-row": "error",
    "missing-cell": "error",
    "extra-cell": "error",
    "type-error": "error",
    "constraint-error": "error",
    "french-siret-value": "error",
    "one-of-required": "error",
    "amount-unusual": "warning",
    "several-values": "warning",
    # the file against the portal's form
    "siret-differs": "warning",
    "exercice-differs": "warning",
    "etape-differs": "warning",
}
