"""A process that works: what it takes, how it ends jobs, how it lets go, and what it writes of them."""

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.domain.access import OPERATOR
from pipelines.domain.alerts import Alert
from pipelines.domain.job_kinds import ANSWER, INGEST, SYNC
from pipelines.domain.jobs import Job, JobState, Lease, SyncProgress
from pipelines.domain.knowledge import SyncResult
from pipelines.errors import BadInput, BadSettings, Busy, PermanentError, TransientError, Unfit
from pipelines.operation.job_process import JobProcess
from pipelines.operation.logs import LogLines, working_on
from pipelines.operation.stopping import EndingClock
from pipelines.operation.ticking import MOST_WORDS, Ticker
from pipelines.operation.watching import Watch
from pipelines.operation.working import Perform, Worked, Worker, end_job
from tests.fakes.manual_clock import ManualClock
from tests.small_base import open_records


ELSEWHERE = "another-host:1:1"


@dataclass
class ToldQueue:
    """A queue that remembers the words."""

    words: list[str] = field(default_factory=list)

    def announce(self, queue: str) -> None:
        """Remember it."""
        self.words.append(queue)

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def records(tmp_path: Path, clock: ManualClock) -> Iterator[SqlRecords]:
    opened = open_records(tmp_path, clock)
    opened.bases.add("handbook", "folder", "/", OPERATOR)
    yield opened
    opened.close()


def worker_of(
    records: SqlRecords,
    clock: ManualClock,
    performers: Mapping[str, Perform],
    stopping: Callable[[], bool] = lambda: False,
) -> Worker:
    """Return a worker that knows these kinds."""
    return Worker(records.jobs, performers, name=ELSEWHERE, clock=clock, stopping=stopping)


def ended(records: SqlRecords, do: Callable[[Lease], None] = lambda _: None) -> Perform:
    """Return what does a job in one go."""
    return lambda lease, _: end_job(records.jobs, lease, do)


def fail(_lease: Lease) -> None:
    """Fail as a source does."""
    raise BadInput("the folder is gone")


def break_down(_lease: Lease) -> None:
    """Fail in a way that nobody foresaw."""
    raise ZeroDivisionError("text of a document")


def test_it_takes_all_that_waits_and_no_fault_stops_it(records: SqlRecords, clock: ManualClock) -> None:
    """Each job ends as it should, and says so."""
    kinds = {"good": ended(records), "bad": ended(records, fail), "broken": ended(records, break_down)}
    jobs = {kind: records.jobs.submit(kind, 1, {}) for kind in ("bad", "broken", "good", "unknown")}
    assert worker_of(records, clock, kinds).work(60) == Worked(done=1, failed=2)
    assert {kind: records.jobs.state(job.id) for kind, job in jobs.items()} == {
        "good": (JobState.DONE, None),
        "bad": (JobState.FAILED, "the folder is gone"),
        "broken": (JobState.FAILED, "unexpected fault: ZeroDivisionError"),
        "unknown": (JobState.QUEUED, None),
    }


def test_it_takes_jobs_of_its_queue_only(records: SqlRecords, clock: ManualClock) -> None:
    """A kind without a queue goes where syncs go."""
    records.jobs.submit("good", 1, {})
    worker = worker_of(records, clock, {"good": ended(records)})
    assert worker.work(60, ANSWER) == Worked()
    assert worker.work(60, INGEST) == Worked(done=1)


def test_it_takes_no_job_after_its_time(records: SqlRecords, clock: ManualClock) -> None:
    """What is left waits for the next look."""
    for kb in (1, 2, 3):
        records.jobs.submit("slow", kb, {})
    worker = worker_of(records, clock, {"slow": ended(records, lambda _: clock.advance(40))})
    assert worker.work(60) == Worked(done=2)
    assert records.jobs.waiting() == {"slow": 1}


class RecordsAway:
    """Jobs of records that do not answer for so many attempts to put one back."""

    def __init__(self, records: SqlRecords, attempts: int) -> None:
        self._jobs = records.jobs
        self._away = attempts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    def put_back(self, lease: Lease, *, failed: bool = False) -> None:
        """Put it back, if they answer."""
        if self._away:
            self._away -= 1
            raise TransientError("PostgreSQL cannot be reached")
        self._jobs.put_back(lease, failed=failed)


