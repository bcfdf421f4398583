"""What records promise of the parts of large syncs, and of the jobs that they belong to."""

from dataclasses import dataclass

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.jobs import JobState, Lease, SyncProgress
from pipelines.domain.knowledge import Rejection, SyncResult
from pipelines.domain.retention import Retention
from pipelines.domain.sync_parts import PartedPlan, PartFile, PartLease, PartStep
from pipelines.errors import Busy
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE, Scene
from tests.fakes.manual_clock import ManualClock


OTHER = "third-host:2:2"
NOW = "1.words"
"""How the workers of these tests read documents."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A sync in parts, its job held."""

    scene: Scene
    lease: Lease
    plan: PartedPlan

    @property
    def records(self) -> Records:
        """The records."""
        return self.scene.records

    def take(self, worker: str = ELSEWHERE) -> PartLease:
        """Return the lease of a free part that there must be."""
        taken = self.records.parts.take(NOW, worker, 60)
        assert taken is not None
        return taken

    def stage(self, lease: PartLease, *paths: str, step: PartStep | None = None) -> bool:
        """Stage a document of one chunk for each path."""
        documents = [self.scene.draft(path, f"text of {path}")(self.plan.version) for path in paths]
        return self.records.parts.stage(lease, documents, step or PartStep(len(paths), (), len(paths), 0, len(paths)))

    def staged(self) -> list[str]:
        """Return the paths of the version that is staged."""
        return self.scene.paths(self.plan.version)


def begin(scene: Scene, *parts: str) -> Parted:
    """Put a sync into parts; each is named by its files, `"ab"` for the files a and b."""
    lease = scene.lease()
    version = scene.records.ledger.begin(lease)
    plan = PartedPlan(
        scene.kb,
        version,
        NOW,
        1.5,
        rules=(("hr/**", ("group:hr",)), ("**", ("everyone", "user:ben"))),
        removed=(7, 9),
        rejected=(Rejection("x.pdf", "it is encrypted"),),
        chunks_removed=3,
    )
    scene.records.parts.put(lease, plan, [[PartFile(name, "added", "c") for name in names] for names in parts])
    return Parted(scene, lease, plan)


