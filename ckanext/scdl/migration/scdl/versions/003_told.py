"""The file that its depositor was last told of.

Revision ID: 003
Revises: 002
"""

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("scdl_file_report", sa.Column("told", sa.UnicodeText))
    op.execute("UPDATE scdl_file_report SET told = sha256 WHERE NOT conforming AND sha256 <> ''")


def downgrade():
    op.drop_column("scdl_file_report", "told")
