"""Two filtered lists out of one state of the file: words by FTS5, vectors out of memory."""

import math
import sqlite3

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.connection import reading
from pipelines.adapters.sqlite_index.mirror import Mirror, Scope
from pipelines.adapters.sqlite_index.tokens import match_expression, under_rules
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
_RANKED = "SELECT words.rowid, -bm25(words, {}) AS score FROM words {} ORDER BY score DESC LIMIT ?"
_FOUND = "WHERE words MATCH ?"
_VISIBLE = """CROSS JOIN rows r ON r.id = words.rowid
    CROSS JOIN scope s ON s.kb = r.kb AND s.rule = r.rule
    WHERE words MATCH ? AND r.added_in <= s.version AND s.version < r.removed_in"""


class Searching:
    """Searches over one connection. Not safe between threads."""

    def __init__(self, connection: sqlite3.Connection, mirror: Mirror, weights: FieldWeights) -> None:
        self._connection = connection
        self._mirror = mirror
        self._weights = weights
        connection.execute(_SCOPE)
        self._pairs: dict[tuple[int, int], int] = {}
        values = ", ".join(f"{one:.6f}" for one in (weights.stems, weights.bigrams, weights.grams, weights.title, 0.0))
        self._found = _RANKED.format(values, _FOUND)
        self._visible = _RANKED.format(values, _VISIBLE)

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
        count = limit + _SPARE
        few = len(scope.pairs) <= _FEW_RULES
        if scope.share >= _MOST:
            # Most of what is found is visible: asking for some more costs less than looking at each row's versions.
            listed = self._ranked(self._found, match, scope, limit, int(count / scope.share))
        elif few:
            match = under_rules(match, sorted({rule for _, rule in scope.pairs}))
            listed = self._ranked(self._found, match, scope, limit, count)
        else:
            listed = None
        if listed is None:
            self._share_scope(scope)
        while listed is None:
            listed = self._ranked(self._visible, match, scope, limit, count)
            count *= 4
        return listed

    def _ranked(self, statement: str, match: str, scope: Scope, limit: int, count: int) -> dict[str, float] | None:
        """Return the list out of the best `count` rows; None if these do not settle it."""
        rows = self._connection.execute(statement, (match, count)).fetchall()
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
