"""
Who asks by a delivery, so that one person takes not all places; what platforms told of accounts, for all processes.

A column that may be empty and a new table, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Apply."""
    op.add_column("deliveries", sa.Column("asker", words(250), comment="whose question it is"))
    op.create_index("ix_deliveries_running", "deliveries", ["asker"], sqlite_where=_RUNNING, postgresql_where=_RUNNING)
    op.create_table(
        "account_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("platform", words(16), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False, comment="what an account is now"),
        sa.Column("noted_at", sa.Float(), nullable=False, comment="Unix time"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_changes_noted_at"), "account_changes", ["noted_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("account_changes")
    op.drop_index("ix_deliveries_running", "deliveries")
    op.drop_column("deliveries", "asker")
