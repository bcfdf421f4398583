"""
What this process holds in memory: who may see each row, and its vector.

It follows the file by the ids of new rows and by the table `changes`, inside the read
transaction of a search, so that words and vectors are of one state.
"""

import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.columns import Columns
from pipelines.domain.access import AccessFilter
from pipelines.domain.values import Value


_BATCH = 1024
_GONE = -1
_NEVER = -1
_MOST_GONE = 0.5
_GATHERED = 0.4
"""Share of the rows below which copying the visible ones costs less than multiplying all."""

_GATHERED_AT_ONCE = 256
"""Rows whose copy stays in a processor's cache until it is multiplied."""

_DECIMALS = 6
"""Of a cosine. Float32 sums differ by less with a row's place; equal vectors must tie."""

_STATE = """SELECT coalesce(max(CASE name WHEN 'rows' THEN seq END), 0),
    coalesce(max(CASE name WHEN 'changes' THEN seq END), 0) FROM sqlite_sequence"""
_NEW = """SELECT r.id, r.chunk_id, r.kb, r.rule, r.added_in, r.removed_in, v.vector
    FROM rows r LEFT JOIN vectors v ON v.id = r.id WHERE r.id > ? ORDER BY r.id"""
_NEW_WORDS = """SELECT r.id, r.chunk_id, r.kb, r.rule, r.added_in, r.removed_in, NULL
    FROM rows r WHERE r.id > ? ORDER BY r.id"""
_CHANGED = """SELECT c.id, r.kb, r.rule, r.removed_in
    FROM (SELECT DISTINCT id FROM changes WHERE seq > ? AND id <= ?) c LEFT JOIN rows r ON r.id = c.id"""


@dataclass(frozen=True, slots=True)
class Scope(Value):
    """
    What one reader sees of the rows in memory.

    Attributes:
        pairs: (base, rule) -> version to see; only pairs that govern a row.
        mask: for each place, whether its row is visible.
        places: places of the visible rows, increasing.
        share: visible rows by all rows, 0..1.

    """

    pairs: Mapping[tuple[int, int], int]
    mask: NDArray[np.bool_]
    places: NDArray[np.intp]
    share: float


@dataclass(frozen=True, slots=True)
class Candidates(Value):
    """
    Visible rows with their scores, in any order.

    Attributes:
        places: where they are held.
        scores: one per place.
        floor: every visible row that scores higher is among them.

    """

    places: NDArray[np.intp]
    scores: NDArray[np.float64]
    floor: float


class Mirror:
    """The rows in memory; without dimensions none of their vectors. Not safe between threads."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._last_row = 0
        self._last_change = 0
        self._clear()

    @property
    def rows(self) -> int:
        """Rows that the file holds, of all versions."""
        return self._columns.count - self._gone

    @property
    def changes(self) -> int:
        """Changes that the file has seen, ever: each may have ended a row, and no row ends without one."""
        return self._last_change

    def refresh(self, connection: sqlite3.Connection) -> None:
        """
        Follow the file to the state that the caller's transaction sees.

        Raises:
            UnsoundContent: a row does not hold what was written.

        """
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
        return Scope(pairs, mask, places, len(places) / max(1, columns.count))

    def words(self, ids: Sequence[int], scores: Sequence[float], scope: Scope, floor: float) -> Candidates:
        """Return those of the scored rows that are visible."""
        places = self._columns.places(ids)
        visible = scope.mask[places]
        return Candidates(places[visible], np.asarray(scores, np.float64)[visible], floor)

    def nearest(self, vector: NDArray[np.float32], scope: Scope, count: int) -> Candidates:
        """Return the best `count` visible rows by their cosine, and all that tie with the last of them."""
        columns = self._columns
        places = scope.places[columns.has_vector[scope.places]]
        if scope.share < _GATHERED:
            cosines = _gathered(columns.vectors, places, vector)
        else:
            cosines = (columns.vectors[: columns.count] @ vector)[places]
        cosines = np.clip(np.round(cosines, _DECIMALS), -1.0, 1.0)
        floor = -math.inf
        if len(cosines) > count:
            last = np.partition(cosines, -count)[-count]
            best = cosines >= last
            places, cosines = places[best], cosines[best]
            floor = math.nextafter(round(float(last), _DECIMALS), -math.inf)
        return Candidates(places, np.round(cosines.astype(np.float64), _DECIMALS), floor)

    def each_once(self, found: Candidates, limit: int) -> dict[str, float] | None:
        """
        Return the best chunks, each with the better of its visible lives, ties by chunk id.

        Two lives of a chunk are visible at once only where a sync died or wrote late.
        None if a row that was left out might belong into the list.
        """
        names = self._columns.names
        pairs = zip(found.scores.tolist(), found.places.tolist(), strict=True)
        ranked = sorted((-score, names[place]) for score, place in pairs)
        best: dict[str, float] = {}
        for negative, name in ranked:
            best.setdefault(name, -negative)
        listed = dict(islice(best.items(), limit))
        if found.floor == -math.inf or (len(best) >= limit and min(listed.values()) > found.floor):
            return listed
        return None

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
            place = columns.place(row)
            if place is None:
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
        cursor = connection.execute(_NEW if self._dimensions else _NEW_WORDS, (self._last_row,))
        for rows in _batches(cursor):
            ids, names, bases, rules, added, removed, vectors = zip(*rows, strict=True)
            pairs = [self._number(kb, rule) for kb, rule in zip(bases, rules, strict=True)]
            self._columns.append(ids=ids, names=names, pairs=pairs, added=added, removed=removed, vectors=vectors)

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


def _gathered(
    vectors: NDArray[np.float32], places: NDArray[np.intp], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    cosines = np.empty(len(places), np.float32)
    for start in range(0, len(places), _GATHERED_AT_ONCE):
        end = start + _GATHERED_AT_ONCE
        cosines[start:end] = vectors[places[start:end]] @ vector
    return cosines
