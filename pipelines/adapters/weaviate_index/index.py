"""The index in Weaviate as the pipelines see it. What is sent stands in the modules beside it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.index_vectors import checked_vector
from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.filters import (
    any_key,
    any_of,
    at_most,
    below,
    both,
    equal,
    is_not,
    key_of,
    scope_of,
)
from pipelines.adapters.weaviate_index.reading import Reading
from pipelines.adapters.weaviate_index.schema import collection_name, delete_collection, generations, look, prepare
from pipelines.adapters.weaviate_index.searching import Searching, WordWeights
from pipelines.adapters.weaviate_index.server import WeaviateServer
from pipelines.adapters.weaviate_index.whole_rows import whole
from pipelines.adapters.weaviate_index.writing import Writing, batches
from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.knowledge import ALIVE
from pipelines.ports.chunk_index import IndexRow, RowLife, SearchLists, SearchRequest, VisibleRow, WholeRow


WORD_WEIGHTS = WordWeights({"stems": 10, "bigrams": 4, "grams": 5, "title": 5}, 10.0)
"""
The shipped weights: 1, .4, .5 and .5.

Those of `retrieval.terms` are for a BM25 that applies them inside its saturation. Weaviate
applies them outside, so stems have a lower k1 (`schema`) in place of a double weight
(figures in docs/quality.md).
"""

_NAMED_AT_ONCE = 500


class WeaviateIndex:
    """
    `ports.chunk_index.ChunkIndex` in one collection of a Weaviate server.

    Several processes may use the collection at once, and several threads one object.
    The collection holds one generation: another embedder or analyser has a collection of
    its own, which the next sync of each base fills. Nothing is opened before the
    first call; a process that forks may have called `look` and `close` before, and nothing else.

    Up to forty thousand visible rows the list of vectors is exact, beyond that it is
    Weaviate's approximation. Of a question, the first hundred terms of each field are searched.
    """

    def __init__(
        self,
        server: WeaviateServer,
        identity: IndexIdentity,
        *,
        weights: WordWeights = WORD_WEIGHTS,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take what is needed; nothing is opened yet.

        Args:
            server: the server.
            identity: what all rows have in common; it names the collection.
            weights: how much a word counts by its field.
            monotonic: seconds of a clock that never goes back.
            pause: waits for so many seconds before rows that were refused are sent again.

        """
        self._server = server
        self._identity = identity
        self._connection = Connection(server, collection_name(identity), monotonic)
        self._searching = Searching(self._connection, weights, monotonic)
        self._reading = Reading(self._connection)
        self._writing = Writing(self._connection, pause)
        self._prepared = False
        self._lock = Lock()

    @property
    def collection(self) -> str:
        """Name of the collection."""
        return self._connection.collection

    def connect(self) -> None:
        """
        Connect, and make or check the collection. Again, it does nothing.

        Raises:
            TransientError: the server cannot be reached, or does not answer in time.
            BadSettings: the key is refused, or what answers is no Weaviate.
            StorageDamaged: the collection is another program's, release's or installation's, or was changed.

        """
        with self._lock:
            if not self._prepared:
                prepare(self._connection, self._identity)
                self._prepared = True

    def look(self) -> None:
        """
        Look whether the server can be used; by REST alone, so that this process may fork afterwards. Nothing is made.

        Raises:
            TransientError: the server cannot be reached, is not ready, or does not answer in time.
            BadSettings: the key is refused, or what answers is no Weaviate.
            StorageDamaged: as `connect`.

        """
        look(self._connection, self._identity)

    def search(self, request: SearchRequest) -> SearchLists:
        """
        Return the two lists, filtered before they are ranked and cut.

        Raises:
            BadInput: the vector does not fit the index.

        """
        vector = None if request.vector is None else self._checked(request.vector, "the question")
        self.connect()
        return self._searching.search(request, vector)

    def has_rows(self) -> bool:
        """
        Say whether one row is found over the connection that questions use; nothing is made.

        Before the first question, which makes the collection, it is looked first whether there is one.

        Raises:
            FootnoteError: no search would be answered now.

        """
        if not self._prepared and not look(self._connection, self._identity):
            return False
        return self._searching.finds_one()

    def stage(self, rows: Sequence[IndexRow]) -> None:
        """
        Write rows; a row with a key that exists is replaced and alive again.

        Raises:
            BadInput: a vector does not fit the index; nothing is written.

        """
        self.restore([WholeRow(row, ALIVE) for row in rows])

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """Let the lives that are alive and older than `version` end in `version`."""
        self.connect()
        for some in batches(chunk_ids, _NAMED_AT_ONCE):
            alive = (equal("kb", kb), any_of("chunk", some), equal("removed_in", ALIVE))
            self._writing.patch_where(both(*alive, below("added_in", version)), {"removed_in": version})

    def sweep(self, kb: int, version: int) -> None:
        """Undo a version: delete the rows added in it, revive the rows removed in it."""
        self.connect()
        self._writing.delete_where(both(equal("kb", kb), equal("added_in", version)))
        self._writing.patch_where(both(equal("kb", kb), equal("removed_in", version)), {"removed_in": ALIVE})

    def vacuum(self, kb: int, oldest: int) -> int:
        """Delete the rows removed in or before `oldest`; return how many."""
        self.connect()
        return self._writing.delete_where(both(equal("kb", kb), at_most("removed_in", oldest)))

    def assign_rule(self, kb: int, chunk_ids: Sequence[str], rule: int) -> None:
        """Put every living row of these chunks under another rule, in place."""
        self.connect()
        scope = scope_of(kb, rule)
        for some in batches(chunk_ids, _NAMED_AT_ONCE):
            alive = (equal("kb", kb), any_of("chunk", some), equal("removed_in", ALIVE))
            self._writing.patch_where(both(*alive, is_not("scope", scope)), {"scope": scope})

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield every row that a search at this version could see. What is written meanwhile may be missing."""
        self.connect()
        yield from self._reading.visible(kb, version)

    def delete(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Delete rows by (chunk id, added_in)."""
        self.connect()
        for some in batches(keys, _NAMED_AT_ONCE):
            self._writing.delete_where(both(equal("kb", kb), any_key(key_of(*one) for one in some)))

    def revive(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Let rows by (chunk id, added_in) be alive again."""
        self.connect()
        for some in batches(keys, _NAMED_AT_ONCE):
            named = any_key(key_of(*one) for one in some)
            self._writing.patch_where(both(equal("kb", kb), named, below("removed_in", ALIVE)), {"removed_in": ALIVE})

    def drop(self, kb: int) -> None:
        """Delete every row of a base, also in the collections of this installation's other generations."""
        self.connect()
        for collection in generations(self._connection, self._identity.installation):
            self._writing.delete_in(collection, equal("kb", kb))

    def count(self, kb: int) -> int:
        """Return the rows of a base, of all versions."""
        self.connect()
        return self._reading.count(equal("kb", kb))

    def bases(self) -> tuple[int, ...]:
        """Return the ids of the bases that have rows, in order."""
        self.connect()
        return self._reading.bases()

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield every row of a base, of all versions. What is written meanwhile may be missing."""
        self.connect()
        yield from self._reading.lives(kb)

    def whole(self, kb: int, keys: Sequence[tuple[str, int]]) -> tuple[WholeRow, ...]:
        """Return rows by (chunk id, added_in) with all they hold; those that exist."""
        self.connect()
        return whole(self._connection, kb, keys, self._identity.dimensions)

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """
        Write rows as another index held them; a row with a key that exists is replaced.

        Raises:
            BadInput: a vector does not fit the index; nothing is written.

        """
        for one in rows:
            if one.row.vector is not None:
                self._checked(one.row.vector, f"chunk {one.row.chunk_id}")
        self.connect()
        self._writing.restore(rows)

    def destroy(self) -> None:
        """Delete the collections of all generations of this installation, and close."""
        for collection in generations(self._connection, self._identity.installation):
            delete_collection(self._connection, collection)
        self.close()

    def destroy_generation(self) -> None:
        """Delete the collection of this generation alone, and close; where it is not, do nothing."""
        delete_collection(self._connection, self.collection)
        self.close()

    def close(self) -> None:
        """Release connections and threads. Closing again does nothing."""
        self._writing.close()
        self._connection.close()

    def _checked(self, vector: NDArray[np.float32], whose: str) -> NDArray[np.float32]:
        """Return a vector as float32 of the index's length."""
        place = f"the collection {self.collection} of Weaviate"
        return checked_vector(vector, whose, dimensions=self._identity.dimensions, place=place)
