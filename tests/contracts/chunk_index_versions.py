"""What every index promises about the versions of its rows."""

import pytest

from pipelines.ports.chunk_index import ChunkIndex, IndexRow
from tests.contracts.chunk_index_rows import KB, RULE, chunk, numbers, question, row, words


def seen(index: ChunkIndex, version: int, *, kb: int = KB, rule: int = RULE) -> set[int]:
    """Return what a reader sees at a version; words, vectors and census must agree."""
    found = index.search(question("word", at=[1], rules={kb: {rule}}, versions={kb: version}))
    census = {int(one.chunk_id, 16) for one in index.visible(kb, version) if one.rule == rule}
    assert words(found) == set(numbers(found.vectors)) == census
    return census


def life(number: int, added_in: int = 1, *, kb: int = KB, rule: int = RULE) -> IndexRow:
    """Return a row that both lists find."""
    return row(number, "word", added_in=added_in, kb=kb, rule=rule, at=[1])


class VersionsContract:
    """
    The promises of every method that writes or removes lives.

    Attributes:
        average_drifts: whether a row that changed may count twice in the average length of rows.

    """

    average_drifts = False

    def test_a_staged_version_is_invisible_until_it_is_asked_for(self, index: ChunkIndex) -> None:
        """Readers of version 1 see nothing of version 2, neither what it adds nor what it removes."""
        index.stage([life(1), life(2)])
        index.stage([life(3, 2)])
        index.retire(KB, [chunk(1)], 2)
        assert seen(index, 1) == {1, 2}
        assert seen(index, 2) == {2, 3}

    def test_rolling_back_is_asking_for_the_older_version(self, index: ChunkIndex) -> None:
        """Each kept version shows what it showed, in any order of asking."""
        index.stage([life(1)])
        for version in (2, 3, 4):
            index.stage([life(version, version)])
            index.retire(KB, [chunk(version - 1)], version)
        assert [seen(index, version) for version in (4, 1, 3, 2, 4)] == [{4}, {1}, {3}, {2}, {4}]

    def test_a_text_that_leaves_and_returns_lives_twice(self, index: ChunkIndex) -> None:
        """Gone in version 3 and back in version 5: two rows, and each version sees at most one."""
        index.stage([life(1)])
        index.retire(KB, [chunk(1)], 3)
        index.stage([life(1, 5)])
        assert [seen(index, version) for version in range(7)] == [set(), {1}, {1}, set(), set(), {1}, {1}]
        assert index.count(KB) == 2
        assert [(one.chunk_id, one.added_in) for one in index.visible(KB, 6)] == [(chunk(1), 5)]

    def test_two_visible_lives_of_a_chunk_are_one_hit(self, index: ChunkIndex) -> None:
        """Left over from a sync that died, an old life beside the new one does not count twice or shorten a list."""
        index.stage([row(n, "word", added_in=added, at=[1]) for n in range(60) for added in (1, 2, 3)])
        found = index.search(question("word", at=[1], versions={KB: 3}, limit=50))
        assert numbers(found.words) == numbers(found.vectors) == list(range(50))

    def test_a_row_with_a_known_key_is_replaced(self, index: ChunkIndex) -> None:
        """The last write of a key counts: words, vector and rule; and the row is alive again."""
        index.stage([row(1, "old", at=[1])])
        index.retire(KB, [chunk(1)], 2)
        index.stage([row(1, "new", rule=11, at=[0, 1])])
        assert index.count(KB) == 1
        assert index.search(question("old", at=[1])).vectors == {}
        found = index.search(question("old new", at=[0, 1], rules={KB: {11}}, versions={KB: 2}))
        assert words(found) == {1}
        assert found.vectors == {chunk(1): pytest.approx(1)}
        assert index.search(question("old", rules={KB: {11}})).words == {}

    def test_staging_again_changes_nothing(self, index: ChunkIndex) -> None:
        """A repeated call, or the same row twice in one call, leaves one row."""
        for _ in range(3):
            index.stage([life(1), life(2), life(1)])
        assert seen(index, 1) == {1, 2}
        assert index.count(KB) == 2

    def test_staging_nothing_is_no_fault(self, index: ChunkIndex) -> None:
        """Empty calls do nothing."""
        index.stage([])
        index.retire(KB, [], 2)
        index.assign_rule(KB, [], 2)
        index.delete(KB, [])
        index.revive(KB, [])
        assert index.count(KB) == 0

    def test_retiring_touches_older_living_rows_of_that_base_only(self, index: ChunkIndex) -> None:
        """A row of the same version, a row that ended before and another base's row stay as they are."""
        index.stage([life(1), life(2, 2), life(3), life(4, kb=2, rule=20)])
        index.retire(KB, [chunk(3)], 2)
        for _ in range(2):
            index.retire(KB, [chunk(n) for n in (1, 2, 3, 4, 999)], 3)
            index.retire(KB, [chunk(2)], 2)
        assert [seen(index, version) for version in (1, 2, 3)] == [{1, 3}, {1, 2}, set()]
        assert seen(index, 3, kb=2, rule=20) == {4}

    def test_sweeping_undoes_a_version(self, index: ChunkIndex) -> None:
        """What the version added is gone, what it removed is alive, and a second sweep changes nothing."""
        index.stage([life(1), life(2), life(9, kb=2, rule=20)])
        index.stage([life(3, 2), life(8, 2, kb=2, rule=20)])
        index.retire(KB, [chunk(1)], 2)
        for _ in range(2):
            index.sweep(KB, 2)
        assert seen(index, 1) == seen(index, 2) == {1, 2}
        assert index.count(KB) == 2
        assert seen(index, 2, kb=2, rule=20) == {8, 9}

    def test_sweeping_leaves_other_versions_alone(self, index: ChunkIndex) -> None:
        """Rows that another version added or removed keep their lives."""
        index.stage([life(1), life(2)])
        index.retire(KB, [chunk(1)], 2)
        index.stage([life(3, 3)])
        index.sweep(KB, 4)
        assert [seen(index, version) for version in (1, 2, 3)] == [{1, 2}, {2}, {2, 3}]

    def test_vacuum_deletes_what_no_kept_version_sees(self, index: ChunkIndex) -> None:
        """Rows that ended in or before the oldest kept version go; the others stay; it says how many went."""
        index.stage([life(n) for n in range(1, 5)] + [life(9, kb=2, rule=20)])
        for version in (2, 3, 4):
            index.retire(KB, [chunk(version - 1)], version)
        index.retire(2, [chunk(9)], 2)
        assert index.vacuum(KB, 3) == 2
        assert index.vacuum(KB, 3) == 0
        assert [seen(index, version) for version in (3, 4)] == [{3, 4}, {4}]
        assert index.count(KB) == 2
        assert index.count(2) == 1

    def test_deleting_is_by_key(self, index: ChunkIndex) -> None:
        """One life of a chunk goes, the other stays; an unknown key or another base's is no fault."""
        index.stage([life(1), life(2), life(4, kb=2, rule=20)])
        index.retire(KB, [chunk(1)], 2)
        index.stage([life(1, 3)])
        for _ in range(2):
            index.delete(KB, iter([(chunk(1), 1), (chunk(2), 7), (chunk(4), 1), (chunk(99), 1)]))
        assert seen(index, 1) == {2}
        assert seen(index, 3) == {1, 2}
        assert index.count(2) == 1

    def test_reviving_is_by_key(self, index: ChunkIndex) -> None:
        """One life is alive again, whatever ended it; the others keep their end."""
        index.stage([life(1), life(2), life(4, kb=2, rule=20)])
        index.retire(KB, [chunk(1), chunk(2)], 2)
        index.retire(2, [chunk(4)], 2)
        for _ in range(2):
            index.revive(KB, iter([(chunk(1), 1), (chunk(2), 7), (chunk(4), 1), (chunk(99), 1)]))
        assert seen(index, 2) == {1}
        assert seen(index, 2, kb=2, rule=20) == set()

    def test_dropping_a_base_leaves_the_others(self, index: ChunkIndex) -> None:
        """Every row of the base goes, of all versions; and it can be filled again."""
        index.stage([life(1), life(2, 2), life(9, kb=2, rule=20)])
        for _ in range(2):
            index.drop(KB)
            assert index.count(KB) == 0
            assert seen(index, 2) == set()
        assert seen(index, 1, kb=2, rule=20) == {9}
        index.stage([life(1)])
        assert seen(index, 1) == {1}

    def test_bases_with_rows_are_named(self, index: ChunkIndex) -> None:
        """Each once and in order, whether its rows are alive or not; none that has no rows."""
        assert index.bases() == ()
        index.stage([life(9, kb=7, rule=20), life(1), life(2, 2)])
        index.retire(7, [chunk(9)], 2)
        assert index.bases() == (KB, 7)
        index.drop(KB)
        assert index.bases() == (7,)

    def test_the_census_names_every_rule(self, index: ChunkIndex) -> None:
        """It sees all rows of a version, whoever may read them, and none of another base."""
        index.stage([life(1), life(2, rule=11), life(3, 2), life(4, kb=2)])
        assert {(one.chunk_id, one.added_in, one.rule) for one in index.visible(KB, 1)} == {
            (chunk(1), 1, RULE),
            (chunk(2), 1, 11),
        }

    def test_a_rule_is_changed_in_place(self, index: ChunkIndex) -> None:
        """With the next question the new rule decides, in both lists, for living rows alone."""
        index.stage([life(1), life(2), life(3), life(4, kb=2)])
        index.retire(KB, [chunk(3)], 2)
        assert seen(index, 1) == {1, 2, 3}
        for _ in range(2):
            index.assign_rule(KB, [chunk(n) for n in (1, 3, 4, 99)], 11)
        assert seen(index, 1) == {2, 3}
        assert seen(index, 1, rule=11) == {1}
        assert seen(index, 1, kb=2) == {4}
        index.assign_rule(KB, [chunk(1)], RULE)
        assert seen(index, 1) == {1, 2, 3}

    def test_a_changed_rule_keeps_words_and_score(self, index: ChunkIndex) -> None:
        """
        A chunk whose rule changed is found by the same words with the same score.

        But for what one row is to an average length, where that drifts.
        """
        others = [row(n, "printer toner", title="office") for n in range(2, 200)]
        index.stage([row(1, "parental leave", title="handbook", at=[1]), *others])
        before = index.search(question("leave handbook", at=[1]))
        index.assign_rule(KB, [chunk(1)], 11)
        after = index.search(question("leave handbook", at=[1], rules={KB: {11}}))
        assert after.words == pytest.approx(before.words, rel=0.01 if self.average_drifts else None)
        assert after.vectors == before.vectors

    def test_many_rows_at_once(self, index: ChunkIndex) -> None:
        """Two thousand rows are staged, ended and vacuumed whole."""
        index.stage([row(n, "word", at=[1]) for n in range(2000)])
        assert index.count(KB) == sum(1 for _ in index.visible(KB, 1)) == 2000
        index.retire(KB, [chunk(n) for n in range(2000)], 2)
        assert seen(index, 2) == set()
        assert index.vacuum(KB, 2) == 2000
        assert index.count(KB) == 0
