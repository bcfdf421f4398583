"""
Large syncs are cut into parts.

New tables only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sync_plans",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("job", sa.Integer(), nullable=False, comment="the job that goes on with it"),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("generation", words(64), nullable=False, comment="how documents are read"),
        sa.Column("began", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.Column("inherited", sa.Boolean(), nullable=False, comment="planned by another job"),
        sa.Column("noticed", sa.Integer(), nullable=False, comment="parts, and files done, when its job was last left"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_plans")),
        sa.UniqueConstraint("job", name=op.f("uq_sync_plans_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sync_plans_kb"), "sync_plans", ["kb"], unique=False)
    op.create_table(
        "sync_parts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="files"),
        sa.Column("done", sa.Integer(), nullable=False, comment="the first files, staged or rejected"),
        sa.Column("rejected", sa.JSON(), nullable=False, comment="[path, reason]"),
        sa.Column("chunks_added", sa.Integer(), nullable=False),
        sa.Column("chunks_removed", sa.Integer(), nullable=False),
        sa.Column("chunks_embedded", sa.Integer(), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="starts since it got any further"),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", words(250), nullable=True),
        sa.Column("leased_until", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_parts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sync_parts_plan"), "sync_parts", ["plan"], unique=False)
    op.create_index(op.f("ix_sync_parts_state"), "sync_parts", ["state"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("sync_parts")
    op.drop_table("sync_plans")
