"""Any order of takes, steps, deaths and ends of workers on one sync: no file is lost, none is staged twice."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import Rejection, SyncResult
from pipelines.domain.sync_parts import MOST_STARTS_OF_ONE, PartedPlan, PartFile, PartLease, PartState, PartStep
from pipelines.errors import Busy
from tests.contracts.ledger_scene import Scene
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock


FILES = "abcdefgh"
NOW = "1.words"
WORKERS = st.sampled_from(["host-a:1:1", "host-b:2:2", "host-c:3:3"])
WHICH = st.integers(0, 5)
SECONDS = 60


class PartMachine(RuleBasedStateMachine):
    """One sync of eight files, three workers whose processes cannot be looked at, and the time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{Path(self.folder) / 'records.db'}"), self.clock)
        self.leases: list[PartLease] = []
        self.started: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.before: dict[int, tuple[int, int]] = {}
        self.ended = False

    @initialize(size=st.integers(1, 5))
    def begin(self, size: int) -> None:
        """Cut the sync into parts of so many files."""
        self.scene = Scene(self.records)
        self.lease = self.scene.lease()
        self.version = self.records.ledger.begin(self.lease)
        files = [PartFile(name, "added", "c") for name in FILES]
        parts = [files[at : at + size] for at in range(0, len(files), size)]
        self.records.parts.put(self.lease, PartedPlan(self.scene.kb, self.version, NOW, 0.0), parts)

    @rule(worker=WORKERS)
    def take(self, worker: str) -> None:
        """Let a worker look for a part."""
        taken = self.records.parts.take(NOW, worker, SECONDS)
        if taken is not None:
            assert not self.ended
            self.started.update(one.path for one in taken.part.files[taken.part.done :])
            self.leases.append(taken)

    @precondition(lambda self: self.leases)
    @rule(which=WHICH, count=st.integers(1, 3), rejected=st.booleans())
    def stage(self, *, which: int, count: int, rejected: bool) -> None:
        """Let any worker that ever had a part do its next files: only who holds it may."""
        held = self.leases[which % len(self.leases)]
        row = self._held_row(held)
        done = row["done"] if row else held.part.done
        files = [one.path for one in held.part.files[done : done + count]] or ["z"]
        refused = [Rejection(files[0], "it is empty")] if rejected else []
        staged = [self.scene.draft(one, one)(self.version) for one in files[len(refused) :]]
        try:
            last = self.records.parts.stage(held, staged, PartStep(len(files), tuple(refused), len(staged)))
        except Busy:
            assert row is None
        else:
            assert row is not None
            assert last == (row["done"] + len(files) == row["total"])
            self.refused |= {one.path for one in refused}

    @precondition(lambda self: self.leases)
    @rule(which=WHICH, how=st.sampled_from(["put_back", "fail", "renew"]))
    def leave(self, which: int, how: str) -> None:
        """Let any worker that ever had a part put it back, fail at it, or show that it lives."""
        held = self.leases[which % len(self.leases)]
        row, parts = self._held_row(held), self.records.parts
        try:
            if how == "put_back":
                parts.put_back(held)
            elif how == "fail":
                parts.fail(held, "a fault")
            else:
                parts.renew(held, SECONDS)
        except Busy:
            assert row is None
        else:
            assert row is not None

    @rule(seconds=st.sampled_from([1, 59, 61]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        self.records.jobs.renew(self.lease, 1000)

    @precondition(lambda self: not self.ended)
    @rule(promote=st.booleans(), sure=st.integers(0, 9))
    def end(self, *, promote: bool, sure: int) -> None:
        """End the version, now and then."""
        if sure == 0:
            self.ended = True
            if promote:
                self.records.ledger.finish(self.lease, self.version, SyncResult(self.version), promote=True)
            else:
                self.records.ledger.sweep(self.lease, self.version)

    @invariant()
    def no_file_is_lost_and_none_is_in_two_parts(self) -> None:
        """Whatever was split or put back, the parts are all files."""
        if hasattr(self, "lease") and not self.ended:
            assert sorted(one["path"] for row in self._rows() for one in row["files"]) == list(FILES)

    @invariant()
    def what_is_done_is_staged_once_or_rejected(self) -> None:
        """The version holds a life of each file that is done, but of those that were set aside."""
        if not hasattr(self, "lease") or self.ended:
            return
        rows = self._rows()
        done = [one["path"] for row in rows for one in row["files"][: row["done"]]]
        rejected = {path for row in rows for path, _ in row["rejected"]}
        assert sorted(self.scene.paths(self.version)) == sorted(set(done) - rejected)
        assert rejected <= set(done)
        assert all(self.started[path] >= MOST_STARTS_OF_ONE for path in rejected - self.refused)
        assert self.records.parts.progress(self.scene.kb) == SyncProgress(len(done), len(FILES), "")
        assert self.records.parts.outcome(self.lease).chunks_added == len(done) - len(rejected)

    @invariant()
    def nothing_goes_back(self) -> None:
        """Tokens grow; what is done stays done, and a part is done when all of its files are."""
        for row in self._rows():
            done, token = self.before.get(row["id"], (0, 0))
            assert row["done"] >= done
            assert row["token"] >= token
            assert (row["state"] == PartState.DONE) == (row["done"] == row["total"])
            self.before[row["id"]] = (row["done"], row["token"])

    def teardown(self) -> None:
        """Remove the records."""
        self.records.close()
        shutil.rmtree(self.folder)

    def _held_row(self, held: PartLease) -> dict[str, Any] | None:
        """Return the row of a part that this lease holds; None if it does not hold it any more."""
        for row in self._rows():
            if (row["id"], row["token"], row["state"]) == (held.part.id, held.token, PartState.RUNNING):
                return row
        return None

    def _rows(self) -> list[dict[str, Any]]:
        with self.records._db.read() as connection:
            return [dict(row) for row in connection.execute(t.sync_parts.select()).mappings()]


TestPartMachine = PartMachine.TestCase
TestPartMachine.settings = settings(max_examples=examples(25), stateful_step_count=40, deadline=None)
