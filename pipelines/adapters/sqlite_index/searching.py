"""Two filtered lists out of one state of the file: words by FTS5, vectors out of memory."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.connection import reading
from pipelines.adapters.sqlite_index.mirror import Mirror, Scope
from pipelines.adapters.sqlite_index.tokens import match_expression, under_rules
from pipelines.ports.chunk_index import SearchLists, SearchRequest, TermFields
from pipelines.retrieval.terms import FieldWeights


_NARROW_RULES = 16
_NARROW_SHARE = 0.5
"""Up to this many rules and this share of the rows, FTS5 skips what is not visible faster than the join drops it."""

_SCOPE = """CREATE TEMP TABLE scope (
    kb INTEGER, rule INTEGER, version INTEGER NOT NULL, PRIMARY KEY (kb, rule)
) WITHOUT ROWID"""

Hits = Iterable[tuple[str, float]]


class Searching:
    """Searches over one connection. Not safe between threads."""

    def __init__(self, connection: sqlite3.Connection, mirror: Mirror, weights: FieldWeights) -> None:
        self._connection = connection
        self._mirror = mirror
        self._weights = weights
        connection.execute(_SCOPE)
        self._pairs: Mapping[tuple[int, int], int] = {}
        values = ", ".join(f"{one:.6f}" for one in (weights.stems, weights.bigrams, weights.grams, weights.title, 0.0))
        # The versions and the (base, rule) of every row decide before anything is ranked.
        self._words = f"""SELECT r.chunk_id, -bm25(words, {values}) AS score
            FROM words CROSS JOIN rows r ON r.id = words.rowid
            CROSS JOIN scope s ON s.kb = r.kb AND s.rule = r.rule
            WHERE words MATCH ? AND r.added_in <= s.version AND s.version < r.removed_in
            ORDER BY score DESC, r.chunk_id LIMIT ?"""  # noqa: S608 - numbers of our own

    def search(self, request: SearchRequest, vector: NDArray[np.float32] | None) -> SearchLists:
        """Return the two lists; `vector` is the request's, checked."""
        try:
            with reading(self._connection):
                self._mirror.refresh(self._connection)
                return self._lists(request, vector)
        except BaseException:
            # The roll-back took the table `scope` to what it was before.
            self._pairs = {}
            raise

    def _lists(self, request: SearchRequest, vector: NDArray[np.float32] | None) -> SearchLists:
        scope = self._mirror.scope(request.access, request.versions)
        if not scope.places.size:
            return SearchLists({}, {})
        words = self._by_words(request.terms, scope, request.limit)
        vectors = self._by_vector(vector, scope, request.limit) if vector is not None else {}
        return SearchLists(words, vectors)

    def _by_words(self, terms: TermFields, scope: Scope, limit: int) -> dict[str, float]:
        match = match_expression(terms, self._weights)
        if not match:
            return {}
        if len(scope.pairs) <= _NARROW_RULES and scope.share < _NARROW_SHARE:
            match = under_rules(match, sorted({rule for _, rule in scope.pairs}))
        self._share_scope(scope)
        return _each_once(lambda count: self._connection.execute(self._words, (match, count)), scope, limit)

    def _by_vector(self, vector: NDArray[np.float32], scope: Scope, limit: int) -> dict[str, float]:
        def best(count: int) -> Hits:
            cosines = dict(self._mirror.nearest(vector, scope, count))
            named = self._connection.execute(
                "SELECT id, chunk_id FROM rows WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*cosines]),)
            )
            hits = [(chunk_id, cosines[row]) for row, chunk_id in named]
            return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

        return _each_once(best, scope, limit)

    def _share_scope(self, scope: Scope) -> None:
        """Tell SQL which (base, rule) the reader sees at which version."""
        if scope.pairs == self._pairs:
            return
        self._connection.execute("DELETE FROM scope")
        self._connection.executemany(
            "INSERT INTO scope (kb, rule, version) VALUES (?, ?, ?)",
            [(kb, rule, version) for (kb, rule), version in scope.pairs.items()],
        )
        self._pairs = scope.pairs


def _each_once(best: Callable[[int], Hits], scope: Scope, limit: int) -> dict[str, float]:
    """
    Return the best `limit` chunks, each with the better of its visible lives.

    Two lives of a chunk are visible at once only where a sync died or wrote late; then
    more rows are asked for, until the list is full or nothing is left.
    """
    count = limit
    while True:
        found: dict[str, float] = {}
        rows = 0
        for chunk_id, score in best(count):
            rows += 1
            found.setdefault(chunk_id, score)
        if len(found) >= limit or rows < count or count >= scope.places.size:
            return dict(list(found.items())[:limit])
        count *= 2
