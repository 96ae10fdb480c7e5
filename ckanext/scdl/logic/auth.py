"""Who may do what with our actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.scdl.config import SOURCE_TYPE


@tk.auth_allow_anonymous_access
def scdl_report_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may see the resource may see its verdict."""
    tk.check_access("resource_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def scdl_status_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may see the dataset may see its status."""
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def scdl_publication_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may see the dataset may see its figures: data.gouv.fr shows them to all."""
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


# A source of our type spends the portal's data.gouv.fr key: for sysadmins only.  Every auth
# function of ckanext-harvest on a source (create, update, run, clear, delete) forwards to these.
def _pushes(context: Any, data_dict: Any) -> bool:
    """Is this dataset a harvest source towards data.gouv.fr, or about to become one?"""
    from ckanext.harvest.model import HarvestSource

    data = data_dict or {}
    if data.get("source_type") == SOURCE_TYPE:
        return True
    package = context.get("package") or model.Package.get(data.get("id"))
    if package is None or package.type != "harvest":
        return False
    source = HarvestSource.get(package.id)
    return source is not None and source.type == SOURCE_TYPE


def _refused() -> dict[str, Any]:
    message = tk._("Only administrators of the portal may publish on data.gouv.fr.")
    return {"success": False, "msg": message}


def _sysadmins_only(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    if _pushes(context, data_dict):
        return _refused()
    return next_auth(context, data_dict)


# Of the attributes of a chained function CKAN keeps the last one's: core's own allows anonymous
# access, and then looks at the portal's options.
@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_create(next_auth: Any, context: Any, data_dict: Any = None) -> dict[str, Any]:
    return _sysadmins_only(next_auth, context, data_dict)


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_update(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    return _sysadmins_only(next_auth, context, data_dict)


@tk.chained_auth_function
def package_delete(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    return _sysadmins_only(next_auth, context, data_dict)


def _none_pushes(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    """The bulk actions ask for a right in the organisation only, not on each dataset."""
    for package_id in data_dict.get("datasets") or []:
        if _pushes({}, {"id": package_id}):
            return _refused()
    return next_auth(context, data_dict)


@tk.chained_auth_function
def bulk_update_private(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    return _none_pushes(next_auth, context, data_dict)


@tk.chained_auth_function
def bulk_update_public(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    return _none_pushes(next_auth, context, data_dict)


@tk.chained_auth_function
def bulk_update_delete(next_auth: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    return _none_pushes(next_auth, context, data_dict)


def scdl_push_report(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Every logged-in user: the action keeps to the datasets they may edit."""
    return {"success": True}


def _administrators(context: Any, data_dict: Any) -> dict[str, Any]:
    """Sysadmins are let through before this is asked."""
    return _refused()


scdl_push_profiles = _administrators
scdl_push_pause = _administrators
scdl_push_resume = _administrators
scdl_push_withdraw = _administrators
scdl_push_restore = _administrators
scdl_push_again = _administrators
