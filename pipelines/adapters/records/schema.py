"""
The tables of the records, as the newest migration leaves them.

Those of questions and answers are written in `chat_schema`.
"""

import sqlalchemy as sa

from pipelines.adapters.records import chat_schema as chat
from pipelines.adapters.records.columns import FreeText, text, words
from pipelines.adapters.records.tables import METADATA, number, only


metadata = METADATA
answers, feedback = chat.answers, chat.feedback
deliveries, auto_answer_channels = chat.deliveries, chat.auto_answer_channels
account_changes = chat.account_changes

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", words(32), primary_key=True),
    sa.Column("created_at", words(32), nullable=False),
)

bases = sa.Table(
    "bases",
    metadata,
    number(),
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
    number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("kind", words(16), nullable=False),
    sa.Column("location", text(), nullable=False),
    sa.Column("options", sa.JSON(none_as_null=True), comment="name -> value; NULL for none"),
    sqlite_autoincrement=True,
)

rules = sa.Table(
    "rules",
    metadata,
    number(),
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
    number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("key", words(32), nullable=False, comment="the document's part in its chunks' ids"),
    sa.Column("rule", sa.Integer, nullable=False, comment="the rule that the newest sync saw"),
    sqlite_autoincrement=True,
)

document_versions = sa.Table(
    "document_versions",
    metadata,
    number(),
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
    number(),
    sa.Column("kb", sa.Integer, nullable=False, index=True),
    sa.Column("path", text(), nullable=False),
    sa.Column("reason", FreeText, nullable=False),
    sqlite_autoincrement=True,
)

sync_runs = sa.Table(
    "sync_runs",
    metadata,
    number(),
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
    number(),
    sa.Column("run", sa.Integer, nullable=False, index=True),
    sa.Column("path", text(), nullable=False),
    sa.Column("reason", FreeText, nullable=False),
    sqlite_autoincrement=True,
)

jobs = sa.Table(
    "jobs",
    metadata,
    number(),
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
    sa.Index("uq_jobs_queued", "kind", "kb", unique=True, **only("queued")),
    sa.Index("uq_jobs_running", "kind", "kb", unique=True, **only("running")),
    sqlite_autoincrement=True,
)

sync_plans = sa.Table(
    "sync_plans",
    metadata,
    number(),
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
    number(),
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

audit = sa.Table(
    "audit",
    metadata,
    number(),
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
    number(),
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
