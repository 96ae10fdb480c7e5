"""The language of the person who reads, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.scdl.conformity.rendering.typography import bound

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def reader_language() -> str:
    """The request's language; the portal's default one in a job or a consumer."""
    if has_request_context():
        return str(tk.h.lang())
    return str(tk.config["ckan.locale_default"])


def page_text(words: Callable[[T, str], str], told: T) -> str:
    """What `words` says of something, for a page in the reader's language."""
    lang = reader_language()
    return bound(words(told, lang), lang)
