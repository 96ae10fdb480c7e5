"""Letters about the publication on data.gouv.fr: when something changed that asks somebody to act.

To the people of a dataset, as `letter` finds them: one letter for each person and run, about those
of their datasets whose state is not the one last told.  To the administrators: about what stops a
whole profile, and when it is over.  Nothing is told to anybody of one night's failure.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer
from sqlalchemy.dialects.postgresql import insert

from ckanext.scdl.datagouv import Finding, texts
from ckanext.scdl.letter import Reader, one_line, reader_of
from ckanext.scdl.model import PushItem, PushProfile, PushRun, PushTold

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

ACTING = ("flagged", "archived", "hidden", "conflict")
"""States that are told as soon as they come."""

LASTING = (
    "not_conforming",
    "partly_checked",
    "no_title",
    "no_licence",
    "licence_unknown",
    "no_data",
    "url_unusable",
    "url_local",
    "url_credentials",
    "organization_unmapped",
)
"""Reasons to leave a dataset out that stay until somebody acts."""

HEALTHY = ("created", "adopted", "updated", "restored", "unchanged")

PASSING = (
    "unavailable",
    "unreachable",
    "timeout",
    "connection_lost",
    "server_error",
    "gateway_error",
    "too_many_requests",
    "read_only",
    "not_json",
    "circuit_open",
    "catalogue_unavailable",
    "interrupted",
    "unexpected",
)
"""Problems of a run that may be gone the next night: told at the second."""

OF_THE_RUN = (
    *(code for code in PASSING if code not in ("server_error", "timeout", "unexpected")),
    "busy",
    "key_refused",
    "forbidden",
    "redirected",
)
"""Reasons of a failed dataset for which its people can do nothing."""

NOT_SAID = ("busy",)
"""Problems of a run that ask nobody to act: another run was under way."""

TAKEN_BACK = ("deleted", "purged", "withdrawn", "private", "personal_data")
"""Why the nights after leave out what was archived or made private."""

_TAKEN = ("archived", "hidden")

BACK = "back"
_STILL_NEWS = dt.timedelta(days=7)
_FAILURES_IN_A_ROW = 3

SUBJECT = "data.gouv.fr : des jeux de données à suivre"
# of one reader whose language nobody knows
BODY = """\
Bonjour,

La publication sur data.gouv.fr a changé pour ce qui suit.

{fr}
Le détail de chaque passage, une fois connecté :
{address}

--
The publication on data.gouv.fr has changed for what follows.

{en}
The details of each run, once logged in, are at the address above.
"""
STATES: dict[str, dict[str, str]] = {
    "flagged": {
        "fr": "Il reste en ligne sur data.gouv.fr, signalé.",
        "en": "It stays online on data.gouv.fr, flagged.",
    },
    "archived": {
        "fr": "Il est archivé sur data.gouv.fr : il n’y est plus listé.",
        "en": "It is archived on data.gouv.fr: it is no longer listed there.",
    },
    "hidden": {
        "fr": "Il est devenu privé sur data.gouv.fr : il n’y est plus visible.",
        "en": "It became private on data.gouv.fr: it can no longer be seen there.",
    },
    "conflict": {
        "fr": "Sur data.gouv.fr, quelqu’un doit choisir ; voici pourquoi.",
        "en": "On data.gouv.fr, somebody must choose; here is why.",
    },
    "failed": {
        "fr": "Deux passages de suite n’ont pas pu le publier.",
        "en": "Two runs in a row could not publish it.",
    },
    "left_out": {
        "fr": "Sa version actuelle ne part pas sur data.gouv.fr.",
        "en": "Its present version does not go to data.gouv.fr.",
    },
    BACK: {
        "fr": "Il est de nouveau publié sur data.gouv.fr. Rien à faire.",
        "en": "It is published again on data.gouv.fr. Nothing to do.",
    },
}

ADMIN_SUBJECT = "Publication sur data.gouv.fr arrêtée (profil {profile})"
ADMIN_BODY = """\
Bonjour,

La publication du profil {profile} sur data.gouv.fr est arrêtée, en tout ou en partie.
{fr}
Le détail de chaque passage, une fois connecté :
{address}

--
The publication of profile {profile} on data.gouv.fr has stopped, wholly or in part.
{en}
The details of each run, once logged in, are at the address above.
"""
OVER_SUBJECT = "Publication sur data.gouv.fr rétablie (profil {profile})"
OVER_BODY = """\
Bonjour,

Le dernier passage du profil {profile} vers data.gouv.fr a pu avoir lieu. Rien à faire.
{address}

