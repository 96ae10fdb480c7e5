"""What the plugin remembers in PostgreSQL: reports on stored files, and the push to data.gouv.fr.

Tables come from `migration/scdl`; `ckan db upgrade -p scdl` creates them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from sqlalchemy.dialects.postgresql import JSONB, insert

Base: Any = tk.BaseModel

CHECKER = version("ckanext-scdl")
"""The version of ours that checks, as a report remembers it."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def file_date(last_modified: Any) -> str | None:
    """A resource's last_modified, a datetime in the model and text in its dictionary, as text."""
    text = last_modified.isoformat() if isinstance(last_modified, dt.datetime) else last_modified
    return text or None


def is_link(resource: Any) -> bool:
    """Does a resource, its model or its dictionary, hold a link and no file?"""
    return _said(resource, "url_type") != "upload"


def address(resource: Any) -> str:
    """The address of a link, as CKAN shows it."""
    url = (_said(resource, "url") or "").strip()
    return url if urlsplit(url).scheme else "http://" + url.lstrip("/")


def _said(resource: Any, name: str) -> Any:
    return resource.get(name) if isinstance(resource, dict) else getattr(resource, name)


@dataclass(frozen=True)
class Fetched:
    """Where a linked file was read, and what its server says to recognise it by."""

    url: str
    etag: str | None = None
    modified: str | None = None


def new_id() -> str:
    return str(uuid.uuid4())


class FileReport(Base):
    """The last report on the file that a resource holds, or that its link leads to.

    Absent for a file never checked.  A report of another file than the present one is not erased at
    once: `is_of` tells.
    """

    __tablename__ = "scdl_file_report"

    # a purged resource takes its report along: findings quote cells
    resource_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    package_id = sa.Column(sa.UnicodeText, nullable=False, index=True)
    sha256 = sa.Column(sa.UnicodeText, nullable=False)
    conforming = sa.Column(sa.Boolean, nullable=False)
    report = sa.Column(JSONB, nullable=False)
    checked = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now)
    # the resource's last_modified when its file was read: another date means another file
    file_date = sa.Column(sa.UnicodeText)
    # the resource's size then; None in reports older than this column
    file_size = sa.Column(sa.BigInteger)
    # for a readable table: the sha256 of the budget XML that it was made from
    source_sha256 = sa.Column(sa.UnicodeText)
    # the version of ours that checked; None in reports older than this column
    checker = sa.Column(sa.UnicodeText)
    # for a link: its address, and what its server says to recognise the file by
    url = sa.Column(sa.UnicodeText)
    etag = sa.Column(sa.UnicodeText)
    url_modified = sa.Column(sa.UnicodeText)
    # the sha256 of the last file read, if it did not conform: somebody was told, and a link that
    # cannot be read for a while does not make it news
    told = sa.Column(sa.UnicodeText)

    @classmethod
    def get(cls, resource_id: str) -> FileReport | None:
        return model.Session.get(cls, resource_id)

    @classmethod
    def of_package(cls, package_id: str) -> dict[str, FileReport]:
        """Reports by resource id."""
        # `store` writes past the session's own copies
        rows = model.Session.query(cls).populate_existing().filter(cls.package_id == package_id)
        return {row.resource_id: row for row in rows}

    @classmethod
    def store(
        cls,
        resource: Any,
        report: dict[str, Any],
        source_sha256: str | None = None,
        fetched: Fetched | None = None,
    ) -> None:
        """Replace the report of a `model.Resource`, in the surrounding transaction.

        fetched: for a link, where it was read.
        """
        values = {
            "resource_id": resource.id,
            "package_id": resource.package_id,
            "sha256": report["sha256"],
            "conforming": report["verdict"] == "conforming",
            "report": report,
            "checked": _now(),
            "file_date": file_date(resource.last_modified),
            "file_size": resource.size,
            "source_sha256": source_sha256,
            "checker": CHECKER,
            "url": fetched.url if fetched else None,
            "etag": fetched.etag if fetched else None,
            "url_modified": fetched.modified if fetched else None,
        }
        if report["sha256"]:  # a link that was not read says nothing of its file
            values["told"] = None if values["conforming"] else report["sha256"]
        row = insert(cls.__table__).values(**values)
        model.Session.execute(
            row.on_conflict_do_update(index_elements=["resource_id"], set_=values)
        )

    @property
    def kind(self) -> str | None:
        """What the file is: "totem", "table", or None when unreadable."""
        return self.report["kind"]

    @property
    def complete(self) -> bool:
        """Was everything checked that the standard asks for?"""
        return bool(self.report.get("complete", True))

    @classmethod
    def kept_standard(cls, package_id: str) -> str | None:
        """The standard that the dataset keeps to: that of its oldest report, as name@version."""
        rows = [row for row in cls.of_package(package_id).values() if row.kind != "export"]
        return min(rows, key=lambda row: row.checked).standard if rows else None

    @property
    def standard(self) -> str:
        """Name and version of the standard checked: "scdl/budget@0.8.3"."""
        return f"{self.report['standard']}@{self.report['version']}"

    def is_of(self, resource: Any) -> bool:
        """Was this report made on the file that the resource holds now, or that it links to?

        resource: its model or its dictionary.  Another date or size means another file.
        """
        if is_link(resource):
            return self.url == address(resource)
        same_size = self.file_size is None or self.file_size == _said(resource, "size")
        dated = file_date(_said(resource, "last_modified"))
        return self.url is None and same_size and self.file_date == dated

    @classmethod
    def forget(cls, resource_ids: set[str]) -> None:
        if resource_ids:
            model.Session.query(cls).filter(cls.resource_id.in_(resource_ids)).delete(
                synchronize_session="fetch"
            )


