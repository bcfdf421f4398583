"""What records promise of schedules, alerts, retention, and of what workers are told."""

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.alerts import Alert, SyncHealth
from pipelines.domain.job_kinds import CENSUS, TIDY, VACUUM, WHOLE
from pipelines.domain.jobs import JobState, Lease
from pipelines.domain.knowledge import SyncResult
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import DAY, SETTLED_S
from pipelines.errors import Busy, NotFound
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE, Scene
from tests.fakes.manual_clock import ManualClock


HOUR = 3600


def end_sync(records: Records, kb: int, error: str | None = None) -> None:
    """Let a sync of a base end that found nothing, or failed."""
    job = records.jobs.submit("sync", kb, {})
    lease = records.jobs.lease(job.id, ELSEWHERE, 60)
    if error is None:
        records.ledger.finish_unchanged(lease, SyncResult(0))
    else:
        records.ledger.fail(lease, error)
    records.jobs.finish(lease, error)


def happen(scene: Scene, clock: ManualClock, event: str) -> None:
    """Let something happen to a base of two versions that changes what readers are shown, or who may write."""
    records, kb = scene.records, scene.kb
    if event == "promoted":
        scene.publish(scene.draft("b.md", str(clock.monotonic())))
    elif event == "shown":
        records.bases.promote(kb, 1)
    elif event == "rolled back":
        records.bases.roll_back(kb, 1)
    elif event == "unpinned":
        records.bases.roll_back(kb, 1)
        clock.advance(60)
        records.bases.unpin(kb)
        end_sync(records, kb)
    elif event == "swept":
        lease = scene.lease()
        records.ledger.sweep(lease, records.ledger.begin(lease))
        records.jobs.finish(lease)
    else:
        records.jobs.submit("sync", kb, {})
        assert records.jobs.take(["sync"], ELSEWHERE, 60)
        clock.advance(61)
        # Of the three starts that it has, none is lost here.
        taken = records.jobs.take(["sync"], ELSEWHERE, 60)
        assert taken
        records.jobs.finish(taken)


