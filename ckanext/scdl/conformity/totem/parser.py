"""expat as every reader of a budget XML uses it: what it refuses, and what it says when it stops.

expat keeps no tree, so that memory does not grow with the file, and says where each element is,
byte for byte and line for line.  The guard has refused any DTD before; what expat itself keeps, the
names met and the elements open, is bounded here.  Imports the standard library only.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from xml.parsers import expat

from ..intake import CHUNK, Intake
from ..magic import container
from ..report import Place, Unreadable, error, quote
from .encoding import encoding_of
from .grammar import grammar
from .guard import MAX_TAG, Guard

DECLARED = re.compile(r"""(\A<\?xml\s[^>]*?encoding\s*=\s*)(["'])[^"']*\2""")
MAX_XML_BYTES = 64 * 1024 * 1024
"""Largest budget read: the largest real one met has 4 MB."""

MAX_DEPTH = 256
"""Elements open at once: 12 at most in the real files."""

MAX_NAMES = 20_000
"""Distinct names of elements and attributes: 391 at most in the real files."""

SEPARATOR = "\x1f"
"""Between the namespace and the name of an element, as expat gives them: never in an XML."""

ENCODING_ERRORS = {
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
}
INVALID = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]


class Feed:
    """A guarded budget, fed chunk by chunk to `parser`, whose handlers are the caller's.

    UTF-16 is read as UTF-8: tags are then found byte for byte, and expat passes over half a pair.
    """

    def __init__(self, intake: Intake) -> None:
        refuse_other_containers(intake)
        refuse_other_roots(intake.head)
        intake.limit = MAX_XML_BYTES
        self.guard = Guard(intake)
        utf16 = self.guard.encoding == "UTF-16"
        self._recoded = _Recoded() if utf16 else None
        self.parser = expat.ParserCreate("UTF-8" if utf16 else self.guard.encoding, SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartNamespaceDeclHandler = self._prefix
        self._fed = self._told = self._prefixes = 0
        self._data = self._before = b""
        self.raw = b""

    def read(self) -> bytes:
        """The next chunk, not yet parsed; b"" at the end.  `raw`: as it was in the file."""
        self.raw = data = self.guard.read()
        while data and self._recoded and not (data := self._recoded.feed(data)):
            data = self.guard.read()  # half a character, so far
            self.raw += data
        return data

    def parse(self, data: bytes) -> None:
        """Unreadable where the document is not well-formed, or keeps expat too busy."""
        self._before, self._data = self._data, data
        self._fed += len(data)
        try:
            self.parser.Parse(data, False)
        except expat.ExpatError as exception:
            raise self._refused(exception) from None
        if len(self.parser.intern) > MAX_NAMES:
            raise oversized("names", self.parser.CurrentLineNumber, MAX_NAMES)
        self._refuse_endless_token()

    def _refuse_endless_token(self) -> None:
        """A comment is read again from its start at every chunk.  expat knows no place (-1) while
        it waits for the end of one."""
        self._told = max(self._told, self.parser.CurrentByteIndex)
        if self._fed - self._told > MAX_TAG + CHUNK:
            raise oversized("tag", self.parser.CurrentLineNumber, MAX_TAG // 1024)

    def _prefix(self, _prefix: str | None, _uri: str | None) -> None:
        self._prefixes += 1
        if self._prefixes > MAX_NAMES:
            raise oversized("names", self.parser.CurrentLineNumber, MAX_NAMES)

    def close(self) -> None:
        """Unreadable if the document is not whole."""
        if self._recoded:
            self._recoded.feed(b"", final=True)
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as exception:
            raise Unreadable(error("xml-truncated", Place(line=exception.lineno))) from None

    def _refused(self, exception: expat.ExpatError) -> Unreadable:
        place = Place(line=exception.lineno)
        if exception.code in ENCODING_ERRORS or (exception.code == INVALID and self._foreign()):
            return Unreadable(error("xml-encoding", place))
        return Unreadable(error("xml-malformed", place, column=exception.offset + 1))

    def _foreign(self) -> bool:
        """Is the byte where expat stopped one that the encoding declared does not know?"""
        seen = self._before + self._data
        at = self.parser.ErrorByteIndex - (self._fed - len(seen))
        if at < 0 or self._recoded:
            return False
        return not any(self._decodes(seen[at : at + size]) for size in range(1, 5))

    def _decodes(self, data: bytes) -> bool:
        try:
            return len(data.decode(self.guard.encoding)) == 1
        except UnicodeError:
            return False


class _Recoded:
    """UTF-16 as UTF-8, the declaration changed."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._first = True

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        try:
            text = self._decoder.decode(data, final)
        except UnicodeError:
            raise Unreadable(error("xml-encoding")) from None
        if self._first and text:
            text = DECLARED.sub(r"\1\2UTF-8\2", text, count=1)
            self._first = False
        return text.encode()


def refuse_other_containers(intake: Intake) -> None:
    """Unreadable, with what the file really is, unless it may be XML."""
    kind = container(intake.head)
    if kind == "empty":
        intake.read()  # a gzip damaged from its start is not empty: this says so
        raise Unreadable(error("file-empty"))
    if kind != "xml":
        raise Unreadable(error("not-xml", rule=kind))


def refuse_other_roots(head: bytes) -> None:
    """Refuse another document before it is read whole, if its root is in its first bytes."""
    parser = expat.ParserCreate(encoding_of(head), SEPARATOR)

    def root(tag: str, _attributes: dict[str, str]) -> None:
        parser.StartElementHandler = None
        check_root(tag, parser.CurrentLineNumber)

    def doctype(_name: str, _system: str | None, _public: str | None, has_subset: bool) -> None:
        if has_subset:  # entities: what follows is not looked at
            raise StopIteration

    parser.StartElementHandler = root
    parser.StartDoctypeDeclHandler = doctype
    # the real parser will say so, unless a root came first
    with suppress(expat.ExpatError, StopIteration):
        parser.Parse(head, False)


def check_root(tag: str, line: int) -> None:
    """Unreadable if a document whose root is `tag` is not a budget."""
    space, _, name = tag.rpartition(SEPARATOR)
    expected = grammar().roots.get(name)
    if expected is None or (space and space != expected):
        place = Place(line=line, element=quote(name))
        rule = "name" if expected is None else "namespace"
        params = {"root": quote(name), "space": quote(space), "expected": expected or ""}
        raise Unreadable(error("xml-other-root", place, rule=rule, **params))


def oversized(rule: str, line: int, limit: int, element: str | None = None) -> Unreadable:
    """What no budget holds: a document that goes beyond one of our limits."""
    return Unreadable(
        error("xml-oversized", Place(line=line, element=element), rule=rule, limit=limit)
    )


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition(SEPARATOR)[2]
