"""
The list of files that were handed in stands here, so that every machine knows them; their bytes are blobs.

A new table only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import text, words


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "uploads",
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", text(), nullable=False, comment="at most 1000 bytes"),
        sa.Column("content_hash", words(64), nullable=False, comment="the name of its stored file"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("received_at", words(32), nullable=False),
        sa.PrimaryKeyConstraint("source", "path", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_content_hash"), "uploads", ["content_hash"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("uploads")
