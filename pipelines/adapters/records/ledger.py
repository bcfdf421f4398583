"""The sync ledger in SQL: what a base held in each version, and what a sync stages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.bases import make_active
from pipelines.adapters.records.censuses import compare_again
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import refresh_statistics
from pipelines.adapters.records.jobs import hold
from pipelines.adapters.records.lives import life, passage, passage_row, select_lives, shown
from pipelines.adapters.records.plans import drop_plans
from pipelines.adapters.records.runs import record_run
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import ALIVE, ChunkLife, DocumentVersion, Passage, Rejection, SyncResult, VersionState
from pipelines.ports.clock import Clock
from pipelines.ports.records import StagedDocument


_AT_ONCE = 500
_MANY = 1000
"""From so many chunks on it matters how a database reads them."""


class SqlLedger:
    """`ports.records.LedgerRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def begin(self, lease: Lease) -> int:
        """Stage a new version of the job's base and return its number, never given before."""
        base = t.bases.c.id == lease.job.kb
        with self._db.write() as c:
            hold(c, lease)
            number = c.execute(sa.select(t.bases.c.next_version).where(base).with_for_update()).scalar_one()
            c.execute(t.bases.update().where(base).values(next_version=number + 1))
            values = {"kb": lease.job.kb, "number": number, "state": VersionState.STAGED}
            c.execute(t.versions.insert().values(values | {"created_at": stamp(self._clock)}))
        return int(number)

    def staged(self, kb: int) -> tuple[int, ...]:
        """Return the versions that are staged or ready."""
        unseen = t.versions.c.state.in_([VersionState.STAGED, VersionState.READY])
        wanted = sa.select(t.versions.c.number).where(t.versions.c.kb == kb, unseen)
        with self._db.read() as c:
            return tuple(c.scalars(wanted.order_by(t.versions.c.number)))

    def documents(self, kb: int, version: int) -> Iterator[DocumentVersion]:
        """Yield the lives that version shows, by path."""
        wanted = select_lives().where(shown(t.document_versions, kb, version))
        with self._db.read() as c:
            rows = c.execute(wanted.order_by(t.document_versions.c.path)).mappings().all()
        yield from (life(row) for row in rows)

    def lives(self, ids: Collection[int]) -> Mapping[int, DocumentVersion]:
        """Return the lives of these numbers; those that exist."""
        found: dict[int, DocumentVersion] = {}
        wanted, numbers = select_lives(), sorted(set(ids))
        with self._db.read() as c:
            for at in range(0, len(numbers), _AT_ONCE):
                some = wanted.where(t.document_versions.c.id.in_(numbers[at : at + _AT_ONCE]))
                found |= {row["id"]: life(row) for row in c.execute(some).mappings()}
        return found

    def ended(self, kb: int) -> Iterator[DocumentVersion]:
        """Yield the last life of each document whose lives have all ended, oldest first."""
        dv = t.document_versions.c
        # A document that was renamed had more than one path: two files that return must not become one document.
        last = (
            sa.select(sa.func.max(dv.id))
            .where(dv.kb == kb)
            .group_by(dv.document)
            .having(sa.func.max(dv.removed_in) < ALIVE)
        )
        wanted = select_lives().where(dv.id.in_(last)).order_by(dv.id)
        with self._db.read() as c:
            rows = c.execute(wanted).mappings().all()
        yield from (life(row) for row in rows)

    def gone(self, kb: int) -> Mapping[str, tuple[int, str]]:
        """Return last path -> (document, key) of documents whose lives have all ended, each document once."""
        return {one.path: (one.document, one.key) for one in self.ended(kb)}

    def living_chunks(self, document: int, version: int) -> tuple[ChunkLife, ...]:
        """Return the index rows of a document that version shows."""
        chunks = t.chunks.c
        of_document = (chunks.document == document) & (chunks.added_in <= version) & (chunks.removed_in > version)
        with self._db.read() as c:
            return tuple(ChunkLife(*row) for row in c.execute(_chunk_lives().where(of_document)))

    def chunks(self, kb: int, version: int) -> Iterator[ChunkLife]:
        """Yield the index rows that version shows."""
        with self._db.read() as c:
            rows = c.execute(_chunk_lives().where(shown(t.chunks, kb, version))).all()
        yield from (ChunkLife(*row) for row in rows)

    def passages(self, lives: Collection[int]) -> Mapping[int, tuple[Passage, ...]]:
        """Return the passages of lives by their numbers, in order; lives without one are left out."""
        p, numbers = t.passages.c, sorted(set(lives))
        found: dict[int, tuple[Passage, ...]] = {}
        with self._db.read() as c:
            for at in range(0, len(numbers), _AT_ONCE):
                some = sa.select(t.passages).where(p.document_version.in_(numbers[at : at + _AT_ONCE]))
                for row in c.execute(some.order_by(p.document_version, p.ordinal)).mappings():
                    of = row["document_version"]
                    found[of] = (*found.get(of, ()), passage(row))
        return found

    def endings(self, kb: int, chunk_ids: Collection[str]) -> Mapping[tuple[str, int], int]:
        """Return (chunk id, added_in) -> removed_in of every index row of these chunks, of any version."""
        chunks, ids = t.chunks.c, sorted(set(chunk_ids))
        found: dict[tuple[str, int], int] = {}
        with self._db.read() as c:
            for at in range(0, len(ids), _AT_ONCE):
                # By the key alone: with the base as a condition, a base of many rows might be read whole each time.
                wanted = sa.select(chunks.chunk_id, chunks.added_in, chunks.removed_in, chunks.kb).where(
                    chunks.chunk_id.in_(ids[at : at + _AT_ONCE])
                )
                rows = c.execute(wanted)
                found |= {(row.chunk_id, row.added_in): row.removed_in for row in rows if row.kb == kb}
        return found

    def stage(self, lease: Lease, version: int, documents: Sequence[StagedDocument]) -> None:
        """Write new lives; what they replace ends in `version`; today's rules count at once."""
        with self._db.write() as c:
            hold(c, lease)
            for one in documents:
                stage_document(c, lease.job.kb, version, one)

    def stage_removal(self, lease: Lease, version: int, lives: Sequence[int]) -> None:
        """Let lives, and the index rows of their documents, end in `version`."""
        dv, chunks = t.document_versions, t.chunks
        with self._db.write() as c:
            hold(c, lease)
            for one in lives:
                document = sa.select(dv.c.document).where(dv.c.id == one).scalar_subquery()
                of_document = (chunks.c.document == document) & (chunks.c.removed_in == ALIVE)
                c.execute(chunks.update().where(of_document, chunks.c.added_in < version).values(removed_in=version))
                c.execute(dv.update().where(dv.c.id == one).values(removed_in=version))

    def set_rules_today(self, lease: Lease, rules: Mapping[int, int]) -> None:
        """Set document -> rule as the source says today; counts with the next question."""
        with self._db.write() as c:
            hold(c, lease)
            for document, rule in rules.items():
                c.execute(t.documents.update().where(t.documents.c.id == document).values(rule=rule))

    def sweep(self, lease: Lease, version: int) -> bool:
        """Undo a version that is staged or ready, in the ledger; nobody can promote it afterwards."""
        kb, dv, documents = lease.job.kb, t.document_versions, t.documents
        added = (dv.c.kb == kb) & (dv.c.added_in == version)
        row = (t.versions.c.kb == kb) & (t.versions.c.number == version)
        with self._db.write() as c:
            hold(c, lease)
            unseen = t.versions.c.state.in_([VersionState.STAGED, VersionState.READY])
            drop_plans(c, kb, version)
            if not c.execute(t.versions.update().where(row, unseen).values(state=VersionState.SWEPT)).rowcount:
                return False
            lives = sa.select(dv.c.id).where(added)
            c.execute(t.passages.delete().where(t.passages.c.document_version.in_(lives)))
            c.execute(dv.delete().where(added))
            c.execute(t.chunks.delete().where(t.chunks.c.kb == kb, t.chunks.c.added_in == version))
            for table in (dv, t.chunks):
                ended = (table.c.kb == kb) & (table.c.removed_in == version)
                c.execute(table.update().where(ended).values(removed_in=ALIVE))
            with_life = sa.select(dv.c.document).where(dv.c.kb == kb)
            c.execute(documents.delete().where(documents.c.kb == kb, documents.c.id.not_in(with_life)))
            compare_again(c, kb, unix(self._clock))
        return True

    def finish(self, lease: Lease, version: int, result: SyncResult, *, promote: bool) -> bool:
        """Record the run and, unless the base is pinned or `promote` is False, promote."""
        kb = lease.job.kb
        with self._db.write() as c:
            hold(c, lease)
            drop_plans(c, kb, version)
            counts = {
                "documents": _count(c, t.document_versions, kb, version),
                "chunks": _count(c, t.chunks, kb, version),
            }
            row = (t.versions.c.kb == kb) & (t.versions.c.number == version)
            c.execute(t.versions.update().where(row).values(counts | {"state": VersionState.READY}))
            # Locked: whoever pins the base at this moment comes before or after, never in between.
            pinned = sa.select(t.bases.c.pinned).where(t.bases.c.id == kb).with_for_update()
            promoted = promote and not c.execute(pinned).scalar_one()
            if promoted:
                make_active(c, kb, version, self._clock)
            record_run(c, lease.job, replace(result, promoted=promoted), stamp(self._clock))
            if counts["chunks"] >= _MANY:
                refresh_statistics(c, t.chunks, t.document_versions, t.documents, t.passages)
        return promoted

    def finish_unchanged(self, lease: Lease, result: SyncResult) -> bool:
        """Record a run that found nothing to change; the newest version is shown unless the base is pinned."""
        own = t.bases.c.id == lease.job.kb
        with self._db.write() as c:
            hold(c, lease)
            other = t.bases.c.pinned.is_(False) & (t.bases.c.active != t.bases.c.newest)
            if c.execute(t.bases.update().where(own, other).values(active=t.bases.c.newest)).rowcount:
                compare_again(c, lease.job.kb, unix(self._clock))
            shown_now = sa.select(t.bases.c.active == t.bases.c.newest).where(own)
            promoted = bool(c.execute(shown_now).scalar_one())
            record_run(c, lease.job, replace(result, promoted=promoted), stamp(self._clock))
        return promoted

    def fail(self, lease: Lease, error: str) -> None:
        """Record a run that ended with an error."""
        with self._db.write() as c:
            hold(c, lease)
            record_run(c, lease.job, SyncResult(0), stamp(self._clock), error)

    def reject(self, lease: Lease, rejections: Sequence[Rejection]) -> None:
        """Replace the base's rejections by these, each path once."""
        kb = lease.job.kb
        rows = [{"kb": kb, **asdict(one)} for one in rejections]
        with self._db.write() as c:
            hold(c, lease)
            c.execute(t.rejections.delete().where(t.rejections.c.kb == kb))
            if rows:
                c.execute(t.rejections.insert(), rows)

    def rejections(self, kb: int) -> tuple[Rejection, ...]:
        """Return the files that the newest sync could not take, by path."""
        wanted = sa.select(t.rejections).where(t.rejections.c.kb == kb).order_by(t.rejections.c.path)
        with self._db.read() as c:
            return tuple(Rejection(row["path"], row["reason"]) for row in c.execute(wanted).mappings())

    def last_run(self, kb: int) -> Mapping[str, Any] | None:
        """Return the newest finished or failed run, as documented for `kb status --json`."""
        return self._newest_run(t.sync_runs.c.kb == kb)

    def run_of(self, job: int) -> Mapping[str, Any] | None:
        """Return how a job's run ended, in the form of `last_run`; None if none was recorded."""
        return self._newest_run(t.sync_runs.c.job == job)

    def _newest_run(self, of: sa.ColumnElement[bool]) -> Mapping[str, Any] | None:
        wanted = sa.select(t.sync_runs).where(of).order_by(t.sync_runs.c.id.desc()).limit(1)
        with self._db.read() as c:
            row = c.execute(wanted).mappings().first()
        if row is None:
            return None
        return {"ended_at": row["ended_at"], "state": row["state"], "error": row["error"], **row["result"]}


def stage_document(c: Connection, kb: int, version: int, one: StagedDocument) -> None:
    """Write a document's new life, within the caller's transaction, which holds a lease."""
    dv, chunks = t.document_versions, t.chunks
    document = one.document
    if document is None:
        key = c.execute(t.documents.insert().values(kb=kb, key=one.life.key, rule=one.life.rule)).inserted_primary_key
        document = int(key[0]) if key else 0
    else:
        c.execute(t.documents.update().where(t.documents.c.id == document).values(rule=one.life.rule))
    if one.previous is not None:
        c.execute(dv.update().where(dv.c.id == one.previous).values(removed_in=version))
    names = ("path", "title", "author", "date", "content_hash", "text_hash", "rule", "reading", "address")
    values = {name: getattr(one.life, name) for name in names}
    values |= {"document": document, "kb": kb, "added_in": version, "removed_in": ALIVE}
    new = c.execute(dv.insert().values(values)).inserted_primary_key
    if one.passages:
        c.execute(t.passages.insert(), [passage_row(int(new[0]) if new else 0, each) for each in one.passages])
    if one.ended_chunks:
        # One by one, by their key: no statistics of a table that was just filled can mislead the database.
        ended = (chunks.c.chunk_id == sa.bindparam("ended")) & (chunks.c.removed_in == ALIVE)
        update = chunks.update().where(ended, chunks.c.added_in < version).values(removed_in=version)
        c.execute(update, [{"ended": each} for each in one.ended_chunks])
    if one.new_chunks:
        common = {"kb": kb, "document": document, "removed_in": ALIVE}
        c.execute(chunks.insert(), [asdict(each) | common for each in one.new_chunks])


def _chunk_lives() -> sa.Select[Any]:
    return sa.select(t.chunks.c.chunk_id, t.chunks.c.added_in, t.chunks.c.rule, t.chunks.c.search_hash)


def _count(c: Connection, table: sa.Table, kb: int, version: int) -> int:
    return int(c.execute(sa.select(sa.func.count()).select_from(table).where(shown(table, kb, version))).scalar_one())
