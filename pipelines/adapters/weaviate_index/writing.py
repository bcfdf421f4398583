"""Writes: rows in batches, changes row by row, deletions by filter. All of them may be repeated."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import islice
from threading import Lock
from typing import TypeVar

import numpy as np
from weaviate.proto.v1 import batch_delete_pb2, batch_pb2

from pipelines.adapters.weaviate_index.connection import PATCHES_AT_ONCE, Connection
from pipelines.adapters.weaviate_index.faults import one_line
from pipelines.adapters.weaviate_index.filters import Filters, any_key, equal, key_of, part_of, scope_of
from pipelines.adapters.weaviate_index.tokens import document_text
from pipelines.errors import TransientError
from pipelines.ports.chunk_index import IndexRow, WholeRow


PAGE = 5000
"""Rows of one answer where all are wanted; half of what Weaviate returns at most."""

_ROWS_AT_ONCE = 200
_TRIES = 3
_NO_BASE = -1
_PAUSE_S = 0.2
_Item = TypeVar("_Item")


class Writing:
    """Writes over one connection. Safe between threads."""

    def __init__(self, connection: Connection, pause: Callable[[float], None]) -> None:
        self._connection = connection
        self._pause = pause
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """
        Write rows; those with a key that exists are replaced. A server that dies afterwards loses none.

        Raises:
            TransientError: the server did not take some of them, three times.

        """
        # Twice in one batch a row would be written by two threads of the server at once.
        distinct = {(one.row.chunk_id, one.row.added_in): one for one in rows}
        for batch in batches(distinct.values(), _ROWS_AT_ONCE):
            self._put([self._object(one.row, one.removed_in) for one in batch])
        self._flush()

    def patch(self, keys: Iterable[uuid.UUID], properties: Mapping[str, int | str]) -> None:
        """Change properties of objects; one that is gone stays gone."""
        body = {"class": self._connection.collection, "properties": dict(properties)}
        level = self._connection.server.consistency.upper()
        path = f"/v1/objects/{self._connection.collection}/{{}}?consistency_level={level}"
        accepted = (HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND)

        def change(key: uuid.UUID) -> None:
            seconds = self._connection.server.write_s
            self._connection.rest("PATCH", path.format(key), body, seconds=seconds, expected=accepted)

        for _ in self._pool().map(change, keys):
            pass

    def patch_where(self, condition: Filters, properties: Mapping[str, int | str]) -> None:
        """Change properties of the rows that pass a filter, which those that were changed no longer pass."""
        while keys := self._keys(condition):
            self.patch(keys, properties)
            if len(keys) < PAGE:
                return

    def delete_where(self, condition: Filters) -> int:
        """
        Delete the rows that pass a filter; return how many. One call stops at ten thousand.

        Raises:
            TransientError: the server found rows and deleted none of them.

        """
        return self.delete_in(self._connection.collection, condition)

    def delete_in(self, collection: str, condition: Filters) -> int:
        """Delete as `delete_where`, in any collection."""
        request = batch_delete_pb2.BatchDeleteRequest(
            collection=collection, filters=condition, consistency_level=self._connection.level
        )
        deleted = 0
        while True:
            reply = self._connection.delete(request)
            deleted += reply.successful
            if not reply.matches:
                return deleted
            if not reply.successful:
                raise TransientError(
                    f"Weaviate at {self._connection.server.place} (WEAVIATE_URL) deleted none of {reply.matches} rows"
                )

    def close(self) -> None:
        """End the threads. Closing again does nothing."""
        with self._lock:
            if self._threads is not None:
                self._threads.shutdown()
            self._threads = None

    def _put(self, objects: Sequence[batch_pb2.BatchObject]) -> None:
        """
        Write a batch; what was refused is sent again by itself.

        Rows that are there are deleted first. A server that died may have stored a row
        without its place in the index of vectors, and it never places a row whose vector
        is written again unchanged: searches would not find it.
        """
        first = ""
        for attempt in range(_TRIES):
            if attempt:
                self._pause(_PAUSE_S * 2**attempt)
            self.delete_where(any_key(one.uuid for one in objects))
            request = batch_pb2.BatchObjectsRequest(objects=objects, consistency_level=self._connection.level)
            errors = self._connection.put(request).errors
            if not errors:
                return
            first = errors[0].error
            objects = [objects[index] for index in sorted({one.index for one in errors})]
        raise TransientError(
            f"Weaviate at {self._connection.server.place} (WEAVIATE_URL) did not take {len(objects)} rows"
            f" ({one_line(first)}): check that its disk and memory have room"
        )

    def _flush(self) -> None:
        """
        Let the server write what it holds back: the places of a batch in the index of vectors.

        It confirms a batch before they are in its log, and a server that dies then never
        finds these rows by their vectors. Each deletion writes the log of every shard,
        even one that finds nothing.
        """
        self.delete_where(equal("kb", _NO_BASE))

    def _object(self, row: IndexRow, removed_in: int) -> batch_pb2.BatchObject:
        key = key_of(row.chunk_id, row.added_in)
        words = {"chunk": row.chunk_id, "scope": scope_of(row.kb, row.rule), "terms": document_text(row.terms)}
        numbers = {"kb": row.kb, "added_in": row.added_in, "removed_in": removed_in, "part": part_of(key)}
        found = batch_pb2.BatchObject(uuid=str(key), collection=self._connection.collection)
        fields = found.properties.non_ref_properties.fields
        for name, word in words.items():
            fields[name].string_value = word
        for name, number in numbers.items():
            fields[name].number_value = number
        if row.vector is not None:
            found.vector_bytes = np.ascontiguousarray(row.vector, "<f4").tobytes()
        return found

    def _keys(self, condition: Filters) -> list[uuid.UUID]:
        request = self._connection.new_search()
        request.filters.CopyFrom(condition)
        request.limit = PAGE
        request.metadata.uuid = True
        return [uuid.UUID(one.metadata.id) for one in self._connection.read(request).results]

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(PATCHES_AT_ONCE, "weaviate-patch")
            return self._threads


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield the items, so many at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
