"""Rows read with all they hold, for another index to hold the same. Writes nothing."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from weaviate.proto.v1 import search_get_pb2

from pipelines.adapters.index_tokens import terms_in
from pipelines.adapters.index_vectors import stored_vector
from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.faults import damaged
from pipelines.adapters.weaviate_index.filters import any_key, both, equal, key_of, rule_in
from pipelines.ports.chunk_index import IndexRow, WholeRow


_COLUMNS = ("chunk", "kb", "scope", "added_in", "removed_in", "terms")


def whole(connection: Connection, kb: int, keys: Sequence[tuple[str, int]], dimensions: int) -> tuple[WholeRow, ...]:
    """
    Return rows by (chunk id, added_in); those that exist.

    Args:
        connection: to the server.
        kb: the base.
        keys: at most 1,000.
        dimensions: length of the vectors that are wanted; 0 for none.

    Raises:
        StorageDamaged: a row does not hold what was written.

    """
    if not keys:
        return ()
    request = connection.new_search(*_COLUMNS)
    request.filters.CopyFrom(both(equal("kb", kb), any_key(key_of(*one) for one in keys)))
    request.limit = len(keys)
    request.metadata.uuid = True
    request.metadata.vector = dimensions > 0
    return tuple(_whole(connection, one, dimensions) for one in connection.read(request).results)


def _whole(connection: Connection, found: search_get_pb2.SearchResult, dimensions: int) -> WholeRow:
    fields: Mapping[str, Any] = found.properties.non_ref_props.fields
    chunk, added_in = fields["chunk"].text_value, fields["added_in"].int_value
    if uuid.UUID(found.metadata.id) != key_of(chunk, added_in):
        raise _not_ours(connection, chunk)
    try:
        terms, rule = terms_in(fields["terms"].text_value), rule_in(fields["scope"].text_value)
    except (KeyError, ValueError, OverflowError) as fault:
        raise _not_ours(connection, chunk) from fault
    vector = _vector(connection, found.metadata.vector_bytes, chunk, dimensions)
    row = IndexRow(chunk, fields["kb"].int_value, rule, added_in, terms, vector)
    return WholeRow(row, fields["removed_in"].int_value)


def _vector(connection: Connection, stored: bytes, chunk: str, dimensions: int) -> NDArray[np.float32] | None:
    try:
        return stored_vector(stored, dimensions) if stored else None
    except ValueError as fault:
        raise _not_ours(connection, chunk) from fault


def _not_ours(connection: Connection, chunk: str) -> Exception:
    reason = f"the row of chunk {chunk} is not what was written"
    return damaged(connection.server, connection.collection, reason)
