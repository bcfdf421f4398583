"""Any order of deliveries, leases, deaths, halts and ends: nothing is lost, doubled or worked on beside its lane."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.deliveries import LANE_LENGTH, MOVES, Delivery, DeliveryKind, DeliveryState, Halt, LeasedDelivery
from pipelines.errors import Busy
from tests.fakes.manual_clock import ManualClock


NAMES = st.integers(0, 15)
LANES = ("", "one", "two")
ASKERS = ("", "ann", "bob", "ann")
WORKERS = st.sampled_from(["host-a:1:1", "host-b:2:2"])
SECONDS = 60.0
MOST_OF_ONE = 2


def delivery(number: int) -> Delivery:
    """Return a delivery; its number says in which lane it is, and who asks."""
    return Delivery(f"key {number}", "slack", DeliveryKind.NEW, LANES[number % 3], "{}", ASKERS[number % 4])


class DeliveryMachine(RuleBasedStateMachine):
    """Three lanes, one of them none, two workers whose processes cannot be looked at, and the time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{Path(self.folder) / 'records.db'}"), self.clock)
        self.leases: list[LeasedDelivery] = []
        self.accepted: dict[str, int] = {}
        self.before: dict[int, tuple[DeliveryState, int]] = {}
        self.halted: dict[str, Halt] = {}

    @rule(numbers=st.lists(NAMES, max_size=4))
    def accept(self, numbers: list[int]) -> None:
        """Let the platform deliver, also again."""
        wanted = [delivery(number) for number in numbers]
        for one, new in zip(wanted, self.records.deliveries.accept(wanted), strict=True):
            assert new is (one.key not in self.accepted)
            self.accepted[one.key] = self.accepted.get(one.key, 0) + 1

    @rule(worker=WORKERS)
    def take(self, worker: str) -> None:
        """Let a worker look for work."""
        rows, now = self._rows(), self.clock.now().timestamp()
        lease = self.records.deliveries.take("slack", worker, SECONDS, MOST_OF_ONE)
        free = [row for row in rows if row["state"] != DeliveryState.DONE and row["leased_until"] <= now]
        if lease is None:
            running = {row["lane"] for row in self._rows() if row["state"] == DeliveryState.RUNNING}
            assert all(
                row["lane"] in running - {""} or self._stands_behind(row) or self._has_enough(row["asker"], worker)
                for row in free
            )
            return
        assert lease.id in {row["id"] for row in free}
        others = {row["asker"] for row in free if row["state"] == DeliveryState.WAITING and not row["lane"]}
        before = self._begun(lease.delivery.asker, worker) - 1
        assert all(before <= self._begun(one, worker) for one in others - {lease.delivery.asker})
        assert lease.halt == self.halted.get(lease.delivery.key)
        self.leases.append(lease)

    @rule(which=st.integers(0, 5), answer=st.none() | st.integers(1, 9))
    def finish(self, which: int, answer: int | None) -> None:
        """Let any worker that ever had a lease end its delivery: only the last holder may."""
        self._as_holder(which, lambda lease: self.records.deliveries.finish(lease, answer))

    @rule(which=st.integers(0, 5), pause=st.sampled_from([0.0, 30.0]))
    def put_back(self, which: int, pause: float) -> None:
        """Let any worker that ever had a lease put its delivery back: only the last holder may."""
        self._as_holder(which, lambda lease: self.records.deliveries.put_back(lease, pause))

    @rule(which=st.integers(0, 5))
    def renew(self, which: int) -> None:
        """Let any worker that ever had a lease hold it longer: only the last holder does."""
        if which < len(self.leases):
            lease = self.leases[-1 - which]
            held = self._holds(lease)
            assert self.records.deliveries.renew([lease], SECONDS) == ({lease.id} if held else set())

    @rule(number=NAMES, why=st.sampled_from(list(Halt)))
    def halt(self, number: int, why: Halt) -> None:
        """Halt one: the first reason stays, and what is done is not halted."""
        key = delivery(number).key
        is_open = any(row["key"] == key and row["state"] != DeliveryState.DONE for row in self._rows())
        assert self.records.deliveries.halt(key, why) is is_open
        if is_open:
            self.halted.setdefault(key, why)

    @rule(seconds=st.sampled_from([1, 29, 61]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.advance(seconds)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """Each accepted key has one row."""
        assert sorted(row["key"] for row in self._rows()) == sorted(self.accepted)

    @invariant()
    def a_lane_has_one_at_work(self) -> None:
        """Of a lane at most one is worked on, and of no lane more than so many wait in it."""
        rows = self._rows()
        running = [row["lane"] for row in rows if row["state"] == DeliveryState.RUNNING and row["lane"]]
        assert len(running) == len(set(running))
        for lane in LANES[1:]:
            assert sum(row["lane"] == lane and row["state"] == DeliveryState.WAITING for row in rows) <= LANE_LENGTH + 1

    @invariant()
    def a_person_has_few_at_work(self) -> None:
        """Of one person a worker works on so many at most."""
        for row in self._rows():
            if row["state"] == DeliveryState.RUNNING and row["asker"]:
                assert self._begun(row["asker"], row["worker"]) <= MOST_OF_ONE

    @invariant()
    def every_change_is_a_move(self) -> None:
        """States follow the table; tokens never go back."""
        for row in self._rows():
            now = (DeliveryState(row["state"]), row["token"])
            state, token = self.before.get(row["id"], (DeliveryState.WAITING, 0))
            assert now[0] in MOVES[state] | {state} | {after for one in MOVES[state] for after in MOVES[one]}
            assert now[1] >= token
            self.before[row["id"]] = now

    def teardown(self) -> None:
        """Remove the records."""
        self.records.close()
        shutil.rmtree(self.folder)

    def _as_holder(self, which: int, act: Any) -> None:
        if which >= len(self.leases):
            return
        lease = self.leases[-1 - which]
        held = self._holds(lease)
        try:
            act(lease)
        except Busy:
            assert not held
        else:
            assert held

    def _stands_behind(self, row: dict[str, Any]) -> bool:
        """Say whether an earlier one of its lane is open."""
        same = [one for one in self._rows() if one["lane"] == row["lane"] != "" and one["id"] < row["id"]]
        return any(one["state"] != DeliveryState.DONE for one in same)

    def _has_enough(self, asker: str, worker: str) -> bool:
        """Say whether a worker begins no more of one person now."""
        return asker != "" and self._begun(asker, worker) >= MOST_OF_ONE

    def _begun(self, asker: str, worker: str) -> int:
        """Return how many of one person a worker works on; nobody's are not counted."""
        if not asker:
            return 0
        running = [row for row in self._rows() if row["state"] == DeliveryState.RUNNING]
        return sum((row["asker"], row["worker"]) == (asker, worker) for row in running)

    def _holds(self, lease: LeasedDelivery) -> bool:
        return any(
            row["id"] == lease.id and row["token"] == lease.token and row["state"] == DeliveryState.RUNNING
            for row in self._rows()
        )

    def _rows(self) -> list[dict[str, Any]]:
        with self.records._db.read() as connection:
            return [dict(row) for row in connection.execute(t.deliveries.select()).mappings()]


TestDeliveryMachine = DeliveryMachine.TestCase
TestDeliveryMachine.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
