"""Publication on data.gouv.fr: what the portal's glue uses.

``gather`` reads and plans, ``prepare`` makes what the items share, ``carry_out`` writes one item;
``Profile``, ``Client`` and a ``Ledger`` are what they need.  The modules behind never import
``ckan``.
"""

from __future__ import annotations

from ckanext.scdl.datagouv.client import Client
from ckanext.scdl.datagouv.errors import DatagouvError
from ckanext.scdl.datagouv.finding import Finding
from ckanext.scdl.datagouv.ledger import Ledger, Link, is_sent_once
from ckanext.scdl.datagouv.outcome import STATES, Outcome
from ckanext.scdl.datagouv.plan import PlannedItem, in_order
from ckanext.scdl.datagouv.portal import (
    Contact,
    PortalDataset,
    PortalResource,
    Vocabulary,
    Wanted,
)
from ckanext.scdl.datagouv.profile import Profile
from ckanext.scdl.datagouv.push import (
    SETTLING,
    Survey,
    carry_out,
    check_catalogue,
    check_connection,
    gather,
    prepare,
    settling,
)
from ckanext.scdl.datagouv.transport import Limits

__all__ = [
    "SETTLING",
    "STATES",
    "Client",
    "Contact",
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
    "Survey",
    "Vocabulary",
    "Wanted",
    "carry_out",
    "check_catalogue",
    "check_connection",
    "gather",
    "in_order",
    "is_sent_once",
    "prepare",
    "settling",
]
