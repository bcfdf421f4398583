"""Hits confirmed and placed by one SQL statement, and the passages behind them (product.md step 7)."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.access import satisfied_rules
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.lives import passage
from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import PlacedHit, Scope, StoredPassage
from pipelines.domain.knowledge import VersionState


class SqlEvidence:
    """`ports.records.EvidenceRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def confirm(self, principal: Principal, scope: Scope, chunk_ids: Collection[str]) -> tuple[PlacedHit, ...]:
        """Return the hits that are alive in the scope's versions and readable now."""
        if not chunk_ids or not scope.versions:
            return ()
        p, dv = t.passages.c, t.document_versions.c
        wanted = (
            sa.select(p.chunk_id, dv.kb, dv.document, dv.id, p.ordinal, p.unit, p.page)
            .select_from(t.passages)
            .join(t.document_versions, dv.id == p.document_version)
            .join(t.documents, t.documents.c.id == dv.document)
            .join(t.bases, t.bases.c.id == dv.kb)
            .join(t.versions, (t.versions.c.kb == dv.kb) & (t.versions.c.number == _version(scope)))
            .where(p.chunk_id.in_(chunk_ids), t.versions.c.state == VersionState.PROMOTED)
            .where(dv.added_in <= _version(scope), dv.removed_in > _version(scope), t.bases.c.hidden_at.is_(None))
        )
        if not principal.admin:
            rules = satisfied_rules(principal)
            for rule in (dv.rule, t.documents.c.rule, t.bases.c.default_rule):
                wanted = wanted.where(rule.in_(rules))
        with self._db.read() as c:
            rows = c.execute(wanted).all()
        return tuple(PlacedHit(*row[:6], paged=row.page is not None) for row in rows)

    def passages(self, scope: Scope, wanted: Collection[tuple[int, int]]) -> tuple[StoredPassage, ...]:
        """Return the passages by (document version, ordinal); those that exist."""
        if not wanted:
            return ()
        p, dv, source = t.passages.c, t.document_versions.c, t.sources.c
        statement = (
            sa.select(
                t.passages, dv.kb, dv.document, dv.path, dv.title, dv.date, dv.text_hash, source.kind, source.location
            )
            .join(t.document_versions, dv.id == p.document_version)
            .join(t.sources, source.kb == dv.kb)
            .where(sa.tuple_(p.document_version, p.ordinal).in_(sorted(set(wanted))))
        )
        with self._db.read() as c:
            rows = c.execute(statement).mappings().all()
        return tuple(_stored(row, scope) for row in rows if row["kb"] in scope.versions)


def _version(scope: Scope) -> sa.ColumnElement[int]:
    """Return the searched version of the row's base."""
    return sa.case(dict(scope.versions), value=t.document_versions.c.kb, else_=0)


def _stored(row: Any, scope: Scope) -> StoredPassage:  # noqa: ANN401 - a RowMapping with joined columns
    return StoredPassage(
        kb=scope.names[row["kb"]],
        kb_version=scope.versions[row["kb"]],
        document_version=row["document_version"],
        document=row["document"],
        path=row["path"],
        title=row["title"],
        date=row["date"],
        text_hash=row["text_hash"],
        source_kind=row["kind"],
        source_location=row["location"],
        passage=passage(row),
    )
