"""Settings of the test server, from the environment; imported before udata itself.

UDATA_PORT         port on 127.0.0.1 (7000)
UDATA_SEED         file that receives keys and identifiers once the server is ready
UDATA_FS_ROOT      folder of the files that data.gouv.fr would host
UDATA_ALLOW_LOCAL  1: accept addresses on this machine, so that a portal on 127.0.0.1 can be
                   pushed; data.gouv.fr itself refuses them, and so does this server by default
UDATA_NO_SCHEMAS   1: no catalogue of schemas
UDATA_SCHEMA_CATALOG_URL  another catalogue (an unreachable one, for instance)
"""

import os
from pathlib import Path
from typing import Any

import mongomock

HERE = Path(__file__).resolve().parent


def _switched_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes")


PORT = int(os.environ.get("UDATA_PORT") or "7000")
BASE = f"http://127.0.0.1:{PORT}"
SEED = Path(os.environ.get("UDATA_SEED") or HERE / "seed.json")
FS_ROOT = Path(os.environ.get("UDATA_FS_ROOT") or HERE / "fs")
ALLOW_LOCAL = _switched_on("UDATA_ALLOW_LOCAL")
NO_SCHEMAS = _switched_on("UDATA_NO_SCHEMAS")
CATALOGUE_URL = os.environ.get("UDATA_SCHEMA_CATALOG_URL") or f"{BASE}/__lab__/schemas.json"

# Each differs from udata's default for the reason given; everything else is udata's own.
OVERRIDES: dict[str, Any] = {
    # MONGODB_HOST only has to look valid: MONGODB_SETTINGS wins.
    "MONGODB_HOST": "mongodb://localhost:27017/udata",
    "MONGODB_SETTINGS": {
        "host": "mongodb://localhost:27017/udata",
        "mongo_client_class": mongomock.MongoClient,
        "uuidRepresentation": "pythonLegacy",
    },
    "SERVER_NAME": f"127.0.0.1:{PORT}",
    "PREFERRED_URL_SCHEME": "http",
    "SESSION_COOKIE_SECURE": False,
    "SEND_MAIL": False,
    # No Redis, no worker: tasks run at once.
    "CELERY_TASK_ALWAYS_EAGER": True,
    "CELERY_TASK_EAGER_PROPAGATES": True,
    "CELERY_BROKER_URL": "memory://",
    "CELERY_RESULT_BACKEND": None,
    "CACHE_TYPE": "flask_caching.backends.SimpleCache",
    "API_TOKEN_SECRET": "lab-secret",
    "DEFAULT_LANGUAGE": "fr",
    # A test machine may have no DNS; data.gouv.fr resolves names.
    "URLS_RESOLVE_HOSTNAME": False,
    "URLS_ALLOW_LOCAL": ALLOW_LOCAL,
    "URLS_ALLOW_PRIVATE": ALLOW_LOCAL,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "FS_ROOT": str(FS_ROOT),
    # Hosted files: udata would refuse a 127.0.0.1 address of its own.  The bytes are served at
    # {BASE}/resources/….
    "RESOURCES_FS_URL": "https://static.example.com/resources/",
    "SCHEMA_CATALOG_URL": None if NO_SCHEMAS else CATALOGUE_URL,
    # The public site: gives `page` values, which pages.py answers.
    "CDATA_BASE_URL": f"{BASE}/",
}
