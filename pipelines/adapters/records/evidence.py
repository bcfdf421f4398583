"""Hits confirmed and placed by one SQL statement, and the passages behind them."""

import functools
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.access import satisfied_rules
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import as_list, first, listed
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
        statement = _confirmation(tuple(sorted(scope.versions.items())), admin=principal.admin)
        values = {"chunks": as_list(chunk_ids)}
        if not principal.admin:
            values["readers"] = as_list(principal.readers)
        with self._db.look() as c:
            rows = c.execute(statement, values).all()
        return tuple(
            PlacedHit(chunk, kb, document, life, ordinal, unit, paged=page is not None)
            for chunk, kb, document, life, ordinal, unit, page in rows
        )

    def passages(self, scope: Scope, wanted: Collection[tuple[int, int]]) -> tuple[StoredPassage, ...]:
        """Return the passages by (document version, ordinal); those that exist."""
        if not wanted:
            return ()
        with self._db.look() as c:
            rows = c.execute(_passages(), {"wanted": sorted(set(wanted))}).mappings().all()
        return tuple(_stored(row, scope) for row in rows if row["kb"] in scope.versions)

    def titles(self, principal: Principal, scope: Scope, limit: int) -> tuple[str, ...]:
        """Return titles of documents that may be read now, newest reading first."""
        if not scope.versions:
            return ()
        statement = _titles(tuple(sorted(scope.versions.items())), admin=principal.admin)
        values = {} if principal.admin else {"readers": as_list(principal.readers)}
        with self._db.look() as c:
            return tuple(c.scalars(statement.limit(limit), values))


@functools.lru_cache(maxsize=256)
def _confirmation(versions: tuple[tuple[int, int], ...], *, admin: bool) -> sa.Select[Any]:
    """
    Return the statement that confirms chunk ids at these versions.

    Kept, since to build it costs more than to run it: parameters are the lists `chunks`
    and, but for an admin, `readers`.
    """
    p, dv = t.passages.c, t.document_versions.c
    # The hits come first, whatever a database believes of its tables: from them on all goes by keys.
    found = sa.select(p.chunk_id, p.document_version, p.ordinal, p.unit, p.page).where(p.chunk_id.in_(listed("chunks")))
    hits = first(found, "hits")
    wanted = (
        sa.select(hits.c.chunk_id, dv.kb, dv.document, dv.id, hits.c.ordinal, hits.c.unit, hits.c.page)
        .select_from(hits)
        .join(t.document_versions, dv.id == hits.c.document_version)
    )
    return _readable(wanted, versions, admin=admin)


@functools.lru_cache(maxsize=256)
def _titles(versions: tuple[tuple[int, int], ...], *, admin: bool) -> sa.Select[Any]:
    """Return the statement of titles, newest life first; its parameter is, but for an admin, the list `readers`."""
    dv = t.document_versions.c
    wanted = sa.select(dv.title).select_from(t.document_versions).where(dv.title != "").order_by(dv.id.desc())
    return _readable(wanted, versions, admin=admin)


def _readable(wanted: sa.Select[Any], versions: tuple[tuple[int, int], ...], *, admin: bool) -> sa.Select[Any]:
    """Return a statement of lives, narrowed to those that these versions show and that may be read now."""
    dv = t.document_versions.c
    version = sa.case(dict(versions), value=dv.kb, else_=0)
    wanted = (
        wanted.join(t.documents, t.documents.c.id == dv.document)
        .join(t.bases, t.bases.c.id == dv.kb)
        .join(t.versions, (t.versions.c.kb == dv.kb) & (t.versions.c.number == version))
        .where(t.versions.c.state == VersionState.PROMOTED, t.bases.c.hidden_at.is_(None))
        .where(dv.added_in <= version, dv.removed_in > version)
    )
    if not admin:
        satisfied = first(satisfied_rules(), "satisfied")
        for rule in (dv.rule, t.documents.c.rule, t.bases.c.default_rule):
            wanted = wanted.where(rule.in_(sa.select(satisfied.c.rule)))
    return wanted


@functools.lru_cache(maxsize=1)
def _passages() -> sa.Select[Any]:
    p, dv, source = t.passages.c, t.document_versions.c, t.sources.c
    return (
        sa.select(
            t.passages,
            dv.kb,
            dv.document,
            dv.path,
            dv.title,
            dv.date,
            dv.author,
            dv.text_hash,
            dv.address,
            source.kind,
            source.location,
        )
        .join(t.document_versions, dv.id == p.document_version)
        .join(t.sources, source.kb == dv.kb)
        .where(sa.tuple_(p.document_version, p.ordinal).in_(sa.bindparam("wanted", expanding=True)))
    )


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
        address=row["address"],
        author=row["author"],
    )
