"""What becomes of a budget XML that tells of people: masked before it is stored, or refused."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from ckanext.scdl import config, conformity
from ckanext.scdl.conformity import Finding, Report

FOUND, MASKED = "totem-personal-data", "totem-masked"
_GZIP = b"\x1f\x8b"


class NotMasked(Exception):
    """The copy still tells of people, or is no budget any more: it must not be stored."""


def personal(report: Report) -> list[Finding]:
    """What the report says of personal data, one finding an annexe."""
    return [finding for finding in report.findings if finding.code == FOUND]


def refused() -> bool:
    """Does the portal refuse such a file rather than mask it?"""
    return config.personal_data() == "refuse"


def as_errors(report: Report) -> Report:
    """The report of a file that this portal refuses for what it tells of people."""
    found = [Finding(f.code, "error", f.params, f.place) for f in personal(report)]
    return report.only(found)


def masked(upload: FileStorage, standard: str, before: Report) -> tuple[FileStorage, Report]:
    """A masked copy of the file, and its report, which says what was masked.

    before: the report of the file as it came.  Raises NotMasked, or conformity.NotConvertible.
    """
    copy = _temporary()
    compressed = upload.stream.read(2) == _GZIP
    upload.stream.seek(0)
    counts = conformity.mask(upload.stream, copy)
    copy = _compressed(copy) if compressed else copy
    copy.seek(0)
    report = conformity.check(copy, standard, filename=upload.filename)
    copy.seek(0)
    told = [
        Finding(MASKED, "warning", {"annexe": annexe, "number": number})
        for annexe, number in counts.items()
    ]
    if report.verdict != before.verdict or personal(report):
        raise NotMasked
    file = FileStorage(copy, upload.filename, upload.name, headers=upload.headers)
    return file, report.with_findings(told)


def _temporary() -> BinaryIO:
    """A file that lives as long as the upload it is handed over in."""
    return cast("BinaryIO", tempfile.TemporaryFile())


def _compressed(plain: BinaryIO) -> BinaryIO:
    """As it came: the name of the file says so."""
    plain.seek(0)
    copy = _temporary()
    with gzip.GzipFile(fileobj=copy, mode="wb", mtime=0) as out:
        shutil.copyfileobj(plain, out)
    return copy
