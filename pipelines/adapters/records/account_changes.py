"""Changes of accounts, in SQL."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.stamps import unix
from pipelines.ports.clock import Clock


_KEPT_S = 3600.0
_COLUMNS = t.account_changes.c


class SqlAccountChanges:
    """`ports.account_changes.AccountChangeRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def note(self, platform: str, told: Mapping[str, Any]) -> int:
        """Keep a change, and forget old ones."""
        now = unix(self._clock)
        values = {"platform": platform, "told": dict(told), "noted_at": now}
        with self._db.write() as c:
            c.execute(t.account_changes.delete().where(_COLUMNS.noted_at < now - _KEPT_S))
            return int(c.execute(t.account_changes.insert().returning(_COLUMNS.id), values).scalar_one())

    def after(self, platform: str, number: int) -> Mapping[int, Mapping[str, Any]]:
        """Return what is kept under greater numbers."""
        wanted = sa.select(_COLUMNS.id, _COLUMNS.told).where(_COLUMNS.platform == platform, _COLUMNS.id > number)
        with self._db.look() as c:
            return {row.id: row.told for row in c.execute(wanted.order_by(_COLUMNS.id))}
