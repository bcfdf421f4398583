"""Which folder holds what, in SQL. Looks into no folder."""

from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.ports.folders import Folder, Holds


class SqlFolders:
    """`ports.folders.FolderRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, what: Holds) -> Folder | None:
        """Return the folder that holds it; None where that was never said."""
        with self._db.look() as c:
            row = c.execute(_of(what)).first()
        return None if row is None else Folder(row.mark, row.shown)

    def settle(self, what: Holds, folder: Folder) -> Folder:
        """Say which folder holds it unless that was said before; return which one does."""
        with self._db.write() as c:
            c.execute(insert_new(c, t.folders).values(what=what, mark=folder.mark, shown=folder.shown))
            row = c.execute(_of(what)).one()
        return Folder(row.mark, row.shown)

    def replace(self, what: Holds, folder: Folder | None) -> None:
        """Say which folder holds it from now on; None for no folder."""
        with self._db.write() as c:
            c.execute(t.folders.delete().where(t.folders.c.what == what))
            if folder is not None:
                c.execute(insert_new(c, t.folders).values(what=what, mark=folder.mark, shown=folder.shown))


def _of(what: Holds) -> sa.Select[Any]:
    return sa.select(t.folders.c.mark, t.folders.c.shown).where(t.folders.c.what == what)
