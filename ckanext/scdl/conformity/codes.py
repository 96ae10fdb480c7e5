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
    "gzip-malformed": "error",
    "gzip-oversized": "error",
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
    "totem-budget-missing": "error",
    "totem-budget-multiple": "error",
    "totem-budget-without-lines": "error",
    "totem-block-missing": "error",
    "totem-element-missing": "error",
    "totem-siret-invalid": "error",
    "totem-exercice-invalid": "error",
    "totem-etape-unknown": "error",
    "totem-nomenclature-unknown": "error",
    "totem-code-invalid": "error",
    "totem-amount-invalid": "error",
    "totem-text-too-long": "error",
    "totem-nature-unknown": "warning",
    "totem-text-misdecoded": "warning",
    "totem-plan-of-another-year": "warning",
    "totem-projet-de-budget": "warning",
    "totem-sens-impossible": "warning",
    "totem-chapitre-inattendu": "warning",
    "totem-desequilibre": "warning",
    "totem-virement": "warning",
    "totem-ordre-sections": "warning",
    "totem-ordre-interne": "warning",
    "totem-depassement": "warning",
    "totem-realise-au-budget": "warning",
    "totem-amounts-absent": "warning",
    "totem-comptable-differs": "warning",
    "totem-personal-data": "warning",
    "totem-masked": "warning",
    # tables: the file and its header
    "encoding-error": "error",
    "encoding-not-utf8": "warning",
    "delimiter-not-comma": "warning",
    "unmatched-header": "error",
    "missing-label": "error",
    "missing-optional-label": "warning",
    "title-lines": "warning",
    "header-two-rows": "warning",
    "table-incomplete": "warning",
    "duplicate-label": "error",
    "extra-label": "warning",
    "label-order": "warning",
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
    "budget-line-differs": "warning",
    "budget-zero-lost": "warning",
    "several-values": "warning",
    # the file against the portal's form
    "siret-differs": "warning",
    "exercice-differs": "warning",
    "etape-differs": "warning",
}
