"""The list of files that were handed in, in SQL. Knows no bytes."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import Turn, wait_for_turn
from pipelines.adapters.records.stamps import stamp
from pipelines.errors import NotFound
from pipelines.ports.clock import Clock
from pipelines.ports.uploads import UploadedFile


_FILE = (t.uploads.c.path, t.uploads.c.content_hash, t.uploads.c.size, t.uploads.c.received_at)
_LIVING = (
    sa.select(t.sources.c.id)
    .join(t.bases, t.bases.c.id == t.sources.c.kb)
    .where(t.sources.c.kind == "upload", t.bases.c.hidden_at.is_(None))
)
"""Sources whose base was not removed."""


class SqlUploads:
    """`ports.uploads.UploadRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def all(self, source: int) -> tuple[UploadedFile, ...]:
        """Return the files of a source, by path."""
        wanted = sa.select(*_FILE).where(t.uploads.c.source == source).order_by(t.uploads.c.path)
        with self._db.read() as c:
            _require(c, source)
            return tuple(UploadedFile(*row) for row in c.execute(wanted))

    def find(self, source: int, path: str) -> UploadedFile | None:
        """Return the file of this path; None if there is none."""
        with self._db.read() as c:
            row = c.execute(sa.select(*_FILE).where(_is(source, path))).first()
        return None if row is None else UploadedFile(*row)

    def put(self, source: int, path: str, content_hash: str, size: int, *, store: Callable[[], object]) -> bool:
        """Have a file of this path; one that is there is replaced."""
        values = {"content_hash": content_hash, "size": size, "received_at": stamp(self._clock)}
        with self._db.write() as c:
            wait_for_turn(c, Turn.UPLOADS)
            _require(c, source)
            store()
            replaced = bool(c.execute(t.uploads.update().where(_is(source, path)).values(values)).rowcount)
            if not replaced:
                c.execute(t.uploads.insert().values(source=source, path=path, **values))
        return replaced

    def remove(self, source: int, path: str) -> bool:
        """Have no file of this path; return whether there was one."""
        with self._db.write() as c:
            return bool(c.execute(t.uploads.delete().where(_is(source, path))).rowcount)

    def delete_unused(self, name: str, delete: Callable[[str], None]) -> None:
        """Have a blob deleted, unless a file of a base that was not removed has it."""
        using = sa.select(t.uploads.c.source).where(t.uploads.c.content_hash == name, t.uploads.c.source.in_(_LIVING))
        with self._db.write() as c:
            wait_for_turn(c, Turn.UPLOADS)
            if c.execute(using.limit(1)).first() is None:
                delete(name)


def _is(source: int, path: str) -> sa.ColumnElement[bool]:
    return (t.uploads.c.source == source) & (t.uploads.c.path == path)


def _require(c: Connection, source: int) -> None:
    if c.execute(_LIVING.where(t.sources.c.id == source)).first() is None:
        raise NotFound("the knowledge base of these files was removed")
