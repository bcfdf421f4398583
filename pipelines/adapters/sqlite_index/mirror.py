"""
What this process holds in memory: who may see each row, and its vector.

It follows the file by the ids of new rows and by the table `changes`, inside the read
transaction of a search, so that words and vectors are of one state.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.columns import Columns
from pipelines.domain.access import AccessFilter
from pipelines.domain.values import Value


_BATCH = 1024
_GONE = -1
_NEVER = -1
_MOST_GONE = 0.5
_GATHERED = 0.25
"""Share of the rows below which copying the visible ones costs less than multiplying all."""

_DECIMALS = 6
"""Of a cosine. Float32 sums differ by less with a row's place; equal vectors must tie."""

_STATE = """SELECT coalesce(max(CASE name WHEN 'rows' THEN seq END), 0),
    coalesce(max(CASE name WHEN 'changes' THEN seq END), 0) FROM sqlite_sequence"""
_NEW = """SELECT r.id, r.chunk_id, r.kb, r.rule, r.added_in, r.removed_in, v.vector
    FROM rows r LEFT JOIN vectors v ON v.id = r.id WHERE r.id > ? ORDER BY r.id"""
_CHANGED = """SELECT c.id, r.kb, r.rule, r.removed_in
    FROM (SELECT DISTINCT id FROM changes WHERE seq > ? AND id <= ?) c LEFT JOIN rows r ON r.id = c.id"""


@dataclass(frozen=True, slots=True)
class Scope(Value):
    """
    What one reader sees of the rows in memory.

    Attributes:
        pairs: (base, rule) -> version to see; only pairs that govern a row.
        places: places of the visible rows, increasing.
        share: visible rows by all rows, 0..1.

    """

    pairs: Mapping[tuple[int, int], int]
    places: NDArray[np.intp]
    share: float


class Mirror:
    """The rows in memory. Not safe between threads."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._last_row = 0
        self._last_change = 0
        self._clear()

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Follow the file to the state that the caller's transaction sees."""
        last_row, last_change = connection.execute(_STATE).fetchone()
        if (last_row, last_change) == (self._last_row, self._last_change):
            return
        try:
            if self._has_missed_changes(connection, last_change) or self._gone > _MOST_GONE * self._columns.count:
                self._clear()
            self._take_changes(connection)
            self._take_new(connection)
        except BaseException:
            self._clear()
            raise
        self._last_row, self._last_change = last_row, last_change

    def scope(self, access: AccessFilter, versions: Mapping[int, int]) -> Scope:
        """Return what a reader with these rights sees at these versions."""
        pairs: dict[tuple[int, int], int] = {}
        seen = np.full(self._numbers_given, _NEVER, np.int32)
        for kb in access.rules.keys() & versions.keys():
            known = self._numbers.get(kb, {})
            for rule in known.keys() & access.rules[kb]:
                pairs[kb, rule] = versions[kb]
                seen[known[rule]] = versions[kb]
        columns = self._columns
        version_of = seen[columns.pairs[: columns.count]]
        mask = (columns.added[: columns.count] <= version_of) & (version_of < columns.removed[: columns.count])
        places = np.flatnonzero(mask)
        return Scope(pairs, places, len(places) / max(1, columns.count))

    def nearest(self, vector: NDArray[np.float32], scope: Scope, count: int) -> list[tuple[int, float]]:
        """Return (row id, cosine) of the best `count` visible rows and of all that tie with the last, in any order."""
        columns = self._columns
        places = scope.places[columns.has_vector[scope.places]]
        if scope.share < _GATHERED:
            cosines = columns.vectors[places] @ vector
        else:
            cosines = (columns.vectors[: columns.count] @ vector)[places]
        cosines = np.clip(np.round(cosines, _DECIMALS), -1.0, 1.0)
        if len(cosines) > count:
            last = np.partition(cosines, -count)[-count]
            best = cosines >= last
            places, cosines = places[best], cosines[best]
        ids: list[int] = columns.ids[places].tolist()
        return [(row, round(cosine, _DECIMALS)) for row, cosine in zip(ids, cosines.tolist(), strict=True)]

    def _clear(self) -> None:
        self._columns = Columns(self._dimensions)
        self._numbers: dict[int, dict[int, int]] = {}
        self._numbers_given = 0
        self._gone = 0
        self._last_row = 0
        self._last_change = 0

    def _has_missed_changes(self, connection: sqlite3.Connection, last_change: int) -> bool:
        """Say whether the table of changes was cut after this process last looked."""
        (first,) = connection.execute("SELECT min(seq) FROM changes").fetchone()
        return last_change > self._last_change and (first is None or first > self._last_change + 1)

    def _take_changes(self, connection: sqlite3.Connection) -> None:
        columns = self._columns
        for row, kb, rule, removed in connection.execute(_CHANGED, (self._last_change, self._last_row)):
            (place,) = columns.places([row])
            if columns.ids[place] != row:
                # Written and gone again before this process looked.
                continue
            if kb is None:
                self._gone += columns.removed[place] != _GONE
                columns.removed[place] = _GONE
            else:
                columns.pairs[place] = self._number(kb, rule)
                columns.removed[place] = removed

    def _take_new(self, connection: sqlite3.Connection) -> None:
        (new,) = connection.execute("SELECT count(*) FROM rows WHERE id > ?", (self._last_row,)).fetchone()
        self._columns.reserve(self._columns.count + new)
        cursor = connection.execute(_NEW, (self._last_row,))
        for rows in _batches(cursor):
            ids, names, bases, rules, added, removed, vectors = zip(*rows, strict=True)
            pairs = [self._number(kb, rule) for kb, rule in zip(bases, rules, strict=True)]
            self._columns.append(ids, names, pairs, added, removed, vectors)

    def _number(self, kb: int, rule: int) -> int:
        """Return the number of a (base, rule), given in the order of first sight."""
        known = self._numbers.setdefault(kb, {})
        if rule not in known:
            known[rule] = self._numbers_given
            self._numbers_given += 1
        return known[rule]


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[tuple[int, str, int, int, int, int, bytes | None]]]:
    while rows := cursor.fetchmany(_BATCH):
        yield rows
