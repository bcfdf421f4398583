"""Calls that another process makes, as whoever waits for them sees it: in time, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.adapters.queued_model import QueuedModel
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.system_clock import SystemClock
from pipelines.ports.model import CallCancelled, ChatModel, Finish, ModelAway, ModelReply, ModelTooSlow
from pipelines.ports.model_calls import CallState, LeasedCall
from tests.calling import ELSEWHERE, calling
from tests.contracts.chat_model import ASKED, PLENTY_S, ChatModelContract, Pieces, Scripted, patience_s
from tests.contracts.records_model_calls import gone
from tests.fakes import model_behaviour as how
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.scripted_model import ScriptedModel
from tests.small_base import open_records


REPLY = ModelReply(ANSWER, Finish.STOP, "leave-1", "leave-1")


class TestQueuedModel(ChatModelContract):
    """What the model's own process would hear comes through records and workers, as one piece."""

    @pytest.fixture
    def scripted(self, tmp_path: Path) -> Iterator[Scripted]:
        """Return what makes a model whose calls workers make."""
        with ExitStack() as stack:
            records = open_records(tmp_path, SystemClock())
            stack.callback(records.close)

            def make(*script: Behaviour) -> ChatModel:
                model = ScriptedModel(*script, name="leave-1", stall_s=patience_s(script))
                stack.enter_context(calling(records, model, workers=8))
                return QueuedModel("leave-1", records.model_calls, tell=lambda: None, lease_s=PLENTY_S, poll_s=0.01)

            yield make

    def test_the_pieces_make_the_reply(self, scripted: Scripted) -> None:
        """Not streamed: the one piece is the reply; it says who spoke and why it ends."""
        model, pieces = scripted(how.SOUND), Pieces()
        reply = model.write(ASKED, seconds=PLENTY_S, listener=pieces)
        assert pieces.heard == [reply.text] == [ANSWER]
        assert reply.model == model.name

    def test_a_listener_that_raises_ends_the_call(self, scripted: Scripted) -> None:
        """What the listener raises reaches its caller as it is."""

        class Impatient(Pieces):
            def hear(self, piece: str) -> None:
                raise LookupError(piece)

        with pytest.raises(LookupError):
            scripted(how.SOUND).write(ASKED, seconds=PLENTY_S, listener=Impatient())


class Scene:
    """A call in a clock that a test moves, and a worker that does something at each of its moments."""

    def __init__(self, records: SqlRecords, clock: ManualClock) -> None:
        self.records = records
        self.clock = clock
        self.told = 0
        self.at: dict[float, Callable[[], None]] = {}
        self.taken: LeasedCall | None = None

    @property
    def model(self) -> QueuedModel:
        """The model."""
        return QueuedModel(
            "leave-1", self.records.model_calls, tell=self._tell, monotonic=self.clock.monotonic, wait=self._wait
        )

    def take(self) -> None:
        """Let a worker take the call."""
        self.taken = self.records.model_calls.take(ELSEWHERE)
        assert self.taken is not None

    def finish(self) -> None:
        """Let it hand the reply over, which its caller waits for."""
        assert self.taken is not None
        assert self.records.model_calls.finish(self.taken, REPLY)

    def _tell(self) -> None:
        self.told += 1

    def _wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for moment in sorted(self.at):
            if moment <= self.clock.monotonic():
                self.at.pop(moment)()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A call, and nobody who would make it."""
    clock = ManualClock()
    records = open_records(tmp_path, clock)
    yield Scene(records, clock)
    records.close()


def test_a_call_that_nobody_takes_is_left_after_a_second(scene: Scene) -> None:
    """A worker was told once; nothing is left that one could take later."""
    with pytest.raises(ModelAway, match=r"no worker took the call of the model leave-1 within 1 seconds"):
        scene.model.write(ASKED, seconds=6.0)
    assert scene.clock.monotonic() == 1.0
    assert scene.told == 1
    assert scene.records.model_calls.take(ELSEWHERE) is None


def test_a_reply_is_found_at_the_next_look(scene: Scene) -> None:
    """A quarter of a second after it is there, at most; then nothing is left of the call."""
    scene.at = {0.9: scene.take, 3.1: scene.finish}
    assert scene.model.write(ASKED, seconds=6.0) == REPLY
    assert 3.1 <= scene.clock.monotonic() <= 3.1 + 0.25
    assert scene.taken is not None
    assert scene.records.model_calls.look(scene.taken.id).outcome != REPLY


def test_a_call_that_lasts_too_long_is_left(scene: Scene) -> None:
    """When its time is over; the worker learns it, and what comes late is dropped."""
    scene.at = {0.5: scene.take}
    with pytest.raises(ModelTooSlow) as caught:
        scene.model.write(ASKED, seconds=6.0)
    assert scene.clock.monotonic() == 6.0
    assert not caught.value.stalled
    assert scene.taken is not None
    assert not scene.records.model_calls.is_wanted(scene.taken)
    assert not scene.records.model_calls.finish(scene.taken, REPLY)


def test_less_time_than_a_worker_has_to_take_it(scene: Scene) -> None:
    """The time of the question counts first."""
    with pytest.raises(ModelTooSlow):
        scene.model.write(ASKED, seconds=0.6)
    assert scene.clock.monotonic() == 0.6


def test_a_call_that_is_taken_back_reaches_its_worker(scene: Scene) -> None:
    """At the caller's next look, a quarter of a second later at most."""
    scene.at = {0.5: scene.take}
    with pytest.raises(CallCancelled):
        scene.model.write(ASKED, seconds=6.0, cancelled=lambda: scene.clock.monotonic() > 2.0)
    assert scene.clock.monotonic() <= 2.0 + 0.25
    assert scene.taken is not None
    assert not scene.records.model_calls.is_wanted(scene.taken)


def test_a_worker_that_died_is_not_waited_for(scene: Scene) -> None:
    """Its caller goes on as soon as it can be seen, not when the time is over."""

    def die() -> None:
        scene.records.model_calls.take(gone())

    scene.at = {0.5: die}
    with pytest.raises(ModelAway, match="the worker that made the call is gone"):
        scene.model.write(ASKED, seconds=6.0)
    assert scene.clock.monotonic() <= 0.5 + 0.25


def test_records_that_lost_a_call_end_it(scene: Scene) -> None:
    """As after a database was restored: its caller goes on at once."""
    scene.at = {0.2: lambda: scene.records.model_calls.leave(1)}
    with pytest.raises(ModelAway):
        scene.model.write(ASKED, seconds=6.0)
    assert scene.clock.monotonic() <= 0.5
    assert scene.records.model_calls.look(1).state is CallState.OVER
