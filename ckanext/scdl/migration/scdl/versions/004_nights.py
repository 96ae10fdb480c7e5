"""What the nightly push remembers besides: profiles, withdrawals, states told, figures read back.

Revision ID: 004
Revises: 003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def _text(name, **options):
    return sa.Column(name, sa.UnicodeText, **options)


def _when(name, **options):
    return sa.Column(name, sa.DateTime(timezone=True), **options)


RUN = (
    _text("kind", nullable=False, server_default="run"),
    _when("finished"),
    _when("deadline"),
    _when("next_request"),
    sa.Column("forced", sa.Boolean, nullable=False, server_default=sa.false()),
)


def upgrade():
    op.alter_column("scdl_push_run", "job_id", nullable=True)
    op.alter_column("scdl_push_run", "source_id", nullable=True)
    for column in RUN:
        op.add_column("scdl_push_run", column)
    op.create_index("scdl_push_run_profile_started", "scdl_push_run", ["profile", "started"])
    op.create_table(
        "scdl_push_profile",
        _text("profile", primary_key=True),
        _text("portal_url"),
        _when("paused"),
        _text("paused_by"),
        sa.Column("vocabulary", JSONB),
        _when("vocabulary_read"),
        sa.Column("told", JSONB),
    )
    op.create_table(
        "scdl_push_withdrawal",
        _text("dataset_id", primary_key=True),
        _text("reason", nullable=False),
        _text("by"),
        _when("at", nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "scdl_push_told",
        _text("profile", primary_key=True),
        _text("dataset_id", primary_key=True),
        _text("state", nullable=False),
        _text("code", nullable=False),
        _when("at", nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "scdl_push_figures",
        _text("profile", primary_key=True),
        _text("dataset_id", primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("figures", JSONB, nullable=False),
        _when("read", nullable=False, server_default=sa.func.now()),
    )


def downgrade():
    for table in (
        "scdl_push_figures",
        "scdl_push_told",
        "scdl_push_withdrawal",
        "scdl_push_profile",
    ):
        op.drop_table(table)
    op.drop_index("scdl_push_run_profile_started", "scdl_push_run")
    op.execute("DELETE FROM scdl_push_run WHERE job_id IS NULL OR source_id IS NULL")
    for column in RUN:
        op.drop_column("scdl_push_run", column.name)
    op.alter_column("scdl_push_run", "source_id", nullable=False)
    op.alter_column("scdl_push_run", "job_id", nullable=False)
