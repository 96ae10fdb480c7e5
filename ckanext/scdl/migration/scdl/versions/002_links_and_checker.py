"""Reports on linked files, the size that a file had, and which version of ours checked it.

Revision ID: 002
Revises: 001
"""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

TEXTS = ("checker", "url", "etag", "url_modified")


def upgrade():
    op.add_column("scdl_file_report", sa.Column("file_size", sa.BigInteger))
    for name in TEXTS:
        op.add_column("scdl_file_report", sa.Column(name, sa.UnicodeText))


def downgrade():
    for name in (*TEXTS, "file_size"):
        op.drop_column("scdl_file_report", name)
