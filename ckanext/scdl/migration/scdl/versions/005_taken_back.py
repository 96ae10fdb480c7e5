"""What was private when it was purged; whether a run met all datasets; troubles told by source.

Revision ID: 005
Revises: 004
"""

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def _flag(name, default):
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def upgrade():
    op.add_column("scdl_push_link", _flag("purged_private", sa.false()))
    op.add_column("scdl_push_run", _flag("whole", sa.true()))
    _forget_told()


def downgrade():
    op.drop_column("scdl_push_run", "whole")
    op.drop_column("scdl_push_link", "purged_private")
    _forget_told()


def _forget_told():
    """It has another form: a trouble that lasts is told once more."""
    op.execute("UPDATE scdl_push_profile SET told = NULL")
