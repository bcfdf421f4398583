"""Databases of a test's own on a real PostgreSQL, and processes that meet on one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg

from pipelines.adapters.records.database import Database
from pipelines.setting_forms import psycopg_address
from tests.child import start_child


class Server:
    """A PostgreSQL server on which databases are made and dropped."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg:", "postgresql:")

    def url(self, database: str) -> str:
        """Return the address of a database, as the records take it."""
        return psycopg_address(self._of(database))

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of any transaction, and return its rows."""
        with psycopg.connect(self._of(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """Make a database and drop it at the end; its name comes back."""
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} {options}")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Make a database with the newest schema and nothing in it."""
        with self.database() as name:
            Database(self.url(name)).close()
            yield name

    def _of(self, database: str) -> str:
        place, _, options = self._url.partition("?")
        return f"{place.rpartition('/')[0]}/{database}" + (f"?{options}" if options else "")


def at_once(work: Any, *arguments: tuple[Any, ...]) -> list[Any]:
    """
    Do work in a process for each tuple of arguments, begun at the same moment; return what each tells.

    Through the pipe that is its last argument, the work says "ready", waits for a word, tells
    what came of it, and waits for a word again before it ends.
    """
    children = [start_child(work, *each) for each in arguments]
    try:
        assert all(here.recv() == "ready" for _, here in children)
        for _, here in children:
            here.send("go")
        said = [here.recv() for _, here in children]
        for _, here in children:
            here.send("end")
    finally:
        for child, here in children:
            here.close()
            child.join()
    return said
