"""What every index promises to whoever copies its rows into another one."""

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from pipelines.domain.knowledge import ALIVE
from pipelines.errors import BadInput
from pipelines.ports.chunk_index import ChunkIndex, IndexRow, RowLife, TermFields, WholeRow
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, RULE, chunk, question, row, words


TERMS = TermFields(
    stems=("leav", "leav", "c++", "a=b", "=20=", "naïve", "日本", "x" * 500, "half\ud800"),
    bigrams=("parent_leav",),
    grams=("lea", "eav", "\x1f", "\xa0"),
    title=("hand-book", "§4"),
)
"""Repeated terms, marks, characters that an engine writes otherwise, and one that is too long for all of them."""


def by_key(rows: Iterable[WholeRow]) -> Mapping[tuple[str, int], WholeRow]:
    """Return rows by their key."""
    return {(one.row.chunk_id, one.row.added_in): one for one in rows}


def assert_alike(one: WholeRow, other: WholeRow) -> None:
    """Compare all that two rows hold; a vector may have been brought to length one again."""
    ours, theirs = one.row, other.row
    assert (one.removed_in, ours.kb, ours.rule) == (other.removed_in, theirs.kb, theirs.rule)
    assert ours.terms == theirs.terms
    assert (ours.vector is None) == (theirs.vector is None)
    if ours.vector is not None and theirs.vector is not None:
        assert theirs.vector.dtype == np.float32
        assert ours.vector == pytest.approx(theirs.vector, abs=1e-6)


def unit(*numbers: float) -> np.ndarray:
    """Return a vector of length one."""
    found = np.array(numbers, np.float32)
    return (found / np.linalg.norm(found)).astype(np.float32)


class CopiesContract:
    """The promises of `lives`, `whole`, `restore` and `destroy`."""

    def test_every_life_is_listed_with_its_end_and_rule(self, index: ChunkIndex) -> None:
        """Of all versions, ended ones too, each once; none of another base."""
        index.stage([row(1, at=[1]), row(2, rule=11), row(3, added_in=2), row(9, kb=2)])
        index.retire(KB, [chunk(1)], 3)
        index.stage([row(1, added_in=5)])
        assert sorted(index.lives(KB), key=lambda one: (one.chunk_id, one.added_in)) == [
            RowLife(chunk(1), 1, 3, RULE),
            RowLife(chunk(1), 5, ALIVE, RULE),
            RowLife(chunk(2), 1, ALIVE, 11),
            RowLife(chunk(3), 2, ALIVE, RULE),
        ]
        assert list(index.lives(3)) == []

    def test_many_lives_are_listed_each_once(self, index: ChunkIndex) -> None:
        """Whatever is read at once, none is missing or listed twice."""
        index.stage([row(n) for n in range(6000)])
        assert sorted(one.chunk_id for one in index.lives(KB)) == [chunk(n) for n in range(6000)]

    def test_a_row_comes_back_as_it_was_written(self, index: ChunkIndex) -> None:
        """Terms in their fields, order and number, vector, rule and end; what does not exist is left out."""
        placed = IndexRow(chunk(1), KB, RULE, 1, TERMS, unit(1, 2, 3, 4))
        index.stage([placed, row(2, "word"), row(3, kb=2)])
        index.retire(KB, [chunk(1)], 4)
        keys = [(chunk(1), 1), (chunk(2), 1), (chunk(1), 2), (chunk(3), 1), (chunk(99), 1)]
        found = by_key(index.whole(KB, keys))
        assert found.keys() == {(chunk(1), 1), (chunk(2), 1)}
        one = found[chunk(1), 1]
        assert one.removed_in == 4
        assert one.row.vector == pytest.approx(unit(1, 2, 3, 4), abs=1e-6)
        assert found[chunk(2), 1].row.vector is None
        for field in ("bigrams", "grams", "title"):
            assert getattr(one.row.terms, field) == getattr(TERMS, field)
        others = [at for at, term in enumerate(TERMS.stems) if len(term) < 500]
        assert [one.row.terms.stems[at] for at in others] == [TERMS.stems[at] for at in others]
        assert len(one.row.terms.stems) == len(TERMS.stems)
        assert index.whole(KB, []) == ()

    def test_a_restored_row_is_the_row(self, index: ChunkIndex) -> None:
        """Read and written again, under a new base or the same, it holds and finds the same; its end stays."""
        index.stage([IndexRow(chunk(1), KB, RULE, 1, TERMS, unit(1, 2, 3, 4)), row(2, "word", at=[1])])
        index.retire(KB, [chunk(1)], 4)
        before = by_key(index.whole(KB, [(chunk(1), 1), (chunk(2), 1)]))
        index.drop(KB)
        for _ in range(2):
            index.restore(list(before.values()))
        after = by_key(index.whole(KB, [(chunk(1), 1), (chunk(2), 1)]))
        assert after.keys() == before.keys()
        for key, one in before.items():
            assert_alike(one, after[key])
        assert index.count(KB) == 2
        long = question("x" * 500, versions={KB: 3})
        assert words(index.search(long)) == {1}
        assert words(index.search(question("x" * 500, versions={KB: 4}))) == set()

    def test_a_restored_row_replaces_one_of_its_key(self, index: ChunkIndex) -> None:
        """Rule, end, words and vector are those of the last write."""
        index.stage([row(1, "old", at=[1])])
        index.restore([WholeRow(row(1, "new", rule=11, at=[0, 1]), 3)])
        assert list(index.lives(KB)) == [RowLife(chunk(1), 1, 3, 11)]
        assert words(index.search(question("old new", rules={KB: {11}}, versions={KB: 2}))) == {1}
        assert index.search(question("old", rules={KB: {11}})).words == {}

    def test_a_vector_of_another_length_is_not_restored(self, index: ChunkIndex) -> None:
        """Nothing of the call is written, and the sentence names both lengths."""
        other = IndexRow(chunk(2), KB, RULE, 1, TermFields(("word",)), np.ones(DIMENSIONS + 1, np.float32))
        with pytest.raises(BadInput, match=f"{DIMENSIONS + 1}.*{DIMENSIONS}"):
            index.restore([WholeRow(row(1), ALIVE), WholeRow(other, ALIVE)])
        assert index.count(KB) == 0

    def test_nothing_is_left_after_it_was_destroyed(self, index: ChunkIndex) -> None:
        """With rows or without."""
        index.stage([row(1)])
        index.destroy()
