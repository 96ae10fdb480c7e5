"""The context of an action that another one calls."""

from __future__ import annotations

from typing import Any


def fresh(context: Any) -> dict[str, Any]:
    """The same user, and nothing else that the first action left in its context."""
    return {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