@pytest.mark.parametrize("away", [0, 2])
def test_a_job_whose_end_could_not_be_written_waits_for_no_lease(
    records: SqlRecords, clock: ManualClock, away: int
) -> None:
    """Records that were gone for a moment: the job is queued again as soon as they answer, and this start counts."""

    def lose(_lease: Lease, _seconds: float) -> bool:
        raise TransientError("the connection to PostgreSQL was lost")

    job = records.jobs.submit("lost", 1, {})
    paused: list[float] = []
    jobs: Any = RecordsAway(records, away)
    performers = {"lost": lose}
    worker = Worker(jobs, performers, name=ELSEWHERE, clock=clock, stopping=lambda: bool(paused), wait=paused.append)
    assert worker.work(60) == Worked(failed=1)
    assert records.jobs.state(job.id)[0] is JobState.QUEUED
    assert paused == [0.0, 1.0, 2.0][: away + 1]
    assert records.jobs.lease(job.id, ELSEWHERE, 60).job.attempts == 2


def test_a_job_that_is_begun_too_often_is_not_queued_again(records: SqlRecords, clock: ManualClock) -> None:
    """Whatever it is that fails each time: when its lease runs out it is set aside."""

    def lose(_lease: Lease, _seconds: float) -> bool:
        raise TransientError("the connection to PostgreSQL was lost")

    job = records.jobs.submit("lost", 1, {})
    worker = Worker(
        records.jobs, {"lost": lose}, name=ELSEWHERE, clock=clock, stopping=lambda: False, wait=lambda _: None
    )
    for _ in range(3):
        assert worker.work(60) == Worked(failed=1)
        clock.advance(30)
    assert records.jobs.state(job.id)[0] is JobState.RUNNING
    clock.advance(1000)
    assert worker.work(60) == Worked()
    assert records.jobs.state(job.id)[0] is JobState.QUARANTINED


def test_a_job_that_this_machine_cannot_begin_is_left_to_others(records: SqlRecords, clock: ManualClock) -> None:
    """It is queued again, at once and whatever was tried: no start counts. The job process ends with the sentence."""

    def refuse(_lease: Lease, _seconds: float) -> bool:
        raise Unfit("the folder is another one")

    job = records.jobs.submit(SYNC, 1, {})
    worker = worker_of(records, clock, {SYNC: refuse})
    for _ in range(4):
        with pytest.raises(Unfit):
            worker.work(60)
        assert records.jobs.state(job.id) == (JobState.QUEUED, None)
    for do in (JobProcess.once, JobProcess.run):
        with pytest.raises(Unfit, match="the folder is another one"):
            do(process_of(records, clock, worker, [], 2))
    assert records.jobs.lease(job.id, ELSEWHERE, 60).job.attempts == 1


def test_who_cannot_help_as_it_is_set_up_ends(records: SqlRecords, clock: ManualClock) -> None:
    """A fault of the machine is none of the part at hand: it is not told again and again."""

    def refuse(_seconds: float) -> int:
        raise Unfit("the folder is another one")

    worker = Worker(
        records.jobs, {SYNC: ended(records)}, name=ELSEWHERE, clock=clock, stopping=lambda: False, help_out=refuse
    )
    with pytest.raises(Unfit):
        worker.work(60)


def test_it_takes_nothing_once_it_is_to_end(records: SqlRecords, clock: ManualClock) -> None:
    """What it has is told to let go, by a clock on which its time is over."""
    clocks: list[float] = []
    wished = False

    def let_go(lease: Lease, seconds: float) -> bool:
        nonlocal wished
        ending = EndingClock(clock, lambda: wished)
        until = ending.monotonic() + seconds
        wished = True
        clocks.append(ending.monotonic() - until)
        assert ending.now() == clock.now()
        records.jobs.put_back(lease)
        return False

    for kb in (1, 2):
        records.jobs.submit("long", kb, {})
    worker = worker_of(records, clock, {"long": let_go}, lambda: wished)
    assert worker.work(200) == Worked(put_back=1)
    assert clocks[0] > 0
    assert records.jobs.waiting() == {"long": 2}


