"""
Bases are synced at intervals, a person is told once when that fails, and stored files that nothing refers to go.

New tables only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "schedules",
        sa.Column("kind", words(32), nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False, comment="0 for the whole installation"),
        sa.Column("every", sa.Integer(), nullable=False, comment="seconds"),
        sa.Column("since", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.Column("next_at", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.PrimaryKeyConstraint("kind", "kb", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_next_at"), "schedules", ["next_at"])
    op.create_table(
        "alerts",
        sa.Column("kb", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alert", words(16), nullable=False),
        sa.Column("since", words(32), nullable=False),
        sa.PrimaryKeyConstraint("kb", name=op.f("pk_alerts")),
    )
    op.create_table(
        "orphans",
        sa.Column("name", words(64), nullable=False, comment="of a stored file"),
        sa.Column("since", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_orphans")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("orphans")
    op.drop_table("alerts")
    op.drop_index(op.f("ix_schedules_next_at"), table_name="schedules")
    op.drop_table("schedules")
