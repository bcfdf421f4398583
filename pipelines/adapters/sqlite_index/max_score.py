"""
The best rows by BM25 without scoring all that are found: MaxScore, exact (Turtle and Flood 1995).

FTS5 finds a row in a tenth of the time in which it scores it. What most rows have of a
question are its common words, which cannot lift a row among the best.
"""

import math
import sqlite3
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeAlias

from pipelines.adapters.sqlite_index.frequencies import DRIFT, Frequencies
from pipelines.adapters.sqlite_index.mirror import Mirror
from pipelines.adapters.sqlite_index.tokens import any_of, scored_by, without
from pipelines.retrieval.terms import FieldWeights


RankedRows: TypeAlias = list[tuple[int, float]]
"""Ids of rows with their scores, best first."""

_K1_AND_ONE = 2.2
"""FTS5's k1 is 1.2: a token's part of a score is its idf times `f * 2.2 / (f + x)`, where f >= 0 and x > 0."""

_LEAST_IDF = 1e-6
"""FTS5's idf of a token that most rows hold."""

_ROUNDING = 1 + 1e-9
"""Far more than sums of a few hundred parts differ by with their order."""

_WHOLE = 5000
"""Rows up to which scoring all that are found costs less than asking twice."""

_SHARE = 0.1
"""Of all rows; those with the rarest tokens are scored first. Less would find a lower floor, more cost more."""

_RANKED = "SELECT rowid, -bm25(words, {}) AS score FROM words WHERE words MATCH ? ORDER BY score DESC LIMIT ?"


class MaxScore:
    """
    Asks for the rows with a question's rarest tokens first, then for what may be better than these.

    The last of the best rows of the first query is a floor. The commonest tokens whose
    largest parts of a score add up to less than it are needed no more: a row that has
    only such tokens is not among the best. The second query asks for rows that have
    another one. In both, a row's score counts all tokens of the question, added up in
    the same order, so that it does not depend on the query that found the row.

    The largest part is taken from `idf = ln((N - n + .5) / (n + .5)) = ln((N + 1) / (n + .5) - 1)`,
    where N is the number of rows and n that of rows with the token. It falls as n grows:
    with n from below (`Frequencies`) it is too large, never too small, for N as it is now.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        mirror: Mirror,
        weights: FieldWeights,
        *,
        whole: int = _WHOLE,
        share: float = _SHARE,
        drift: float = DRIFT,
    ) -> None:
        """
        Take a connection and the mirror that follows it.

        Args:
            connection: inside a transaction whenever rows are asked for.
            mirror: refreshed in that transaction.
            weights: how much a word counts by its field.
            whole: with so many rows or fewer, one query asks for all.
            share: of the rows, scored by the first query, 0..1.
            drift: see `Frequencies`.

        """
        self._connection = connection
        self._mirror = mirror
        self._frequencies = Frequencies(connection, mirror, drift=drift)
        self._whole = whole
        self._share = share
        self._ranked = _RANKED.format(column_weights(weights))

    def best(self, tokens: Sequence[str], count: int) -> RankedRows:
        """
        Return the best rows that hold any of the tokens, of whatever version.

        Args:
            tokens: at least one.
            count: rows that are wanted, > 0.

        Returns:
            at most `count` rows; no other row scores higher than the last of `count`.
            Scores are those of one query for all tokens but for the rounding of a sum.

        """
        if self._mirror.rows <= self._whole:
            return self.scored(any_of(tokens), count)
        ordered = sorted(zip(self._frequencies.at_least(tokens), tokens, strict=True))
        holders, tokens = [number for number, _ in ordered], [token for _, token in ordered]
        rare = self._rarest(holders, count)
        if rare == len(tokens):
            return self.scored(any_of(tokens), count)
        first = self.scored(scored_by(any_of(tokens[:rare]), tokens[rare:]), count)
        needed = self._needed(holders, first[-1][1]) if len(first) == count else len(tokens)
        if needed <= rare:
            return first
        rest = without(tokens[rare:needed], tokens[:rare])
        if needed < len(tokens):
            rest = scored_by(rest, tokens[needed:])
        more = self.scored(rest, count)
        return sorted(first + more, key=lambda row: -row[1])[:count]

    def scored(self, expression: str, count: int) -> RankedRows:
        """Return the best rows that a query finds, all of which are scored."""
        return self._connection.execute(self._ranked, (expression, count)).fetchall()

    def _rarest(self, holders: Sequence[int], count: int) -> int:
        """Return how many of the rarest tokens the first query asks for: a share of the rows, and enough to cut."""
        totals = list(accumulate(holders))
        enough = 1 + sum(total < count for total in totals)
        within = sum(total <= self._share * self._mirror.rows for total in totals)
        return min(len(totals), max(enough, within))

    def _needed(self, holders: Sequence[int], floor: float) -> int:
        """Return how many tokens, from the rarest on, a row above the floor has one of."""
        most, needed = 0.0, len(holders)
        while needed and (most := most + largest_part(self._mirror.rows, holders[needed - 1])) * _ROUNDING < floor:
            needed -= 1
        return needed


def largest_part(rows: int, holders: int) -> float:
    """
    Return what a token adds to a score at most; rows that hold little else, often repeated, come near it.

    Args:
        rows: of the index.
        holders: rows that hold the token, or fewer.

    """
    odds = (rows - holders + 0.5) / (holders + 0.5)
    return _K1_AND_ONE * max(_LEAST_IDF, math.log(max(odds, 1.0)))


def column_weights(weights: FieldWeights) -> str:
    """Return the weights of the columns as `bm25` takes them; the column of rules has none."""
    return ", ".join(f"{one:.6f}" for one in (weights.stems, weights.bigrams, weights.grams, weights.title, 0.0))
