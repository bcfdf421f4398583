"""The index wherever it is: each call goes to the place that the records name at that moment. Moves nothing."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from pipelines.ports.chunk_index import (
    ChunkIndex,
    IndexRow,
    OtherRows,
    RowLife,
    SearchLists,
    SearchRequest,
    VisibleRow,
    WholeRow,
)


_Place = TypeVar("_Place", bound=Hashable)


class PlacedIndex(Generic[_Place]):
    """
    `ports.chunk_index.ChunkIndex` over the engine, and the generation, in use.

    A process that lives through a move goes on with the new place at its next call, and
    lets go of the old one when its last call there has ended. Who writes holds a lease
    that no move overlaps (`ports.index_places`).
    """

    def __init__(
        self,
        place: Callable[[], _Place],
        open_index: Callable[[_Place], ChunkIndex],
        embedder: Callable[[_Place], str | None] | None = None,
        analyser: Callable[[_Place], str] | None = None,
    ) -> None:
        """
        Take what is needed; nothing is opened yet.

        Args:
            place: names the place in use now.
            open_index: opens the index of a place.
            embedder: names the embedder of a place's vectors; None where all have the same.
            analyser: names the analyser of a place's terms; None as well.

        """
        self._place = place
        self._open_index = open_index
        self._embedder = embedder
        self._analyser = analyser
        self._lock = Lock()
        self._opened: dict[_Place, ChunkIndex] = {}
        self._calls: dict[_Place, int] = {}

    def search(self, request: SearchRequest) -> SearchLists:
        """
        Return the two lists, filtered before they are ranked and cut.

        Raises:
            OtherRows: the request says who made its vector or terms, and the index has another one's by now.

        """
        place = self._place()
        if self._embedder is not None and request.embedder not in (None, self._embedder(place)):
            raise OtherRows("the embedder of the index was changed while a question was asked: ask it again")
        if self._analyser is not None and request.analyser not in (None, self._analyser(place)):
            raise OtherRows("the analyser of the index was changed while a question was asked: ask it again")
        with self._used(place) as index:
            return index.search(request)

    def has_rows(self) -> bool:
        """Say whether any row is held; refuse if no search would be answered now."""
        with self._used() as index:
            return index.has_rows()

    def stage(self, rows: Sequence[IndexRow]) -> None:
        """Write rows; a row with a key that exists is replaced and alive again."""
        with self._used() as index:
            index.stage(rows)

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """Let the lives that are alive and older than `version` end in `version`."""
        with self._used() as index:
            index.retire(kb, chunk_ids, version)

    def sweep(self, kb: int, version: int) -> None:
        """Undo a version: delete the rows added in it, revive the rows removed in it."""
        with self._used() as index:
            index.sweep(kb, version)

    def vacuum(self, kb: int, oldest: int) -> int:
        """Delete the rows removed in or before `oldest`; return how many."""
        with self._used() as index:
            return index.vacuum(kb, oldest)

    def assign_rule(self, kb: int, chunk_ids: Sequence[str], rule: int) -> None:
        """Put every living row of these chunks under another rule, in place."""
        with self._used() as index:
            index.assign_rule(kb, chunk_ids, rule)

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield every row that a search at this version could see, in any order."""
        with self._used() as index:
            yield from index.visible(kb, version)

    def delete(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Delete rows by (chunk id, added_in)."""
        with self._used() as index:
            index.delete(kb, keys)

    def revive(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Let rows by (chunk id, added_in) be alive again."""
        with self._used() as index:
            index.revive(kb, keys)

    def drop(self, kb: int) -> None:
        """Delete every row of a base."""
        with self._used() as index:
            index.drop(kb)

    def count(self, kb: int) -> int:
        """Return the rows of a base, of all versions."""
        with self._used() as index:
            return index.count(kb)

    def bases(self) -> tuple[int, ...]:
        """Return the ids of the bases that have rows, in order."""
        with self._used() as index:
            return index.bases()

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield every row of a base, of all versions."""
        with self._used() as index:
            yield from index.lives(kb)

    def whole(self, kb: int, keys: Sequence[tuple[str, int]]) -> tuple[WholeRow, ...]:
        """Return rows by (chunk id, added_in) with all they hold; those that exist."""
        with self._used() as index:
            return index.whole(kb, keys)

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """Write rows as another index held them; a row with a key that exists is replaced."""
        with self._used() as index:
            index.restore(rows)

    def destroy(self) -> None:
        """Delete everything of the engine in use."""
        with self._used() as index:
            index.destroy()

    def close(self) -> None:
        """Release files and connections. Closing again does nothing."""
        with self._lock:
            for index in self._opened.values():
                index.close()
            self._opened.clear()

    @contextmanager
    def _used(self, place: _Place | None = None) -> Iterator[ChunkIndex]:
        """Yield the index in use, and let go of one that is not used any more."""
        used = self._place() if place is None else place
        with self._lock:
            index = self._opened.get(used) or self._opened.setdefault(used, self._open_index(used))
            self._calls[used] = self._calls.get(used, 0) + 1
        try:
            yield index
        finally:
            with self._lock:
                self._calls[used] -= 1
                self._let_go(used)

    def _let_go(self, used: _Place) -> None:
        for place in [one for one in self._opened if one != used and not self._calls.get(one)]:
            self._opened.pop(place).close()
