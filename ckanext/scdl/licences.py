"""The Licence Ouverte 2.0, which CKAN's own list of licences lacks."""

from __future__ import annotations

from ckan import model
from ckan.model.license import License

LOV2 = {
    "id": "lov2",
    "title": "Licence Ouverte / Open Licence 2.0 (Etalab)",
    "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "status": "active",
    "od_conformance": "approved",
    "osd_conformance": "not reviewed",
    "domain_content": True,
    "domain_data": True,
    "domain_software": False,
    "family": "",
    "is_generic": False,
    "maintainer": "Etalab (DINUM)",
}


def add_licence_ouverte() -> None:
    """Put `lov2` first in the portal's register, unless its administrator already lists it."""
    register = model.Package.get_license_register()
    if not any(licence.id == LOV2["id"] for licence in register.licenses):
        register.licenses.insert(0, License(LOV2))
