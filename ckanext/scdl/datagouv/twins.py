"""Which remote dataset stands for which portal dataset.

Pure, over data.gouv.fr's listing.  Imports the stamps and the link's type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.scdl.datagouv import mapping
from ckanext.scdl.datagouv.ledger import Link

Json = Mapping[str, Any]
Stamp = tuple[str, str]  # portal, dataset


def public_page(remote: Json) -> str | None:
    """Where everybody can read the dataset: an http(s) address, fit for a link, or None."""
    page = str(remote.get("page") or "")
    return page if page.startswith(("https://", "http://")) else None


def named(remote: Json) -> str:
    """For a sentence: the page, or else the identifier."""
    return public_page(remote) or str(remote["id"])


def is_public(remote: Json) -> bool:
    """Can everybody find it?"""
    return not (remote.get("deleted") or remote.get("private") or remote.get("archived"))


def is_live(remote: Json) -> bool:
    """Is it neither deleted nor archived?  A private one is: it may be shown at any time."""
    return not (remote.get("deleted") or remote.get("archived"))


def _rank(remote: Json) -> tuple[bool, bool]:
    return bool(remote.get("deleted")), bool(remote.get("archived"))


class Twins:
    """The remote datasets by identifier, by stamp and by the name that their harvester gave them.

    The third one is udata's own CKAN harvester: a dataset that it maintains is overwritten at its
    next run, and it makes a second one of a dataset that we pushed.
    """

    def __init__(self, remote: Sequence[Json]) -> None:
        self.by_id = {dataset["id"]: dataset for dataset in remote}
        self.harvested: dict[str, Json] = {}
        self._domains: set[tuple[str, str]] = set()
        self._stamped: dict[Stamp, list[Json]] = {}
        for dataset in sorted(remote, key=lambda dataset: str(dataset.get("created_at"))):
            self._add(dataset)

    @property
    def visible_count(self) -> int:
        """How many datasets with a stamp everybody can find."""
        return sum(any(map(is_public, found)) for found in self._stamped.values())

    def _add(self, dataset: Json) -> None:
        extras = dataset.get("extras") or {}
        # Anybody who edits the dataset there may write any JSON value under our keys.
        key = str(extras.get(mapping.STAMP_PORTAL)), str(extras.get(mapping.STAMP_DATASET))
        if mapping.STAMP_DATASET in extras:
            self._stamped.setdefault(key, []).append(dataset)
        harvest = dataset.get("harvest") or {}
        if harvest.get("remote_id") and not dataset.get("deleted"):
            self.harvested[harvest["remote_id"]] = dataset
            organization = (dataset.get("organization") or {}).get("id") or ""
            self._domains.add((organization, str(harvest.get("domain") or "").lower()))

    def stamps(self) -> Iterable[Stamp]:
        """Every stamp found, as (portal, dataset)."""
        return self._stamped.keys()

    def harvests(self, organization: str | None, host: str) -> bool:
        """Does data.gouv.fr harvest this host for this organisation?"""
        return bool(host) and (organization or "", host.lower()) in self._domains

    def of(
        self, portal_id: str, dataset_id: str, link: Link | None
    ) -> tuple[Json | None, list[Json]]:
        """The remote dataset of a portal dataset, and all the others that carry its stamp.

        The recorded one first, unless it was deleted and another lives; then the oldest that
        nobody archived.
        """
        recorded = self.by_id.get(link.remote_id) if link else None
        stamped = self._stamped.get((portal_id, dataset_id), [])
        # of two without a record, the one that was archived is the copy
        stamped = sorted(stamped, key=_rank)
        candidates = [*([recorded] if recorded else []), *stamped]
        twin = min(candidates, key=lambda remote: bool(remote.get("deleted")), default=None)
        others = {other["id"]: other for other in candidates if twin and other["id"] != twin["id"]}
        return twin, list(others.values())
