"""
Routes to tuned models, and calls of models that another process makes.

New tables only, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import words


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "routes",
        sa.Column("kb", sa.Integer(), autoincrement=False, nullable=False, comment="0 for all bases"),
        sa.Column("whom", words(250), nullable=False, comment="channel:ID, group:ID; empty for all"),
        sa.Column("rule", sa.JSON(none_as_null=True), comment="NULL for none any more"),
        sa.Column("previous", sa.JSON(none_as_null=True), comment="before its last change; NULL for none"),
        sa.PrimaryKeyConstraint("kb", "whom", name=op.f("pk_routes")),
    )
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("model", words(250), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False, comment="[role, text]"),
        sa.Column("seconds", sa.Float(), nullable=False, comment="that its caller waits"),
        sa.Column("deadline", sa.Float(), nullable=False, comment="Unix time by its caller's clock"),
        sa.Column("cancelled", sa.Boolean(), nullable=False, comment="its caller has left"),
        sa.Column("state", words(16), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", words(250)),
        sa.Column("result", sa.JSON(none_as_null=True), comment="a reply or a fault; NULL until it is over"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_model_calls_state"), "model_calls", ["state"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("model_calls")
    op.drop_table("routes")
