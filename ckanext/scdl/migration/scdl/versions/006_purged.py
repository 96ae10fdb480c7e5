"""Which datasets were private when they were purged, by identifier; an index on an item's date.

Revision ID: 006
Revises: 005
"""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

_UPDATED = "scdl_push_item_updated"


def upgrade():
    op.create_table(
        "scdl_push_purged",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.execute(
        "INSERT INTO scdl_push_purged (dataset_id) "
        "SELECT DISTINCT dataset_id FROM scdl_push_link WHERE purged_private"
    )
    op.drop_column("scdl_push_link", "purged_private")
    op.create_index(_UPDATED, "scdl_push_item", ["updated"])


def downgrade():
    op.drop_index(_UPDATED)
    private = sa.Column("purged_private", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("scdl_push_link", private)
    op.execute(
        "UPDATE scdl_push_link SET purged_private = true "
        "WHERE dataset_id IN (SELECT dataset_id FROM scdl_push_purged)"
    )
    op.drop_table("scdl_push_purged")