class PushLink(Base):
    """The data.gouv.fr dataset that stands for a portal dataset, by profile."""

    __tablename__ = "scdl_push_link"

    profile = sa.Column(sa.UnicodeText, primary_key=True)
    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    link = sa.Column(JSONB, nullable=False)
    updated = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now, onupdate=_now)


class PushProfile(Base):
    """What is remembered of a profile between two runs; its key is in the ini.

    `portal_url` is the address that the profile was first used from: a copied database has another
    and pushes nothing.  `vocabulary` is what data.gouv.fr accepted when last asked, `told` the last
    trouble that administrators were written to about, by harvest source ("" without one).
    """

    __tablename__ = "scdl_push_profile"

    profile = sa.Column(sa.UnicodeText, primary_key=True)
    portal_url = sa.Column(sa.UnicodeText)
    paused = sa.Column(sa.DateTime(timezone=True))
    paused_by = sa.Column(sa.UnicodeText)
    vocabulary = sa.Column(JSONB)
    vocabulary_read = sa.Column(sa.DateTime(timezone=True))
    told = sa.Column(JSONB)

    @classmethod
    def of(cls, profile: str) -> PushProfile:
        """The profile's row, made at once if there is none."""
        row = cls.find(profile)
        if row is None:
            model.Session.execute(insert(cls).values(profile=profile).on_conflict_do_nothing())
            model.Session.commit()
            row = model.Session.get(cls, profile)
        return row

    @classmethod
    def find(cls, profile: str) -> PushProfile | None:
        """The profile's row as it stands now, None if nothing is remembered of it."""
        return model.Session.get(cls, profile, populate_existing=True)


class PushWithdrawal(Base):
    """A dataset that an administrator took back from data.gouv.fr by hand.

    `reason` is "withdrawn" (archived there after the grace delay) or "personal_data" (private there
    and its uploaded files deleted at once).
    """

    __tablename__ = "scdl_push_withdrawal"

    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    reason = sa.Column(sa.UnicodeText, nullable=False)
    by = sa.Column(sa.UnicodeText)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now)


class PushPurged(Base):
    """A dataset that was private when it was purged: what is left of it elsewhere must be hidden.

    By itself, and not with the link: the answer to its creation may have been lost.
    """

    __tablename__ = "scdl_push_purged"

    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now)


class PushTold(Base):
    """The state of a dataset that its people were last written to about, by profile."""

    __tablename__ = "scdl_push_told"

    profile = sa.Column(sa.UnicodeText, primary_key=True)
    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    state = sa.Column(sa.UnicodeText, nullable=False)
    code = sa.Column(sa.UnicodeText, nullable=False)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now, onupdate=_now)


