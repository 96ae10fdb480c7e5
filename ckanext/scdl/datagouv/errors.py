"""What can go wrong when data.gouv.fr is called: one type for each thing that a person can do.

Every error carries a ``Finding`` (code and parameters); ``str()`` gives the French sentence.
None ever holds the API key.  Imports only findings and their texts.
"""

from __future__ import annotations

from ckanext.scdl.datagouv import texts
from ckanext.scdl.datagouv.finding import Finding


class DatagouvError(Exception):
    """Any failure of the push.  ``code`` is the default code of the type."""

    code = "datagouv_error"
    retry_after: float | None = None  # seconds that data.gouv.fr asks to wait

    def __init__(self, code: str = "", /, **params: str) -> None:
        self.finding = Finding(code or self.code, params)
        super().__init__(texts.sentence(self.finding, "fr"))


class ProfileInvalid(DatagouvError):
    """The profile in the portal's configuration cannot be used."""

    code = "profile_invalid"


class Unauthorized(DatagouvError):
    """401: the key is unknown, revoked or expired."""

    code = "key_refused"


class Forbidden(DatagouvError):
    """403, or a role in the organisation that cannot edit."""

    code = "forbidden"


class NotFound(DatagouvError):
    """404: no such object, or one that this key may not see."""

    code = "not_found"


class Gone(DatagouvError):
    """410: the object was deleted on data.gouv.fr."""

    code = "gone"


class Refused(DatagouvError):
    """400 and the other 4xx: what was sent is not accepted.

    ``finding.params["details"]`` names the fields, with data.gouv.fr's own words, if it says any.
    """

    code = "refused"


class ReadOnly(DatagouvError):
    """423: data.gouv.fr accepts no creation for now."""

    code = "read_only"


class Redirected(DatagouvError):
    """3xx: the profile's address is not the final one; a write is never sent on."""

    code = "redirected"


class Unavailable(DatagouvError):
    """No usable answer: network, time limit, 429, 5xx, an answer that is not JSON.

    ``maybe_committed`` tells that a write may have been carried out all the same.
    """

    code = "unavailable"

    def __init__(self, code: str = "", /, *, maybe_committed: bool = False, **params: str) -> None:
        self.maybe_committed = maybe_committed
        super().__init__(code, **params)


class CatalogueUnavailable(Unavailable):
    """data.gouv.fr cannot reach its catalogue of schemas: every write with a schema would fail."""

    code = "catalogue_unavailable"
