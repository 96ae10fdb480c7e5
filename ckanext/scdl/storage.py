"""Stored files, reached through CKAN's uploader as core's own download page does."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ckan.lib import uploader

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = 8 * 1024 * 1024


@contextmanager
def stored_file(resource: dict[str, Any]) -> Iterator[BinaryIO]:
    """The file a resource of url_type `upload` holds, opened for reading.

    Raises OSError when the storage has lost it.
    """
    # the uploader takes keys out of the dictionary it is given
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    if storage is None:
        with Path(location).open("rb") as file:
            yield file
        return
    from ckan.lib import files

    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        for chunk in storage.stream(files.FileData(location)):
            copy.write(chunk)
        copy.seek(0)
        yield copy
