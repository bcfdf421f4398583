"""What records promise of the deliveries of chat platforms."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipelines.domain.deliveries import (
    LANE_LENGTH,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Halt,
    KnownDelivery,
    LeasedDelivery,
)
from pipelines.errors import Busy
from pipelines.ports.deliveries import DeliveryRecords
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE
from tests.contracts.records_model_calls import gone
from tests.fakes.manual_clock import ManualClock


SECONDS = 30.0
BODY = '{"text": "Größe 👩‍👩‍👧 \\u202e \\u0000 \\n \\"x\\""}'


def delivery(name: str, lane: str = "", kind: DeliveryKind = DeliveryKind.NEW, platform: str = "slack") -> Delivery:
    """Return a delivery."""
    return Delivery(f"{platform}:T1:{name}:{kind}", platform, kind, lane, BODY, f"slack:U{name}")


def taken(deliveries: DeliveryRecords, worker: str = ELSEWHERE, platform: str = "slack") -> LeasedDelivery:
    """Take the next one, which there is."""
    lease = deliveries.take(platform, worker, SECONDS)
    assert lease is not None
    return lease


class DeliveryRecordsContract:
    """The promises of `pipelines.ports.deliveries.DeliveryRecords`."""

    def test_a_delivery_is_accepted_once(self, records: Records) -> None:
        """Whoever delivers it again, also in the same list, or after it was done, is told that it is known."""
        deliveries = records.deliveries
        one, two = delivery("1"), delivery("2")
        assert deliveries.accept([one, two, one]) == (True, True, False)
        assert deliveries.accept([two]) == (False,)
        deliveries.finish(taken(deliveries))
        assert deliveries.accept([one]) == (False,)
        assert deliveries.accept([]) == ()

    def test_it_is_worked_on_as_it_was_accepted(self, records: Records, clock: ManualClock) -> None:
        """Body, kind and time come back as they were, whatever characters it holds."""
        one = delivery("1", "slack:T1:C1:1", DeliveryKind.REACTION)
        records.deliveries.accept([one])
        accepted = clock.now().timestamp()
        clock.advance(3)
        lease = taken(records.deliveries)
        assert (lease.delivery, lease.attempts, lease.crowded, lease.halt, lease.shown) == (one, 1, False, None, {})
        assert lease.received_at == pytest.approx(accepted)

    def test_the_oldest_comes_first_and_only_once(self, records: Records) -> None:
        """Each is taken by one process, in the order of their acceptance, each platform's by itself."""
        deliveries = records.deliveries
        deliveries.accept([delivery("1"), delivery("2"), delivery("3", platform="teams")])
        assert [taken(deliveries).delivery, taken(deliveries).delivery] == [delivery("1"), delivery("2")]
        assert deliveries.take("slack", ELSEWHERE, SECONDS) is None
        assert taken(deliveries, platform="teams").delivery.platform == "teams"

    def test_a_lane_is_worked_on_in_order(self, records: Records) -> None:
        """The next of a lane waits until the one before is done; other lanes, and those without one, do not."""
        deliveries = records.deliveries
        first, second = delivery("1", "lane"), delivery("2", "lane")
        deliveries.accept([first, second, delivery("3", "other"), delivery("4"), delivery("5")])
        lease = taken(deliveries)
        assert [taken(deliveries).delivery.key for _ in range(3)] == [delivery(name).key for name in "345"]
        assert deliveries.take("slack", ELSEWHERE, SECONDS) is None
        deliveries.finish(lease)
        assert taken(deliveries).delivery == second

    def test_many_processes_at_once_share_them(self, records: Records) -> None:
        """However many look at the same moment, each delivery is taken once, and of a lane one at a time."""
        deliveries = records.deliveries
        deliveries.accept([delivery(str(number), f"lane {number % 4}") for number in range(12)])
        with ThreadPoolExecutor(6) as pool:
            held = list(pool.map(lambda number: deliveries.take("slack", f"host:{number}:1", SECONDS), range(24)))
        lanes = [one.delivery.lane for one in held if one is not None]
        assert len(lanes) == len(set(lanes))
        assert lanes

    def test_one_person_takes_not_all_places_of_a_worker(self, records: Records) -> None:
        """Whoever asks in many threads waits for the own answers; others, events and other workers do not wait."""
        deliveries = records.deliveries
        own = [replace(delivery(name, f"lane {name}"), asker="slack:U1") for name in "123"]
        event = replace(delivery("5", kind=DeliveryKind.EVENT), asker="")
        deliveries.accept([*own, delivery("4"), event, event_too := replace(event, key="slack:T1:6:event")])

        def next_of(worker: str, most: int = 2) -> Delivery | None:
            lease = deliveries.take("slack", worker, SECONDS, most)
            return None if lease is None else lease.delivery

        first = deliveries.take("slack", ELSEWHERE, SECONDS, 2)
        assert first is not None
        # Whom it works least for comes first, so that a flood of one person holds nobody else up.
        assert [next_of(ELSEWHERE) for _ in range(5)] == [delivery("4"), event, event_too, own[1], None]
        deliveries.finish(first)
        assert next_of(ELSEWHERE) == own[2]
        deliveries.accept([replace(delivery("7"), asker="slack:U1")])
        assert next_of(ELSEWHERE) is None
        assert next_of(f"{ELSEWHERE}2") == replace(delivery("7"), asker="slack:U1")

    def test_a_crowded_lane_says_so_at_once(self, records: Records) -> None:
        """What comes while so many wait is marked, and waits for none of them."""
        deliveries = records.deliveries
        deliveries.accept([delivery(str(number), "lane") for number in range(LANE_LENGTH + 1)])
        assert not taken(deliveries).crowded
        late = taken(deliveries)
        assert (late.delivery.key, late.delivery.lane, late.crowded) == (delivery(str(LANE_LENGTH)).key, "", True)
        assert deliveries.take("slack", ELSEWHERE, SECONDS) is None

    def test_a_silent_process_loses_its_delivery(self, records: Records, clock: ManualClock) -> None:
        """When the lease ran out another process takes over, sees what was posted, and the first one is refused."""
        deliveries = records.deliveries
        deliveries.accept([delivery("1", "lane"), delivery("2", "lane")])
        first = taken(deliveries)
        deliveries.show(first, {"ts": "1.2"})
        clock.advance(SECONDS - 1)
        assert deliveries.renew([first], SECONDS) == {first.id}
        clock.advance(SECONDS - 1)
        assert deliveries.take("slack", ELSEWHERE, SECONDS) is None
        clock.advance(2)
        second = taken(deliveries)
        assert (second.id, second.attempts, second.shown) == (first.id, 2, {"ts": "1.2"})
        assert deliveries.renew([first, second], SECONDS) == {second.id}
        for late in (deliveries.finish, deliveries.put_back, lambda lease: deliveries.show(lease, {})):
            with pytest.raises(Busy, match="taken over"):
                late(first)
        deliveries.finish(second)

    def test_a_dead_process_loses_its_delivery_at_once(self, records: Records) -> None:
        """One of this host whose process ended is not waited for."""
        deliveries = records.deliveries
        deliveries.accept([delivery("1")])
        taken(deliveries, gone())
        assert taken(deliveries).attempts == 2

    def test_one_that_is_put_back_waits(self, records: Records, clock: ManualClock) -> None:
        """It begins again after the pause, before later ones of its lane; the start counts if it failed."""
        deliveries = records.deliveries
        deliveries.accept([delivery("1", "lane"), delivery("2", "lane")])
        deliveries.put_back(taken(deliveries), 5.0)
        assert deliveries.take("slack", ELSEWHERE, SECONDS) is None
        clock.advance(5)
        again = taken(deliveries)
        assert (again.delivery, again.attempts) == (delivery("1", "lane"), 1)
        deliveries.put_back(again, failed=True)
        assert taken(deliveries).attempts == 2

    def test_a_halt_reaches_whoever_works_or_will(self, records: Records) -> None:
        """It is seen by the process that works and by the one that begins; the first reason stays; done is done."""
        deliveries = records.deliveries
        one, two = delivery("1", "lane"), delivery("2", "lane")
        deliveries.accept([one, two])
        lease = taken(deliveries)
        assert deliveries.halts([lease]) == {}
        assert deliveries.halts([]) == {}
        assert deliveries.halt(one.key, Halt.EDITED)
        assert deliveries.halt(one.key, Halt.STOPPED)
        assert deliveries.halts([lease]) == {lease.id: Halt.EDITED}
        assert deliveries.halt_lane("lane", Halt.DELETED) == 2
        deliveries.finish(lease)
        assert taken(deliveries).halt is Halt.DELETED
        assert not deliveries.halt(one.key, Halt.STOPPED)
        assert not deliveries.halt("unheard of", Halt.STOPPED)
        assert deliveries.halt_lane("", Halt.STOPPED) == 0

    def test_a_halt_of_a_lane_reaches_the_lanes_below_it(self, records: Records) -> None:
        """Those whose names begin with its and a colon; no other lane."""
        deliveries = records.deliveries
        lanes = ("a:1", "a:1:edits", "a:12", "a:1_edits")
        deliveries.accept([delivery(lane, lane) for lane in lanes])
        assert deliveries.halt_lane("a:1", Halt.EDITED) == 2
        known = {one: deliveries.find(delivery(one).key) for one in lanes}
        assert {name: one and one.halt for name, one in known.items()} == {
            "a:1": Halt.EDITED,
            "a:1:edits": Halt.EDITED,
            "a:12": None,
            "a:1_edits": None,
        }

    def test_a_lane_has_an_order_of_keys(self, records: Records) -> None:
        """Whichever came first, a halt may reach those that stand before one, and one may ask whether any is behind."""
        deliveries = records.deliveries
        deliveries.accept([delivery("3", "lane"), delivery("1", "lane"), delivery("2", "lane"), delivery("4", "other")])
        assert deliveries.halt_lane("lane", Halt.EDITED, below=delivery("2").key) == 1
        known = {one: deliveries.find(delivery(one).key) for one in "123"}
        assert {name: one and one.halt for name, one in known.items()} == {"1": Halt.EDITED, "2": None, "3": None}
        assert [deliveries.holds("lane", after=delivery(one).key) for one in "0123"] == [True, True, True, False]

    def test_a_halt_of_a_lane_may_reach_what_was_there_before(self, records: Records) -> None:
        """A stop that is worked on late leaves what was asked since."""
        deliveries = records.deliveries
        deliveries.accept([delivery("asked", "lane"), delivery("stop", "other"), delivery("asked since", "lane")])
        taken(deliveries)
        stop = taken(deliveries)
        assert deliveries.halt_lane("lane", Halt.STOPPED, before=stop.id) == 1
        known = {one: deliveries.find(delivery(one).key) for one in ("asked", "asked since")}
        assert {name: one and one.halt for name, one in known.items()} == {"asked": Halt.STOPPED, "asked since": None}

    def test_what_became_of_one_is_known(self, records: Records) -> None:
        """Its state, messages and answer stay when it is done, and its lane is known; what it held is not."""
        deliveries = records.deliveries
        one = delivery("1", "lane")
        assert deliveries.find(one.key) is None
        assert not deliveries.holds("lane")
        deliveries.accept([one])
        assert deliveries.holds("lane")
        assert deliveries.find(one.key) == KnownDelivery(DeliveryState.WAITING, None, {}, None, one)
        lease = taken(deliveries)
        deliveries.show(lease, {"ts": "1.2"})
        deliveries.finish(lease, 7)
        assert deliveries.find(one.key) == KnownDelivery(
            DeliveryState.DONE, None, {"ts": "1.2"}, 7, replace(one, body="")
        )
        assert deliveries.holds("lane")

    def test_what_became_of_those_of_a_lane_is_known(self, records: Records) -> None:
        """Done or open, in the order in which they came, with those of the lanes below it; of no other lane."""
        deliveries = records.deliveries
        lanes = ("a:1", "a:1:edits", "a:1;", "a:12", "a:1_edits", "a", "A:1", "", "a:1:")
        deliveries.accept([delivery(lane, lane) for lane in lanes])
        deliveries.finish(taken(deliveries), 7)
        known = deliveries.in_lane("a:1")
        assert [one.delivery.lane for one in known] == ["a:1", "a:1:edits", "a:1:"]
        assert [(one.state, one.answer, one.delivery.body) for one in known[:2]] == [
            (DeliveryState.DONE, 7, ""),
            (DeliveryState.WAITING, None, BODY),
        ]
        assert deliveries.in_lane("") == deliveries.in_lane("unheard of") == ()

    def test_old_ones_are_forgotten(self, records: Records, clock: ManualClock) -> None:
        """Those that ended and came before the time go, the oldest first; what is open stays, however old."""
        deliveries = records.deliveries
        deliveries.accept([delivery("1"), delivery("2")])
        deliveries.finish(taken(deliveries))
        clock.advance(10)
        deliveries.accept([delivery("3")])
        assert deliveries.forget(clock.now().timestamp() - 11, 5) == 0
        assert deliveries.forget(clock.now().timestamp() - 5, 5) == 1
        assert deliveries.find(delivery("1").key) is None
        assert deliveries.find(delivery("2").key) is not None

    def test_no_more_are_forgotten_at_once_than_wanted(self, records: Records, clock: ManualClock) -> None:
        """In portions, so that what arrives meanwhile is accepted between two of them."""
        deliveries = records.deliveries
        for name in "12345":
            deliveries.accept([delivery(name)])
            deliveries.finish(taken(deliveries))
            clock.advance(1)
        assert [deliveries.forget(clock.now().timestamp(), 2) for _ in range(2)] == [2, 2]
        assert deliveries.find(delivery("4").key) is None
        assert deliveries.find(delivery("5").key) is not None
        assert [deliveries.forget(clock.now().timestamp(), 2) for _ in range(2)] == [1, 0]
