"""
One job of a kind and base waits and one is worked on, by the database's own word; rejections get numbers.

A path may be longer than what PostgreSQL takes into a key. Both changes suit the release
before, which may still run while this one migrates.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from pipelines.adapters.records.columns import text


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROWS = sa.table("rejections", sa.column("kb"), sa.column("path"), sa.column("reason"))


def upgrade() -> None:
    """Apply."""
    for state in ("queued", "running"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_jobs_{state}", "jobs", ["kind", "kb"], unique=True, sqlite_where=where, postgresql_where=where
        )
    kept = _taken_out()
    op.create_table(
        "rejections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejections")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rejections_kb"), "rejections", ["kb"], unique=False)
    op.bulk_insert(_ROWS, kept)


def downgrade() -> None:
    """Take back."""
    op.drop_index("uq_jobs_running", table_name="jobs")
    op.drop_index("uq_jobs_queued", table_name="jobs")
    kept = _taken_out()
    op.create_table(
        "rejections",
        sa.Column("kb", sa.Integer(), nullable=False),
        sa.Column("path", text(), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.PrimaryKeyConstraint("kb", "path", name=op.f("pk_rejections")),
    )
    op.bulk_insert(_ROWS, kept)


def _taken_out() -> list[dict[str, Any]]:
    """Return all rejections, and drop their table: to rename one keeps the names of its keys."""
    rows = op.get_bind().execute(sa.select(_ROWS)).mappings().all()
    op.drop_table("rejections")
    return [dict(row) for row in rows]