class PartRecordsContract:
    """The promises of `pipelines.ports.sync_parts.PartRecords`."""

    @pytest.fixture
    def parted(self, records: Records) -> Parted:
        """Return a sync in two parts of two files each."""
        return begin(Scene(records), "ab", "cd")

    def test_a_plan_and_its_files_come_back_as_they_were(self, records: Records) -> None:
        """Whoever goes on with a sync, or helps with it, sees what was planned."""
        other = Scene(records, "other")
        held = other.lease()
        assert records.parts.plan(held) is None
        files = (
            PartFile("a b/ü.md", "changed", "c", previous=4, address="https://host.example/a", date="2026-01-02"),
            PartFile("b.md", "added", "d", returning=(5, "key")),
            PartFile("c.md", "renamed", "", previous=6, rejected="it is not there any more"),
        )
        parted = begin(Scene(records), "z")
        assert records.parts.plan(parted.lease) == parted.plan
        assert parted.take().part.plan == parted.plan
        records.parts.put(held, PartedPlan(other.kb, records.ledger.begin(held), NOW, 0.0), [files])
        assert parted.take().part.files == files

    def test_parts_are_taken_oldest_first_and_once(self, parted: Parted) -> None:
        """Two workers never hold one part; when none is free, there is none."""
        first, second = parted.take(), parted.take(OTHER)
        assert [[one.path for one in each.part.files] for each in (first, second)] == [["a", "b"], ["c", "d"]]
        assert (first.part.done, first.part.attempts) == (0, 1)
        assert parted.records.parts.take(NOW, OTHER, 60) is None

    def test_only_who_reads_alike_helps(self, parted: Parted) -> None:
        """A process of another release or embedder gets no part, and one that wants another job neither."""
        parts = parted.records.parts
        assert parts.take("2.words", OTHER, 60) is None
        assert parts.take(NOW, OTHER, 60, job=parted.lease.job.id + 1) is None
        assert parts.take(NOW, OTHER, 60, job=parted.lease.job.id) is not None

    def test_what_is_staged_is_noted_with_it(self, parted: Parted) -> None:
        """Lives and the count of files done are one write; the last file ends its part."""
        first = parted.take()
        assert parted.stage(first, "a") is False
        assert (parted.staged(), parted.records.parts.progress(parted.scene.kb)) == (["a"], SyncProgress(1, 4, ""))
        assert parted.stage(first, step=PartStep(1, (Rejection("b", "it is empty"),))) is True
        assert parted.records.parts.open(parted.lease) == 1
        assert parted.stage(parted.take(), "c", "d") is True
        assert (parted.staged(), parted.records.parts.open(parted.lease)) == (["a", "c", "d"], 0)
        outcome = parted.records.parts.outcome(parted.lease)
        assert [one.path for one in outcome.files] == ["a", "b", "c", "d"]
        assert outcome.rejected == (Rejection("b", "it is empty"),)
        assert (outcome.chunks_added, outcome.chunks_removed, outcome.chunks_embedded) == (3, 0, 3)

    def test_who_goes_on_begins_where_the_last_one_ended(self, parted: Parted) -> None:
        """A part that is put back keeps what was done of it; that start is not counted."""
        first = parted.take()
        parted.stage(first, "a")
        parted.records.parts.put_back(first)
        again = parted.take(OTHER)
        assert (again.part.id, again.part.done, again.part.attempts) == (first.part.id, 1, 1)
        with pytest.raises(Busy, match="taken over"):
            parted.stage(first, "b")
        assert parted.stage(again, "b") is True
        assert parted.staged() == ["a", "b"]

    def test_a_part_whose_worker_is_silent_is_taken_over(self, parted: Parted, clock: ManualClock) -> None:
        """Who wakes up after that can write nothing, hold nothing and put nothing back."""
        frozen, parts = parted.take(), parted.records.parts
        parted.take()
        clock.advance(59)
        assert (parts.take(NOW, OTHER, 60), parts.waiting()) == (None, 0)
        clock.advance(2)
        assert parts.waiting() == 2
        taken = parted.take(OTHER)
        assert (taken.part.id, taken.part.attempts) == (frozen.part.id, 2)
        for late in (
            lambda: parted.stage(frozen, "a"),
            lambda: parts.renew(frozen, 60),
            lambda: parts.put_back(frozen),
            lambda: parts.fail(frozen, "late"),
        ):
            with pytest.raises(Busy, match="taken over"):
                late()
        assert parted.staged() == []

    def test_a_worker_that_is_heard_of_keeps_its_part(self, parted: Parted, clock: ManualClock) -> None:
        """However long it takes."""
        held = parted.take()
        parted.take()
        for _ in range(5):
            clock.advance(50)
            parted.records.parts.renew(held, 60)
        assert [one for one in [parted.records.parts.take(NOW, OTHER, 60)] if one and one.part.id == held.part.id] == []
        assert parted.stage(held, "a", "b") is True

    def test_a_part_that_ends_its_worker_twice_is_split(self, parted: Parted, clock: ManualClock) -> None:
        """The other files go on; the one that ends three workers by itself is set aside with a reason."""
        parts = parted.records.parts
        parted.stage(parted.take(), "a", "b")
        for _ in range(2):
            assert [one.path for one in parted.take().part.files] == ["c", "d"]
            clock.advance(61)
        single = parted.take()
        assert ([one.path for one in single.part.files], single.part.attempts) == (["c"], 1)
        assert parted.stage(single, "c") is True
        for _ in range(3):
            assert [one.path for one in parted.take().part.files] == ["d"]
            clock.advance(61)
        assert parts.take(NOW, OTHER, 60) is None
        assert (parts.open(parted.lease), parts.progress(parted.scene.kb)) == (0, SyncProgress(4, 4, ""))
        (told,) = parts.outcome(parted.lease).rejected
        assert told.path == "d"
        assert told.reason.startswith(
            "reading it ended its worker three times (its worker died or fell silent, last another-host:1:1)"
        )
        assert parted.staged() == ["a", "b", "c"]

    def test_starts_count_since_the_last_file_that_was_done(self, parted: Parted, clock: ManualClock) -> None:
        """Workers that die for reasons of their own while files get done split nothing."""
        first = parted.take()
        parted.stage(parted.take(), "c", "d")
        clock.advance(61)
        again = parted.take()
        assert (again.part.id, again.part.attempts) == (first.part.id, 2)
        parted.stage(again, "a")
        clock.advance(61)
        last = parted.take()
        assert (last.part.id, len(last.part.files), last.part.done, last.part.attempts) == (first.part.id, 2, 1, 2)

    def test_an_unforeseen_fault_counts_as_a_death(self, parted: Parted) -> None:
        """With its own words as the reason."""
        single = begin(Scene(parted.records, "other"), "z")
        parted.stage(parted.take(), "a", "b")
        parted.stage(parted.take(), "c", "d")
        for _ in range(3):
            parted.records.parts.fail(single.take(), "unexpected fault: ZeroDivisionError()")
        (told,) = parted.records.parts.outcome(single.lease).rejected
        assert "three times (unexpected fault: ZeroDivisionError())" in told.reason

    def test_the_parts_go_with_their_version(self, records: Records) -> None:
        """Swept, promoted or erased: from that moment nobody writes, and nothing is told of the plan."""

        def sweep(parted: Parted) -> None:
            records.ledger.sweep(parted.lease, parted.plan.version)

        def finish(parted: Parted) -> None:
            records.ledger.finish(parted.lease, parted.plan.version, SyncResult(parted.plan.version), promote=True)

        def erase(parted: Parted) -> None:
            records.bases.hide(parted.scene.kb)
            records.bases.erase(parted.scene.kb)

        for number, end in enumerate((sweep, finish, erase)):
            parted = begin(Scene(records, f"base{number}"), "ab", "cd")
            held = parted.take()
            end(parted)
            with pytest.raises(Busy, match="its sync has ended"):
                records.parts.stage(held, [], PartStep(1))
            assert records.parts.take(NOW, OTHER, 60) is None
            assert (records.parts.plan(parted.lease), records.parts.progress(parted.scene.kb)) == (None, None)
            assert records.parts.waiting() == 0

    def test_nobody_helps_a_job_that_failed(self, parted: Parted) -> None:
        """Its plan waits to be swept; who holds a part may write until then, since nobody sees it."""
        parted.records.jobs.finish(parted.lease, "the index is away")
        parts = parted.records.parts
        assert (parts.take(NOW, OTHER, 60), parts.waiting(), parts.progress(parted.scene.kb)) == (None, 0, None)

    def test_a_plan_holds_chores_up_while_its_job_goes_on(self, parted: Parted) -> None:
        """Between two looks of its workers; the plan of a job that failed may wait for a person for ever."""
        records, kb = parted.records, parted.scene.kb
        records.jobs.put_back(parted.lease)
        chore = records.jobs.lease(records.jobs.submit("vacuum", kb, {}).id, ELSEWHERE, 60)
        with pytest.raises(Busy, match="a sync of this base is under way"):
            records.retention.forget_old(chore, Retention(30, 3))
        assert records.retention.orphans(chore, ["x"], 0) == ()
        again = records.jobs.take(["sync"], ELSEWHERE, 60)
        assert again is not None
        records.jobs.finish(again, "the folder is gone")
        assert records.retention.forget_old(chore, Retention(30, 3)) == 0
        assert records.retention.orphans(chore, ["x"], 0) == ("x",)

    def test_a_lost_job_puts_no_parts(self, records: Records, clock: ManualClock) -> None:
        """A worker that froze while it planned and was taken over begins nothing."""
        scene = Scene(records)
        frozen = scene.lease()
        version = records.ledger.begin(frozen)
        clock.advance(61)
        scene.lease()
        with pytest.raises(Busy, match="taken over"):
            records.parts.put(frozen, PartedPlan(scene.kb, version, NOW, 0.0), [[PartFile("a", "added", "c")]])


