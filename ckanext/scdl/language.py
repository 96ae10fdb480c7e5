"""The language of the person who reads, where there is one."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context


def reader_language() -> str:
    """The request's language; the portal's default one in a job or a consumer."""
    if has_request_context():
        return str(tk.h.lang())
    return str(tk.config["ckan.locale_default"])
