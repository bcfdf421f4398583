"""The few statements that SQLite and PostgreSQL word differently. Everything else is written once."""

import json
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from pipelines.adapters.records.columns import is_storable


POSTGRESQL = "postgresql"
_OURS = 0x466F6F74
"""First half of our advisory locks' names: other programs may use locks in the same database."""

PATIENCE_S = 0.5
"""Longest wait for one base's locks while others are looked after; those of a worker last milliseconds."""

_SQLITE_COLUMNS = """SELECT found.name, part.name FROM sqlite_master AS found, pragma_table_info(found.name) AS part
    WHERE found.type = 'table' AND substr(found.name, 1, 7) <> 'sqlite_'"""
# Not the information_schema: that one tells only of columns which the account may use.
_PG_COLUMNS = """SELECT found.relname, part.attname FROM pg_namespace AS place
    JOIN pg_class AS found ON found.relnamespace = place.oid AND found.relkind IN ('r', 'p')
    LEFT JOIN pg_attribute AS part ON part.attrelid = found.oid AND part.attnum > 0 AND NOT part.attisdropped
    WHERE place.nspname = current_schema()"""


class Turn(IntEnum):
    """What is done by one transaction at a time, in all processes."""

    MIGRATE = 1
    INSTALLATION = 2
    BASES = 3
    UPLOADS = 4
    ROUTES = 5
    QUEUE = 16
    """Of one base: the number of the base is added."""


class _Values(FunctionElement[Any]):
    """The values of a JSON list, as rows."""

    name = "json_values"
    inherit_cache = True


@compiles(_Values)
def _sqlite_values(element: _Values, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the library's signature
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_Values, POSTGRESQL)
def _postgresql_values(element: _Values, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **kw)} AS JSON))"


def listed(name: str) -> sa.Select[Any]:
    """
    Return the selection of the values of the parameter `name`, whose value is made by `as_list`.

    A list as one parameter: a statement whose text does not change with its length is prepared once.
    """
    return sa.select(_Values(sa.bindparam(name, type_=sa.Text)).table_valued("value").c.value)


def as_list(values: Iterable[str]) -> str:
    """Return the value of a parameter of `listed`; what cannot be stored equals nothing, and is left out."""
    return json.dumps([one for one in values if is_storable(one)])


def first(statement: sa.Select[Any], name: str) -> sa.CTE:
    """Return a part of a statement that PostgreSQL runs on its own; SQLite chooses its order well without."""
    return statement.cte(name).prefix_with("MATERIALIZED", dialect=POSTGRESQL)


def insert_new(c: Connection, table: sa.Table) -> sa.Insert:
    """Return the statement that inserts a row unless one of its keys is there already."""
    # Each costs 0.05 s to import; the one that is used is loaded already.
    if c.dialect.name == POSTGRESQL:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as said above

        return postgresql.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - as said above

    return sqlite.insert(table).on_conflict_do_nothing()


def columns_by_table(c: Connection) -> dict[str, set[str]]:
    """Return the names of all tables of the database's own schema, each with those of its columns; one statement."""
    found: dict[str, set[str]] = {}
    for table, column in c.exec_driver_sql(_PG_COLUMNS if c.dialect.name == POSTGRESQL else _SQLITE_COLUMNS):
        found.setdefault(table, set()).add(column)
    return found


def refresh_statistics(c: Connection, *tables: sa.Table) -> None:
    """
    Let PostgreSQL look at tables that were just filled; on its own it does so up to a minute later.

    Until then it believes that they are empty, and reads them whole for every question.
    """
    if c.dialect.name == POSTGRESQL:
        c.exec_driver_sql("ANALYZE " + ", ".join(one.name for one in tables))


def wait_at_most(c: Connection, seconds: float) -> None:
    """
    Let this transaction fail as `backend.Locked` once another one kept it waiting for so long.

    Nothing on SQLite: it has one writer, so that whoever writes keeps everybody waiting,
    whatever is written.
    """
    if c.dialect.name == POSTGRESQL:
        c.exec_driver_sql(f"SET LOCAL lock_timeout = {round(seconds * 1000)}")


def wait_for_turn(c: Connection, turn: Turn, base: int = 0) -> None:
    """
    Let nobody else take the same turn until this transaction ends.

    Taken before any row is locked, so that two transactions never wait for each other.
    On SQLite every writing transaction is alone already.
    """
    if c.dialect.name == POSTGRESQL:
        c.execute(sa.select(sa.func.pg_advisory_xact_lock(_OURS, int(turn) + base)))
