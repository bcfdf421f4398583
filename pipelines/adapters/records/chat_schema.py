"""The tables of questions, answers and the platforms that deliver them. `schema` has all tables."""

import sqlalchemy as sa

from pipelines.adapters.records.columns import FreeText, words
from pipelines.adapters.records.tables import METADATA, number, only


answers = sa.Table(
    "answers",
    METADATA,
    number(),
    sa.Column("asked_at", words(32), nullable=False),
    sa.Column("principal", FreeText, nullable=False),
    sa.Column("question", FreeText, nullable=False),
    sa.Column("outcome", words(16), nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("conversation", words(250), index=True, comment="what all its questions have in common"),
    # A name may be longer than what a tree of PostgreSQL takes.
    sa.Index(None, "principal", postgresql_using="hash"),
    sqlite_autoincrement=True,
)

feedback = sa.Table(
    "feedback",
    METADATA,
    sa.Column("answer", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", words(250), primary_key=True, comment="name of who gave it"),
    sa.Column("good", sa.Boolean, nullable=False),
    sa.Column("reason", words(32), nullable=False, comment="may be empty"),
    sa.Column("detail", FreeText, nullable=False, comment="may be empty"),
    sa.Column("given_at", words(32), nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    METADATA,
    number(),
    sa.Column("key", words(250), nullable=False, unique=True),
    sa.Column("platform", words(16), nullable=False),
    sa.Column("kind", words(16), nullable=False),
    sa.Column("lane", words(250), nullable=False, index=True, comment="what is done one after another; may be empty"),
    sa.Column("body", FreeText, nullable=False, comment="as it was received; empty once it is done"),
    sa.Column("asker", words(250), comment="whose question it is"),
    sa.Column("crowded", sa.Boolean, nullable=False, comment="too many waited in its lane"),
    sa.Column("received_at", sa.Float, nullable=False, index=True, comment="Unix time"),
    sa.Column("state", words(16), nullable=False),
    sa.Column("halt", words(16), comment="why it is not to be answered any more"),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("worker", words(250)),
    sa.Column("leased_until", sa.Float, nullable=False, comment="Unix time; of one that waits: when it may begin"),
    sa.Column("shown", sa.JSON, nullable=False, comment="which messages were posted for it"),
    sa.Column("answer", sa.Integer, comment="number of the recorded answer"),
    # Whoever looks for work reads what is open alone.
    sa.Index("ix_deliveries_waiting", "platform", "id", **only("waiting")),
    sa.Index("ix_deliveries_running", "asker", **only("running")),
    # Whatever two processes do at once: one delivery of a lane is worked on.
    sa.Index(
        "uq_deliveries_running",
        "lane",
        unique=True,
        sqlite_where=sa.text("state = 'running' AND lane <> ''"),
        postgresql_where=sa.text("state = 'running' AND lane <> ''"),
    ),
    sqlite_autoincrement=True,
)

account_changes = sa.Table(
    "account_changes",
    METADATA,
    number(),
    sa.Column("platform", words(16), nullable=False),
    sa.Column("told", sa.JSON, nullable=False, comment="what an account is now"),
    sa.Column("noted_at", sa.Float, nullable=False, index=True, comment="Unix time"),
    sqlite_autoincrement=True,
)

auto_answer_channels = sa.Table(
    "auto_answer_channels",
    METADATA,
    sa.Column("channel", words(250), primary_key=True, comment="platform, team and id"),
)
