"""The tables of the records, as the newest migration leaves them."""

from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records.columns import FreeText, text, words


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> sa.Column[int]:
    """Return the primary key of a table whose numbers are never given again."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _only(state: str) -> dict[str, Any]:
    """Return what limits an index of jobs to those in one state."""
    where = sa.text(f"state = '{state}'")
    return {"sqlite_where": where, "postgresql_where": where}


installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", words(32), primary_key=True),
    sa.Column("created_at", words(32), nullable=False),
)

bases = sa.Table(
    "bases",
    metadata,
    _number(),
    sa.Column("name", words(64), nullable=False),
    sa.Column("name_key", words(200), unique=True, comment="the name without case; NULL once hidden"),
    sa.Column("active", sa.Integer, nullable=False, default=0),
    sa.Column("newest", sa.Integer, nullable=False, default=0),
    sa.Column("next_version", sa.Integer, nullable=False, default=1),
    sa.Column("pinned", sa.Boolean, nullable=False, default=False),
    sa.Column("default_rule", sa.Integer, nullable=False, default=0),
    sa.Column("rights_counter", sa.Integer, nullable=False, default=0),
    sa.Column("created_by", words(250), nullable=False),
    sa.Column("created_at", words(32), nullable=False),
    sa.Column("hidden_at", words(32)),
    sqlite_autoincrement=True,
)

sources = sa.Table(
    "sources",
    metadata,
    _number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("kind", words(16), nullable=False),
    sa.Column("location", text(), nullable=False),
    sa.Column("options", sa.JSON(none_as_null=True), comment="name -> value; NULL for none"),
    sqlite_autoincrement=True,
)

rules = sa.Table(
    "rules",
    metadata,
    _number(),
    sa.Column("kb", sa.Integer, nullable=False),
    sa.Column("hash", words(64), nullable=False, comment="of the readers; 'default' for the base's own"),
    sa.UniqueConstraint("kb", "hash"),
    sqlite_autoincrement=True,
)

rule_readers = sa.Table(
    "rule_readers",
    metadata,
    sa.Column("reader", words(250), primary_key=True),
    sa.Column("rule", sa.Integer, primary_key=True),
    sa.Index(None, "rule"),
)

documents = sa.Table(
    "documents",
    metadata,
    _number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("key", words(32), nullable=False, comment="the document's part in its chunks' ids"),
    sa.Column("rule", sa.Integer, nullable=False, comment="the rule that the newest sync saw"),
    sqlite_autoincrement=True,
)

document_versions = sa.Table(
    "document_versions",
    metadata,
    _number(),
    sa.Column("document", sa.Integer, nullable=False, index=True),
    sa.Column("kb", sa.Integer, nullable=False),
    sa.Column("added_in", sa.Integer, nullable=False),
    sa.Column("removed_in", sa.Integer, nullable=False),
    sa.Column("path", text(), nullable=False),
    sa.Column("title", FreeText, nullable=False),
    sa.Column("author", FreeText),
    sa.Column("date", words(32)),
    sa.Column("content_hash", words(64), nullable=False),
    sa.Column("text_hash", words(64), nullable=False),
    sa.Column("rule", sa.Integer, nullable=False),
    sa.Column("reading", words(64), nullable=False, comment="generation of reader and chunker"),
    sa.Column("address", text(), comment="where its source shows it; NULL for a file of this machine"),
    sa.Index(None, "kb", "removed_in"),
    sa.Index(None, "kb", "added_in"),
    sqlite_autoincrement=True,
)

passages = sa.Table(
    "passages",
    metadata,
    sa.Column("document_version", sa.Integer, primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("chunk_id", words(32), nullable=False),
    sa.Column("unit", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("anchor", FreeText),
    sa.Column("rows", words(32)),
    sa.Column("headings", sa.JSON, nullable=False),
    sa.Column("blocks", sa.JSON, nullable=False),
    # All that a confirmation reads of a passage: its row, with the blocks, is not touched.
    sa.Index(None, "chunk_id", "document_version", "ordinal", "unit", "page"),
)

chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("chunk_id", words(32), primary_key=True),
    sa.Column("added_in", sa.Integer, primary_key=True),
    sa.Column("removed_in", sa.Integer, nullable=False),
    sa.Column("kb", sa.Integer, nullable=False),
    sa.Column("document", sa.Integer, nullable=False, index=True),
    sa.Column("rule", sa.Integer, nullable=False),
    sa.Column("search_hash", words(64), nullable=False),
    sa.Index(None, "kb", "removed_in"),
    sa.Index(None, "kb", "added_in"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("kb", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", words(16), nullable=False),
    sa.Column("created_at", words(32), nullable=False),
    sa.Column("promoted_at", words(32)),
    sa.Column("documents", sa.Integer, nullable=False, default=0),
    sa.Column("chunks", sa.Integer, nullable=False, default=0),
)

rejections = sa.Table(
    "rejections",
    metadata,
    _number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("path", text(), nullable=False),
    sa.Column("reason", FreeText, nullable=False),
    sqlite_autoincrement=True,
)

sync_runs = sa.Table(
    "sync_runs",
    metadata,
    _number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("job", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", words(16), nullable=False),
    sa.Column("ended_at", words(32), nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("error", FreeText),
    sqlite_autoincrement=True,
)

sync_errors = sa.Table(
    "sync_errors",
    metadata,
    _number(),
    sa.Column("run", sa.Integer, nullable=False, index=True),
    sa.Column("path", text(), nullable=False),
    sa.Column("reason", FreeText, nullable=False),
    sqlite_autoincrement=True,
)

jobs = sa.Table(
    "jobs",
    metadata,
    _number(),
    sa.Column("kind", words(32), nullable=False),
    sa.Column("kb", sa.Integer, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", words(16), nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("token", sa.Integer, nullable=False, default=0),
    sa.Column("worker", words(250)),
    # Unix time in seconds: when the lease of a running job ends, and before which a queued one is not begun.
    sa.Column("leased_until", sa.Float, nullable=False, default=0.0, comment="Unix time, seconds"),
    sa.Column("created_at", words(32), nullable=False),
    sa.Column("ended_at", words(32)),
    sa.Column("error", FreeText),
    sa.Index(None, "kb", "kind", "state"),
    # Whatever a program does: one job of a kind and base waits, and one is worked on.
    sa.Index("uq_jobs_queued", "kind", "kb", unique=True, **_only("queued")),
    sa.Index("uq_jobs_running", "kind", "kb", unique=True, **_only("running")),
    sqlite_autoincrement=True,
)

sync_plans = sa.Table(
    "sync_plans",
    metadata,
    _number(),
    sa.Column("job", sa.Integer, nullable=False, unique=True, comment="the job that goes on with it"),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("generation", words(64), nullable=False, comment="how documents are read"),
    sa.Column("began", sa.Float, nullable=False, comment="Unix time, seconds"),
    sa.Column("inherited", sa.Boolean, nullable=False, comment="planned by another job"),
    sa.Column("noticed", sa.Integer, nullable=False, comment="parts, and files done, when its job was last left"),
    sa.Column("body", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)

sync_parts = sa.Table(
    "sync_parts",
    metadata,
    _number(),
    sa.Column("plan", sa.Integer, nullable=False, index=True),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("total", sa.Integer, nullable=False, comment="files"),
    sa.Column("done", sa.Integer, nullable=False, comment="the first files, staged or rejected"),
    sa.Column("rejected", sa.JSON, nullable=False, comment="[path, reason]"),
    sa.Column("chunks_added", sa.Integer, nullable=False),
    sa.Column("chunks_removed", sa.Integer, nullable=False),
    sa.Column("chunks_embedded", sa.Integer, nullable=False),
    sa.Column("state", words(16), nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, comment="starts since it got any further"),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("worker", words(250)),
    sa.Column("leased_until", sa.Float, nullable=False, comment="Unix time, seconds"),
    sqlite_autoincrement=True,
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("kind", words(32), primary_key=True),
    sa.Column("kb", sa.Integer, primary_key=True, autoincrement=False, comment="0 for the whole installation"),
    sa.Column("every", sa.Integer, nullable=False, comment="seconds"),
    sa.Column("since", sa.Float, nullable=False, comment="Unix time, seconds"),
    sa.Column("next_at", sa.Float, nullable=False, index=True, comment="Unix time, seconds"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("kb", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("alert", words(16), nullable=False),
    sa.Column("since", words(32), nullable=False),
)

orphans = sa.Table(
    "orphans",
    metadata,
    sa.Column("name", words(64), primary_key=True, comment="of a stored file"),
    sa.Column("since", sa.Float, nullable=False, comment="Unix time, seconds"),
)

index_place = sa.Table(
    "index_place",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    sa.Column("engine", words(16), nullable=False),
    sa.Column("copy", words(16), comment="what the other engine holds"),
    sa.Column("since", words(32), nullable=False),
    sa.Column("worker", words(250), comment="who moves it"),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("leased_until", sa.Float, nullable=False, comment="Unix time, seconds"),
    sa.Column("holds_writes", sa.Boolean, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False, server_default="0", comment="in use"),
    sa.Column("copy_generation", sa.Integer, nullable=False, server_default="0", comment="of what `copy` tells"),
)

index_generations = sa.Table(
    "index_generations",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False, comment="0 is the first"),
    sa.Column("embedder", words(100), comment="NULL for words only"),
    sa.Column("dimensions", sa.Integer, nullable=False, comment="numbers of a vector"),
    sa.Column("analyser", words(16), nullable=False),
    sa.Column("maker", sa.JSON(none_as_null=True), comment="what the embedder is opened with"),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("source", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("path", text(), primary_key=True, comment="at most 1000 bytes"),
    sa.Column("content_hash", words(64), nullable=False, index=True, comment="the name of its stored file"),
    sa.Column("size", sa.BigInteger, nullable=False, comment="bytes"),
    sa.Column("received_at", words(32), nullable=False),
)

folders = sa.Table(
    "folders",
    metadata,
    sa.Column("what", words(16), primary_key=True, comment="index or files"),
    sa.Column("mark", words(64), nullable=False, comment="what the folder's file `place` says"),
    sa.Column("shown", FreeText, nullable=False, comment="machine and path, for people"),
)

answering_rules = sa.Table(
    "answering_rules",
    metadata,
    sa.Column("kb", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("style", FreeText, nullable=False),
    sa.Column("glossary", sa.JSON, nullable=False, comment="[word, meaning]"),
    sa.Column("strict", sa.Boolean, nullable=False, comment="a model's own words are withheld"),
    sa.Column("tokens_per_day", sa.BigInteger, comment="NULL for any number"),
    sa.Column("money_per_day", sa.BigInteger, comment="millionths; NULL for any"),
)

model_usage = sa.Table(
    "model_usage",
    metadata,
    sa.Column("day", words(10), primary_key=True, comment="ISO 8601, UTC"),
    sa.Column("kb", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("money", sa.BigInteger, nullable=False, comment="millionths"),
)

model_quota = sa.Table(
    "model_quota",
    metadata,
    sa.Column("day", words(10), primary_key=True, comment="ISO 8601, UTC"),
    sa.Column("person", words(64), primary_key=True, comment="SHA-256 of the name"),
    sa.Column("answers", sa.Integer, nullable=False),
)

answers = sa.Table(
    "answers",
    metadata,
    _number(),
    sa.Column("asked_at", words(32), nullable=False),
    sa.Column("principal", FreeText, nullable=False),
    sa.Column("question", FreeText, nullable=False),
    sa.Column("outcome", words(16), nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("conversation", words(250), index=True, comment="what all its questions have in common"),
    sqlite_autoincrement=True,
)

audit = sa.Table(
    "audit",
    metadata,
    _number(),
    sa.Column("at", words(32), nullable=False),
    sa.Column("principal", FreeText, nullable=False),
    sa.Column("action", words(64), nullable=False),
    sa.Column("subject", FreeText, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("embedder", words(100), primary_key=True),
    sa.Column("text_hash", words(64), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

routes = sa.Table(
    "routes",
    metadata,
    sa.Column("kb", sa.Integer, primary_key=True, autoincrement=False, comment="0 for all bases"),
    sa.Column("whom", words(250), primary_key=True, comment="channel:ID, group:ID; empty for all"),
    sa.Column("rule", sa.JSON(none_as_null=True), comment="NULL for none any more"),
    sa.Column("previous", sa.JSON(none_as_null=True), comment="before its last change; NULL for none"),
)

model_calls = sa.Table(
    "model_calls",
    metadata,
    _number(),
    sa.Column("model", words(250), nullable=False),
    sa.Column("request", sa.JSON, nullable=False, comment="[role, text]"),
    sa.Column("seconds", sa.Float, nullable=False, comment="that its caller waits"),
    sa.Column("deadline", sa.Float, nullable=False, comment="Unix time by its caller's clock"),
    sa.Column("cancelled", sa.Boolean, nullable=False, comment="its caller has left"),
    sa.Column("state", words(16), nullable=False, index=True),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("worker", words(250)),
    sa.Column("result", sa.JSON(none_as_null=True), comment="a reply or a fault; NULL until it is over"),
    sqlite_autoincrement=True,
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _number(),
    sa.Column("key", words(250), nullable=False, unique=True),
    sa.Column("platform", words(16), nullable=False),
    sa.Column("kind", words(16), nullable=False),
    sa.Column("lane", words(250), nullable=False, index=True, comment="what is done one after another; may be empty"),
    sa.Column("body", FreeText, nullable=False, comment="as it was received; empty once it is done"),
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
    sa.Index("ix_deliveries_waiting", "platform", "id", **_only("waiting")),
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
