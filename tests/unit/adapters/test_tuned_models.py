"""Tuned models behind their breakers: what counts against one, and when it is left alone."""

from collections.abc import Callable

import pytest

from pipelines.adapters.tuned_models import FAULTS, PROBE_S, WITHIN_S, TunedModels
from pipelines.errors import FootnoteError, TransientError
from pipelines.ports.model import CallCancelled, ModelReply, ModelResting
from tests.contracts.chat_model import ASKED
from tests.fakes import model_behaviour as how
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.scripted_model import ScriptedModel


class Scene:
    """Two tuned models that follow scripts, in a clock that a test moves."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.models = {
            name: ScriptedModel(name=name, monotonic=self.clock.monotonic, wait=self.clock.advance)
            for name in ("leave-1", "it-1")
        }
        self.made: list[str] = []
        self.tuned = TunedModels(self._make, monotonic=self.clock.monotonic, fair_s=6.0)

    def _make(self, name: str) -> ScriptedModel:
        self.made.append(name)
        return self.models[name]

    def ask(
        self,
        *behaviours: Behaviour,
        name: str = "leave-1",
        seconds: float = 6.0,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ModelReply | FootnoteError:
        """Return the outcome of a call."""
        self.models[name].script(*behaviours)
        try:
            return self.tuned.ask(name, ASKED, seconds=seconds, cancelled=cancelled)
        except FootnoteError as fault:
            return fault

    @property
    def calls(self) -> int:
        """How many calls were made of the first model."""
        return len(self.models["leave-1"].calls)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(
    "fault", [how.fails(500), how.too_many(), how.stalls(), how.fails(404), how.fails(400), how.trickles(1.0)]
)
def test_a_model_that_fails_is_left_alone(scene: Scene, fault: Behaviour) -> None:
    """After three faults no call is made, but one every half minute; one that goes well and holds ends that."""
    for _ in range(FAULTS):
        assert not isinstance(scene.ask(fault), ModelReply)
    for _ in range(5):
        assert isinstance(scene.ask(), ModelResting)
    assert scene.calls == FAULTS
    assert scene.tuned.is_resting("leave-1")
    scene.clock.advance(PROBE_S)
    assert isinstance(scene.ask(how.SOUND), ModelReply)
    scene.tuned.judge("leave-1", holds=True)
    assert not scene.tuned.is_resting("leave-1")
    assert isinstance(scene.ask(), ModelReply)


def test_a_model_that_lies_is_left_alone(scene: Scene) -> None:
    """A reply alone is no success: what its sources contradict counts as a fault does."""
    for _ in range(FAULTS):
        assert isinstance(scene.ask(), ModelReply)
        scene.tuned.judge("leave-1", holds=False)
    assert isinstance(scene.ask(), ModelResting)


def test_a_reply_that_holds_forgives(scene: Scene) -> None:
    """Faults count in a row."""
    for _ in range(2 * FAULTS):
        scene.ask(how.fails(500))
        scene.ask()
        scene.tuned.judge("leave-1", holds=True)
    assert not scene.tuned.is_resting("leave-1")


def test_faults_that_lie_far_apart_do_not_count(scene: Scene) -> None:
    """Over more than ten minutes three faults are no outage."""
    for _ in range(2 * FAULTS):
        scene.ask(how.fails(500))
        scene.clock.advance(WITHIN_S)
    assert isinstance(scene.ask(), ModelReply)


def test_what_is_not_its_fault_does_not_count(scene: Scene) -> None:
    """A call that was taken back, one that had too little time, a prompt that is too long."""
    for _ in range(2 * FAULTS):
        assert isinstance(scene.ask(how.SOUND, cancelled=lambda: True), CallCancelled)
        scene.ask(how.trickles(1.0), seconds=2.0)
        scene.ask(how.context_error())
    assert isinstance(scene.ask(), ModelReply)


def test_each_model_has_its_own_breaker(scene: Scene) -> None:
    """One that is left alone takes no other with it; each is made once."""
    for _ in range(FAULTS):
        scene.ask(how.fails(500))
    assert isinstance(scene.ask(name="it-1"), ModelReply)
    assert isinstance(scene.ask(), ModelResting)
    assert scene.made == ["leave-1", "it-1"]


def test_records_that_are_away_count() -> None:
    """Nobody waits for them again and again either."""
    clock = ManualClock()

    class Away(ScriptedModel):
        def write(self, *_: object, **__: object) -> ModelReply:
            raise TransientError("the database does not answer")

    tuned = TunedModels(lambda name: Away(name=name), monotonic=clock.monotonic, fair_s=6.0)
    for _ in range(FAULTS):
        with pytest.raises(TransientError, match="the database"):
            tuned.ask("leave-1", ASKED, seconds=6.0, cancelled=lambda: False)
    with pytest.raises(ModelResting):
        tuned.ask("leave-1", ASKED, seconds=6.0, cancelled=lambda: False)
