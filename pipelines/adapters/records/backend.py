"""What `Database` asks of a kind of database: connections, how a transaction begins, and its faults in our words."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pipelines.errors import FootnoteError, TransientError


WORK = "footnote_work"
"""Execution option of a connection: what its transactions are for."""


class Work(Enum):
    """What a transaction is for."""

    READ = "sees one state and changes nothing"
    LOOK = "is one statement that reads: a state by itself"
    WRITE = "writes"


def work_of(connection: Connection) -> Work:
    """Return what a connection's transactions are for."""
    found: Work = connection.get_execution_options().get(WORK, Work.READ)
    return found


class Locked(TransientError):
    """Rows or a turn were locked by another process for too long; nothing was written."""


@dataclass(frozen=True, slots=True)
class Waits:
    """
    How long a server may take, in seconds, and how many connections one process holds.

    Attributes:
        pool: connections at most.
        connect_seconds: until a connection is there.
        lock_seconds: until another process's write ends, or a connection of the pool is free.
        idle_seconds: after which the server ends the transaction of a client that says nothing.
        statement_seconds: of work on one statement.

    """

    pool: int = 5
    connect_seconds: float = 5
    lock_seconds: float = 30
    idle_seconds: float = 60
    statement_seconds: float = 300


class Backend(Protocol):
    """One kind of database."""

    @property
    def place(self) -> str:
        """Where it is, as messages name it; never with a password."""

    def engine(self) -> Engine:
        """Return a source of connections whose transactions begin as `work_of` says; opens none."""

    def described(self, connection: Connection) -> str:
        """Return kind, version and place of the database in words."""

    def time(self, connection: Connection) -> float | None:
        """Return its server's time of day, seconds since 1970; None where it is this machine's own."""

    def translated(self, fault: sa.exc.SQLAlchemyError) -> FootnoteError:
        """Return a fault of the database, or of waiting for a connection, in our words."""

    def misfit(self, fault: sa.exc.DBAPIError) -> str | None:
        """Return the database's words where a statement did not fit its tables or rows; None for any other fault."""

    def damaged(self, reason: str) -> FootnoteError:
        """Return the fault that what is stored is not what it must be."""
