"""
What the index was made with is written down, so that embedder and analyser can be changed while it is asked.

A new table, and columns with a default, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "index_generations",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="0 is the first"),
        sa.Column("embedder", words(100), nullable=True, comment="NULL for words only"),
        sa.Column("dimensions", sa.Integer(), nullable=False, comment="numbers of a vector"),
        sa.Column("analyser", words(16), nullable=False),
        sa.Column("maker", sa.JSON(), nullable=True, comment="what the embedder is opened with"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_index_generations")),
    )
    for name, comment in (("generation", "in use"), ("copy_generation", "of what `copy` tells")):
        op.add_column("index_place", sa.Column(name, sa.Integer(), nullable=False, server_default="0", comment=comment))


def downgrade() -> None:
    """Take back."""
    op.drop_column("index_place", "copy_generation")
    op.drop_column("index_place", "generation")
    op.drop_table("index_generations")
