"""What a file is, from its first bytes: enough to tell a person why it cannot be read.

Not a general detector: only what people send in place of a budget or a table.  Imports the
standard library only.
"""

from __future__ import annotations

import re
import zlib
from typing import Literal

Container = Literal[
    "empty",
    "pdf",
    "zip",
    "spreadsheet",
    "gzip",
    "office",
    "image",
    "utf-16",
    "html",
    "xml",
    "xml-workbook",
    "text",
]

WORKBOOKS: frozenset[Container] = frozenset({"zip", "spreadsheet", "office"})
"""Those that a workbook may be: its first bytes do not tell it from a document or an archive, which
`table.sheets` does."""

XMLS: frozenset[Container] = frozenset({"xml", "xml-workbook"})
"""What is written in XML, be it a table that Excel 2003 saved."""

HEAD = 4096
"""Bytes that `container` looks at."""

BLANKS = b" \t\r\n\v\f\0\xef\xbb\xbf\xfe\xff"
"""Bytes of blanks and byte order marks, of UTF-16 too: what may stand before an XML."""

SIGNATURES: tuple[tuple[bytes, Container], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SPREADSHEETS = (
    b"xl/",
    b"[Content_Types].xml",
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
)
PROLOG = rb"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s*)*"
HTML = re.compile(PROLOG + rb"<(!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
XML_WORKBOOK = re.compile(
    rb"(?:<\?[^>]{0,200}\?>\s*|<!--(?:[^-]|-(?!->)){0,2000}-->\s*)*"
    rb"<(?:[\w.-]{1,40}:)?Workbook\b[^>]{0,2000}urn:schemas-microsoft-com:office:spreadsheet"
)
SVG = re.compile(PROLOG + rb"<(?:!doctype\s+svg|svg)\b", re.IGNORECASE)


def container(head: bytes) -> Container:
    """The container of a file whose first bytes are `head`; "text" when nothing else is known."""
    head = head[:HEAD]
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return _closer(head, kind)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "text" if len(head) == HEAD else "empty"  # so far blank: the rest may not be
    if HTML.match(text):
        return "html"
    if SVG.match(text):
        return "image"
    return _xml(text) if text.startswith(b"<") else "text"


def first_bytes(head: bytes) -> bytes:
    """What a gzip holds first, of which `head` is the beginning; any other file's own."""
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except zlib.error:
        return head


def _closer(head: bytes, kind: Container) -> Container:
    """A ZIP may be a spreadsheet, and UTF-16 an XML document."""
    if kind == "zip" and any(mark in head for mark in SPREADSHEETS):
        return "spreadsheet"
    if kind == "utf-16":
        text = head.decode("utf-16", errors="ignore").lstrip()
        return _xml(text.encode()) if text.startswith("<") else kind
    return kind


def _xml(text: bytes) -> Container:
    return "xml-workbook" if XML_WORKBOOK.match(text) else "xml"
