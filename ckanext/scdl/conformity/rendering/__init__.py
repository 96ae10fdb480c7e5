"""A report as JSON, as text for a terminal, as a page to print and as a workbook to give away.

Pure functions of (report, language); `limit` bounds the findings listed, None lists all that the
report keeps, while causes and totals are always whole.  XlsxWriter is imported by `write_xlsx`.
"""

from .data import to_json
from .page import to_html
from .text import to_text
from .workbook import write_xlsx

__all__ = ["to_html", "to_json", "to_text", "write_xlsx"]
