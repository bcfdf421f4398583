"""
Deliveries of chat platforms, and the conversation of an answer.

A new table and a column that may be empty, so that the release before may still run while this one migrates.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import FreeText, words


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_RUNNING = sa.text("state = 'running' AND lane <> ''")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", words(250), nullable=False),
        sa.Column("platform", words(16), nullable=False),
        sa.Column("kind", words(16), nullable=False),
        sa.Column("lane", words(250), nullable=False, comment="what is done one after another; may be empty"),
        sa.Column("body", FreeText(), nullable=False, comment="as it was received; empty once it is done"),
        sa.Column("crowded", sa.Boolean(), nullable=False, comment="too many waited in its lane"),
        sa.Column("received_at", sa.Float(), nullable=False, comment="Unix time"),
        sa.Column("state", words(16), nullable=False),
        sa.Column("halt", words(16), comment="why it is not to be answered any more"),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", words(250)),
        sa.Column(
            "leased_until", sa.Float(), nullable=False, comment="Unix time; of one that waits: when it may begin"
        ),
        sa.Column("shown", sa.JSON(), nullable=False, comment="which messages were posted for it"),
        sa.Column("answer", sa.Integer(), comment="number of the recorded answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
        sqlite_autoincrement=True,
    )
    op.add_column("answers", sa.Column("conversation", words(250), comment="what all its questions have in common"))
    op.create_index(op.f("ix_answers_conversation"), "answers", ["conversation"])
    op.create_index(op.f("ix_deliveries_lane"), "deliveries", ["lane"])
    op.create_index(op.f("ix_deliveries_received_at"), "deliveries", ["received_at"])
    op.create_index(
        "ix_deliveries_waiting", "deliveries", ["platform", "id"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_index(
        "uq_deliveries_running",
        "deliveries",
        ["lane"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_answers_conversation"), "answers")
    op.drop_column("answers", "conversation")
