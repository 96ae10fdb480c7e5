"""Documents are encoded as MongoEngine does, and refused beyond 16 MiB as MongoDB does.

mongomock encodes with default options, which refuse `uuid.UUID`, and accepts any size.
"""

from typing import Any

from bson import BSON
from bson.codec_options import CodecOptions
from mongomock import collection
from pymongo.errors import DocumentTooLarge

PYTHON_LEGACY = CodecOptions(uuid_representation=3)
LARGEST = 16 * 1024 * 1024  # bytes, maxBsonObjectSize


class _Encoder:
    @staticmethod
    def encode(data: Any, check_keys: bool = False, **_: Any) -> bytes:
        raw = BSON.encode(data, check_keys=check_keys, codec_options=PYTHON_LEGACY)
        if len(raw) > LARGEST:
            raise DocumentTooLarge(f"BSON document too large ({len(raw)} bytes)")
        return raw


def apply() -> None:
    """Patch the check made before a document is stored."""
    collection.BSON = _Encoder
