"""Publication on data.gouv.fr: what the portal's glue uses.

``gather`` plans, ``carry_out`` writes one item; ``Profile``, ``Client`` and a ``Ledger`` are what
they need.  The modules behind never import ``ckan``.
"""

from __future__ import annotations

from ckanext.scdl.datagouv.client import Client
from ckanext.scdl.datagouv.errors import DatagouvError
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Ledger, Link
from ckanext.scdl.datagouv.outcome import STATES, Outcome
from ckanext.scdl.datagouv.plan import PlannedItem
from ckanext.scdl.datagouv.portal import PortalDataset, PortalResource, Wanted
from ckanext.scdl.datagouv.profile import Profile
from ckanext.scdl.datagouv.push import (
    SETTLING,
    carry_out,
    check_connection,
    gather,
)
from ckanext.scdl.datagouv.transport import Limits

__all__ = [
    "SETTLING",
    "STATES",
    "Client",
    "DatagouvError",
    "Finding",
    "Ledger",
    "Limits",
    "Link",
    "Outcome",
    "PlannedItem",
    "PortalDataset",
    "PortalResource",
    "Profile",
    "Wanted",
    "carry_out",
    "check_connection",
    "gather",
]