def test_lines_name_the_job_and_tell_no_text(records: SqlRecords, clock: ManualClock) -> None:
    """An unforeseen fault is told by its kind and place, never by its message."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LogLines())
    log = logging.getLogger("pipelines.operation.working")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        job = records.jobs.submit("broken", 1, {})
        worker_of(records, clock, {"broken": ended(records, break_down)}).work(60)
    finally:
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
    lines = [line for line in written.getvalue().splitlines() if "operation.working" in line and "File" not in line]
    assert len(lines) == 2
    assert all(f" job={job.id} kind=broken kb=1 " in line for line in lines)
    assert "ZeroDivisionError" in written.getvalue()
    assert "text of a document" not in written.getvalue()


def test_only_listed_fields_are_written() -> None:
    """Whatever else a line is given, and in one line."""
    job = Job(3, "sync", 7, {}, JobState.RUNNING, 1)
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "a\nb", "count": 5, "question": "secret"})
    with working_on(job):
        line = LogLines().format(record)
    assert line.endswith(" INFO x job=3 kind=sync kb=7 count=5 a b")
    assert "job=" not in LogLines().format(record)


def test_a_tick_tells_workers_of_what_waits(records: SqlRecords, clock: ManualClock) -> None:
    """A word for each job, but not more than workers can use."""
    queue = ToldQueue()
    ticker = Ticker(records, queue, clock)
    records.jobs.submit(SYNC, 1, {})
    records.jobs.submit("other", 1, {})
    ticker.tell_workers()
    assert queue.words == [INGEST, INGEST]
    for kb in range(2, 50):
        records.jobs.submit(SYNC, kb, {})
    queue.words.clear()
    ticker.tell_workers()
    assert len(queue.words) == MOST_WORDS


def test_a_lost_workers_job_is_told_of(records: SqlRecords, clock: ManualClock) -> None:
    """Once its lease ran out, and not before."""
    queue = ToldQueue()
    records.jobs.lease(records.jobs.submit(SYNC, 1, {}).id, ELSEWHERE, 60)
    ticker = Ticker(records, queue, clock)
    ticker.tell_workers()
    assert queue.words == []
    clock.advance(61)
    ticker.tell_workers()
    assert queue.words == [INGEST]


def test_an_alert_is_logged_once(records: SqlRecords, clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    """By one process, at one tick; again only when it was over."""
    for _ in range(2):
        lease = records.jobs.lease(records.jobs.submit(SYNC, 1, {}).id, ELSEWHERE, 60)
        records.ledger.fail(lease, "the folder is gone")
        records.jobs.finish(lease, "the folder is gone")
    tickers = [Ticker(records, ToldQueue(), clock) for _ in range(2)]
    for one in (*tickers, *tickers):
        one.tick()
    assert [one.message for one in caplog.records if one.levelno == logging.WARNING] == [
        "the syncs of this base need a person"
    ]
    assert records.schedules.alerts() == {1: Alert.FAILING}


def process_of(records: SqlRecords, clock: ManualClock, worker: Worker, waits: list[float], until: int) -> JobProcess:
    """Return a job process that is asked to end after it waited so often."""

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    ticker = Ticker(records, ToldQueue(), clock)
    return JobProcess(worker, ticker, clock, tick_s=30, poll_s=1, wait=wait, stopping=lambda: len(waits) >= until)


def test_the_job_process_works_until_it_is_asked_to_end(records: SqlRecords, clock: ManualClock) -> None:
    """It finds what comes, and what is due."""
    records.schedules.set_every(1, 300)
    worker = worker_of(records, clock, {SYNC: ended(records)})
    waits: list[float] = []
    assert process_of(records, clock, worker, waits, 700).run() == Worked(done=2)
    assert waits == [1] * 700


def test_the_job_process_ends_once_nothing_is_left(records: SqlRecords, clock: ManualClock) -> None:
    """What fails is counted and not tried again."""
    for kb in (1, 2):
        records.jobs.submit("bad", kb, {})
    records.jobs.submit("good", 1, {})
    worker = worker_of(records, clock, {"bad": ended(records, fail), "good": ended(records)})
    assert process_of(records, clock, worker, [], 1).once() == Worked(done=1, failed=2)


def test_the_job_process_outlives_records_that_do_not_answer(records: SqlRecords, clock: ManualClock) -> None:
    """It looks again."""

    class Away(Worker):
        def work(self, seconds: float, queue: str | None = None) -> Worked:
            raise TransientError(f"the database does not answer ({seconds}, {queue})")

    worker = Away(records.jobs, {}, name=ELSEWHERE, clock=clock, stopping=lambda: False)
    assert process_of(records, clock, worker, [], 3).run() == Worked()


def test_the_job_process_takes_no_job_until_a_tick_went_well(records: SqlRecords, clock: ManualClock) -> None:
    """A clock that is found wrong at any tick stops the work; it is looked at once a tick, not each second."""
    ticks, waits = list[float](), list[float]()

    class Watched(Ticker):
        def tick(self) -> None:
            ticks.append(clock.monotonic())
            if len(ticks) in (2, 3):
                records.jobs.submit(SYNC, 1, {})
                raise BadSettings("the clock of this machine is wrong")
            super().tick()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    worker = worker_of(records, clock, {SYNC: ended(records)})
    ticker = Watched(records, ToldQueue(), clock)
    process = JobProcess(worker, ticker, clock, tick_s=30, poll_s=10, wait=wait, stopping=lambda: len(waits) == 6)
    assert process.run() == Worked(done=1)
    assert ticks == [0, 30, 60, 90]
    assert waits == [10, 10, 10, 30, 30, 10]


@dataclass
class Elsewhere:
    """Another process, seen through the records: at each pause it does its next step."""

    steps: list[Callable[[], object]]

    def pause(self) -> None:
        """Let it do something."""
        self.steps.pop(0)()


def watch_of(records: SqlRecords, other: Elsewhere, run: Callable[[Job], SyncResult]) -> Watch:
    """Return a watch whose pauses are another process's steps."""
    told: list[SyncProgress] = []
    return Watch(records, run, progress=told.append, pause=other.pause)