class PushFigures(Base):
    """What data.gouv.fr said of a dataset's use on the last night of a month, by profile.

    Visits and downloads are totals since publication: two months' rows tell what a month added.
    """

    __tablename__ = "scdl_push_figures"

    profile = sa.Column(sa.UnicodeText, primary_key=True)
    dataset_id = sa.Column(sa.UnicodeText, primary_key=True)
    month = sa.Column(sa.Date, primary_key=True)
    figures = sa.Column(JSONB, nullable=False)
    read = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now, onupdate=_now)


class PushRun(Base):
    """One run towards data.gouv.fr, as our own report shows it.

    `kind` is "run" or "dry" (a plan that was only shown).  `job_id` and `source_id` are those of
    ckanext-harvest, None for a run from a terminal.  `whole`: it meets all the datasets, not some
    that somebody chose.  `next_request` and `deadline` hold the rate and the time budget across
    processes.
    """

    __tablename__ = "scdl_push_run"

    id = sa.Column(sa.UnicodeText, primary_key=True, default=new_id)
    profile = sa.Column(sa.UnicodeText, nullable=False)
    source_id = sa.Column(sa.UnicodeText, index=True)
    job_id = sa.Column(sa.UnicodeText, unique=True)
    kind = sa.Column(sa.UnicodeText, nullable=False, default="run")
    started = sa.Column(sa.DateTime(timezone=True), nullable=False, default=_now)
    finished = sa.Column(sa.DateTime(timezone=True))
    deadline = sa.Column(sa.DateTime(timezone=True))
    next_request = sa.Column(sa.DateTime(timezone=True))
    forced = sa.Column(sa.Boolean, nullable=False, default=False)
    whole = sa.Column(sa.Boolean, nullable=False, default=True)
    problem = sa.Column(JSONB)

    def previous(self) -> PushRun | None:
        """The run before this one, of the same source, that met all the datasets."""
        earlier = model.Session.query(PushRun).filter(
            PushRun.profile == self.profile,
            PushRun.source_id == self.source_id,
            PushRun.kind == "run",
            PushRun.whole,
            PushRun.id != self.id,
            PushRun.started < self.started,
        )
        return earlier.order_by(PushRun.started.desc()).first()


_NOT_READABLE = ("private", "personal_data", "purged_private")
"""Why a run leaves out what it would otherwise have made private."""


class PushItem(Base):
    """What a run planned and did for one dataset.

    `step` is the last write begun, `outcome` how it ended; both as `datagouv.Ledger` defines them.
    """

    __tablename__ = "scdl_push_item"

    run_id = sa.Column(
        sa.UnicodeText, sa.ForeignKey("scdl_push_run.id", ondelete="CASCADE"), primary_key=True
    )
    dataset_id = sa.Column(sa.UnicodeText, primary_key=True, index=True)
    state = sa.Column(sa.UnicodeText, nullable=False)
    plan = sa.Column(JSONB, nullable=False)
    step = sa.Column(sa.UnicodeText)
    outcome = sa.Column(JSONB)
    updated = sa.Column(
        sa.DateTime(timezone=True), nullable=False, index=True, default=_now, onupdate=_now
    )

    @property
    def says_hidden(self) -> bool:
        """Did its run make it private over there, or find it so?"""
        code = ((self.outcome or {}).get("finding") or {}).get("code")
        # one that was planned to be written became private meanwhile: nothing was sent
        found_so = self.state == "left_out" and not self.plan.get("requests")
        return self.state == "hidden" or (found_so and code in _NOT_READABLE)

    @classmethod
    def last_of(cls, dataset_id: str) -> PushItem | None:
        """The dataset's line in the newest run that met it; a plan only shown is none."""
        runs = model.Session.query(cls).join(PushRun, PushRun.id == cls.run_id)
        rows = runs.filter(cls.dataset_id == dataset_id, PushRun.kind == "run")
        return rows.order_by(cls.updated.desc()).first()


@sa.event.listens_for(model.Package, "before_delete")
def _remember_privacy(_mapper: Any, connection: sa.engine.Connection, package: Any) -> None:
    """It may be purged before data.gouv.fr has hidden it: that it must be is not forgotten."""
    if package.private:
        row = insert(PushPurged).values(dataset_id=package.id)
        connection.execute(row.on_conflict_do_nothing())
