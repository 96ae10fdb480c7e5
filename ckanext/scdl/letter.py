"""A short letter about a file that a job found bad: nobody was there to read the refusal.

It goes to the contact that the dataset names, else to the account that made the dataset, where the
portal sends mail (`smtp.mail_from`).  It quotes no cell: the report does, to who may edit.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ckanext.scdl.conformity import Report, texts

log = logging.getLogger(__name__)

SUBJECT = "À corriger : « {file} » ({dataset})"
# of one reader whose language nobody knows
BODY = """\
Bonjour,

Le portail a contrôlé « {file} », du jeu « {dataset} », après son dépôt.
{fr}
Tant qu'il n'est pas corrigé et remplacé, le jeu ne part pas sur data.gouv.fr.
Connectez-vous et ouvrez son rapport, qui dit où est chaque erreur et que faire :
{address}

--
The portal has checked “{file}”, of the dataset “{dataset}”, after it was uploaded.
{en}
Until it is corrected and replaced, the dataset does not go to data.gouv.fr.
Log in and open its report, at the address above, which says where each error is and what to do.
"""


class Reader(NamedTuple):
    name: str
    address: str


def write(resource: dict[str, Any], report: Report) -> None:
    """Send the letter, if the portal sends mail and somebody can be written to.

    A mail server that fails is told to the log: the report is stored all the same.
    """
    if not tk.config.get("smtp.mail_from"):
        return
    package = model.Package.get(resource["package_id"])
    if package is None:  # purged meanwhile
        return
    reader = reader_of(package)
    if reader is None:
        log.info("Nobody to write to about resource %s", resource["id"])
        return
    params = {
        "file": one_line(resource.get("name") or resource["url"].rsplit("/", 1)[-1]),
        "dataset": one_line(package.title or package.name),
        "address": tk.h.url_for(
            "scdl.report", resource_id=resource["id"], locale="default", qualified=True
        ),
        **{lang: texts.summary(report, lang) for lang in ("fr", "en")},
    }
    try:
        mailer.mail_recipient(*reader, SUBJECT.format(**params), BODY.format(**params))
    except (mailer.MailerException, OSError, ValueError, AssertionError):
        # AssertionError: CKAN's, of a portal with a user name and no password
        log.exception("No letter could be sent about resource %s", resource["id"])


def reader_of(package: Any) -> Reader | None:
    """Who is written to about a dataset; None when nobody is known."""
    if package.maintainer_email:
        return Reader(one_line(package.maintainer or ""), package.maintainer_email)
    user = model.User.get(package.creator_user_id) if package.creator_user_id else None
    if user is None or user.state != "active" or not user.email:
        return None
    return Reader(one_line(user.display_name), user.email)


def one_line(text: str) -> str:
    """A line break has no place in the head of a mail."""
    return " ".join(text.split())
