"""Migrations that carry rows over: the tests' own database is made empty, at the last one."""

import uuid

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

pytestmark = [pytest.mark.portal, pytest.mark.usefixtures("portal")]


def rows(query):
    with model.meta.engine.begin() as connection:
        return connection.execute(sa.text(query)).all()


@pytest.fixture
def at(cli):
    """A function that brings the tables to a migration; back to the last one in the end."""

    def move(version):
        model.Session.remove()  # a transaction left open would hold the tables
        done = cli.invoke(ckan, ["db", "downgrade", "-p", "scdl", "-v", version])
        assert done.exit_code == 0, done.output

    def last():
        model.Session.remove()
        done = cli.invoke(ckan, ["db", "upgrade", "-p", "scdl"])
        assert done.exit_code == 0, done.output

    move.last = last
    yield move
    last()


def test_what_was_private_at_its_purge_is_known_before_and_after(at):
    name = str(uuid.uuid4())
    at.last()
    rows(f"INSERT INTO scdl_push_purged (dataset_id) VALUES ('{name}') RETURNING 1")
    link = f"'essai', '{name}', '{{}}', now()"
    columns = "profile, dataset_id, link, updated"
    rows(f"INSERT INTO scdl_push_link ({columns}) VALUES ({link}) RETURNING 1")
    at("005")
    of_it = f"WHERE dataset_id = '{name}'"
    assert rows(f"SELECT purged_private FROM scdl_push_link {of_it}") == [(True,)]
    at.last()
    assert rows(f"SELECT dataset_id FROM scdl_push_purged {of_it}") == [(name,)]
    rows(f"DELETE FROM scdl_push_link {of_it} RETURNING 1")
    rows(f"DELETE FROM scdl_push_purged {of_it} RETURNING 1")