class PartedJobContract:
    """The promises of `pipelines.ports.job_records.JobRecords` to jobs whose work goes on in parts."""

    @pytest.fixture
    def parted(self, records: Records) -> Parted:
        """Return a sync in two parts of two files each."""
        return begin(Scene(records), "ab", "cd")

    def test_a_job_that_is_put_back_is_gone_on_with(self, records: Records, parted: Parted) -> None:
        """Its plan is still its own, that start is not counted, and who put it back can write no more."""
        records.jobs.put_back(parted.lease)
        assert records.parts.waiting() == 2
        taken = records.jobs.take(["sync"], OTHER, 60)
        assert taken is not None
        assert (taken.job.id, taken.job.attempts) == (parted.lease.job.id, 1)
        assert records.parts.plan(taken) == parted.plan
        with pytest.raises(Busy, match="taken over"):
            records.jobs.put_back(parted.lease)

    def test_the_job_that_waits_goes_on_with_the_work(self, records: Records, parted: Parted) -> None:
        """A wish that came meanwhile inherits the plan, and knows that it was made before; no job is queued twice."""
        wish = records.jobs.submit("sync", parted.scene.kb, {})
        records.jobs.put_back(parted.lease)
        taken = records.jobs.take(["sync"], OTHER, 60)
        assert taken is not None
        assert (taken.job.id, taken.job.attempts) == (wish.id, 1)
        plan = records.parts.plan(taken)
        assert plan is not None
        assert (plan.inherited, plan.version, records.parts.plan(parted.lease)) == (True, parted.plan.version, None)
        assert records.jobs.take(["sync"], OTHER, 60) is None

    def test_an_abandoned_job_leaves_its_plan_to_the_next(
        self, records: Records, clock: ManualClock, parted: Parted
    ) -> None:
        """Whether it is queued again or another waits, nothing that was done is lost."""
        parted.stage(parted.take(), "a", "b")
        clock.advance(61)
        again = records.jobs.take(["sync"], ELSEWHERE, 60)
        assert again is not None
        assert (again.job.id, records.parts.plan(again)) == (parted.lease.job.id, parted.plan)
        wish = records.jobs.submit("sync", parted.scene.kb, {})
        clock.advance(61)
        last = records.jobs.take(["sync"], OTHER, 60)
        assert last is not None
        assert last.job.id == wish.id
        assert records.parts.progress(parted.scene.kb) == SyncProgress(2, 4, "")

    def test_a_job_that_gets_further_is_never_set_aside(
        self, records: Records, clock: ManualClock, parted: Parted
    ) -> None:
        """However often its workers die; one that gets no further is set aside after its third start."""
        for path in ("a", "b", "c"):
            part = parted.take()
            parted.stage(part, path)
            records.parts.put_back(part) if path in {"a", "c"} else None
            clock.advance(61)
            held = records.jobs.take(["sync"], ELSEWHERE, 60)
            assert held is not None
            assert (held.job.id, held.job.attempts) == (parted.lease.job.id, 2)
        clock.advance(61)
        assert records.jobs.take(["sync"], ELSEWHERE, 60) is not None
        clock.advance(61)
        assert records.jobs.take(["sync"], OTHER, 60) is None
        assert records.jobs.quarantined("sync", parted.scene.kb) is not None
        assert records.parts.take(NOW, OTHER, 60) is None

    def test_a_start_that_failed_is_counted(self, records: Records, clock: ManualClock) -> None:
        """Unless something was done: a fault that passes costs nothing, one that stays ends the work."""
        kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
        records.jobs.submit("sync", kb, {})
        for start, pause in ((1, 5), (2, 30), (3, 30)):
            held = records.jobs.take(["sync"], ELSEWHERE, 60)
            assert held is not None
            assert held.job.attempts == start
            records.jobs.put_back(held, failed=True)
            clock.advance(pause - 1)
            assert (records.jobs.take(["sync"], ELSEWHERE, 60), records.jobs.waiting()) == (None, {})
            clock.advance(1)
            assert records.jobs.waiting() == {"sync": 1}
        assert records.jobs.submit("sync", kb, {}).state is JobState.QUEUED

    def test_a_new_wish_does_not_wait(self, records: Records) -> None:
        """Who asks for a sync that failed a moment ago has it begun at once."""
        kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
        records.jobs.submit("sync", kb, {})
        held = records.jobs.take(["sync"], ELSEWHERE, 60)
        assert held is not None
        records.jobs.put_back(held, failed=True)
        assert records.jobs.take(["sync"], ELSEWHERE, 60) is None
        records.jobs.submit("sync", kb, {})
        assert records.jobs.take(["sync"], ELSEWHERE, 60) is not None
