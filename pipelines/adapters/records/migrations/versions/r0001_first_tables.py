"""The first tables."""

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import text, words


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _installation()
    _bases()
    _rules()
    _documents()
    _chunks()
    _versions()
    _syncs()


def downgrade() -> None:
    """Take back."""
    op.drop_table("versions")
    op.drop_table("vectors")
    op.drop_index(op.f("ix_sync_runs_kb"), table_name="sync_runs")
    op.drop_table("sync_runs")
    op.drop_index(op.f("ix_sync_errors_run"), table_name="sync_errors")
    op.drop_table("sync_errors")
    op.drop_index(op.f("ix_sources_kb"), table_name="sources")
    op.drop_table("sources")
    op.drop_table("rules")
    op.drop_index(op.f("ix_rule_readers_rule"), table_name="rule_readers")
    op.drop_table("rule_readers")
    op.drop_table("rejections")
    op.drop_index(op.f("ix_passages_chunk_id_document_version_ordinal_unit_page"), table_name="passages")
    op.drop_table("passages")
    op.drop_index(op.f("ix_jobs_state"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_kb_kind_state"), table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("installation")
    op.drop_index(op.f("ix_documents_kb"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_document_versions_kb_removed_in"), table_name="document_versions")
    op.drop_index(op.f("ix_document_versions_kb_added_in"), table_name="document_versions")
    op.drop_index(op.f("ix_document_versions_document"), table_name="document_versions")
    op.drop_table("document_versions")
    op.drop_index(op.f("ix_chunks_kb_removed_in"), table_name="chunks")
    op.drop_index(op.f("ix_chunks_kb_added_in"), table_name="chunks")
    op.drop_index(op.f("ix_chunks_document"), table_name="chunks")
    op.drop_table("chunks")
    op.drop_table("bases")
    op.drop_table("audit")
    op.drop_table("answers")


def _installation() -> None:
    """What the installation keeps of itself: its id, answers, the audit."""
    op.create_table(
        "installation",
        sa.Column("id", words(32), nullable=False),
        sa.Column("created_at", words(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("asked_at", words(32), nullable=False),
        sa.Column("principal", text(), nullable=False),
        sa.Column("question", text(), nullable=False),
        sa.Column("outcome", words(16), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", words(32), nullable=False),
        sa.Column("principal", text(), nullable=False),
        sa.Column("action", words(64), nullable=False),
        sa.Column("subject", text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )


def _bases() -> None:
    """Bases and their sources."""
    op.create_table(
        "bases",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", words(64), nullable=False),
        sa.Column("name_key", words(200), nullable=True, comment="the name without case; NULL once hidden"),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("next_version", sa.Integer(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("default_rule", sa.Integer(), nullable=False),
        sa.Column("rights_counter", sa.Integer(), nullable=False),
        sa.Column("created_by", words(250), nullable=False),
        sa.Column("created_at", words(32), nullable=False),
        sa.Column("hidden_at", words(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bases")),
        sa.UniqueConstraint("name_key", name=op.f("uq_bases_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("kind", words(16), nullable=False),
        sa.Column("location", text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sources_kb"), "sources", ["kb"], unique=False)


def _rules() -> None:
    """Who may read what."""
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("hash", words(64), nullable=False, comment="of the readers; 'default' for the base's own"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("kb", "hash", name=op.f("uq_rules_kb_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rule_readers",
        sa.Column("reader", words(250), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reader", "rule", name=op.f("pk_rule_readers")),
    )
    op.create_index(op.f("ix_rule_readers_rule"), "rule_readers", ["rule"], unique=False)


def _documents() -> None:
    """Documents and their life in each version."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("key", words(32), nullable=False, comment="the document's part in its chunks' ids"),
        sa.Column("rule", sa.Integer(), nullable=False, comment="the rule that the newest sync saw"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_documents_kb"), "documents", ["kb"], unique=False)
    op.create_table(
        "document_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("removed_in", sa.Integer(), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.Column("author", text(), nullable=True),
        sa.Column("date", words(32), nullable=True),
        sa.Column("content_hash", words(64), nullable=False),
        sa.Column("text_hash", words(64), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("reading", words(64), nullable=False, comment="generation of reader and chunker"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_document_versions_document"), "document_versions", ["document"], unique=False)
    op.create_index(op.f("ix_document_versions_kb_added_in"), "document_versions", ["kb", "added_in"], unique=False)
    op.create_index(op.f("ix_document_versions_kb_removed_in"), "document_versions", ["kb", "removed_in"], unique=False)


def _chunks() -> None:
    """What is searched and quoted of them."""
    op.create_table(
        "chunks",
        sa.Column("chunk_id", words(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("removed_in", sa.Integer(), nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("search_hash", words(64), nullable=False),
        sa.PrimaryKeyConstraint("chunk_id", "added_in", name=op.f("pk_chunks")),
    )
    op.create_index(op.f("ix_chunks_document"), "chunks", ["document"], unique=False)
    op.create_index(op.f("ix_chunks_kb_added_in"), "chunks", ["kb", "added_in"], unique=False)
    op.create_index(op.f("ix_chunks_kb_removed_in"), "chunks", ["kb", "removed_in"], unique=False)
    op.create_table(
        "passages",
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("chunk_id", words(32), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("anchor", text(), nullable=True),
        sa.Column("rows", words(32), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("document_version", "ordinal", name=op.f("pk_passages")),
    )
    op.create_index(
        op.f("ix_passages_chunk_id_document_version_ordinal_unit_page"),
        "passages",
        ["chunk_id", "document_version", "ordinal", "unit", "page"],
        unique=False,
    )
    op.create_table(
        "vectors",
        sa.Column("embedder", words(100), nullable=False),
        sa.Column("text_hash", words(64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("embedder", "text_hash", name=op.f("pk_vectors")),
    )


def _versions() -> None:
    """Versions of a base, and the files that it could not take."""
    op.create_table(
        "versions",
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("created_at", words(32), nullable=False),
        sa.Column("promoted_at", words(32), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kb", "number", name=op.f("pk_versions")),
    )
    op.create_table(
        "rejections",
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.PrimaryKeyConstraint("kb", "path", name=op.f("pk_rejections")),
    )


def _syncs() -> None:
    """Jobs, and what each sync did."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", words(32), nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", words(250), nullable=True),
        sa.Column("leased_until", sa.Float(), nullable=False, comment="Unix time, seconds"),
        sa.Column("created_at", words(32), nullable=False),
        sa.Column("ended_at", words(32), nullable=True),
        sa.Column("error", text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_jobs_kb_kind_state"), "jobs", ["kb", "kind", "state"], unique=False)
    op.create_index(op.f("ix_jobs_state"), "jobs", ["state"], unique=False)
    op.create_table(
        "sync_runs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("job", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("ended_at", words(32), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sync_runs_kb"), "sync_runs", ["kb"], unique=False)
    op.create_table(
        "sync_errors",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_errors")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sync_errors_run"), "sync_errors", ["run"], unique=False)
