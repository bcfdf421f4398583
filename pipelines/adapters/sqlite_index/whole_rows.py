"""Rows read with all they hold, for another index to hold the same. Writes nothing."""

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.index_tokens import terms_in
from pipelines.adapters.index_vectors import stored_vector
from pipelines.adapters.sqlite_index.connection import reading
from pipelines.adapters.sqlite_index.faults import UnsoundContent
from pipelines.ports.chunk_index import IndexRow, RowLife, WholeRow


PAGE = 5000
"""Rows that are read at once where all are wanted."""

_LIVES = """SELECT id, chunk_id, added_in, removed_in, rule FROM rows
    WHERE id > ? AND kb = ? ORDER BY id LIMIT ?"""
_WHOLE = """SELECT r.chunk_id, r.kb, r.rule, r.added_in, r.removed_in,
        w.stems || ' ' || w.bigrams || ' ' || w.grams || ' ' || w.title, v.vector
    FROM rows r LEFT JOIN words w ON w.rowid = r.id LEFT JOIN vectors v ON v.id = r.id
    WHERE r.chunk_id = ? AND r.added_in = ? AND r.kb = ?"""


def lives_after(connection: sqlite3.Connection, kb: int, last: int) -> tuple[list[RowLife], int | None]:
    """Return a page of the rows of a base whose id is greater than `last`, and where the next one begins, if any."""
    page = connection.execute(_LIVES, (last, kb, PAGE)).fetchall()
    return [RowLife(*life) for _, *life in page], page[-1][0] if len(page) == PAGE else None


def whole(
    connection: sqlite3.Connection, kb: int, keys: Sequence[tuple[str, int]], dimensions: int
) -> Iterator[WholeRow]:
    """
    Yield rows by (chunk id, added_in), out of one state of the file.

    Args:
        connection: to the file.
        kb: the base.
        keys: those that do not exist are left out.
        dimensions: length of the vectors that are wanted; 0 for none.

    Raises:
        UnsoundContent: a row does not hold what was written.

    """
    with reading(connection):
        for chunk, added in keys:
            for chunk_id, of, rule, added_in, removed_in, words, vector in connection.execute(
                _WHOLE, (chunk, added, kb)
            ):
                try:
                    terms = terms_in(words)
                except (AttributeError, KeyError, ValueError, OverflowError) as fault:
                    raise UnsoundContent(f"the words of chunk {chunk_id} are not what was written") from fault
                placed = _vector(vector, chunk_id, dimensions) if dimensions else None
                yield WholeRow(IndexRow(chunk_id, of, rule, added_in, terms, placed), removed_in)


def _vector(stored: bytes | None, chunk_id: str, dimensions: int) -> NDArray[np.float32] | None:
    try:
        return None if stored is None else stored_vector(stored, dimensions)
    except ValueError as fault:
        raise UnsoundContent(f"the vector of chunk {chunk_id} {fault}") from fault
