"""What records promise of the sync ledger: staged whole, swept whole, fenced."""

from dataclasses import replace

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.knowledge import ALIVE, ChunkLife, Rejection, SyncResult, VersionState
from pipelines.errors import Busy
from pipelines.ports.records import Records, StagedDocument
from tests.contracts.ledger_scene import Scene, passage


class LedgerRecordsContract:
    """The promises of `pipelines.ports.records.LedgerRecords`."""

    @pytest.fixture
    def scene(self, records: Records) -> Scene:
        """Return an empty base."""
        return Scene(records)

    def test_a_staged_version_is_seen_by_nobody(self, records: Records, scene: Scene) -> None:
        """What is staged shows at its own number only; the base and its promoted version stay as they are."""
        scene.publish(scene.draft("a.md", "old"))
        version = scene.write(scene.lease(), scene.draft("a.md", "new", continues="a.md"), scene.draft("b.md", "b"))
        assert (scene.base.active, scene.base.newest) == (1, 1)
        assert records.ledger.staged(scene.kb) == (version,)
        assert scene.paths(1) == ["a.md"]
        assert scene.paths(version) == ["a.md", "b.md"]
        assert [one.chunk_id for one in records.ledger.chunks(scene.kb, 1)] == [scene.chunk("a.md", "old")]

    def test_a_version_number_is_never_given_again(self, records: Records, scene: Scene) -> None:
        """Neither a swept nor a dead version's number returns."""
        lease = scene.lease()
        first = records.ledger.begin(lease)
        records.ledger.sweep(lease, first)
        second = records.ledger.begin(lease)
        third = records.ledger.begin(lease)
        assert first < second < third

    def test_a_life_keeps_its_document_and_key(self, scene: Scene) -> None:
        """An edit and a rename are new lives of the same document."""
        scene.publish(scene.draft("a.md", "text"))
        first = scene.life("a.md")
        scene.publish(scene.draft("moved.md", "text", continues="a.md"))
        moved = scene.life("moved.md")
        assert (moved.document, moved.key) == (first.document, first.key)
        assert moved.id > first.id
        assert scene.paths(1) == ["a.md"]
        assert scene.paths(2) == ["moved.md"]

    def test_an_edit_ends_what_it_replaces_and_keeps_the_rest(self, records: Records, scene: Scene) -> None:
        """Rows of kept chunks live on, of dropped ones end, of new ones begin."""
        scene.publish(scene.draft("a.md", "kept", "dropped"))
        scene.publish(scene.draft("a.md", "kept", "new", continues="a.md"))
        kept, dropped, new = (scene.chunk("a.md", text) for text in ("kept", "dropped", "new"))
        assert records.ledger.endings(scene.kb, [kept, dropped, new, "unknown"]) == {
            (kept, 1): ALIVE,
            (dropped, 1): 2,
            (new, 2): ALIVE,
        }
        document = scene.life("a.md").document
        assert {one.chunk_id for one in records.ledger.living_chunks(document, 1)} == {kept, dropped}
        assert {(one.chunk_id, one.added_in) for one in records.ledger.living_chunks(document, 2)} == {
            (kept, 1),
            (new, 2),
        }

    def test_passages_are_told_as_they_were_written(self, records: Records, scene: Scene) -> None:
        """All fields, in order, of each life that has any; a life that is unknown is left out."""
        scene.publish(scene.draft("a", "one", "two"), scene.draft("b", "three"), scene.draft("c"))
        lives = {path: scene.life(path).id for path in "abc"}
        found = records.ledger.passages([*lives.values(), 9_999])
        assert found == {
            lives["a"]: (passage(scene.chunk("a", "one"), 0, "one"), passage(scene.chunk("a", "two"), 1, "two")),
            lives["b"]: (passage(scene.chunk("b", "three"), 0, "three"),),
        }
        assert records.ledger.passages([]) == {}

    def test_a_removal_ends_the_document_and_its_rows(self, records: Records, scene: Scene) -> None:
        """Other documents' rows stay."""
        scene.publish(scene.draft("a.md", "a"), scene.draft("b.md", "b"))
        scene.publish(removed=["a.md"])
        assert scene.paths(2) == ["b.md"]
        assert [one.chunk_id for one in records.ledger.chunks(scene.kb, 2)] == [scene.chunk("b.md", "b")]
        assert len(list(records.ledger.chunks(scene.kb, 1))) == 2

    def test_a_sweep_undoes_a_version_whole(self, records: Records, scene: Scene) -> None:
        """Edits, removals and new documents of the version are as if they had never been staged."""
        scene.publish(scene.draft("a.md", "a1", "a2"), scene.draft("b.md", "b"))
        before = (list(records.ledger.documents(scene.kb, 1)), set(records.ledger.chunks(scene.kb, 1)))
        lease = scene.lease()
        version = scene.write(
            lease, scene.draft("a.md", "a2", "a3", continues="a.md"), scene.draft("c.md", "c"), removed=["b.md"]
        )
        assert records.ledger.sweep(lease, version)
        for at in (1, version, version + 1):
            after = (list(records.ledger.documents(scene.kb, at)), set(records.ledger.chunks(scene.kb, at)))
            assert after == before
        assert records.ledger.staged(scene.kb) == ()
        assert records.bases.versions(scene.kb)[0].state == VersionState.SWEPT
        assert records.ledger.gone(scene.kb) == {}

    def test_a_sweep_may_be_repeated(self, records: Records, scene: Scene) -> None:
        """A version that is swept already is left alone."""
        lease = scene.lease()
        version = scene.write(lease, scene.draft("a.md", "a"))
        assert records.ledger.sweep(lease, version)
        assert not records.ledger.sweep(lease, version)

    def test_a_version_that_readers_see_is_not_swept(self, records: Records, scene: Scene) -> None:
        """An admin who promotes a waiting version just before a sync sweeps it wins."""
        scene.publish(scene.draft("a.md", "a"))
        records.bases.roll_back(scene.kb, 1)
        ready = scene.publish(scene.draft("b.md", "b"))
        lease = scene.lease()
        records.bases.promote(scene.kb, ready)
        assert not records.ledger.sweep(lease, ready)
        assert scene.paths(ready) == ["a.md", "b.md"]

    def test_a_document_that_went_away_is_known_by_its_last_path(self, records: Records, scene: Scene) -> None:
        """A renamed document that goes away may return at its last path only, so it never returns twice."""
        scene.publish(scene.draft("a.md", "a"), scene.draft("stays.md", "s"))
        scene.publish(scene.draft("b.md", "a", continues="a.md"))
        assert records.ledger.gone(scene.kb) == {}
        life = scene.life("b.md")
        scene.publish(removed=["b.md"])
        assert records.ledger.gone(scene.kb) == {"b.md": (life.document, life.key)}

    def test_documents_that_ended_are_told_by_their_last_life(self, records: Records, scene: Scene) -> None:
        """Each once, also two that were last at one path; none that lives, none of another base."""
        scene.publish(scene.draft("a.md", "one"), scene.draft("stays.md", "s"))
        scene.publish(scene.draft("b.md", "one", continues="a.md"))
        first = scene.life("b.md")
        scene.publish(removed=["b.md"])
        scene.publish(scene.draft("b.md", "two"))
        second = scene.life("b.md")
        assert list(records.ledger.ended(scene.kb)) == [first]
        scene.publish(removed=["b.md"])
        assert list(records.ledger.ended(scene.kb)) == [first, second]
        assert list(records.ledger.ended(Scene(records, "other").kb)) == []

    def test_of_two_documents_that_had_a_path_the_later_one_returns(self, records: Records, scene: Scene) -> None:
        """The path's newest owner is its owner again."""
        scene.publish(scene.draft("a.md", "one"))
        scene.publish(removed=["a.md"])
        scene.publish(scene.draft("a.md", "two"))
        second = scene.life("a.md")
        scene.publish(removed=["a.md"])
        assert records.ledger.gone(scene.kb) == {"a.md": (second.document, second.key)}

    def test_the_rule_of_today_counts_with_the_staging(self, records: Records, scene: Scene) -> None:
        """A staged narrower rule is today's rule of the life that readers still see."""
        scene.publish(scene.draft("a.md", "text"))
        hr = records.access.rule(scene.kb, ["group:hr"])
        scene.write(scene.lease(), scene.draft("a.md", "text", rule=hr, continues="a.md"))
        life = scene.life("a.md", 1)
        assert (life.rule, life.rule_today) == (scene.base.default_rule, hr)

    def test_the_rule_of_today_can_be_set_alone(self, records: Records, scene: Scene) -> None:
        """A rule may change without a new life."""
        scene.publish(scene.draft("a.md", "text"))
        hr = records.access.rule(scene.kb, ["group:hr"])
        records.ledger.set_rules_today(scene.lease(), {scene.life("a.md").document: hr})
        assert scene.life("a.md").rule_today == hr

    def test_an_unchanged_run_shows_the_newest_version_unless_pinned(self, records: Records, scene: Scene) -> None:
        """After `unpin` the next sync brings readers to the newest version, even if nothing changed since."""
        for path in ("a.md", "b.md"):
            scene.publish(scene.draft(path, "text"))
        records.bases.roll_back(scene.kb, 1)
        lease = scene.lease()
        assert not records.ledger.finish_unchanged(lease, SyncResult(2, unchanged=2))
        assert scene.base.active == 1
        records.bases.unpin(scene.kb)
        assert records.ledger.finish_unchanged(lease, SyncResult(2, unchanged=2))
        assert scene.base.active == 2

    def test_a_finished_version_is_promoted_unless_somebody_says_no(self, records: Records, scene: Scene) -> None:
        """Promotion is the default; a pin or the caller keeps the version ready."""
        lease = scene.lease()
        version = scene.write(lease, scene.draft("a.md", "text"))
        assert not records.ledger.finish(lease, version, SyncResult(version), promote=False)
        assert scene.base.active == 0
        assert records.ledger.finish(lease, version, SyncResult(version), promote=True)
        assert (scene.base.active, scene.base.newest) == (version, version)

    def test_the_last_run_is_told_as_it_was(self, records: Records, scene: Scene) -> None:
        """Figures, state and whether readers see it; a failed run tells its fault."""
        assert records.ledger.last_run(scene.kb) is None
        lease = scene.lease()
        version = scene.write(lease, scene.draft("a.md", "text"))
        result = SyncResult(version, added=1, rejected=(Rejection("b.md", "broken"),), chunks_added=1)
        records.ledger.finish(lease, version, result, promote=True)
        told = records.ledger.last_run(scene.kb)
        assert told
        assert (told["state"], told["error"], told["added"], told["rejected"], told["promoted"]) == (
            "done",
            None,
            1,
            1,
            True,
        )
        records.ledger.fail(lease, "the folder is gone")
        told = records.ledger.last_run(scene.kb)
        assert told
        assert (told["state"], told["error"]) == ("failed", "the folder is gone")

    def test_a_run_of_a_pinned_base_is_not_told_as_promoted(self, records: Records, scene: Scene) -> None:
        """What waits for an admin is not said to be seen."""
        scene.publish(scene.draft("a.md", "text"))
        records.bases.roll_back(scene.kb, 1)
        scene.publish(scene.draft("b.md", "text"))
        told = records.ledger.last_run(scene.kb)
        assert told
        assert told["promoted"] is False

    def test_rejections_are_those_of_the_newest_sync(self, records: Records, scene: Scene) -> None:
        """Each list replaces the one before, by path, whatever the names are."""
        lease = scene.lease()
        records.ledger.reject(lease, [Rejection("b'\".md", "r&d"), Rejection("a\U0001f44d.md", "too large")])
        assert records.ledger.rejections(scene.kb) == (
            Rejection("a\U0001f44d.md", "too large"),
            Rejection("b'\".md", "r&d"),
        )
        records.ledger.reject(lease, [])
        assert records.ledger.rejections(scene.kb) == ()

    def test_a_document_of_forty_thousand_chunks_is_staged_and_ended(self, records: Records, scene: Scene) -> None:
        """A very long document is no limit of the database."""
        ids = tuple(f"{number:032x}" for number in range(40_000))

        def long(version: int) -> StagedDocument:
            staged = scene.draft("long.txt")(version)
            return replace(staged, new_chunks=tuple(ChunkLife(one, version, 1, "s") for one in ids))

        scene.publish(long)
        scene.publish(scene.draft("long.txt", "short now", continues="long.txt"))
        assert [one.chunk_id for one in records.ledger.chunks(scene.kb, 2)] == [scene.chunk("long.txt", "short now")]
        assert len(list(records.ledger.chunks(scene.kb, 1))) == 40_000

    def test_a_worker_whose_lease_was_lost_changes_nothing(self, records: Records, scene: Scene) -> None:
        """Every write of the ledger is refused once somebody else took the job over."""
        scene.publish(scene.draft("a.md", "text"))
        lost = scene.lease()
        staged = scene.write(lost, scene.draft("b.md", "text"))
        records.jobs.finish(lost)
        scene.lease()
        life = scene.life("a.md")
        drafted = scene.draft("c.md", "text")(staged)
        result = SyncResult(staged)
        ledger = records.ledger
        for write in (
            lambda: ledger.begin(lost),
            lambda: ledger.stage(lost, staged, [drafted]),
            lambda: ledger.stage_removal(lost, staged, [life.id]),
            lambda: ledger.set_rules_today(lost, {life.document: 99}),
            lambda: ledger.sweep(lost, staged),
            lambda: ledger.finish(lost, staged, result, promote=True),
            lambda: ledger.finish_unchanged(lost, result),
            lambda: ledger.fail(lost, "late"),
            lambda: ledger.reject(lost, [Rejection("a.md", "late")]),
        ):
            with pytest.raises(Busy, match="taken over"):
                write()
        assert scene.paths(staged) == ["a.md", "b.md"]
        assert scene.life("a.md").rule_today == scene.base.default_rule
        assert (scene.base.active, records.ledger.rejections(scene.kb)) == (1, ())

    def test_bases_do_not_see_each_others_ledgers(self, records: Records, scene: Scene) -> None:
        """The same version number in another base is another version."""
        other = Scene(records, "other")
        scene.publish(scene.draft("a.md", "text"))
        lease = other.lease()
        version = other.write(lease, other.draft("a.md", "text of the other"))
        records.ledger.sweep(lease, version)
        assert version == 1
        assert scene.paths(1) == ["a.md"]
        assert scene.base.active == 1
        assert OPERATOR.admin
