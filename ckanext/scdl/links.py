"""A resource that is a link: what it leads to is fetched and checked, and nothing of it is kept."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from ckanext.scdl import checking, config
from ckanext.scdl.conformity import Finding, Identity, Report
from ckanext.scdl.conformity.standards import standard as find_standard
from ckanext.scdl.fetch import CODE, Answer, NotFetched, fetch
from ckanext.scdl.model import Fetched, address

if TYPE_CHECKING:
    from ckanext.scdl.model import FileReport


def checked(
    resource: dict[str, Any], standard: str, row: FileReport | None = None
) -> tuple[Report, Fetched] | None:
    """The report on what the link leads to, and what to recognise it by.

    row: a report on the same link; None is returned when its server says that nothing changed.
    """
    url = address(resource)
    known = Answer(url, row.etag, row.url_modified) if row else None
    with tempfile.TemporaryFile() as copy:
        try:
            answer = fetch(url, cast("BinaryIO", copy), config.link_limits(), known)
        except NotFetched as exception:
            return _unread(standard, exception.finding), Fetched(url)
        if answer is None:
            return None
        copy.seek(0)
        name = unquote(urlsplit(answer.url).path.rsplit("/", 1)[-1])
        report = checking.checked(cast("BinaryIO", copy), standard, name or None)
    return report, Fetched(url, answer.etag, answer.modified)


def unread(row: FileReport) -> bool:
    """Does the report say that the link could not be read?"""
    return any(finding["code"] == CODE for finding in row.report["findings"])


def _unread(standard: str, finding: Finding) -> Report:
    norm = find_standard(standard)
    nothing = Report(
        norm.name, norm.version, None, "", 0, 0, Identity(), (), (), complete=False, unreadable=True
    )
    return nothing.with_findings([finding])
