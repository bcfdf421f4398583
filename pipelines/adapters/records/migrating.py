"""
The schema of a database: made, brought up to date, or refused in one sentence.

One transaction under one lock: of processes that start at once one migrates, and the
others find the work done.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records.dialects import Turn, columns_by_table, wait_for_turn
from pipelines.adapters.records.migrations import HEAD
from pipelines.adapters.records.schema import metadata
from pipelines.errors import StorageDamaged


_NOTHING = "base"
"""Alembic's name of the schema before the first revision."""

_VERSION_TABLE = "alembic_version"
_OURS = re.compile(r"\d{4}")
_NAMED = 3


def is_current(connection: Connection, place: str) -> bool:
    """
    Say whether the newest schema is there.

    Raises:
        StorageDamaged: the database is somebody else's, of a newer Footnote, or lacks tables or columns.

    """
    tables = columns_by_table(connection)
    found = _revision(connection) if _VERSION_TABLE in tables else None
    if found is None:
        strangers = sorted(tables.keys() - {_VERSION_TABLE})
        if strangers:
            raise StorageDamaged(_foreign(place, strangers))
        return False
    if not _OURS.fullmatch(found):
        raise StorageDamaged(_foreign(place, sorted(tables)))
    if found > HEAD:
        raise StorageDamaged(_newer(place, found))
    if found != HEAD:
        return False
    if missing := _missing(tables):
        advice = "restore it from a backup, or name an empty database (DATABASE_URL)"
        raise StorageDamaged(f"{place} is only half there, {_some(missing)} is missing: {advice}")
    return True


def bring_up_to_date(connection: Connection, place: str) -> None:
    """
    Migrate unless another process did it in the meantime; inside the caller's writing transaction.

    Raises:
        StorageDamaged: as `is_current`, of what is there afterwards too.

    """
    wait_for_turn(connection, Turn.MIGRATE)
    if not is_current(connection, place):
        migrate(connection, HEAD)
        is_current(connection, place)


def migrate(connection: Connection, revision: str) -> None:
    """Bring the schema to a revision, up or down, inside the caller's transaction; `base` is no tables at all."""
    # Alembic costs 0.15 s to import and is needed once per release.
    from alembic import command  # noqa: PLC0415 - as said above
    from alembic.config import Config  # noqa: PLC0415 - as said above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    found = _revision(connection) if sa.inspect(connection).has_table(_VERSION_TABLE) else None
    if revision == _NOTHING or (found is not None and found > revision):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def half_migrated(place: str, reason: str) -> StorageDamaged:
    """Return the fault that a step does not fit the tables that are there, as after a restore over newer tables."""
    advice = "restore the backup from before the update into an empty one, or name an empty database (DATABASE_URL)"
    return StorageDamaged(f"{place} is only half migrated ({reason}), nothing was changed: {advice}")


def _missing(tables: Mapping[str, set[str]]) -> list[str]:
    """Return the tables that are not there, and the columns that tables lack, by name."""
    found = [name for name in metadata.tables if name not in tables]
    for name, table in metadata.tables.items():
        found += [f"{name}.{one}" for one in table.columns.keys() if name in tables and one not in tables[name]]  # noqa: SIM118 - SQLAlchemy iterates columns, not names
    return sorted(found)


def _revision(connection: Connection) -> str | None:
    return connection.execute(sa.text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a constant


def _newer(place: str, found: str) -> str:
    return f"{place} was written by a newer Footnote (schema {found}, this one knows {HEAD}): update Footnote"


def _foreign(place: str, tables: list[str]) -> str:
    return f"{place} holds tables that are not Footnote's ({_some(tables)}): name an empty database (DATABASE_URL)"


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest
