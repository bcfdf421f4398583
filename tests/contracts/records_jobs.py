"""What records promise of jobs and the embedding cache."""

import numpy as np
import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.jobs import JobState
from pipelines.errors import Busy
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE
from tests.fakes.manual_clock import ManualClock


OTHER = "third-host:2:2"


class JobRecordsContract:
    """The promises of `pipelines.ports.job_records.JobRecords`."""

    @pytest.fixture
    def kb(self, records: Records) -> int:
        """Return a base."""
        return records.bases.add("handbook", "folder", "/", OPERATOR).id

    def test_a_job_is_queued_once(self, records: Records, kb: int) -> None:
        """While one waits, the same wish is the same job; another kind or base is another."""
        job = records.jobs.submit("sync", kb, {"why": "asked"})
        assert (job.kind, job.kb, job.payload, job.state, job.attempts) == (
            "sync",
            kb,
            {"why": "asked"},
            JobState.QUEUED,
            0,
        )
        assert records.jobs.submit("sync", kb, {}) == job
        other = records.bases.add("other", "folder", "/", OPERATOR).id
        assert len({job.id, records.jobs.submit("erase", kb, {}).id, records.jobs.submit("sync", other, {}).id}) == 3

    def test_a_leased_job_is_running_and_a_new_one_may_queue(self, records: Records, kb: int) -> None:
        """What is wished during a sync is done after it."""
        job = records.jobs.submit("sync", kb, {})
        lease = records.jobs.lease(job.id, ELSEWHERE, 60)
        assert (lease.job.id, lease.job.state, lease.job.attempts) == (job.id, JobState.RUNNING, 1)
        assert records.jobs.running(kb) == lease.job
        assert records.jobs.submit("sync", kb, {}).id != job.id

    def test_two_workers_never_hold_one_base(self, records: Records, kb: int) -> None:
        """The second is told whose turn it is, by the base's name."""
        first = records.jobs.submit("sync", kb, {})
        records.jobs.lease(first.id, ELSEWHERE, 60)
        second = records.jobs.submit("sync", kb, {})
        for job in (first, second):
            with pytest.raises(Busy, match="handbook is being synced by another process"):
                records.jobs.lease(job.id, OTHER, 60)

    def test_another_base_is_nobodys_hindrance(self, records: Records, kb: int) -> None:
        """Two bases are synced side by side."""
        other = records.bases.add("other", "folder", "/", OPERATOR).id
        for one in (kb, other):
            records.jobs.lease(records.jobs.submit("sync", one, {}).id, ELSEWHERE, 60)
        assert records.jobs.running(kb) != records.jobs.running(other)

    def test_a_finished_job_frees_its_base(self, records: Records, kb: int) -> None:
        """Done or failed, the next one starts at once."""
        for error in (None, "the folder is gone"):
            lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
            records.jobs.finish(lease, error)
            assert records.jobs.running(kb) is None

    def test_a_lease_ends_with_its_time(self, records: Records, clock: ManualClock, kb: int) -> None:
        """The job of a worker that is not heard of ends, and the next one starts."""
        records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
        waiting = records.jobs.submit("sync", kb, {})
        clock.advance(59)
        with pytest.raises(Busy):
            records.jobs.lease(waiting.id, OTHER, 60)
        clock.advance(2)
        assert records.jobs.running(kb) is None
        taken = records.jobs.lease(waiting.id, OTHER, 60)
        assert records.jobs.running(kb) == taken.job

    def test_a_job_is_worked_on_once(self, records: Records, kb: int) -> None:
        """A job that was done or failed is not taken again: whoever waited for it is told the base's name."""
        for error in (None, "the folder is gone"):
            lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
            records.jobs.finish(lease, error)
            with pytest.raises(Busy, match="handbook"):
                records.jobs.lease(lease.job.id, OTHER, 60)

    def test_a_renewed_lease_lasts(self, records: Records, clock: ManualClock, kb: int) -> None:
        """A worker that is heard of keeps its job for as long as it takes."""
        lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
        for _ in range(5):
            clock.advance(50)
            records.jobs.renew(lease, 60)
        assert records.jobs.running(kb) == lease.job

    def test_a_frozen_worker_that_wakes_up_is_refused(self, records: Records, clock: ManualClock, kb: int) -> None:
        """Once it was taken over, it can neither hold on nor finish, and its successor is untouched."""
        frozen = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
        clock.advance(61)
        taken = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, OTHER, 60)
        with pytest.raises(Busy, match="taken over"):
            records.jobs.renew(frozen, 60)
        with pytest.raises(Busy, match="taken over"):
            records.jobs.finish(frozen)
        assert records.jobs.running(kb) == taken.job

    def test_a_late_worker_that_nobody_replaced_goes_on(self, records: Records, clock: ManualClock, kb: int) -> None:
        """A lease that ran out is worth something until somebody takes it."""
        lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
        clock.advance(600)
        records.jobs.renew(lease, 60)
        records.jobs.finish(lease)
        assert records.jobs.running(kb) is None


class JobQueueContract:
    """The promises of `pipelines.ports.job_records.JobRecords` to workers that take what is queued."""

    @pytest.fixture
    def kb(self, records: Records) -> int:
        """Return a base."""
        return records.bases.add("handbook", "folder", "/", OPERATOR).id

    def test_jobs_are_taken_oldest_first_and_once(self, records: Records, kb: int) -> None:
        """Only of the kinds that a worker does, and none twice."""
        other = records.bases.add("other", "folder", "/", OPERATOR).id
        wanted = [records.jobs.submit("sync", one, {}).id for one in (other, kb)]
        tune = records.jobs.submit("tune", kb, {}).id
        taken = [records.jobs.take(["sync", "eval"], ELSEWHERE, 60) for _ in range(3)]
        assert [one and one.job.id for one in taken] == [*wanted, None]
        last = records.jobs.take(["tune"], OTHER, 60)
        assert last
        assert (last.job.id, last.job.state, last.job.attempts) == (tune, JobState.RUNNING, 1)
        assert records.jobs.take([], OTHER, 60) is None

    def test_one_job_of_a_kind_and_base_is_worked_on(self, records: Records, kb: int) -> None:
        """What is wished during a sync is taken after it."""
        first = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, ELSEWHERE, 60)
        second = records.jobs.submit("sync", kb, {})
        assert records.jobs.take(["sync"], OTHER, 60) is None
        records.jobs.finish(first)
        taken = records.jobs.take(["sync"], OTHER, 60)
        assert taken
        assert taken.job.id == second.id

    def test_an_abandoned_job_is_taken_again(self, records: Records, clock: ManualClock, kb: int) -> None:
        """A worker that is not heard of loses its job to the next one, and is refused if it wakes up."""
        records.jobs.submit("sync", kb, {"why": "asked"})
        frozen = records.jobs.take(["sync"], ELSEWHERE, 60)
        clock.advance(59)
        assert records.jobs.take(["sync"], OTHER, 60) is None
        clock.advance(2)
        again = records.jobs.take(["sync"], OTHER, 60)
        assert frozen
        assert again
        assert (again.job.id, again.job.payload, again.job.attempts) == (frozen.job.id, {"why": "asked"}, 2)
        assert again.token > frozen.token
        with pytest.raises(Busy, match="taken over"):
            records.jobs.renew(frozen, 60)
        records.jobs.finish(again)
        assert records.jobs.take(["sync"], OTHER, 60) is None

    def test_a_job_that_never_ends_is_set_aside_after_its_third_start(
        self, records: Records, clock: ManualClock, kb: int
    ) -> None:
        """It is told as the base's last run, with the worker that held it; a new wish is a new job."""
        job = records.jobs.submit("sync", kb, {})
        for start in (1, 2, 3):
            taken = records.jobs.take(["sync"], ELSEWHERE, 60)
            assert taken
            assert (taken.job.id, taken.job.attempts) == (job.id, start)
            assert records.jobs.quarantined("sync", kb) is None
            clock.advance(61)
        assert records.jobs.take(["sync"], OTHER, 60) is None
        reason = records.jobs.quarantined("sync", kb)
        assert reason
        assert reason.startswith("it was started 3 times and its worker died or fell silent each time (last another")
        told = records.ledger.last_run(kb)
        assert told
        assert (told["state"], told["error"]) == ("failed", reason)
        with pytest.raises(Busy, match="the work on handbook was set aside: it was started 3 times"):
            records.jobs.lease(job.id, OTHER, 60)
        anew = records.jobs.submit("sync", kb, {})
        assert (anew.id != job.id, anew.attempts, records.jobs.quarantined("sync", kb)) == (True, 0, None)

    @pytest.mark.parametrize("starts", [1, 3])
    def test_a_wish_outlives_the_worker_that_had_it(
        self, records: Records, clock: ManualClock, kb: int, starts: int
    ) -> None:
        """What a person asked for is done by whoever goes on, also after the last start that never ended."""
        records.jobs.submit("sync", kb, {"accept_loss": True})
        for _ in range(starts):
            assert records.jobs.take(["sync"], ELSEWHERE, 60)
            clock.advance(61)
        waiting = records.jobs.submit("sync", kb, {})
        taken = records.jobs.take(["sync"], OTHER, 60)
        assert taken
        assert (taken.job.id, taken.job.payload) == (waiting.id, {"accept_loss": True})

    def test_a_waiting_job_does_the_work_of_an_abandoned_one(
        self, records: Records, clock: ManualClock, kb: int
    ) -> None:
        """It counts the starts of the one before: a document that kills workers is not tried for ever."""
        records.jobs.submit("sync", kb, {})
        assert records.jobs.take(["sync"], ELSEWHERE, 60)
        waiting = records.jobs.submit("sync", kb, {})
        clock.advance(61)
        taken = records.jobs.take(["sync"], OTHER, 60)
        assert taken
        assert (taken.job.id, taken.job.attempts) == (waiting.id, 2)

    def test_an_abandoned_job_is_leased_by_its_number_again(
        self, records: Records, clock: ManualClock, kb: int
    ) -> None:
        """Whoever is sent to the job after its worker died may do it at once."""
        job = records.jobs.submit("sync", kb, {})
        records.jobs.lease(job.id, ELSEWHERE, 60)
        clock.advance(61)
        assert records.jobs.lease(job.id, OTHER, 60).job.attempts == 2


class VectorRecordsContract:
    """The promises of `pipelines.ports.records.VectorRecords`."""

    def test_vectors_come_back_exactly(self, records: Records) -> None:
        """Every bit of a float32 is kept; unknown texts are simply missing."""
        rng = np.random.default_rng(7)
        vectors = {f"{n:064x}": rng.standard_normal(384, dtype=np.float32) for n in range(1200)}
        records.vectors.put("model", vectors)
        found = records.vectors.get("model", [*vectors, "f" * 64])
        assert found.keys() == vectors.keys()
        assert all(np.array_equal(found[name], vectors[name]) for name in vectors)
        assert next(iter(found.values())).dtype == np.float32

    def test_embedders_do_not_share_vectors(self, records: Records) -> None:
        """The same text under another model is unknown."""
        records.vectors.put("model", {"a": np.ones(4, np.float32)})
        assert records.vectors.get("other", ["a"]) == {}

    def test_remembering_again_changes_nothing(self, records: Records) -> None:
        """The first vector of a text stays, also within a larger call; an empty call is fine."""
        first, second = np.ones(4, np.float32), np.zeros(4, np.float32)
        records.vectors.put("model", {"a": first})
        records.vectors.put("model", {"a": second, "b": second})
        records.vectors.put("model", {})
        found = records.vectors.get("model", ["a", "b"])
        assert np.array_equal(found["a"], first)
        assert np.array_equal(found["b"], second)
        assert records.vectors.get("model", []) == {}
