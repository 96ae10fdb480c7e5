"""What ckanext-harvest 1.6.3 needs to run on CKAN 2.12; to be removed when upstream mends it.

See ckanext-harvest issue 581.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import redis, search
from ckan.logic import auth_audit_exempt

_SOCKET_TIMEOUT = "socket_timeout=86400"


def needed() -> bool:
    """Is this a CKAN on which ckanext-harvest 1.6.3 needs the mends?"""
    return bool(tk.check_ckan_version(min_version="2.12.0a0"))


def actions() -> dict[str, Any]:
    """The actions to chain, none on CKAN 2.11."""
    if not needed():
        return {}
    return {
        "harvest_source_reindex": harvest_source_reindex,
        "harvest_source_create": harvest_source_create,
    }


def keep_consumers_waiting(config: Any) -> None:
    """redis-py 8 ends a blocking read after 5 seconds, which kills an idle consumer."""
    url = config.get("ckan.redis.url") or ""
    if not needed() or "socket_timeout=" in url:
        return
    config["ckan.redis.url"] = f"{url}{'&' if '?' in url else '?'}{_SOCKET_TIMEOUT}"
    # the pool may have been made from the former address
    redis._connection_pool = None


@tk.chained_action
def harvest_source_reindex(_up_func: Any, context: Any, data_dict: dict[str, Any]) -> bool:
    """Instead of upstream's, which indexes a dictionary without status, type and config."""
    tk.check_access("harvest_source_reindex", context, data_dict)
    search.rebuild(data_dict["id"])
    return True


@auth_audit_exempt
@tk.chained_action
def harvest_source_create(up_func: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """After upstream's: read the source again if its status is missing, which its callers want."""
    source = up_func(context, data_dict)
    if source.get("status"):
        return source
    search.rebuild(source["id"])
    return tk.get_action("harvest_source_show")(context, {"id": source["id"]})
