"""
Which engine holds the index is written down, so that it can be moved while it is asked.

A new table only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "index_place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="1: there is one row"),
        sa.Column("engine", words(16), nullable=False),
        sa.Column("copy", words(16), nullable=True, comment="what the other engine holds"),
        sa.Column("since", words(32), nullable=False),
        sa.Column("worker", words(250), nullable=True, comment="who moves it"),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.Column("holds_writes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_place")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("index_place")
