"""
Who asks by a delivery, so that one person takes not all places.

A column that may be empty, so that the release before may still run while this one migrates.
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


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_deliveries_running", "deliveries")
    op.drop_column("deliveries", "asker")
