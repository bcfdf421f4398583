"""
Sources have options, and documents the address under which their source shows them.

Both columns may be empty, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import text


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    options = sa.Column("options", sa.JSON(), nullable=True, comment="name -> value; NULL for none")
    op.add_column("sources", options)
    shown = "where its source shows it; NULL for a file of this machine"
    op.add_column("document_versions", sa.Column("address", text(), nullable=True, comment=shown))


def downgrade() -> None:
    """Take back."""
    op.drop_column("document_versions", "address")
    op.drop_column("sources", "options")
