"""Two filtered lists by two calls side by side. Neither text nor vectors come back, only ids and scores."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from weaviate.proto.v1 import base_pb2, search_get_pb2

from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.filters import visible_to
from pipelines.adapters.weaviate_index.tokens import question_text
from pipelines.domain.values import Value
from pipelines.ports.chunk_index import SearchLists, SearchRequest


MOST_RESULTS = 10_000
"""What Weaviate returns of one search, at most, as it is shipped."""

_SPARE = 20
"""Rows beyond the limit: enough to see where most ties end."""

_MORE = 4
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Scored(Value):
    """
    What one call found.

    Attributes:
        chunks: chunk id and score of each row, best first.
        floor: what was left out scores at most this; minus infinity if nothing was.

    """

    chunks: Sequence[tuple[str, float]]
    floor: float


@dataclass(frozen=True, slots=True)
class WordWeights(Value):
    """
    Field -> how often each of its terms stands in a query, and what a score is divided by.

    A term that stands in a query n times counts n times: so one searched text holds the
    terms of all fields. Weaviate's own weights of properties would not do: it cuts each
    property's list before it adds them, and so loses part of a row's score.
    """

    times: dict[str, int]
    divisor: float


class Searching:
    """Searches over one connection. Safe between threads."""

    def __init__(self, connection: Connection, weights: WordWeights, monotonic: Callable[[], float]) -> None:
        self._connection = connection
        self._weights = weights
        self._monotonic = monotonic

    def search(self, request: SearchRequest, vector: NDArray[np.float32] | None) -> SearchLists:
        """Return the two lists; `vector` is the request's, checked."""
        visible = visible_to(request.access, request.versions)
        asks: dict[str, search_get_pb2.SearchRequest] = {}
        text = question_text(request.terms, self._weights.times)
        if visible is not None and text:
            asks["words"] = self._by_words(text)
        if visible is not None and vector is not None:
            asks["vectors"] = self._by_vector(vector)
        for ask in asks.values():
            ask.filters.CopyFrom(visible)
        listed = self._lists(asks, request.limit)
        return SearchLists(listed.get("words", {}), listed.get("vectors", {}))

    def finds_one(self) -> bool:
        """Search for any one row, in the time of a question; say whether there is one."""
        ask = self._connection.new_search("chunk", level=base_pb2.CONSISTENCY_LEVEL_ONE)
        ask.limit = 1
        (reply,) = self._connection.search([ask], self._connection.server.query_s)
        return bool(reply.results)

    def _lists(self, asks: dict[str, search_get_pb2.SearchRequest], limit: int) -> dict[str, dict[str, float]]:
        """Return each ask's list; one that ties beyond what came back is asked for more."""
        settled: dict[str, dict[str, float]] = {}
        end = self._monotonic() + self._connection.server.query_s
        count = limit + _SPARE
        while open_asks := {name: ask for name, ask in asks.items() if name not in settled}:
            count = min(count, MOST_RESULTS)
            for ask in open_asks.values():
                ask.limit = count
            replies = self._connection.search(list(open_asks.values()), max(0.0, end - self._monotonic()))
            for name, reply in zip(open_asks, replies, strict=True):
                read = self._read_words if name == "words" else _read_vectors
                listed = each_once(read(reply, count), limit)
                if listed is not None:
                    settled[name] = listed
            count *= _MORE
        return settled

    def _by_words(self, text: str) -> search_get_pb2.SearchRequest:
        ask = self._connection.new_search("chunk", level=base_pb2.CONSISTENCY_LEVEL_ONE)
        ask.bm25_search.query = text
        ask.bm25_search.properties.append("terms")
        ask.metadata.score = True
        return ask

    def _by_vector(self, vector: NDArray[np.float32]) -> search_get_pb2.SearchRequest:
        ask = self._connection.new_search("chunk", level=base_pb2.CONSISTENCY_LEVEL_ONE)
        ask.near_vector.vectors.add(
            vector_bytes=vector.astype("<f4").tobytes(), type=base_pb2.Vectors.VECTOR_TYPE_SINGLE_FP32
        )
        ask.metadata.distance = True
        return ask

    def _read_words(self, reply: search_get_pb2.SearchReply, count: int) -> Scored:
        divisor = self._weights.divisor
        return _scored([(_chunk(one), one.metadata.score / divisor) for one in reply.results], count)


def each_once(found: Scored, limit: int) -> dict[str, float] | None:
    """
    Return the best chunks, each with the better of its visible lives, ties by chunk id.

    Two lives of a chunk are visible at once only where a sync died or wrote late.
    None if a row that was left out might belong into the list.
    """
    best: dict[str, float] = {}
    for negative, chunk in sorted((-score, chunk) for chunk, score in found.chunks):
        best.setdefault(chunk, -negative)
    listed = dict(islice(best.items(), limit))
    if found.floor == -math.inf or (len(best) >= limit and min(listed.values()) > found.floor):
        return listed
    return None


def _read_vectors(reply: search_get_pb2.SearchReply, count: int) -> Scored:
    cosines = [(_chunk(one), round(1.0 - one.metadata.distance, _DECIMALS)) for one in reply.results]
    return _scored([(chunk, max(-1.0, min(1.0, cosine))) for chunk, cosine in cosines], count)


def _scored(chunks: Sequence[tuple[str, float]], count: int) -> Scored:
    whole = len(chunks) < count or count >= MOST_RESULTS
    return Scored(chunks, -math.inf if whole else chunks[-1][1])


def _chunk(result: search_get_pb2.SearchResult) -> str:
    return str(result.properties.non_ref_props.fields["chunk"].text_value)
