"""What is sent to data.gouv.fr about a dataset that is not to be read there as before.

Pure: bodies of requests.  A mark in the extras tells that it was our doing, hence ours to undo.
Imports the stamps, the comparison and the profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ckanext.scdl.datagouv import mapping
from ckanext.scdl.datagouv.compare import is_hosted, kept, origin
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.profile import Profile

Json = Mapping[str, Any]

# Stored over there and read by everybody: French, the language of the data.
BANNER = "\n\n---\n⚠ {text}"
LINKED = (
    "Depuis le {date}, un fichier de ce jeu ne suit plus le standard national : il est en cours de "
    "correction par la collectivité."
)
UPLOADED = (
    "Le {date}, la collectivité a déposé sur son portail une version qui ne suit pas le standard "
    "national : la version publiée ici est la dernière qui le suit."
)
PARTLY = (
    "Depuis le {date}, un fichier de ce jeu n'est contrôlé qu'en partie sur le portail de la "
    "collectivité : rien n'y dit qu'il suit le standard national."
)
NO_DATA = (
    "Depuis le {date}, ce jeu n'a plus de fichier de données sur le portail de la collectivité."
)
_OTHERWISE = {"partly_checked": PARTLY, "no_data": NO_DATA}


def flag_body(remote: Json, reason: Finding, profile: Profile, now: datetime) -> dict[str, Any]:
    """The body that tells readers that the dataset no longer conforms, and keeps all the rest."""
    said = UPLOADED if profile.mode == "upload" else LINKED
    said = _OTHERWISE.get(reason.code, said)
    text = said.format(date=f"{now:%d/%m/%Y}")
    body = {**kept(remote), "extras": _marked(remote, mapping.MARK_FLAGGED, reason.code)}
    if "description" in profile.owned_fields:
        room = mapping.DESCRIPTION_MAX - len(BANNER) - len(text)
        description = mapping.shorten(str(remote.get("description") or ""), room)
        body["description"] = description + BANNER.format(text=text)
    return body


def archive_body(remote: Json, reason: Finding, now: datetime) -> dict[str, Any]:
    """The body that archives: everybody who has the address still reads it, no list shows it."""
    return {
        **kept(remote),
        "archived": now.isoformat(),
        "extras": _marked(remote, mapping.MARK_ARCHIVED, reason.code),
    }


def hide_body(remote: Json, reason: Finding) -> dict[str, Any]:
    """The body that makes private: nobody outside the organisation reads it any more."""
    return {
        **kept(remote),
        "private": True,
        "extras": _marked(remote, mapping.MARK_HIDDEN, reason.code),
    }


def hidden_by_hand(remote: Json) -> bool:
    """Did somebody make it private over there?  Not us, for good or until its files were there."""
    extras = remote.get("extras") or {}
    ours = mapping.MARK_HIDDEN in extras or mapping.MARK_PENDING in extras
    return bool(remote.get("private")) and not ours


def is_readable(remote: Json) -> bool:
    """Can somebody outside the organisation read it, archived or not?"""
    return not (remote.get("private") or remote.get("deleted"))


def _marked(remote: Json, mark: str, code: str) -> dict[str, Any]:
    return {**(remote.get("extras") or {}), mark: code}


def hidden_files(remote: Json) -> list[str]:
    """Resources of ours whose file data.gouv.fr holds: they are deleted with what was hidden."""
    theirs = remote.get("resources") or []
    return [one["id"] for one in theirs if is_hosted(one) and origin(one) is not None]
