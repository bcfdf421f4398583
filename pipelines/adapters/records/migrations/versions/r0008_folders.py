"""
Which folder holds the index or the stored files is written down, so that no other machine takes its own for it.

A new table only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import FreeText, words


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "folders",
        sa.Column("what", words(16), nullable=False, comment="index or files"),
        sa.Column("mark", words(64), nullable=False, comment="what the folder's file `place` says"),
        sa.Column("shown", FreeText(), nullable=False, comment="machine and path, for people"),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_folders")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("folders")
