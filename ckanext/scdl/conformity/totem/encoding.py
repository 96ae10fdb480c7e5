"""The encoding of a budget XML, known before the parser sees it: only those that the guard reads.

Each is ASCII byte for byte, or UTF-16 with its mark.  In any other (UTF-7, ISO-2022, EBCDIC) a tag
could be spelt with bytes that hide it from the guard.  Imports the standard library only.
"""

from __future__ import annotations

import codecs
import re

from ..report import Place, Unreadable, error, quote

ASCII_BASED = {
    **dict.fromkeys(("utf-8", "utf8"), "UTF-8"),
    **dict.fromkeys(("us-ascii", "ascii"), "US-ASCII"),
    **dict.fromkeys(("windows-1252", "cp1252"), "windows-1252"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1"), "ISO-8859-1"),
    **dict.fromkeys(("iso-8859-15", "iso8859-15"), "ISO-8859-15"),
}
"""The names declared, in lower case, and the one that expat knows."""

UTF_16 = {"utf-16", "utf-16le", "utf-16be"}
DECLARED = re.compile(r"<\?xml\s")
DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*("1\.\d"|'1\.\d')"""
    r"""(?:\s+encoding\s*=\s*(?P<quote>["'])(?P<name>[A-Za-z][\w.-]*)(?P=quote))?"""
    r"""(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>""",
    re.ASCII,
)
FIRST = Place(line=1)


def encoding_of(head: bytes) -> str:
    """The encoding, as expat calls it, of the document whose first bytes are `head`.

    Unreadable for one that the guard does not read, or a declaration that is not whole in `head`.
    """
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and b"\0" in head:
        raise _unsupported("UTF-16/UTF-32")
    name = _declared(head.decode("utf-16", "replace") if utf16 else _ascii(head))
    if name and utf16 and name.lower() in ASCII_BASED:
        raise Unreadable(error("xml-encoding", FIRST, rule="contradicted", value=quote(name)))
    if name and name.lower() not in (UTF_16 if utf16 else ASCII_BASED):
        raise _unsupported(name)
    if utf16:
        return "UTF-16"
    return "UTF-8" if head.startswith(codecs.BOM_UTF8) else ASCII_BASED[(name or "utf-8").lower()]


def _ascii(head: bytes) -> str:
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _declared(text: str) -> str | None:
    """The name declared; the parser might read more than we do in an odd declaration: refused."""
    if not DECLARED.match(text):
        return None
    found = DECLARATION.match(text)
    if found is None:
        raise Unreadable(error("xml-malformed", FIRST, column=1))
    return found["name"]


def _unsupported(name: str) -> Unreadable:
    return Unreadable(error("xml-encoding", FIRST, rule="unsupported", value=quote(name)))