def never(_job: Job) -> SyncResult:
    """Fail a test in which nothing is to be done here."""
    raise AssertionError


def test_a_sync_that_nobody_does_is_done_here(records: SqlRecords) -> None:
    """At once."""
    job = records.jobs.submit(SYNC, 1, {})
    assert watch_of(records, Elsewhere([]), lambda _: SyncResult(4)).until_done(job) == SyncResult(4)


def test_a_sync_that_another_does_is_told_as_it_ended(records: SqlRecords) -> None:
    """With the figures of its run."""
    job = records.jobs.submit(SYNC, 1, {})
    lease = records.jobs.lease(job.id, ELSEWHERE, 60)

    def end() -> None:
        records.ledger.finish_unchanged(lease, SyncResult(0, unchanged=3, duration_ms=12))
        records.jobs.finish(lease)

    result = watch_of(records, Elsewhere([lambda: None, end]), never).until_done(job)
    assert (result.unchanged, result.duration_ms) == (3, 12)


def test_a_sync_that_failed_elsewhere_fails_here_too(records: SqlRecords) -> None:
    """In its words."""
    job = records.jobs.submit(SYNC, 1, {})
    lease = records.jobs.lease(job.id, ELSEWHERE, 60)

    def end() -> None:
        records.ledger.fail(lease, "the folder is gone")
        records.jobs.finish(lease, "the folder is gone")

    with pytest.raises(PermanentError, match="the folder is gone"):
        watch_of(records, Elsewhere([end]), never).until_done(job)


def test_a_wish_behind_a_running_sync_is_done_after_it(records: SqlRecords) -> None:
    """The files may have changed since that one looked."""
    first = records.jobs.lease(records.jobs.submit(SYNC, 1, {}).id, ELSEWHERE, 60)
    job = records.jobs.submit(SYNC, 1, {})
    done: list[int] = []

    def run(one: Job) -> SyncResult:
        done.append(one.id)
        return SyncResult(9)

    steps: list[Callable[[], object]] = [lambda: None, lambda: records.jobs.finish(first)]
    assert watch_of(records, Elsewhere(steps), run).until_done(job) == SyncResult(9)
    assert done == [job.id]


def test_a_sync_whose_worker_died_is_taken_over(records: SqlRecords, clock: ManualClock) -> None:
    """Once its lease ran out; who is first at it does it, and the other goes on watching."""
    job = records.jobs.submit(SYNC, 1, {})
    records.jobs.lease(job.id, ELSEWHERE, 60)
    tried: list[int] = []

    def run(one: Job) -> SyncResult:
        tried.append(one.id)
        if len(tried) == 1:
            raise Busy("another process was faster")
        return SyncResult(9)

    def look_after() -> None:
        clock.advance(61)
        lease = records.jobs.take([SYNC], ELSEWHERE, 60)
        assert lease is not None
        records.jobs.put_back(lease)

    assert watch_of(records, Elsewhere([look_after, lambda: None]), run).until_done(job) == SyncResult(9)
    assert tried == [job.id, job.id]