class ScheduleRecordsContract:
    """The promises of `pipelines.ports.schedules.ScheduleRecords`."""

    @pytest.fixture
    def kb(self, records: Records) -> int:
        """Return a base."""
        return records.bases.add("handbook", "folder", "/", OPERATOR).id

    def test_a_base_has_no_schedule_until_it_is_given_one(self, records: Records, kb: int) -> None:
        """Nobody is synced by itself who was not asked for."""
        assert (records.schedules.every(kb), records.schedules.next_at(kb)) == (None, None)
        assert records.schedules.submit_due() == ()

    def test_a_schedule_submits_a_sync_once_each_interval(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Not before its time, once at its time, and what was missed is not made up for."""
        records.schedules.set_every(kb, 6 * HOUR)
        clock.advance(6 * HOUR - 1)
        assert records.schedules.submit_due() == ()
        clock.advance(1)
        (job,) = records.schedules.submit_due()
        assert (job.kind, job.kb, job.state) == ("sync", kb, JobState.QUEUED)
        assert records.schedules.submit_due() == ()
        records.jobs.finish(records.jobs.lease(job.id, ELSEWHERE, 60))
        clock.advance(100 * HOUR)
        assert len(records.schedules.submit_due()) == 1
        assert records.schedules.submit_due() == ()
        assert records.schedules.next_at(kb) == clock.now().timestamp() + 2 * HOUR

    def test_a_schedule_is_changed_and_ended(self, records: Records, clock: ManualClock, kb: int) -> None:
        """The last word counts."""
        records.schedules.set_every(kb, HOUR)
        records.schedules.set_every(kb, 2 * HOUR)
        assert records.schedules.every(kb) == 2 * HOUR
        records.schedules.set_every(kb, None)
        clock.advance(10 * HOUR)
        assert (records.schedules.every(kb), records.schedules.submit_due()) == (None, ())

    def test_a_sync_that_waits_is_not_submitted_twice(self, records: Records, clock: ManualClock, kb: int) -> None:
        """One wish is enough."""
        records.jobs.submit("sync", kb, {})
        records.schedules.set_every(kb, HOUR)
        clock.advance(HOUR)
        assert records.schedules.submit_due() == ()

    def test_a_sync_that_was_set_aside_waits_for_a_person(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Its schedule does not begin it again; a person's wish does."""
        records.jobs.submit("sync", kb, {})
        for _ in range(3):
            assert records.jobs.take(["sync"], ELSEWHERE, 60) is not None
            clock.advance(61)
        assert records.jobs.take(["sync"], ELSEWHERE, 60) is None
        records.schedules.set_every(kb, HOUR)
        clock.advance(HOUR)
        assert records.schedules.submit_due() == ()
        assert records.jobs.submit("sync", kb, {}).state is JobState.QUEUED

    def test_a_chore_that_was_set_aside_is_due_again(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Nobody can ask for one, so the next day does."""
        records.schedules.add_chores((CENSUS,), (), DAY)
        clock.advance(DAY)
        assert [one.kind for one in records.schedules.submit_due()] == [CENSUS]
        for _ in range(3):
            assert records.jobs.take([CENSUS], ELSEWHERE, 60) is not None
            clock.advance(61)
        assert records.jobs.take([CENSUS], ELSEWHERE, 60) is None
        assert records.jobs.quarantined(CENSUS, kb)
        clock.advance(DAY)
        assert [one.kind for one in records.schedules.submit_due()] == [CENSUS]

    def test_chores_are_due_once_a_day_for_every_base(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Whoever looks, and however often."""
        for _ in range(3):
            records.schedules.add_chores((CENSUS, VACUUM), (TIDY,), DAY)
        clock.advance(DAY)
        due = {(one.kind, one.kb) for one in records.schedules.submit_due()}
        assert due == {(CENSUS, kb), (VACUUM, kb), (TIDY, WHOLE)}

    def test_a_removed_base_has_no_chores(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Neither hidden nor erased."""
        records.schedules.add_chores((CENSUS,), (), DAY)
        records.schedules.set_every(kb, HOUR)
        records.bases.hide(kb)
        clock.advance(2 * DAY)
        assert records.schedules.submit_due() == ()
        records.bases.erase(kb)
        records.schedules.add_chores((CENSUS,), (), DAY)
        assert (records.schedules.every(kb), records.schedules.healths()) == (None, {})

    def test_a_chore_is_tried_again_soon(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Sooner than its next time, never later."""
        records.schedules.add_chores((VACUUM,), (), DAY)
        clock.advance(DAY)
        (job,) = records.schedules.submit_due()
        records.jobs.finish(records.jobs.lease(job.id, ELSEWHERE, 60), "a sync is under way")
        records.schedules.postpone(VACUUM, kb, 600)
        records.schedules.postpone(VACUUM, kb, 10 * DAY)
        clock.advance(600)
        assert [one.kind for one in records.schedules.submit_due()] == [VACUUM]

    @pytest.mark.parametrize("event", ["promoted", "shown", "rolled back", "unpinned", "swept", "taken over"])
    def test_a_base_is_compared_again_when_late_writes_could_be_seen(
        self, records: Records, clock: ManualClock, event: str
    ) -> None:
        """Minutes after the last such event: put off by a later one, and a day after that."""
        scene = Scene(records)
        for text in ("one", "two"):
            scene.publish(scene.draft("a.md", text))
        records.schedules.add_chores((CENSUS,), (), DAY)
        for _ in range(2):
            happen(scene, clock, event)
            clock.advance(SETTLED_S - 1)
            assert CENSUS not in [one.kind for one in records.schedules.submit_due()]
        clock.advance(1)
        assert [one.kind for one in records.schedules.submit_due()] == [CENSUS]
        records.jobs.finish(records.jobs.lease(records.jobs.submit(CENSUS, scene.kb, {}).id, ELSEWHERE, 60))
        clock.advance(SETTLED_S)
        assert records.schedules.submit_due() == ()

    def test_health_counts_failures_in_a_row(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Those since the last sync that went well."""
        assert records.schedules.healths() == {}
        end_sync(records, kb)
        good = clock.now().timestamp()
        for failed in (1, 2, 2):
            clock.advance(60)
            end_sync(records, kb, "the folder is gone")
            assert records.schedules.healths(kb) == {kb: SyncHealth(failed, None, good)}
        end_sync(records, kb)
        assert records.schedules.healths()[kb].failed == 0

    def test_a_sync_is_expected_from_the_last_good_one_or_the_schedule_on(
        self, records: Records, clock: ManualClock, kb: int
    ) -> None:
        """Whichever is later."""
        end_sync(records, kb)
        clock.advance(60)
        records.schedules.set_every(kb, HOUR)
        assert records.schedules.healths()[kb] == SyncHealth(0, HOUR, clock.now().timestamp())
        clock.advance(60)
        end_sync(records, kb)
        assert records.schedules.healths(kb)[kb].expected_from == clock.now().timestamp()
        assert records.schedules.healths(kb + 1) == {}

    def test_an_alert_is_news_once(self, records: Records, kb: int) -> None:
        """Until it is another one, or over."""
        told = [records.schedules.change_alert(kb, one) for one in (Alert.FAILING, Alert.FAILING, Alert.OVERDUE, None)]
        assert told == [True, False, True, False]
        assert records.schedules.alerts() == {}
        assert records.schedules.change_alert(kb, Alert.FAILING)
        assert records.schedules.alerts() == {kb: Alert.FAILING}


class WaitingJobsContract:
    """What workers are told of, and what whoever waits for a job can see."""

    def test_what_nobody_works_on_waits(self, records: Records, clock: ManualClock) -> None:
        """Queued jobs, and those of a worker that fell silent; not what waits behind a job of its base."""
        first, second = (records.bases.add(name, "folder", "/", OPERATOR).id for name in ("one", "two"))
        assert dict(records.jobs.waiting()) == {}
        records.jobs.submit("sync", first, {})
        records.jobs.submit("sync", second, {})
        records.jobs.submit(VACUUM, first, {})
        assert records.jobs.waiting() == {"sync": 2, VACUUM: 1}
        assert records.jobs.take(["sync"], ELSEWHERE, 60) is not None
        records.jobs.submit("sync", first, {})
        assert records.jobs.waiting() == {"sync": 1, VACUUM: 1}
        clock.advance(61)
        assert records.jobs.waiting() == {"sync": 2, VACUUM: 1}

    def test_a_job_tells_where_it_stands(self, records: Records) -> None:
        """Also how it failed; one that is gone is not found."""
        kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
        job = records.jobs.submit("sync", kb, {})
        assert records.jobs.state(job.id) == (JobState.QUEUED, None)
        lease = records.jobs.lease(job.id, ELSEWHERE, 60)
        assert records.jobs.state(job.id) == (JobState.RUNNING, None)
        assert records.ledger.run_of(job.id) is None
        records.ledger.fail(lease, "the folder is gone")
        records.jobs.finish(lease, "the folder is gone")
        assert records.jobs.state(job.id) == (JobState.FAILED, "the folder is gone")
        assert (records.ledger.run_of(job.id) or {})["error"] == "the folder is gone"
        with pytest.raises(NotFound, match=f"job {job.id + 1} is gone"):
            records.jobs.state(job.id + 1)

    def test_a_second_wish_adds_to_the_one_that_waits(self, records: Records) -> None:
        """What was allowed once stays allowed; a job that began is left as it is."""
        kb = records.bases.add("handbook", "folder", "/", OPERATOR).id
        job = records.jobs.submit("sync", kb, {})
        assert records.jobs.submit("sync", kb, {"accept_loss": True}).payload == {"accept_loss": True}
        again = records.jobs.submit("sync", kb, {})
        assert (again.id, again.payload) == (job.id, {"accept_loss": True})
        assert records.jobs.lease(job.id, ELSEWHERE, 60).job.payload == {"accept_loss": True}
        assert records.jobs.submit("sync", kb, {}).payload == {}


class RetentionRecordsContract:
    """The promises of `pipelines.ports.retention.RetentionRecords`."""

    KEEP = Retention(days=30, versions=2)

    @pytest.fixture
    def history(self, records: Records, clock: ManualClock) -> Scene:
        """Return a base of four versions, a day apart, each with its own text."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "first"), scene.draft("gone.md", "leaves"))
        clock.advance(DAY)
        scene.publish(scene.draft("a.md", "second", continues="a.md"), removed=["gone.md"])
        clock.advance(DAY)
        scene.publish(scene.draft("a.md", "third", continues="a.md"))
        clock.advance(DAY)
        scene.publish(scene.draft("a.md", "fourth", continues="a.md"))
        return scene

    def chore(self, records: Records, kb: int) -> Lease:
        """Return the right to a chore."""
        return records.jobs.lease(records.jobs.submit(VACUUM, kb, {}).id, ELSEWHERE, 60)

    def forget(self, records: Records, kb: int) -> int:
        """Forget what is old, as the chore does."""
        lease = self.chore(records, kb)
        oldest = records.retention.forget_old(lease, self.KEEP)
        records.jobs.finish(lease)
        return oldest

    def test_young_versions_are_kept(self, records: Records, history: Scene) -> None:
        """All of them, while they are younger than the days."""
        assert self.forget(records, history.kb) == 1
        assert [one.number for one in records.bases.versions(history.kb)] == [4, 3, 2, 1]
        assert history.paths(1) == ["a.md", "gone.md"]

    def test_old_versions_go_with_all_that_only_they_show(
        self, records: Records, clock: ManualClock, history: Scene
    ) -> None:
        """The newest two stay whole."""
        clock.advance(100 * DAY)
        assert self.forget(records, history.kb) == 3
        assert [one.number for one in records.bases.versions(history.kb)] == [4, 3]
        assert [len(history.paths(version)) for version in (1, 2, 3, 4)] == [0, 0, 1, 1]
        chunks = [history.chunk("a.md", text) for text in ("first", "second", "third", "fourth")]
        chunks.append(history.chunk("gone.md", "leaves"))
        kept = {chunk for chunk, _ in records.ledger.endings(history.kb, chunks)}
        assert kept == {history.chunk("a.md", text) for text in ("third", "fourth")}
        assert records.ledger.gone(history.kb) == {}
        with pytest.raises(NotFound):
            records.bases.roll_back(history.kb, 2)
        assert self.forget(records, history.kb) == 3

    def test_what_readers_see_is_kept_however_old(self, records: Records, clock: ManualClock, history: Scene) -> None:
        """A base that was rolled back keeps that version, and all newer ones."""
        records.bases.roll_back(history.kb, 2)
        clock.advance(1000 * DAY)
        assert self.forget(records, history.kb) == 2
        assert history.paths(2) == ["a.md"]

    def test_nothing_is_forgotten_during_a_sync(self, records: Records, clock: ManualClock, history: Scene) -> None:
        """Its plan names documents that would be gone; afterwards they go."""
        clock.advance(100 * DAY)
        lease = history.lease()
        with pytest.raises(Busy):
            records.retention.forget_old(self.chore(records, history.kb), self.KEEP)
        assert history.paths(1) == ["a.md", "gone.md"]
        records.jobs.finish(lease)
        clock.advance(61)
        assert self.forget(records, history.kb) == 3

    def test_another_base_is_not_touched(self, records: Records, clock: ManualClock, history: Scene) -> None:
        """Each keeps its own."""
        other = Scene(records, "other")
        other.publish(other.draft("b.md", "text"))
        clock.advance(100 * DAY)
        self.forget(records, history.kb)
        assert other.paths(1) == ["b.md"]

    def test_old_runs_go_and_the_newest_stay(self, records: Records, clock: ManualClock, history: Scene) -> None:
        """The status still tells of the last one, and an alert of the last two."""
        newest = records.jobs.submit("sync", history.kb, {}).id
        end_sync(records, history.kb, "the folder is gone")
        clock.advance(100 * DAY)
        lease = self.chore(records, history.kb)
        records.retention.forget_runs(lease, 30)
        records.jobs.finish(lease)
        assert (records.ledger.last_run(history.kb) or {})["error"] == "the folder is gone"
        assert records.jobs.state(newest)[0] is JobState.FAILED
        with pytest.raises(NotFound):
            records.jobs.state(1)
        assert records.schedules.healths()[history.kb].failed == 1

    def test_files_without_a_base_are_noted_before_they_go(
        self, records: Records, clock: ManualClock, history: Scene
    ) -> None:
        """Only what nothing referred to at both looks; `c` and `t` are those of the base's documents."""
        lease = self.chore(records, history.kb)
        assert records.retention.orphans(lease, ["c", "t", "x", "y"], 60) == ()
        clock.advance(59)
        assert records.retention.orphans(lease, ["c", "t", "x", "y"], 60) == ()
        clock.advance(1)
        records.jobs.renew(lease, 600)
        assert records.retention.orphans(lease, ["c", "t", "x"], 60) == ("x",)
        assert records.retention.orphans(lease, ["x"], 60) == ()

    def test_a_blob_that_some_document_has_is_referred_to(self, records: Records, history: Scene) -> None:
        """One among many is enough, also of a hidden base; of none, or of unknown ones, none is."""
        assert records.retention.refers(["x", "c"])
        assert records.retention.refers(["t"])
        assert not records.retention.refers(["x"])
        assert not records.retention.refers([])
        records.bases.hide(history.kb)
        assert records.retention.refers(["c"])

    def test_whether_any_file_is_referred_to(self, records: Records) -> None:
        """Of a base with nothing in it none is; one document is enough, also of a hidden base."""
        records.bases.add("empty", "folder", "/", OPERATOR)
        assert not records.retention.refers_to_some()
        scene = Scene(records, "scene")
        scene.publish(scene.draft("a.md", "text"))
        assert records.retention.refers_to_some()
        records.bases.hide(scene.kb)
        assert records.retention.refers_to_some()
        records.bases.erase(scene.kb)
        assert not records.retention.refers_to_some()

    def test_no_file_goes_during_a_sync(self, records: Records, clock: ManualClock, history: Scene) -> None:
        """It stores files before it writes of them."""
        lease = self.chore(records, history.kb)
        records.retention.orphans(lease, ["x"], 60)
        clock.advance(61)
        records.jobs.renew(lease, 600)
        sync = history.lease()
        assert records.retention.orphans(lease, ["x"], 60) == ()
        records.jobs.finish(sync)
        assert records.retention.orphans(lease, ["x"], 60) == ("x",)
