"""Writes in short transactions, so that no other process waits long for the lock."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from threading import Lock
from typing import TypeAlias, TypeVar

import numpy as np

from pipelines.adapters.sqlite_index.connection import writing
from pipelines.adapters.sqlite_index.tokens import document_columns
from pipelines.domain.knowledge import ALIVE
from pipelines.ports.chunk_index import WholeRow


Parameters: TypeAlias = tuple[int | str, ...]
_Item = TypeVar("_Item")

_STEP = 16
_KEPT_CHANGES = 100_000
_MERGED_PAGES = 128
_NO_MERGE = 2
"""FTS5 changes at least so many rows of its own when it had something to merge."""

_REPLACE = "DELETE FROM rows WHERE chunk_id = ? AND added_in = ?"
_ROW = "INSERT INTO rows (kb, chunk_id, rule, added_in, removed_in) VALUES (?, ?, ?, ?, ?)"
_VECTOR = "INSERT INTO vectors (id, vector) VALUES (?, ?)"
_WORDS = "INSERT INTO words (rowid, stems, bigrams, grams, title, rule) VALUES (?, ?, ?, ?, ?, ?)"
_CUT_CHANGES = "DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - ?"


class Writing:
    """Writes over one connection. Safe between threads: one transaction at a time."""

    def __init__(self, connection: sqlite3.Connection, monotonic: Callable[[], float], *, step_s: float) -> None:
        """
        Take a connection.

        Args:
            connection: used by nobody else.
            monotonic: seconds of a clock that never goes back.
            step_s: a transaction that took so long is committed, and the next one begun.

        """
        self._connection = connection
        self._monotonic = monotonic
        self._step_s = step_s
        self._lock = Lock()

    def restore(self, rows: Iterable[WholeRow]) -> None:
        """Write rows; a row that is replaced gets a new id, by which other processes notice."""
        self._in_steps(rows, self._restore_step)

    def execute_each(self, statement: str, parameters: Iterable[Parameters]) -> int:
        """Execute a statement once per parameters; return how many rows it changed in all."""
        changed = 0

        def step(some: Sequence[Parameters]) -> None:
            nonlocal changed
            changed += self._connection.executemany(statement, some).rowcount

        self._in_steps(parameters, step)
        return changed

    def delete_where(self, condition: str, *values: int) -> int:
        """Delete the rows that fulfil a condition of ours; return how many."""
        return self._where("DELETE FROM rows", condition, values)

    def revive_where(self, condition: str, *values: int) -> int:
        """Let the rows that fulfil a condition of ours be alive; return how many."""
        return self._where(f"UPDATE rows SET removed_in = {ALIVE}", condition, values)  # noqa: S608 - a constant

    def merge_words(self) -> None:
        """Merge the segments of the words' index: less to look through for each question."""
        merged = _NO_MERGE
        while merged >= _NO_MERGE:
            with self._lock, writing(self._connection):
                before = self._connection.total_changes
                self._connection.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (_MERGED_PAGES,))
                merged = self._connection.total_changes - before

    def check_words(self) -> None:
        """Let FTS5 compare its index with its rows; a difference is a fault of the file."""
        with self._lock:
            self._connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")

    def close(self) -> None:
        """Close the connection when no transaction is open."""
        with self._lock:
            self._connection.close()

    def _in_steps(self, items: Iterable[_Item], write: Callable[[Sequence[_Item]], None]) -> None:
        """Write items a few at a time, in as many transactions as their time asks for."""
        rest = iter(items)
        step = list(islice(rest, _STEP))
        while step:
            with self._lock, writing(self._connection):
                end = self._monotonic() + self._step_s
                while step:
                    write(step)
                    step = list(islice(rest, _STEP))
                    if self._monotonic() >= end:
                        break
                self._connection.execute(_CUT_CHANGES, (_KEPT_CHANGES,))

    def _where(self, action: str, condition: str, values: tuple[int, ...]) -> int:
        with self._lock:
            found = self._connection.execute(f"SELECT id FROM rows WHERE {condition}", values).fetchall()  # noqa: S608 - a constant
        return self.execute_each(f"{action} WHERE id = ? AND {condition}", ((row, *values) for (row,) in found))

    def _restore_step(self, rows: Sequence[WholeRow]) -> None:
        for one in rows:
            row = one.row
            self._connection.execute(_REPLACE, (row.chunk_id, row.added_in))
            values = (row.kb, row.chunk_id, row.rule, row.added_in, one.removed_in)
            key = self._connection.execute(_ROW, values).lastrowid
            if row.vector is not None:
                self._connection.execute(_VECTOR, (key, np.ascontiguousarray(row.vector, "<f4").tobytes()))
            self._connection.execute(_WORDS, (key, *document_columns(row.terms, row.rule)))
