"""data.gouv.fr's API, one method for each call that the push needs, and no more.

Addresses always use identifiers and end in a slash: data.gouv.fr redirects the others, and a
redirected write is lost.  Every method may raise the errors of ``errors``.  Imports the transport.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote

from ckanext.scdl.datagouv import errors
from ckanext.scdl.datagouv.profile import Profile
from ckanext.scdl.datagouv.transport import Limits, Pace, Transport, Upload

Json = dict[str, Any]

# All that the plan compares: a fifth of the whole object's weight.
LISTED_FIELDS = (
    "id,title,description,license,frequency,tags,temporal_coverage,spatial,private,archived,"
    "deleted,created_at,extras,harvest,organization{id},page,metrics,quality,"
    "contact_points{id,name,email},"
    "resources{id,title,description,url,filetype,type,format,mime,filesize,checksum,schema,extras,"
    "metrics}"
)
PAGE_SIZE = 100
MOST_PAGES = 1000


class Client:
    """The API as one profile sees it; use it as a context manager."""

    def __init__(
        self,
        profile: Profile,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        pace: Pace | None = None,
    ) -> None:
        self.profile = profile
        self.limits = limits or Limits()
        self.sleep = sleep
        self._transport = Transport(profile, self.limits, sleep, pace)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._transport.requests

    @property
    def writes(self) -> int:
        """How many of them could change something."""
        return self._transport.writes

    # Who we are

    def me(self) -> Json:
        """The account that the key belongs to.  Raises Unauthorized."""
        return _one(self._object("1/me/"))

    def organization(self, organization: str) -> Json:
        """An organisation with its members and their roles.  Raises NotFound or Gone."""
        answer = _one(self._object(f"1/organizations/{_segment(organization)}/"))
        _identified(answer.get("members"), "user")
        return answer

    # What is accepted

    def licences(self) -> frozenset[str]:
        """Identifiers of the licences."""
        return self._identifiers("1/datasets/licenses/")

    def frequencies(self) -> frozenset[str]:
        """Identifiers of the update frequencies."""
        return self._identifiers("1/datasets/frequencies/")

    def granularities(self) -> frozenset[str]:
        """Identifiers of the spatial granularities."""
        return self._identifiers("1/spatial/granularities/")

    def schemas(self) -> dict[str, frozenset[str]]:
        """Versions of each schema of the catalogue, by name.  Raises CatalogueUnavailable."""
        try:
            schemas = _identified(self._transport.get("1/datasets/schemas/"), "name")
        except errors.Unavailable as error:
            if error.finding.params.get("status") != "503":
                raise
            raise errors.CatalogueUnavailable from None
        return {schema["name"]: _versions(schema) for schema in schemas}

    def zone_exists(self, zone: str) -> bool:
        """Does data.gouv.fr know this territory?"""
        try:
            self._object(f"1/spatial/zone/{_segment(zone)}/")
        except errors.NotFound:
            return False
        return True

    def extensions(self) -> frozenset[str]:
        """Extensions of the files that may be uploaded, without dot."""
        found = self._transport.get("1/datasets/extensions/")
        if not isinstance(found, list):
            raise errors.Unavailable("not_json")
        return frozenset(map(str, found))

    def contact(self, organization: str, name: str, email: str) -> str:
        """The identifier of an organisation's contact point, made if there is none like it."""
        body = {"name": name, "email": email, "role": "contact", "organization": organization}
        return str(_one(self._transport.write("POST", "1/contacts/", body), write=True)["id"])

    # Datasets

    def datasets(self, organization: str) -> Iterator[Json]:
        """All of an organisation's datasets: private, archived and deleted ones included.

        Oldest first, so that a dataset created meanwhile moves no page.
        """
        for page in range(1, MOST_PAGES + 1):
            answer = self._page(organization, page)
            yield from _identified(answer.get("data"))
            if not answer.get("next_page"):
                return
        raise errors.Unavailable("answer_too_large")

    def dataset(self, dataset: str) -> Json:
        """One dataset; a deleted one too, with ``deleted`` set.  Raises NotFound or Gone."""
        return _one(self._object(f"1/datasets/{_segment(dataset)}/"))

    def create_dataset(self, body: Mapping[str, Any]) -> Json:
        """Create a dataset with its resources and return it.  Not to be called again in doubt."""
        return _one(self._transport.write("POST", "1/datasets/", body), write=True)

    def update_dataset(self, dataset: str, body: Mapping[str, Any]) -> Json:
        """Replace the fields sent.  ``tags`` and ``temporal_coverage`` are erased when absent."""
        path = f"1/datasets/{_segment(dataset)}/"
        return _one(self._transport.write("PUT", path, body), write=True)

    def update_resource(self, dataset: str, resource: str, body: Mapping[str, Any]) -> Json:
        """Replace a resource's fields; always moves its date of update."""
        path = f"1/datasets/{_segment(dataset)}/resources/{_segment(resource)}/"
        return _one(self._transport.write("PUT", path, body), write=True)

    def add_file(self, dataset: str, upload: Upload) -> Json:
        """Upload a new resource, which data.gouv.fr puts first.  Not to be called again in doubt.

        Its title is the name of the file.
        """
        path = f"1/datasets/{_segment(dataset)}/upload/"
        return _one(self._transport.upload(path, upload), write=True)

    def replace_file(self, dataset: str, resource: str, upload: Upload) -> Json:
        """Put another file in the place of a resource's; its title becomes the name of the file."""
        path = f"1/datasets/{_segment(dataset)}/resources/{_segment(resource)}/upload/"
        return _one(self._transport.upload(path, upload), write=True)

    def delete_resource(self, dataset: str, resource: str) -> None:
        """Delete a resource, and its file if data.gouv.fr holds it; nothing if it is gone."""
        path = f"1/datasets/{_segment(dataset)}/resources/{_segment(resource)}/"
        try:
            self._transport.delete(path)
        except (errors.NotFound, errors.Gone):
            return

    def _page(self, organization: str, page: int) -> Json:
        query = f"organization={_segment(organization)}&sort=created&page={page}"
        return self._object(
            f"1/datasets/?{query}&page_size={PAGE_SIZE}",
            {"X-Fields": f"data{{{LISTED_FIELDS}}},next_page,total"},
        )

    def _object(self, path: str, headers: Mapping[str, str] | None = None) -> Json:
        return _as_object(self._transport.get(path, headers))

    def _identifiers(self, path: str) -> frozenset[str]:
        return frozenset(item["id"] for item in _identified(self._transport.get(path)))


def _segment(value: str) -> str:
    """A value made safe in a path: an identifier never changes which call is made."""
    return quote(value, safe=":")


# An answer of another shape does not come from data.gouv.fr (a proxy's page, another site).


def _as_object(value: Any, *, write: bool = False) -> Json:
    if not isinstance(value, dict):
        raise errors.Unavailable("not_json", maybe_committed=write)
    return value


def _one(value: Any, *, write: bool = False) -> Json:
    if not isinstance(_as_object(value, write=write).get("id"), str):
        raise errors.Unavailable("not_json", maybe_committed=write)
    return _as_object(value)


def _identified(value: Any, key: str = "id") -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(v, dict) and key in v for v in value):
        raise errors.Unavailable("not_json")
    return value


def _versions(schema: Json) -> frozenset[str]:
    return frozenset(version["version_name"] for version in schema.get("versions") or [])
