"""Any order of wishes, leases, deaths and ends: the queue's promises hold after every step."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.access import OPERATOR
from pipelines.domain.job_rules import MOST_STARTS, MOVES
from pipelines.domain.jobs import JobState, Lease
from pipelines.errors import Busy
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock


BASES = st.integers(1, 2)
WORKERS = st.sampled_from(["host-a:1:1", "host-b:2:2"])
SECONDS = 60


class JobMachine(RuleBasedStateMachine):
    """Two bases, two workers whose processes cannot be looked at, and the time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{Path(self.folder) / 'records.db'}"), self.clock)
        self.leases: list[Lease] = []
        self.before: dict[int, tuple[JobState, int, int]] = {}

    @initialize()
    def bases(self) -> None:
        """Make the bases."""
        for name in ("one", "two"):
            self.records.bases.add(name, "folder", "/", OPERATOR)

    @rule(kb=BASES)
    def submit(self, kb: int) -> None:
        """Wish for a sync."""
        assert self.records.jobs.submit("sync", kb, {}).state == JobState.QUEUED

    @rule(worker=WORKERS)
    def take(self, worker: str) -> None:
        """Let a worker look for work."""
        taken = self.records.jobs.take(["sync"], worker, SECONDS)
        if taken is not None:
            assert taken.job.attempts <= MOST_STARTS
            self.leases.append(taken)

    @rule(kb=BASES, worker=WORKERS)
    def lease(self, kb: int, worker: str) -> None:
        """Let a terminal do a sync at once, unless a living worker does one."""
        job = self.records.jobs.submit("sync", kb, {})
        living = self.records.jobs.running(kb)
        try:
            self.leases.append(self.records.jobs.lease(job.id, worker, SECONDS))
        except Busy:
            assert living is not None
        else:
            assert living is None

    @rule(which=st.integers(0, 9), error=st.sampled_from([None, "broken"]))
    def finish(self, which: int, error: str | None) -> None:
        """Let any worker that ever had a lease end its job: only the last holder may."""
        if which < len(self.leases):
            held = self.leases[-1 - which]
            allowed = self._holds(held)
            try:
                self.records.jobs.finish(held, error)
            except Busy:
                assert not allowed
            else:
                assert allowed

    @rule(seconds=st.sampled_from([1, 59, 61]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.advance(seconds)

    @invariant()
    def one_waits_and_one_works(self) -> None:
        """Of a kind and base at most one job is queued, and at most one runs."""
        for state in (JobState.QUEUED, JobState.RUNNING):
            bases = [row["kb"] for row in self._rows() if row["state"] == state]
            assert len(bases) == len(set(bases))

    @invariant()
    def every_change_is_a_move(self) -> None:
        """States follow the table; starts and tokens never go back."""
        for row in self._rows():
            now = (JobState(row["state"]), row["attempts"], row["token"])
            state, attempts, token = self.before.get(row["id"], (JobState.QUEUED, 0, 0))
            assert _reachable(state, now[0])
            assert now[1] >= attempts
            assert now[2] >= token
            self.before[row["id"]] = now

    @invariant()
    def what_was_set_aside_says_why(self) -> None:
        """Set aside is what was started often enough, with a reason."""
        for row in self._rows():
            if row["state"] == JobState.QUARANTINED:
                assert row["attempts"] >= MOST_STARTS
                assert "times" in row["error"]

    def teardown(self) -> None:
        """Remove the records."""
        self.records.close()
        shutil.rmtree(self.folder)

    def _holds(self, held: Lease) -> bool:
        return any(
            row["id"] == held.job.id and row["token"] == held.token and row["state"] == JobState.RUNNING
            for row in self._rows()
        )

    def _rows(self) -> list[dict[str, Any]]:
        with self.records._db.read() as connection:
            return [dict(row) for row in connection.execute(t.jobs.select()).mappings()]


def _reachable(before: JobState, after: JobState) -> bool:
    """Say whether one call may lead from a state to another: it may take several moves."""
    seen, last = {before}, {before}
    while last:
        last = {one for state in last for one in MOVES[state]} - seen
        seen |= last
    return after in seen


TestJobMachine = JobMachine.TestCase
TestJobMachine.settings = settings(max_examples=examples(25), stateful_step_count=30, deadline=None)
