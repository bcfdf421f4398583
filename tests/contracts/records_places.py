"""What records promise of where the index is, and of whoever moves it."""

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.domain.index_generations import Generation
from pipelines.domain.index_places import Copy, Engine, IndexPlace
from pipelines.domain.job_kinds import CENSUS, SYNC, VACUUM
from pipelines.errors import BadInput, Busy
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE, Scene
from tests.contracts.records_parts import NOW, begin
from tests.fakes.manual_clock import ManualClock


SECONDS = 60
ANOTHER = "another:1:2"
DEAD = worker_name() + "0"
"""A worker of this host whose process is gone."""


class PlaceRecordsContract:
    """The promises of `pipelines.ports.index_places.PlaceRecords`."""

    def test_the_place_is_said_once(self, records: Records) -> None:
        """Nobody said it; the first word counts, whoever says another one later."""
        assert records.places.get() is None
        for engine in (Engine.WEAVIATE, Engine.SQLITE):
            assert records.places.settle(engine).engine is Engine.WEAVIATE
        place = records.places.get()
        assert place is not None
        assert (place.engine, place.copy) == (Engine.WEAVIATE, None)

    def test_a_move_switches_once_writes_are_held(self, records: Records) -> None:
        """Until then the index is where it was; afterwards what the other engine held is kept until it is forgotten."""
        records.places.settle(Engine.SQLITE)
        lease = records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        place = records.places.get()
        assert place is not None
        assert (place.engine, place.copy) == (Engine.SQLITE, Copy.MOVING)
        with pytest.raises(Busy, match="not held"):
            records.places.switch(lease)
        assert records.places.hold_writes(lease) == 0
        records.places.switch(lease)
        place = records.places.get()
        assert place is not None
        assert (place.engine, place.copy) == (Engine.WEAVIATE, Copy.KEPT)
        records.places.forget_copy(records.places.begin(Engine.SQLITE, ELSEWHERE, SECONDS))
        place = records.places.get()
        assert place is not None
        assert (place.engine, place.copy) == (Engine.WEAVIATE, None)

    def test_a_move_needs_somewhere_else_to_go(self, records: Records) -> None:
        """To where the index is, or from nowhere, nothing is moved."""
        with pytest.raises(BadInput):
            records.places.begin(Engine.SQLITE, ELSEWHERE, SECONDS)
        records.places.settle(Engine.SQLITE)
        with pytest.raises(BadInput, match="in sqlite already"):
            records.places.begin(Engine.SQLITE, ELSEWHERE, SECONDS)

    def test_one_process_moves_at_a_time(self, records: Records, clock: ManualClock) -> None:
        """A second one is told who does, until that one ends, is silent too long, or its process is gone."""
        records.places.settle(Engine.SQLITE)
        first = records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        clock.advance(SECONDS - 1)
        records.places.renew(first, SECONDS)
        clock.advance(SECONDS - 1)
        with pytest.raises(Busy, match=ELSEWHERE):
            records.places.begin(Engine.WEAVIATE, ANOTHER, SECONDS)
        records.places.leave(first)
        records.places.begin(Engine.WEAVIATE, ANOTHER, SECONDS)
        clock.advance(SECONDS)
        records.places.begin(Engine.WEAVIATE, DEAD, SECONDS)
        records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)

    def test_who_lost_the_lease_changes_nothing(self, records: Records, clock: ManualClock) -> None:
        """A process that froze and wakes up is refused, whatever it wants; another one goes on."""
        records.places.settle(Engine.SQLITE)
        frozen = records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        records.places.hold_writes(frozen)
        clock.advance(SECONDS)
        lease = records.places.begin(Engine.WEAVIATE, ANOTHER, SECONDS)
        for late in (records.places.hold_writes, records.places.switch, records.places.forget_copy):
            with pytest.raises(Busy, match="taken over"):
                late(frozen)
        with pytest.raises(Busy, match="taken over"):
            records.places.renew(frozen, SECONDS)
        records.places.leave(frozen)
        assert records.places.hold_writes(lease) == 0
        records.places.switch(lease)

    def test_nobody_begins_to_write_while_writes_are_held(self, records: Records) -> None:
        """No sync and no chore is taken or leased; when the move ends, they are."""
        records.places.settle(Engine.SQLITE)
        job = records.jobs.submit(SYNC, 1, {})
        records.jobs.submit(VACUUM, 2, {})
        lease = records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        assert records.places.hold_writes(lease) == 0
        assert records.jobs.take([SYNC, VACUUM], ANOTHER, SECONDS) is None
        with pytest.raises(Busy, match="the index is being moved"):
            records.jobs.lease(job.id, ANOTHER, SECONDS)
        records.places.leave(lease)
        assert records.jobs.take([SYNC], ANOTHER, SECONDS) is not None
        assert records.jobs.take([VACUUM], ANOTHER, SECONDS) is not None

    def test_who_writes_already_is_counted_until_he_ends(self, records: Records, clock: ManualClock) -> None:
        """Syncs and vacuums that somebody works on; not those of the dead, and not who only reads."""
        records.places.settle(Engine.SQLITE)
        ends = records.jobs.lease(records.jobs.submit(SYNC, 1, {}).id, ELSEWHERE, 10 * SECONDS)
        records.jobs.lease(records.jobs.submit(VACUUM, 1, {}).id, ELSEWHERE, SECONDS)
        records.jobs.lease(records.jobs.submit(SYNC, 2, {}).id, DEAD, SECONDS)
        records.jobs.lease(records.jobs.submit(CENSUS, 1, {}).id, ELSEWHERE, SECONDS)
        lease = records.places.begin(Engine.WEAVIATE, ANOTHER, 10 * SECONDS)
        assert records.places.hold_writes(lease) == 2
        clock.advance(SECONDS)
        assert records.places.hold_writes(lease) == 1
        records.jobs.finish(ends)
        assert records.places.hold_writes(lease) == 0

    @pytest.mark.parametrize("worker", [DEAD, ELSEWHERE], ids=["this host", "another host"])
    def test_a_move_that_died_holds_nobody_up(self, records: Records, clock: ManualClock, worker: str) -> None:
        """Once its process is gone or silent work is taken again, and it cannot switch any more."""
        records.places.settle(Engine.SQLITE)
        job = records.jobs.submit(SYNC, 1, {})
        records.jobs.submit(SYNC, 2, {})
        lease = records.places.begin(Engine.WEAVIATE, worker, SECONDS)
        records.places.hold_writes(lease)
        clock.advance(SECONDS if worker == ELSEWHERE else 0)
        assert records.jobs.take([SYNC], ANOTHER, SECONDS) is not None
        with pytest.raises(Busy, match="taken over"):
            records.places.switch(lease)
        with pytest.raises(Busy):
            records.jobs.lease(job.id, ANOTHER, SECONDS)

    def test_helpers_take_no_part_while_writes_are_held(self, records: Records) -> None:
        """Who holds the sync goes on with its own parts, and is waited for; the others help again afterwards."""
        parted = begin(Scene(records), "ab", "cd", "ef")
        records.places.settle(Engine.SQLITE)
        helped = parted.take()
        lease = records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        assert records.places.hold_writes(lease) == 2
        assert records.parts.take(NOW, ANOTHER, SECONDS) is None
        assert records.parts.take(NOW, ELSEWHERE, SECONDS, job=parted.lease.job.id) is not None
        records.parts.put_back(helped)
        assert records.places.hold_writes(lease) == 2
        records.places.leave(lease)
        assert records.parts.take(NOW, ANOTHER, SECONDS) is not None

    def test_another_generation_becomes_the_index(self, records: Records) -> None:
        """Until the switch the old one is; afterwards it is kept until it is forgotten, and may come back."""
        records.places.settle(Engine.SQLITE)
        lease = records.places.begin_generation(3, ELSEWHERE, SECONDS)
        assert records.places.get() == IndexPlace(Engine.SQLITE, Copy.MOVING, said(records), 0, 3)
        records.places.hold_writes(lease)
        records.places.switch(lease)
        place = IndexPlace(Engine.SQLITE, Copy.KEPT, said(records), 3, 0)
        assert records.places.get() == place
        assert (place.moved, place.rebuilt) == (None, Copy.KEPT)
        back = records.places.begin_generation(0, ELSEWHERE, SECONDS)
        records.places.hold_writes(back)
        records.places.switch(back)
        assert records.places.get() == IndexPlace(Engine.SQLITE, Copy.KEPT, said(records), 0, 3)
        records.places.forget_copy(records.places.begin_generation(3, ELSEWHERE, SECONDS))
        assert records.places.get() == IndexPlace(Engine.SQLITE, None, said(records), 0, 0)

    def test_one_thing_beside_the_index_at_a_time(self, records: Records) -> None:
        """A move and a rebuilding exclude each other, and so do two generations, until what is there is forgotten."""
        with pytest.raises(BadInput, match="in use already"):
            records.places.begin_generation(1, ELSEWHERE, SECONDS)
        records.places.settle(Engine.SQLITE)
        with pytest.raises(BadInput, match="in use already"):
            records.places.begin_generation(0, ELSEWHERE, SECONDS)
        records.places.leave(records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS))
        with pytest.raises(BadInput, match="move index --confirm"):
            records.places.begin_generation(1, ELSEWHERE, SECONDS)
        records.places.forget_copy(records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS))
        records.places.leave(records.places.begin_generation(1, ELSEWHERE, SECONDS))
        with pytest.raises(BadInput, match="index confirm"):
            records.places.begin(Engine.WEAVIATE, ELSEWHERE, SECONDS)
        with pytest.raises(BadInput, match="third generation"):
            records.places.begin_generation(2, ELSEWHERE, SECONDS)
        records.places.begin_generation(1, ELSEWHERE, SECONDS)
        with pytest.raises(Busy, match=ELSEWHERE):
            records.places.begin_generation(1, ANOTHER, SECONDS)

    def test_what_a_generation_was_made_with_never_changes(self, records: Records) -> None:
        """The first word counts; numbers are never given again."""
        assert records.generations.get(0) is None
        assert records.generations.next() == 1
        first = Generation(0, "minilm", 4, "1", {"model": "minilm", "dimensions": 4})
        words = Generation(4, None, 0, "1")
        assert records.generations.put(first) == first
        assert records.generations.put(words) == words
        assert records.generations.put(Generation(0, None, 0, "2")) == first
        assert [records.generations.get(number) for number in (0, 4, 5)] == [first, words, None]
        assert records.generations.next() == 5


def said(records: Records) -> str:
    """Return since when the index is where it is."""
    place = records.places.get()
    assert place is not None
    return place.since