--
The last run of profile {profile} towards data.gouv.fr could take place. Nothing to do.
"""


class _News(NamedTuple):
    """A dataset whose people must be told; `told` is what is then remembered."""

    package: Any
    said: str
    finding: Finding | None
    told: tuple[str, str]


class _NoMoreLetters(Exception):
    """The mail server refuses one letter after the other: the next run writes them."""


class _Post:
    """Sends letters, and gives up on a mail server that fails again and again."""

    def __init__(self) -> None:
        self._failures = 0

    def send(self, reader: Reader, subject: str, body: str) -> bool:
        """Was the letter handed over?  Raises _NoMoreLetters."""
        try:
            mailer.mail_recipient(*reader, subject, body)
        except (mailer.MailerException, OSError, ValueError, AssertionError) as error:
            # AssertionError: CKAN's, of a portal with a user name and no password
            log.exception("A letter about data.gouv.fr could not be sent")
            if _is_of_its_address(error):
                return False
            self._failures += 1
            if self._failures >= _FAILURES_IN_A_ROW:
                raise _NoMoreLetters from None
            return False
        self._failures = 0
        return True


def _is_of_its_address(error: Exception) -> bool:
    """Is the address at fault?  The server goes on taking the other letters."""
    refused = isinstance(error.__context__, smtplib.SMTPRecipientsRefused)
    return refused or isinstance(error, ValueError)


def after_run(run: PushRun) -> None:
    """Write the letters that a run, which has ended, gives reason for.

    One that met some datasets only says nothing of the profile.  What was told is committed letter
    by letter.  Nothing leaves this function: a letter that could not be sent is sent by the next
    run.
    """
    if run.kind != "run" or not tk.config.get("smtp.mail_from"):
        return
    post = _Post()
    try:
        if run.whole:
            _tell_administrators(run, post)
        _tell_people(run, post)
    except _NoMoreLetters:
        log.warning("The mail server fails: the next run sends the letters that remain")
    except Exception:
        log.exception("The letters of a run could not be written")
        model.Session.rollback()


# The people of the datasets


def _tell_people(run: PushRun, post: _Post) -> None:
    letters: dict[str, tuple[Reader, list[_News]]] = {}
    for news in _news(run):
        reader = reader_of(news.package)
        if reader is None:
            log.info("Nobody to write to about dataset %s", news.package.id)
            continue
        letters.setdefault(reader.address.strip().lower(), (reader, []))[1].append(news)
    for reader, told in letters.values():
        if post.send(reader, SUBJECT, _body(told)):
            _remember(run.profile, told)


def _news(run: PushRun) -> Iterator[_News]:
    remembered = {
        row.dataset_id: (row.state, row.code)
        for row in model.Session.query(PushTold)
        .populate_existing()
        .filter(PushTold.profile == run.profile)
    }
    failed_before, untold = _failed_twice(run), _untold(run)
    rows = (
        model.Session.query(PushItem, model.Package)
        .join(model.Package, model.Package.id == PushItem.dataset_id)
        .filter(PushItem.run_id == run.id)
        .order_by(model.Package.metadata_created, model.Package.id)
    )
    for present, package in rows.all():
        finding, item = _finding(present), present
        if present.state == "left_out" and finding and finding.code in TAKEN_BACK:
            item = untold.get(present.dataset_id, present)
            finding = _finding(item)
        code = finding.code if finding else ""
        said = _said(item.state, code, remembered.get(item.dataset_id))
        if said and (said != "failed" or item.dataset_id in failed_before):
            yield _News(package, said, finding, (item.state, code))


def _finding(item: PushItem) -> Finding | None:
    found = (item.outcome or {}).get("finding")
    return Finding.from_dict(found) if found else None


def _untold(run: PushRun) -> dict[str, PushItem]:
    """What an earlier run did to datasets of this one and could not tell: no server, or killed.

    Of the last days only: a portal that begins to send letters does not tell its whole past.
    """
    here = sa.select(PushItem.dataset_id).where(PushItem.run_id == run.id)
    rows = (
        model.Session.query(PushItem)
        .join(PushRun, PushRun.id == PushItem.run_id)
        .outerjoin(
            PushTold,
            sa.and_(PushTold.profile == run.profile, PushTold.dataset_id == PushItem.dataset_id),
        )
        .filter(PushRun.profile == run.profile, PushRun.kind == "run", PushRun.id != run.id)
        .filter(PushItem.dataset_id.in_(here), PushItem.state.in_((*_TAKEN, *HEALTHY)))
        .filter(PushItem.updated > run.started - _STILL_NEWS)
        .filter(PushTold.at.is_(None) | (PushTold.at < PushItem.updated))
    )
    last = {row.dataset_id: row for row in rows.order_by(PushItem.updated)}
    return {dataset_id: row for dataset_id, row in last.items() if row.state in _TAKEN}


def _said(state: str, code: str, told: tuple[str, str] | None) -> str | None:
    """What there is to tell of a dataset, None when it is no news."""
    told_state, told_code = told or ("", "")
    if state in ACTING:
        return state if (state, code) != told else None
    lasting = state == "left_out" and code in LASTING
    if lasting or (state == "failed" and code not in OF_THE_RUN):
        # a flagged dataset that the next night leaves out for the same reason is no news
        troubled = told_state not in ("", *HEALTHY)
        return None if troubled and code == told_code else state
    if state in HEALTHY and told_state not in ("", *HEALTHY):
        return BACK
    return None


def _failed_twice(run: PushRun) -> set[str]:
    """Ids of the datasets that failed in this run and in the one that met them before.

    Of those that met all the datasets: a job tries again within minutes.
    """
    if not run.whole:
        return set()
    here = sa.select(PushItem.dataset_id).where(
        PushItem.run_id == run.id, PushItem.state == "failed"
    )
    earlier = (
        model.Session.query(PushItem.dataset_id, PushItem.state)
        .join(PushRun, PushRun.id == PushItem.run_id)
        .filter(PushRun.profile == run.profile, PushRun.kind == "run", PushRun.whole)
        .filter(PushRun.id != run.id, PushRun.started < run.started)
        .filter(PushItem.dataset_id.in_(here))
    )
    last = earlier.distinct(PushItem.dataset_id).order_by(
        PushItem.dataset_id, PushRun.started.desc()
    )
    return {dataset_id for dataset_id, state in last if state == "failed"}


def _body(told: list[_News]) -> str:
    blocks: dict[str, list[str]] = defaultdict(list)
    for news in told:
        for lang in ("fr", "en"):
            blocks[lang].append(_block(news, lang))
    return BODY.format(address=_report_page(), **{k: "\n".join(v) for k, v in blocks.items()})


def _block(news: _News, lang: str) -> str:
    """One dataset: its name, its address, what happened and what to do."""
    package = news.package
    secret = package.private or package.state != "active"
    # of a private dataset neither the title, nor the name made from it, nor a file's name
    shown = package.id if secret else package.name
    address = tk.h.url_for("dataset.read", id=shown, locale="default", qualified=True)
    title = one_line(package.title or package.name)
    quoted = f"« {title} »" if lang == "fr" else f"“{title}”"
    lines = [] if secret else [quoted]
    lines += [address, STATES[news.said][lang]]
    if news.finding and news.said != BACK:
        finding = news.finding.discreet() if secret else news.finding
        lines.append(texts.sentence(finding, lang))
    return "\n".join(lines) + "\n"


def _remember(profile: str, told: list[_News]) -> None:
    for news in told:
        state, code = news.told
        row = insert(PushTold).values(
            profile=profile, dataset_id=news.package.id, state=state, code=code
        )
        new = {name: row.excluded[name] for name in ("state", "code", "at")}
        model.Session.execute(
            row.on_conflict_do_update(index_elements=["profile", "dataset_id"], set_=new)
        )
    model.Session.commit()


# The administrators


def _tell_administrators(run: PushRun, post: _Post) -> None:
    """Two sources of one profile have each their own troubles."""
    profile = PushProfile.of(run.profile)
    told, source = profile.told or {}, run.source_id or ""
    code = run.problem["code"] if run.problem else None
    known = (told.get(source) or {}).get("code")
    same_trouble = code == known or (code in PASSING and known in PASSING)
    if same_trouble or code in NOT_SAID or _may_be_gone_tomorrow(run, code):
        return
    letter, sent = _admin_letter(run), False
    try:
        for reader in _administrators():
            sent = post.send(reader, *letter) or sent
    finally:
        if sent:  # who got it does not get it again because of the others
            others = {key: problem for key, problem in told.items() if key != source}
            profile.told = others | ({source: run.problem} if run.problem else {}) or None
            model.Session.commit()


def _may_be_gone_tomorrow(run: PushRun, code: str | None) -> bool:
    if code not in PASSING:
        return False
    before = run.previous()
    return before is None or (before.problem or {}).get("code") not in PASSING


def _admin_letter(run: PushRun) -> tuple[str, str]:
    """Subject and body."""
    params = {"profile": one_line(run.profile), "address": _report_page()}
    if not run.problem:
        return OVER_SUBJECT.format(**params), OVER_BODY.format(**params)
    problem = Finding.from_dict(run.problem)
    said = {lang: texts.sentence(problem, lang) for lang in ("fr", "en")}
    return ADMIN_SUBJECT.format(**params), ADMIN_BODY.format(**params, **said)


def _administrators() -> list[Reader]:
    """The portal's address for trouble (`email_to`), else the sysadmins who have one."""
    address = (tk.config.get("email_to") or "").strip()
    if address:
        return [Reader("", address)]
    users = model.Session.query(model.User).filter_by(sysadmin=True, state="active")
    readers = {
        user.email.lower(): Reader(one_line(user.display_name), user.email)
        for user in users.order_by(model.User.created, model.User.id)
        if user.email
    }
    if not readers:
        log.info("No administrator to write to: set email_to")
    return list(readers.values())


def _report_page() -> str:
    return str(tk.h.url_for("scdl_publication.index", locale="default", qualified=True))
