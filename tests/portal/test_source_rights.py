"""A source of type data.gouv.fr spends the portal's key: it is for sysadmins only.

Each way is first taken by the same person with a source of another type, which they may do.
"""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

pytestmark = [pytest.mark.portal, pytest.mark.udata, pytest.mark.usefixtures("portal", "profile")]

OTHER, OURS = "ckan", "datagouv"
WAYS = {
    "harvest_source_update": lambda source: {**source, "title": "Autre"},
    "harvest_source_patch": lambda source: {"id": source["id"], "title": "Autre"},
    "harvest_source_clear": lambda source: {"id": source["id"]},
    "harvest_source_delete": lambda source: {"id": source["id"]},
    "harvest_job_create": lambda source: {"source_id": source["id"]},
    "package_update": lambda source: {**source, "title": "Autre"},
    "package_patch": lambda source: {"id": source["id"], "title": "Autre"},
    "package_revise": lambda source: {"match__id": source["id"], "update__title": "Autre"},
    "package_delete": lambda source: {"id": source["id"]},
    "bulk_update_private": lambda source: _several(source),
    "bulk_update_public": lambda source: _several(source),
    "bulk_update_delete": lambda source: _several(source),
}


def _several(source):
    return {"org_id": source["owner_org"], "datasets": [source["id"]]}


@pytest.fixture
def admin(organization):
    """An administrator of the organisation, not of the portal."""
    user = factories.User()
    member = {"id": organization["id"], "username": user["name"], "role": "admin"}
    tk.get_action("organization_member_create")({"ignore_auth": True, "user": ""}, member)

    def act(action, data):
        return tk.get_action(action)({"user": user["name"]}, data)

    return act


@pytest.fixture
def described(organization):
    """A function: the description of a new source of this type."""

    def describe(kind):
        name = factories.Dataset.stub().name
        config = {"config": '{"profile": "essai"}'} if kind == OURS else {}
        return {
            "name": name,
            "title": "Une source",
            "url": f"https://{name}.example",
            "type": "harvest",
            "source_type": kind,
            "owner_org": organization["id"],
            **config,
        }

    return describe


@pytest.fixture
def make_source(described):
    def make(kind):
        context = {"ignore_auth": True, "user": ""}
        return tk.get_action("harvest_source_create")(context, described(kind))

    return make


@pytest.mark.parametrize("action", WAYS)
def test_an_organisation_admin_cannot_touch_it(make_source, admin, action):
    admin(action, WAYS[action](make_source(OTHER)))
    data = WAYS[action](make_source(OURS))
    with pytest.raises(tk.NotAuthorized):
        admin(action, data)


@pytest.mark.parametrize("action", ["harvest_source_create", "package_create"])
def test_nor_create_one(described, admin, action):
    admin(action, described(OTHER))
    with pytest.raises(tk.NotAuthorized):
        admin(action, described(OURS))


def test_nor_turn_another_into_one(make_source, admin):
    other = make_source(OTHER)
    with pytest.raises(tk.NotAuthorized):
        admin("harvest_source_update", {**other, "source_type": OURS})
