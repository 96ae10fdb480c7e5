"""What the server holds when it starts: users with their keys, organisations, licences, zones.

Everybody is fictitious.  Keys are the same at every start; identifiers are not: read the seed file.
"""

import json
from datetime import UTC, datetime
from typing import Any

from settings import BASE, SEED
from udata.core.api_token.models import ApiToken, _hash_token
from udata.core.dataset.models import License
from udata.core.organization.models import Member, Organization
from udata.core.spatial.models import GeoLevel, GeoZone
from udata.core.user.models import Role, User
from udata.mongo import db
from udata.utils import get_udata_version

LICENCES = [
    ("notspecified", "License Not Specified", ["generic"]),
    ("lov2", "Licence Ouverte / Open Licence version 2.0", ["domain_data", "okd_compliant"]),
    ("fr-lo", "Licence Ouverte / Open Licence", ["okd_compliant"]),
    ("odc-odbl", "Open Data Commons Open Database License (ODbL)", ["okd_compliant"]),
    ("odc-pddl", "Open Data Commons Public Domain Dedication and Licence", ["domain_data"]),
    ("odc-by", "Open Data Commons Attribution License", ["domain_data"]),
    ("cc-by", "Creative Commons Attribution", ["domain_content"]),
    ("cc-by-sa", "Creative Commons Attribution Share-Alike", ["domain_content"]),
    ("cc-zero", "Creative Commons CCZero", ["domain_content"]),
    ("mobility-licence", "Mobility Licence", []),
    ("other-at", "Other (Attribution)", ["generic"]),
    ("other-open", "Other (Open)", ["generic"]),
    ("other-pd", "Other (Public Domain)", ["generic"]),
]

LEVELS = [
    ("country", "country"),
    ("fr:region", "French region"),
    ("fr:departement", "French county"),
    ("fr:epci", "EPCI"),
    ("fr:commune", "French town"),
]

TOWNS = {
    "44109": "Nantes",
    "44162": "Saint-Herblain",
    "44143": "Rezé",
    "44190": "Saint-Sébastien-sur-Loire",
    "44114": "Orvault",
    "44215": "Vertou",
    "44026": "Carquefou",
}
ZONES = [
    ("country:fr", "France"),
    ("fr:departement:44", "Loire-Atlantique"),
    ("fr:epci:244400404", "Nantes Métropole"),
    *((f"fr:commune:{code}", name) for code, name in TOWNS.items()),
]

# (key in the seed file, first name, last name, address)
USERS = [
    ("editor", "Erin", "Editor", "editor@example.org"),
    ("admin", "Ada", "Admin", "admin@example.org"),
    ("partial_editor", "Paul", "Partial", "partial@example.org"),
    ("outsider", "Olga", "Outsider", "outsider@example.org"),
    ("sysadmin", "Sam", "Sysadmin", "sys@example.org"),
]
KEYS = {name: f"udata_lab-{name}-key-0123456789abcdef" for name, *_ in USERS}


def plant() -> dict[str, Any]:
    """Empty the database, fill it again, write the seed file and return its content."""
    _empty()
    _references()
    users = _users()
    organizations = _organizations(users)
    other = _organization("Autre Organisation", {"admin": users["outsider"]})
    return _write(_description(users, organizations, other))


def _empty() -> None:
    database = db.connection["udata"]
    for name in database.list_collection_names():
        if not name.startswith("system."):
            database[name].delete_many({})


def _references() -> None:
    for identifier, title, flags in LICENCES:
        License(id=identifier, title=title, flags=flags, active=True).save()
    for rank, (identifier, name) in enumerate(LEVELS, start=1):
        GeoLevel(id=identifier, name=name, admin_level=20 * rank).save()
    for identifier, name in ZONES:
        _zone(identifier, name)


def _zone(identifier: str, name: str) -> None:
    level, code = identifier.rsplit(":", 1)
    uri = f"http://id.insee.fr/geo/{identifier}"
    GeoZone(id=identifier, name=name, slug=code, level=level, code=code, uri=uri).save()


def _users() -> dict[str, User]:
    admin = Role(name="admin", description="admin").save()
    return {
        key: _user(first, last, address, KEYS[key], [admin] if key == "sysadmin" else [])
        for key, first, last, address in USERS
    }


def _user(first: str, last: str, address: str, key: str, roles: list[Role]) -> User:
    user = User(
        first_name=first,
        last_name=last,
        email=address,
        password="",
        active=True,
        fs_uniquifier=address,
        roles=roles,
        confirmed_at=datetime.now(UTC),
    ).save()
    ApiToken(token_hash=_hash_token(key), token_prefix=key[:14], user=user, name="lab").save()
    return user


def _organizations(users: dict[str, User]) -> list[Organization]:
    editors = {role: users[role] for role in ("admin", "editor")}
    everybody = {**editors, "partial_editor": users["partial_editor"]}
    return [
        _organization("Ville de Labo", everybody, acronym="VL"),
        _organization("Métropole de Labo", editors),
        _organization("Commune de Labo-le-Vieux", editors),
    ]


def _organization(name: str, members: dict[str, User], **more: str) -> Organization:
    return Organization(
        name=name,
        description="Organisation de test",
        members=[Member(user=user, role=role) for role, user in members.items()],
        **more,
    ).save()


def _description(
    users: dict[str, User], organizations: list[Organization], other: Organization
) -> dict[str, Any]:
    first = organizations[0]
    return {
        "base_url": BASE,
        "api": f"{BASE}/api/1",
        "udata": get_udata_version(),
        "api_key": KEYS["editor"],
        "organization": str(first.id),
        "organization_slug": first.slug,
        "other_organization": str(other.id),
        "organizations": {one.slug: str(one.id) for one in organizations},
        "keys": KEYS,
        "users": {key: str(user.id) for key, user in users.items()},
        "licenses": [identifier for identifier, *_ in LICENCES],
        "zones": [identifier for identifier, _ in ZONES],
    }


def _write(description: dict[str, Any]) -> dict[str, Any]:
    """In one move: a reader never sees half a file."""
    SEED.parent.mkdir(parents=True, exist_ok=True)
    temporary = SEED.with_name(SEED.name + ".tmp")
    temporary.write_text(json.dumps(description, indent=1), encoding="utf-8")
    temporary.replace(SEED)
    return description
