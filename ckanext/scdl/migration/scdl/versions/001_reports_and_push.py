"""Reports on stored files, and the memory of the push to data.gouv.fr.

Revision ID: 001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name, **options):
    return sa.Column(name, sa.UnicodeText, **options)


def _when(name):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def upgrade():
    op.create_table(
        "scdl_file_report",
        sa.Column(
            "resource_id",
            sa.UnicodeText,
            sa.ForeignKey("resource.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        _text("package_id", nullable=False, index=True),
        _text("sha256", nullable=False),
        sa.Column("conforming", sa.Boolean, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        _when("checked"),
        _text("file_date"),
        _text("source_sha256"),
    )
    op.create_table(
        "scdl_push_link",
        _text("profile", primary_key=True),
        _text("dataset_id", primary_key=True),
        sa.Column("link", JSONB, nullable=False),
        _when("updated"),
    )
    op.create_table(
        "scdl_push_run",
        _text("id", primary_key=True),
        _text("profile", nullable=False),
        _text("source_id", nullable=False, index=True),
        _text("job_id", nullable=False, unique=True),
        _when("started"),
        sa.Column("problem", JSONB),
    )
    op.create_table(
        "scdl_push_item",
        sa.Column(
            "run_id",
            sa.UnicodeText,
            sa.ForeignKey("scdl_push_run.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        _text("dataset_id", primary_key=True, index=True),
        _text("state", nullable=False),
        sa.Column("plan", JSONB, nullable=False),
        _text("step"),
        sa.Column("outcome", JSONB),
        _when("updated"),
    )


def downgrade():
    for table in ("scdl_push_item", "scdl_push_run", "scdl_push_link", "scdl_file_report"):
        op.drop_table(table)
