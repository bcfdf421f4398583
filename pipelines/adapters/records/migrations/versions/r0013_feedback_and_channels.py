"""
What people say of answers, in which channels questions are answered without a mention, and an index of who asked.

New tables and an index, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import FreeText, words


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "feedback",
        sa.Column("answer", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", words(250), nullable=False, comment="name of who gave it"),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", words(32), nullable=False, comment="may be empty"),
        sa.Column("detail", FreeText(), nullable=False, comment="may be empty"),
        sa.Column("given_at", words(32), nullable=False),
        sa.PrimaryKeyConstraint("answer", "person", name=op.f("pk_feedback")),
    )
    op.create_table(
        "auto_answer_channels",
        sa.Column("channel", words(250), nullable=False, comment="platform, team and id"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_auto_answer_channels")),
    )
    # A name may be longer than what a tree of PostgreSQL takes.
    op.create_index(op.f("ix_answers_principal"), "answers", ["principal"], postgresql_using="hash")


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_answers_principal"), "answers")
    op.drop_table("auto_answer_channels")
    op.drop_table("feedback")
