"""Two filtered lists out of one state of the file: words by FTS5, vectors out of memory."""

import math
import sqlite3

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.connection import reading
from pipelines.adapters.sqlite_index.max_score import MaxScore, RankedRows, column_weights
from pipelines.adapters.sqlite_index.mirror import Mirror, Scope
from pipelines.adapters.sqlite_index.tokens import any_of, question_tokens, under_rules
from pipelines.ports.chunk_index import SearchLists, SearchRequest, TermFields
from pipelines.retrieval.terms import FieldWeights


_FEW_RULES = 16
_MOST = 0.5
"""Up to so many rules, and below this share of the rows, FTS5 skips what is not visible faster than it ranks it."""

_SPARE = 20
"""Rows beyond the limit: enough to see where most ties end."""

_SCOPE = """CREATE TEMP TABLE scope (
    kb INTEGER, rule INTEGER, version INTEGER NOT NULL, PRIMARY KEY (kb, rule)
) WITHOUT ROWID"""

# The join decides who sees a row before anything is ranked.
_VISIBLE = """SELECT words.rowid, -bm25(words, {}) AS score FROM words
    CROSS JOIN rows r ON r.id = words.rowid
    CROSS JOIN scope s ON s.kb = r.kb AND s.rule = r.rule
    WHERE words MATCH ? AND r.added_in <= s.version AND s.version < r.removed_in
    ORDER BY score DESC LIMIT ?"""


class Searching:
    """Searches over one connection. Not safe between threads."""

    def __init__(self, connection: sqlite3.Connection, mirror: Mirror, weights: FieldWeights) -> None:
        self._connection = connection
        self._mirror = mirror
        self._weights = weights
        connection.execute(_SCOPE)
        self._pairs: dict[tuple[int, int], int] = {}
        self._max_score = MaxScore(connection, mirror, weights)
        self._visible = _VISIBLE.format(column_weights(weights))

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
        tokens = question_tokens(terms, self._weights)
        if not tokens:
            return {}
        count = limit + _SPARE
        match, listed = any_of(tokens), None
        if scope.share >= _MOST:
            # Most of what is found is visible: asking for some more costs less than looking at each row's versions.
            some = int(count / scope.share)
            listed = self._listed(self._max_score.best(tokens, some), some, scope, limit)
        elif len(scope.pairs) <= _FEW_RULES:
            # The rows to score are few already: MaxScore was measured to gain nothing here.
            match = under_rules(match, sorted({rule for _, rule in scope.pairs}))
            listed = self._listed(self._max_score.scored(match, count), count, scope, limit)
        if listed is None:
            self._share_scope(scope)
        while listed is None:
            rows = self._connection.execute(self._visible, (match, count)).fetchall()
            listed = self._listed(rows, count, scope, limit)
            count *= 4
        return listed

    def _listed(self, rows: RankedRows, count: int, scope: Scope, limit: int) -> dict[str, float] | None:
        """Return the list out of the best `count` rows; None if these do not settle it."""
        floor = rows[-1][1] if len(rows) == count else -math.inf
        found = self._mirror.words([row for row, _ in rows], [score for _, score in rows], scope, floor)
        return self._mirror.each_once(found, limit)

    def _by_vector(self, vector: NDArray[np.float32], scope: Scope, limit: int) -> dict[str, float]:
        count = limit
        while (listed := self._mirror.each_once(self._mirror.nearest(vector, scope, count), limit)) is None:
            count *= 4
        return listed

    def _share_scope(self, scope: Scope) -> None:
        """Tell SQL which (base, rule) the reader sees at which version."""
        if scope.pairs == self._pairs:
            return
        self._connection.execute("DELETE FROM scope")
        self._connection.executemany(
            "INSERT INTO scope (kb, rule, version) VALUES (?, ?, ?)",
            [(kb, rule, version) for (kb, rule), version in scope.pairs.items()],
        )
        self._pairs = dict(scope.pairs)
