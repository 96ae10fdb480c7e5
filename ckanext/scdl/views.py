"""Our own pages: the report on a file, the runs towards data.gouv.fr."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.scdl import helpers

scdl = Blueprint("scdl", __name__, url_prefix="/scdl")


@scdl.route("/report/<resource_id>")
def report(resource_id: str) -> str:
    """What the last check of a stored file found; findings only for who may edit it."""
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        resource = tk.get_action("resource_show")(dict(context), {"id": resource_id})
        dataset = tk.get_action("package_show")(dict(context), {"id": resource["package_id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Resource not found"))
    return tk.render(
        "scdl/report.html",
        {
            "pkg_dict": dataset,
            "pkg": dataset,
            "resource": resource,
            "report": helpers.scdl_report(resource, dataset),
        },
    )


publication = Blueprint("scdl_publication", __name__, url_prefix="/scdl/publication")


@publication.route("/")
def index() -> Any:
    """What the last runs towards data.gouv.fr did, dataset by dataset."""
    if not tk.current_user.is_authenticated:
        return tk.h.redirect_to("user.login", came_from=tk.h.url_for("scdl_publication.index"))
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    runs = tk.get_action("scdl_push_report")(context, {})
    return tk.render("scdl/publication.html", {"runs": [helpers.run_in_words(r) for r in runs]})
