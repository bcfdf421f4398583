"""How many rows hold a token: counted now and then, and known from below in between. Knows no scores."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters.sqlite_index.mirror import Mirror
from pipelines.adapters.sqlite_index.tokens import any_of
from pipelines.domain.values import Value


_KEPT = 10_000
DRIFT = 1 / 8
"""Share of a count that may be gone, and of all rows that may be new, before it is taken anew."""

_COUNT = "SELECT count(*) FROM words WHERE words MATCH ?"


@dataclass(frozen=True, slots=True)
class _Counted(Value):
    """A count, and how many rows and changes the file had then."""

    holders: int
    rows: int
    changes: int


class Frequencies:
    """
    Document frequencies that are never too high.

    A row loses a token only when it is deleted: to write it anew is to delete it, and
    another rule is none of a question's tokens. Every deletion is a change, and numbers of
    changes are never given twice, even where the table of changes is cut. So a count less
    the changes since is at most what would be counted now, whatever was written meanwhile.

    A count costs a millisecond for each 15,000 rows that hold the token; the last ones
    are kept. Not safe between threads.
    """

    def __init__(
        self, connection: sqlite3.Connection, mirror: Mirror, *, drift: float = DRIFT, kept: int = _KEPT
    ) -> None:
        """
        Take a connection and the mirror that follows it.

        Args:
            connection: inside a transaction whenever frequencies are asked for.
            mirror: refreshed in that transaction.
            drift: share of a count that may be gone, and of all rows that may be new, before
                it is taken anew; 0..1.
            kept: counts that are kept; more than the tokens of a question.

        """
        self._connection = connection
        self._mirror = mirror
        self._drift = drift
        self._kept = kept
        self._known: dict[str, _Counted] = {}

    def at_least(self, tokens: Sequence[str]) -> list[int]:
        """Return for each token a number of rows, >= 0, not above that of the rows that hold it."""
        found = [self._one(token) for token in tokens]
        while len(self._known) > self._kept:
            del self._known[next(iter(self._known))]
        return found

    def _one(self, token: str) -> int:
        counted = self._known.pop(token, None)
        if counted is None or self._has_drifted(counted):
            (holders,) = self._connection.execute(_COUNT, (any_of([token]),)).fetchone()
            counted = _Counted(holders, self._mirror.rows, self._mirror.changes)
        # At the end again: the first to go are those that nobody asked for in a long time.
        self._known[token] = counted
        return counted.holders - (self._mirror.changes - counted.changes)

    def _has_drifted(self, counted: _Counted) -> bool:
        gone = self._mirror.changes - counted.changes
        return gone > self._drift * counted.holders or self._mirror.rows > (1 + self._drift) * counted.rows
