"""An index in a dictionary: slow, and plain enough to be the measure of the others. Scores are not theirs."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.domain.knowledge import ALIVE
from pipelines.errors import BadInput
from pipelines.ports.chunk_index import IndexRow, RowLife, SearchLists, SearchRequest, TermFields, VisibleRow, WholeRow
from pipelines.retrieval.terms import FIELD_WEIGHTS


FIELDS = ("stems", "bigrams", "grams", "title")


@dataclass(frozen=True, slots=True)
class Life:
    """A row and the version that ends it."""

    row: IndexRow
    removed_in: int = ALIVE


class MemoryIndex:
    """`ports.chunk_index.ChunkIndex` without any file."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lives: dict[tuple[str, int], Life] = {}

    def search(self, request: SearchRequest) -> SearchLists:
        """Look at every row."""
        everything = [life.row for life in self._lives.values()]
        visible = [life.row for life in self._lives.values() if sees(request, life)]
        words: dict[str, float] = {}
        vectors: dict[str, float] = {}
        if request.terms.stems:
            words = best(
                ((row.chunk_id, words_score(request.terms, row, everything)) for row in visible), request.limit
            )
            words = {chunk: score for chunk, score in words.items() if score > 0}
        if request.vector is not None:
            asked = self._checked(request.vector)
            cosines = (
                (row.chunk_id, round(float(np.dot(row.vector, asked)), 6)) for row in visible if row.vector is not None
            )
            vectors = best(cosines, request.limit)
        return SearchLists(words, vectors)

    def has_rows(self) -> bool:
        """Say whether there are any."""
        return bool(self._lives)

    def stage(self, rows: Sequence[IndexRow]) -> None:
        """Put rows, all or none."""
        for row in rows:
            if row.vector is not None:
                self._checked(row.vector)
        self._lives |= {(row.chunk_id, row.added_in): Life(row) for row in rows}

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """End living rows that are older than the version."""
        for key, life in self._of(kb):
            if key[0] in chunk_ids and life.removed_in == ALIVE and key[1] < version:
                self._lives[key] = replace(life, removed_in=version)

    def sweep(self, kb: int, version: int) -> None:
        """Undo a version."""
        for key, life in self._of(kb):
            if key[1] == version:
                del self._lives[key]
            elif life.removed_in == version:
                self._lives[key] = replace(life, removed_in=ALIVE)

    def vacuum(self, kb: int, oldest: int) -> int:
        """Delete what no kept version sees."""
        dead = [key for key, life in self._of(kb) if life.removed_in <= oldest]
        self.delete(kb, dead)
        return len(dead)

    def assign_rule(self, kb: int, chunk_ids: Sequence[str], rule: int) -> None:
        """Put living rows under a rule."""
        for key, life in self._of(kb):
            if key[0] in chunk_ids and life.removed_in == ALIVE:
                self._lives[key] = Life(replace(life.row, rule=rule))

    def visible(self, kb: int, version: int) -> Iterator[VisibleRow]:
        """Yield the rows of a version."""
        for (chunk_id, added_in), life in self._of(kb):
            if added_in <= version < life.removed_in:
                yield VisibleRow(chunk_id, added_in, life.row.rule)

    def delete(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Delete by key."""
        for key in set(keys) & {key for key, _ in self._of(kb)}:
            del self._lives[key]

    def revive(self, kb: int, keys: Iterable[tuple[str, int]]) -> None:
        """Revive by key."""
        for key in set(keys) & {key for key, _ in self._of(kb)}:
            self._lives[key] = replace(self._lives[key], removed_in=ALIVE)

    def drop(self, kb: int) -> None:
        """Delete a base."""
        self.delete(kb, [key for key, _ in self._of(kb)])

    def count(self, kb: int) -> int:
        """Count the rows of a base."""
        return len(self._of(kb))

    def bases(self) -> tuple[int, ...]:
        """Return the bases that have rows."""
        return tuple(sorted({life.row.kb for life in self._lives.values()}))

    def lives(self, kb: int) -> Iterator[RowLife]:
        """Yield every row."""
        for (chunk_id, added_in), life in self._of(kb):
            yield RowLife(chunk_id, added_in, life.removed_in, life.row.rule)

    def whole(self, kb: int, keys: Sequence[tuple[str, int]]) -> tuple[WholeRow, ...]:
        """Return rows by key."""
        wanted = set(keys)
        return tuple(WholeRow(life.row, life.removed_in) for key, life in self._of(kb) if key in wanted)

    def restore(self, rows: Sequence[WholeRow]) -> None:
        """Put rows with their end, all or none."""
        for one in rows:
            if one.row.vector is not None:
                self._checked(one.row.vector)
        self._lives |= {(one.row.chunk_id, one.row.added_in): Life(one.row, one.removed_in) for one in rows}

    def destroy(self) -> None:
        """Forget everything."""
        self._lives.clear()

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _of(self, kb: int) -> list[tuple[tuple[str, int], Life]]:
        return [(key, life) for key, life in self._lives.items() if life.row.kb == kb]

    def _checked(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        if vector.shape != (self._dimensions,) or not np.isfinite(vector).all():
            raise BadInput(f"a vector of {vector.size} numbers does not fit an index of {self._dimensions}")
        return vector


def sees(request: SearchRequest, life: Life) -> bool:
    """Say whether a request sees a row."""
    row = life.row
    if row.kb not in request.versions or row.rule not in request.access.rules.get(row.kb, ()):
        return False
    return row.added_in <= request.versions[row.kb] < life.removed_in


def best(scores: Iterable[tuple[str, float]], limit: int) -> dict[str, float]:
    """Return the best chunks, each once with its best score; ties by chunk id."""
    highest: dict[str, float] = {}
    for chunk_id, score in scores:
        highest[chunk_id] = max(score, highest.get(chunk_id, score))
    return dict(sorted(highest.items(), key=lambda item: (-item[1], item[0]))[:limit])


def words_score(asked: TermFields, row: IndexRow, rows: Sequence[IndexRow]) -> float:
    """Return the weighted sum of each field's BM25 (Lucene's form, k1 1.2, b 0.75)."""
    score = 0.0
    for field in FIELDS:
        everywhere = [getattr(one.terms, field) for one in rows]
        score += getattr(FIELD_WEIGHTS, field) * bm25(getattr(asked, field), getattr(row.terms, field), everywhere)
    return score


def bm25(asked: Sequence[str], terms: Sequence[str], all_terms: Sequence[Sequence[str]]) -> float:
    """Return one field's BM25."""
    length = len(terms) / max(1.0, sum(map(len, all_terms)) / len(all_terms))
    score = 0.0
    for term in set(asked) - {""}:
        holding = sum(term in one for one in all_terms)
        idf = math.log(1 + (len(all_terms) - holding + 0.5) / (holding + 0.5))
        often = terms.count(term)
        score += idf * 2.2 * often / (often + 1.2 * (0.25 + 0.75 * length))
    return score
