"""Our own pages: the report on a file, the runs towards data.gouv.fr."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app, g
from redis.exceptions import RedisError

from ckanext.scdl import helpers, push_helpers

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


@publication.before_request
def _against_forged_posts() -> None:
    """As CKAN does for its own forms: 2.11 leaves extensions out unless told otherwise."""
    from ckan.config.middleware.flask_app import csrf

    if current_app.config["WTF_CSRF_ENABLED"] and not g.get("login_via_auth_header"):
        csrf.protect()


_SHOWN = 3
"""Runs on a page."""


def _context() -> dict[str, Any]:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _to_log_in() -> Any:
    return tk.h.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))


@publication.route("/")
def index() -> Any:
    """What the last runs towards data.gouv.fr did, and for administrators the profiles.

    `?all=1`: those for some datasets that somebody chose, too; `?page=2`: older ones.
    """
    if not tk.current_user.is_authenticated:
        return _to_log_in()
    everything, page = bool(tk.request.args.get("all")), tk.h.get_page_number(tk.request.args)
    which = {"kind": "run", "limit": _SHOWN + 1, "offset": (page - 1) * _SHOWN}
    found = tk.get_action("scdl_push_report")(
        _context(), which if everything else {**which, "whole": True}
    )
    profiles = []
    if page == 1 and tk.h.check_access("scdl_push_profiles"):
        profiles = tk.get_action("scdl_push_profiles")(_context(), {})
    older = page + 1 if len(found) > _SHOWN else None
    newer = page - 1 if page > 1 else None
    runs = [push_helpers.run_in_words(run) for run in found[:_SHOWN]]
    pages = {"older": older, "newer": newer, "all": everything, "page": page}
    return tk.render("scdl/publication.html", {"runs": runs, "profiles": profiles, **pages})


@publication.route("/run/<run_id>")
def run(run_id: str) -> Any:
    """One run, dataset by dataset."""
    return _one_run({"run_id": run_id})


@publication.route("/job/<job_id>")
def job(job_id: str) -> Any:
    """The run of a job of ckanext-harvest."""
    return _one_run({"job_id": job_id})


def _one_run(which: dict[str, str]) -> Any:
    if not tk.current_user.is_authenticated:
        return _to_log_in()
    found = tk.get_action("scdl_push_report")(_context(), {**which, "limit": 1})
    if not found:
        return tk.abort(404, tk._("There is no such run."))
    runs = [push_helpers.run_in_words(one) for one in found]
    return tk.render("scdl/publication.html", {"runs": runs, "profiles": [], "one": True})


@publication.route("/profile/<profile_id>/<any(pause,resume):what>", methods=["POST"])
def profile(profile_id: str, what: str) -> Any:
    """Suspend or resume a profile."""
    said = {
        "pause": tk._("Publishing is paused: runs send nothing until it is resumed."),
        "resume": tk._(
            "Publishing is resumed, from the next run on. What must become private there does now."
        ),
    }
    _decide(f"scdl_push_{what}", {"profile": profile_id})
    tk.h.flash_success(said[what])
    return tk.h.redirect_to("scdl_publication.index")


@publication.route(
    "/dataset/<dataset_id>/<any(withdraw,hide,restore,again):what>", methods=["POST"]
)
def dataset(dataset_id: str, what: str) -> Any:
    """Withdraw a dataset from data.gouv.fr, or push it again."""
    actions = {
        "withdraw": (
            "scdl_push_withdraw",
            tk._("The dataset is withdrawn: it will be archived there after the grace delay."),
        ),
        "hide": (
            "scdl_push_withdraw",
            tk._(
                "The dataset is withdrawn for personal data: a job makes it private there, or else "
                "the next run."
            ),
        ),
        "restore": (
            "scdl_push_restore",
            tk._(
                "A job publishes the dataset again, or else the next run; while publishing is "
                "paused, nothing is sent."
            ),
        ),
        "again": (
            "scdl_push_again",
            tk._(
                "A job pushes the dataset to data.gouv.fr; while publishing is paused, nothing is "
                "sent."
            ),
        ),
    }
    action, said = actions[what]
    reason = {"reason": "personal_data"} if what == "hide" else {}
    done = _decide(action, {"id": dataset_id, **reason})
    # another administrator may have decided meanwhile
    if what == "withdraw" and done["reason"] == "personal_data":
        said = actions["hide"][1]
    if what == "restore" and done["reason"] is None:
        said = tk._("The dataset was not withdrawn: nothing has changed.")
    tk.h.flash_success(said)
    return tk.h.redirect_to("dataset.read", id=dataset_id)


def _decide(action: str, data: dict[str, Any]) -> dict[str, Any]:
    try:
        return tk.get_action(action)(_context(), data)
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only administrators of the portal may publish on data.gouv.fr."))
    except RedisError:
        tk.abort(503, tk._("Redis does not answer: nothing is sent now. The next run will do it."))
    except tk.ObjectNotFound as error:
        tk.abort(404, str(error))
