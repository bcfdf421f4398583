"""The embedded index as the pipelines see it. The statements and their order stand in the modules beside it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.index_vectors import checked_vector
from pipelines.adapters.sqlite_index.connection import connect
from pipelines.adapters.sqlite_index.faults import damaged, translated
from pipelines.adapters.sqlite_index.mirror import Mirror
from pipelines.adapters.sqlite_index.schema import prepare
from pipelines.adapters.sqlite_index.searching import Searching
from pipelines.adapters.sqlite_index.whole_rows import lives_after, whole
from pipelines.adapters.sqlite_index.writing import Writing
from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.knowledge import ALIVE
from pipelines.errors import StorageDamaged
from pipelines.ports.chunk_index import IndexRow, RowLife, SearchLists, SearchRequest, VisibleRow, WholeRow
from pipelines.retrieval.terms import FIELD_WEIGHTS, FieldWeights


_STEP_S = 0.1
"""Half of the 200 ms that one transaction may take; the commit needs the rest."""

_PAGE = 5000

_VISIBLE = """SELECT id, chunk_id, added_in, rule FROM rows
    WHERE id > ? AND kb = ? AND added_in <= ? AND removed_in > ? ORDER BY id LIMIT ?"""
_RETIRE = "UPDATE rows SET removed_in = ? WHERE kb = ? AND chunk_id = ? AND removed_in = ? AND added_in < ?"
_ASSIGN = "UPDATE rows SET rule = ? WHERE kb = ? AND chunk_id = ? AND removed_in = ? AND rule <> ?"
_REVIVE = "UPDATE rows SET removed_in = ? WHERE kb = ? AND chunk_id = ? AND added_in = ? AND removed_in < ?"
_DELETE = "DELETE FROM rows WHERE kb = ? AND chunk_id = ? AND added_in = ?"
# Base by base along the index: DISTINCT would read all of it.
_BASES = """WITH RECURSIVE held (kb) AS (
        SELECT min(kb) FROM rows UNION ALL SELECT (SELECT min(kb) FROM rows WHERE kb > held.kb) FROM held WHERE kb > 0
    ) SELECT kb FROM held WHERE kb > 0"""
_ANY = "SELECT 1 FROM rows LIMIT 1"
_APART = """SELECT (SELECT count(*) FROM rows WHERE id NOT IN (SELECT id FROM words_docsize))
    + (SELECT count(*) FROM words_docsize WHERE id NOT IN (SELECT id FROM rows))
    + (SELECT count(*) FROM vectors WHERE id NOT IN (SELECT id FROM rows))"""


class SqliteIndex:
    """
    `ports.chunk_index.ChunkIndex` in one SQLite file.

    Several processes may use the file at once, and several threads one object: searches
    take turns on one connection, writes on another, and neither waits for the other.
    The first search reads who may see each row, and all vectors, into memory; later
    ones read what was written since, by whomever.

    Of a question, the first hundred terms of each field are searched.
    """

    def __init__(
        self,
        path: Path,
        identity: IndexIdentity,
        *,
        weights: FieldWeights = FIELD_WEIGHTS,
        full_durability: bool = False,
        wait_s: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Open the file, or make it, with its folder, if there is none.

        An earlier release's tables are brought up to date first: 30 s per 100,000 rows, once.

        Args:
            path: the file; SQLite keeps two more beside it while it is open.
            identity: what all rows must have in common. Without an embedder the vectors of
                the file are left alone; with one, a file made for words only becomes its own.
            weights: how much a word counts by its field.
            full_durability: survive a loss of power too, not only a killed process.
            wait_s: how long a write waits for another process's write.
            monotonic: seconds of a clock that never goes back.

        Raises:
            StorageDamaged: the file is no index, or of another installation, another
                analyser or a newer release's tables.
            BadSettings: the file was made with another embedder.
            PermanentError: the file cannot be opened, or this Python's SQLite lacks FTS5.

        """
        self._path = path
        self._dimensions = identity.dimensions
        self._lock = Lock()
        self._had_rows = False
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = connect(path, wait_s=wait_s, full_durability=full_durability)
            try:
                prepare(writer, identity, path, monotonic=monotonic, step_s=_STEP_S)
                self._reader = connect(path, wait_s=wait_s, full_durability=full_durability)
            except BaseException:
                writer.close()
                raise
            self._file = _identified(path)
            self._writing = Writing(writer, monotonic, step_s=_STEP_S)
            self._searching = Searching(self._reader, Mirror(identity.dimensions), weights)

    def search(self, request: SearchRequest) -> SearchLists:
        """
        Return the two lists, filtered before they are ranked and cut.

        Raises:
            BadInput: the vector does not fit the index.

        """
        vector = None if request.vector is None else self._checked(request.vector, "the question")
        self._check_file()
        with translated(self._path), self._lock:
            return self._searching.search(request, vector)

    def has_rows(self) -> bool:
        """
        Say whether the file holds any row, or did before; from then on nothing is read, so no search is waited for.

        Raises:
            StorageDamaged: the file is not the one that was opened: it was deleted or replaced.

        """
        self._check_file()
        if not self._had_rows:
            with translated(self._path), self._lock:
                self._had_rows = self._reader.execute(_ANY).fetchone() is not None
        return self._had_rows

    def stage(self, rows: Sequence[IndexRow]) -> None:
        """
        Write rows; a row with a key that exists is replaced and alive again.

        Raises:
            BadInput: a vector does not fit the index; nothing is written.

        """
        self.restore([WholeRow(row, ALIVE) for row in rows])

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """Let the lives that are alive and older than `version` end in `version`."""
        self._execute(_RETIRE, ((version, kb, chunk_id, ALIVE, version) for chunk_id in chunk_ids))

    def sweep(self, kb: int, version: int) -> None:
        """Undo a version: delete the rows added in it, revive the rows removed in it."""
        with translated(self._path):
            self._writing.delete_where("kb = ? AND added_in = ?", kb, version)
            self._writing.revive_where("kb = ? AND removed_in = ?", kb, version)

    def vacuum(self, kb: int, oldest: int) -> int:
        """Delete the rows removed in or before `oldest`; return how many."""
        with translated(self._path):
            deleted = self._writing.delete_where("kb = ? AND removed_in <= ?", kb, oldest)
            self._writing.merge_words()
        return deleted

    def assign_rule(self, kb: int, chunk_ids: Sequence[str], rule: int) -> None:
        """Put every living row of these chunks under another rule, in place."""
        self._execute(_ASSIGN, ((rule, kb, chunk_id, ALIVE, rule) for chunk_id in chunk_ids))

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield every row that a search at this version could see. What is written meanwhile may be missing."""
        last = 0
        while True:
            with translated(self._path), self._lock:
                page = self._reader.execute(_VISIBLE, (last, kb, version, version, _PAGE)).fetchall()
            for _, chunk_id, added_in, rule in page:
                yield VisibleRow(chunk_id, added_in, rule)
            if len(page) < _PAGE:
                return
            last = page[-1][0]

    def delete(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Delete rows by (chunk id, added_in)."""
        self._execute(_DELETE, ((kb, *key) for key in keys))

    def revive(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Let rows by (chunk id, added_in) be alive again."""
        self._execute(_REVIVE, ((ALIVE, kb, *key, ALIVE) for key in keys))

    def drop(self, kb: int) -> None:
        """Delete every row of a base."""
        with translated(self._path):
            self._writing.delete_where("kb = ?", kb)
            self._writing.merge_words()

    def count(self, kb: int) -> int:
        """Return the rows of a base, of all versions."""
        with translated(self._path), self._lock:
            (rows,) = self._reader.execute("SELECT count(*) FROM rows WHERE kb = ?", (kb,)).fetchone()
        return int(rows)

    def bases(self) -> tuple[int, ...]:
        """Return the ids of the bases that have rows, in order."""
        with translated(self._path), self._lock:
            return tuple(kb for (kb,) in self._reader.execute(_BASES))

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield every row of a base, of all versions. What is written meanwhile may be missing."""
        last: int | None = 0
        while last is not None:
            with translated(self._path), self._lock:
                page, last = lives_after(self._reader, kb, last)
            yield from page

    def whole(self, kb: int, keys: Sequence[tuple[str, int]]) -> tuple[WholeRow, ...]:
        """Return rows by (chunk id, added_in) with all they hold; those that exist."""
        with translated(self._path), self._lock:
            return tuple(whole(self._reader, kb, keys, self._dimensions))

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """
        Write rows as another index held them; a row with a key that exists is replaced.

        Raises:
            BadInput: a vector does not fit the index; nothing is written.

        """
        for one in rows:
            if one.row.vector is not None:
                self._checked(one.row.vector, f"chunk {one.row.chunk_id}")
        self._check_file()
        with translated(self._path):
            self._writing.restore(rows)

    def destroy(self) -> None:
        """Close and delete the file. A process that has it open goes on with what it sees until it ends."""
        self.close()
        delete_index(self._path)

    def check(self) -> None:
        """
        Read the whole file and compare its parts: seconds per 100,000 rows.

        Raises:
            StorageDamaged: the file is damaged.

        """
        with translated(self._path), self._lock:
            (found,) = self._reader.execute("PRAGMA quick_check(1)").fetchone()
            (apart,) = self._reader.execute(_APART).fetchone()
        if found != "ok":
            raise damaged(self._path, found)
        if apart:
            raise damaged(self._path, f"{apart} rows, words or vectors stand alone")
        with translated(self._path):
            self._writing.check_words()

    def close(self) -> None:
        """Release files and connections. Closing again does nothing."""
        with translated(self._path):
            with self._lock:
                self._reader.close()
            self._writing.close()

    def _check_file(self) -> None:
        """Refuse to go on with a file that is no longer the one under its name: nobody else would see it."""
        if _identified(self._path) != self._file:
            raise StorageDamaged(f"{self._path} was deleted or replaced while it was open: start this process again")

    def _execute(self, statement: str, parameters: Iterable[tuple[int | str, ...]]) -> None:
        self._check_file()
        with translated(self._path):
            self._writing.execute_each(statement, parameters)

    def _checked(self, vector: NDArray[np.float32], whose: str) -> NDArray[np.float32]:
        """Return a vector as float32 of the index's length."""
        return checked_vector(vector, whose, dimensions=self._dimensions, place=str(self._path))


def delete_index(path: Path) -> None:
    """Delete an index file that nobody needs, whatever is in it; one that is not there is no fault."""
    with translated(path):
        # The log first: it would be read into the next file of this name.
        for name in ("-wal", "-shm", ""):
            Path(f"{path}{name}").unlink(missing_ok=True)


def _identified(path: Path) -> tuple[int, int] | None:
    """Return which file stands under a name, whatever is in it; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
