"""
Admins say how answers of a base are written; what language models are used for is counted by day.

New tables only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import FreeText, words


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "answering_rules",
        sa.Column("kb", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("style", FreeText(), nullable=False),
        sa.Column("glossary", sa.JSON(), nullable=False, comment="[word, meaning]"),
        sa.Column("strict", sa.Boolean(), nullable=False, comment="a model's own words are withheld"),
        sa.Column("tokens_per_day", sa.BigInteger(), comment="NULL for any number"),
        sa.Column("money_per_day", sa.BigInteger(), comment="millionths; NULL for any"),
        sa.PrimaryKeyConstraint("kb", name=op.f("pk_answering_rules")),
    )
    op.create_table(
        "model_usage",
        sa.Column("day", words(10), nullable=False, comment="ISO 8601, UTC"),
        sa.Column("kb", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False, comment="millionths"),
        sa.PrimaryKeyConstraint("day", "kb", name=op.f("pk_model_usage")),
    )
    op.create_table(
        "model_quota",
        sa.Column("day", words(10), nullable=False, comment="ISO 8601, UTC"),
        sa.Column("person", words(64), nullable=False, comment="SHA-256 of the name"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "person", name=op.f("pk_model_quota")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("model_quota")
    op.drop_table("model_usage")
    op.drop_table("answering_rules")
