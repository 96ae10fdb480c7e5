"""What data.gouv.fr tells of the use and the quality of a dataset: pure functions, no network.

``figures`` reads one dataset of the listing, ``months`` what each month added.  Whatever is missing
or of another type counts 0 or is not said: figures never stop a run.  Imports the stamps only.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ckanext.scdl.datagouv.mapping import STAMP_RESOURCE

POINTS = (
    "license",
    "temporal_coverage",
    "spatial",
    "update_frequency",
    "update_fulfilled_in_time",
    "dataset_description_quality",
    "has_open_format",
    "all_resources_available",
    "resources_documentation",
)
"""The nine points of udata's quality score (``Dataset.compute_quality_score``), in its order."""

_IDENTIFIER = re.compile(r"[\w-]{1,100}")


@dataclass(frozen=True)
class Figures:
    """Totals since publication, as of one listing.

    ``url`` is the dataset's page on data.gouv.fr.  ``quality`` goes from 0 to 1, None when it is
    not told; ``missing`` are the points of ``POINTS`` that it lacks.  ``resources`` gives downloads
    by the portal's resource id.  ``created`` is the day of the dataset's creation there.
    """

    url: str | None = None
    views: int = 0
    downloads: int = 0
    reuses: int = 0
    discussions: int = 0
    discussions_open: int = 0
    followers: int = 0
    quality: float | None = None
    missing: tuple[str, ...] = ()
    resources: Mapping[str, int] = field(default_factory=dict)
    created: dt.date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            **asdict(self),
            "missing": list(self.missing),
            "created": self.created and self.created.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Figures:
        """The reverse of ``to_dict``."""
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
        return cls(
            **{
                **known,
                "missing": tuple(data.get("missing") or ()),
                "resources": dict(data.get("resources") or {}),
                "created": _day(data.get("created")),
            }
        )


Month = tuple[dt.date, int | None, int | None]
"""The first day of a month, and the visits and downloads that it added; None: not known."""


def figures(remote: Mapping[str, Any]) -> Figures:
    """The figures of a dataset as data.gouv.fr lists it (``metrics``, ``quality``, resources)."""
    metrics, quality = _object(remote.get("metrics")), _object(remote.get("quality"))
    return Figures(
        url=_page(remote.get("page")),
        views=_count(metrics.get("views")),
        downloads=_count(metrics.get("resources_downloads")),
        reuses=_count(metrics.get("reuses")),
        discussions=_count(metrics.get("discussions")),
        discussions_open=_count(metrics.get("discussions_open")),
        followers=_count(metrics.get("followers")),
        quality=_score(quality.get("score")),
        # udata leaves out the points that do not apply: timeliness without a frequency
        missing=tuple(point for point in POINTS if quality.get(point) is False),
        resources=_downloads(remote.get("resources")),
        created=_day(remote.get("created_at")),
    )


def months(rows: Iterable[tuple[dt.date, Figures]]) -> list[Month]:
    """What each month added, from the totals at each month's end, oldest first.

    rows: the first day of each month and its last figures.  A total that went down added 0.  A
    month without row has None, and so has the next one: what was added is of one or the other.  So
    has the first row's, unless data.gouv.fr created the dataset in that month.
    """
    told: list[Month] = []
    before: Figures | None = None
    expected: dt.date | None = None
    for month, now in sorted(rows, key=lambda row: row[0]):
        if expected is None and now.created and now.created >= month:
            before = Figures()
        while expected is not None and expected < month:
            told.append((expected, None, None))
            before, expected = None, _next(expected)
        told.append((month, *_added(before, now)))
        before, expected = now, _next(month)
    return told


def _added(before: Figures | None, now: Figures) -> tuple[int | None, int | None]:
    if before is None:
        return None, None
    return max(now.views - before.views, 0), max(now.downloads - before.downloads, 0)


def _next(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def identifier(value: Any) -> str | None:
    """A stamp's value, if it can be an identifier of the portal: others may edit stamps."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def _downloads(resources: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for resource in resources if isinstance(resources, list) else []:
        data = _object(resource)
        stamp = identifier(_object(data.get("extras")).get(STAMP_RESOURCE))
        if stamp:
            # udata calls a resource's downloads its views
            found[stamp] = _count(_object(data.get("metrics")).get("views"))
    return found


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Any) -> int:
    """A whole number from 0; udata gives 0, {} or nothing where nothing was counted."""
    return value if type(value) is int and 0 <= value < 2**63 else 0


def _score(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and 0 <= value <= 1 else None


def _page(value: Any) -> str | None:
    """The address, if a browser may follow it from our page."""
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.hostname else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
