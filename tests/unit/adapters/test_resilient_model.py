"""A second call, or none: of the fallback, of the same model if it may answer then, never where a word was shown."""

import random
from collections.abc import Callable, Sequence

import pytest

from pipelines.adapters.breaker import FAULTS, PROBE_S, Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.errors import FootnoteError
from pipelines.ports.model import (
    UNHEARD,
    CallCancelled,
    ConnectionLost,
    Finish,
    Message,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelReply,
    ModelResting,
    ModelTooSlow,
    PieceListener,
    Role,
    never,
)
from tests.fakes import model_behaviour as how
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.scripted_model import ScriptedModel


ASKED = (Message(Role.USER, "How long is parental leave?"),)
TRANSIENT = [how.fails(500), how.cuts(0), how.cuts(3), how.ends_early(2), how.too_many("1")]
NEVER_AGAIN = [how.fails(400), how.fails(401), how.fails(404), how.fails(422), how.context_error()]


class Scene:
    """A resilient model over scripted ones, in a clock that a test moves."""

    def __init__(self, *script: Behaviour, fallback: tuple[Behaviour, ...] | None = None) -> None:
        self.clock = ManualClock()
        self.budget = RetryBudget(self.clock.monotonic)
        self.first = self._scripted("first", script)
        self.second = self._scripted("second", fallback or ())
        self.breaker = Breaker(self.clock.monotonic)
        self.model = ResilientModel(
            GuardedModel(self.first, self.breaker),
            self.budget,
            fallback=None if fallback is None else GuardedModel(self.second, Breaker(self.clock.monotonic)),
            monotonic=self.clock.monotonic,
            wait=self.clock.advance,
            chance=random.Random(3),
        )

    def ask(
        self, *, seconds: float = 25.0, shows: bool = False, cancelled: Callable[[], bool] = never
    ) -> ModelReply | FootnoteError:
        """Return the outcome of a question."""
        try:
            return self.model.write(ASKED, seconds=seconds, listener=Reader(shows=shows), cancelled=cancelled)
        except FootnoteError as fault:
            return fault

    @property
    def calls(self) -> tuple[int, int]:
        """Return how often each model was called."""
        return len(self.first.calls), len(self.second.calls)

    def _scripted(self, name: str, script: tuple[Behaviour, ...]) -> ScriptedModel:
        return ScriptedModel(*script, name=name, monotonic=self.clock.monotonic, wait=self.clock.advance)


class Reader:
    """Hears; has shown what it heard, if it is one who shows."""

    def __init__(self, *, shows: bool) -> None:
        self._shows = shows
        self._heard = False

    def hear(self, piece: str) -> None:
        """Note that something came."""
        self._heard = self._heard or bool(piece)

    def start_over(self) -> bool:
        """Refuse if something was shown."""
        return not (self._shows and self._heard)


def test_a_sound_model_is_called_once() -> None:
    """Without a fault there is one call, of the first model, with the messages as they are."""
    scene = Scene(fallback=())
    outcome = scene.ask()
    assert isinstance(outcome, ModelReply)
    assert (outcome.text, outcome.model) == (ANSWER, "first")
    assert scene.first.calls == [ASKED]
    assert scene.calls == (1, 0)


@pytest.mark.parametrize("behaviour", TRANSIENT)
def test_a_fault_that_passes_is_outlived(behaviour: Behaviour) -> None:
    """Without a fallback the same model is asked once more, and its reply is the answer."""
    scene = Scene(behaviour)
    outcome = scene.ask()
    assert isinstance(outcome, ModelReply)
    assert scene.calls == (2, 0)


@pytest.mark.parametrize("behaviour", NEVER_AGAIN)
def test_a_refusal_is_never_repeated(behaviour: Behaviour) -> None:
    """What a server refuses is not sent to it again."""
    scene = Scene(behaviour)
    assert not isinstance(scene.ask(), ModelReply)
    assert scene.calls == (1, 0)


@pytest.mark.parametrize("behaviour", [*TRANSIENT, *NEVER_AGAIN, how.too_many(None), how.stalls(0), how.stalls(2)])
def test_the_fallback_answers_in_time(behaviour: Behaviour) -> None:
    """Whatever is wrong with the first model, its neighbour answers; the reply says who spoke."""
    scene = Scene(behaviour, fallback=())
    outcome = scene.ask()
    assert isinstance(outcome, ModelReply)
    assert outcome.model == "second"
    assert scene.calls == (1, 1)


@pytest.mark.parametrize("behaviour", [how.cuts(2), how.stalls(2), how.breaks_json(1)])
def test_a_word_that_was_shown_is_the_last_call(behaviour: Behaviour) -> None:
    """Once somebody read a word, no other reply may follow it, neither from the fallback nor from the same model."""
    for fallback in (None, ()):
        scene = Scene(behaviour, fallback=fallback)
        assert not isinstance(scene.ask(shows=True), ModelReply)
        assert scene.calls == (1, 0)


class Losing:
    """A model whose server closed the connection before so many of its calls."""

    name = "losing"

    def __init__(self, lost: int) -> None:
        self.calls = 0
        self._lost = lost

    def write(
        self,
        _messages: Sequence[Message],
        *,
        seconds: float,  # noqa: ARG002 - the port's signature
        listener: PieceListener = UNHEARD,  # noqa: ARG002 - as above
        cancelled: Callable[[], bool] = never,  # noqa: ARG002 - as above
    ) -> ModelReply:
        """Answer, or tell of the connection."""
        self.calls += 1
        if self.calls <= self._lost:
            raise ConnectionLost("the server closed a kept connection")
        return ModelReply(ANSWER, Finish.STOP, self.name, self.name)


@pytest.mark.parametrize(("lost", "calls"), [(1, 2), (2, 2)])
def test_a_lost_connection_is_made_good_by_the_same_model(lost: int, calls: int) -> None:
    """The call is made again at once, not by the fallback and not for the retry budget, and never a third time."""
    clock, first, second = ManualClock(), Losing(lost), ScriptedModel(name="second")
    breaker = Breaker(clock.monotonic)
    model = ResilientModel(
        GuardedModel(first, breaker),
        RetryBudget(clock.monotonic),
        fallback=second,
        monotonic=clock.monotonic,
        wait=clock.advance,
    )
    if lost < calls:
        assert model.write(ASKED, seconds=2.0).model == "losing"
    else:
        with pytest.raises(ConnectionLost):
            model.write(ASKED, seconds=2.0)
    assert (first.calls, len(second.calls), clock.monotonic()) == (calls, 0, ManualClock().monotonic())
    assert not breaker.is_open


def test_words_that_were_heard_and_not_shown_are_forgotten() -> None:
    """A reply that broke off before anybody saw it is made anew."""
    scene = Scene(how.cuts(3))
    outcome = scene.ask(shows=False)
    assert isinstance(outcome, ModelReply)
    assert outcome.text == ANSWER


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [(how.stalls(0), ModelTooSlow), (how.too_many(None), ModelBusy), (how.too_many("20"), ModelBusy)],
)
def test_a_model_that_is_slow_or_full_is_not_pressed(behaviour: Behaviour, fault: type[FootnoteError]) -> None:
    """A stall, and a full server that names no time or one too far, get no second call."""
    scene = Scene(behaviour)
    assert isinstance(scene.ask(), fault)
    assert scene.calls == (1, 0)


def test_a_full_server_is_left_alone_as_long_as_it_says() -> None:
    """The second call comes no sooner than the server's own word."""
    scene = Scene(how.too_many("9"))
    assert isinstance(scene.ask(), ModelReply)
    assert scene.clock.monotonic() >= 9


def test_a_retry_needs_time() -> None:
    """With less than eight seconds left the fault is the outcome: a model hardly answers in less."""
    scene = Scene(how.fails(500))
    assert isinstance(scene.ask(seconds=8.0), ModelAway)
    assert scene.calls == (1, 0)


def test_two_calls_are_all() -> None:
    """A second fault is the end, with the first one's reason."""
    scene = Scene(how.fails(500), how.too_many("0"), fallback=(how.fails(400),))
    assert isinstance(scene.ask(), ModelAway)
    assert scene.calls == (1, 1)
    scene = Scene(how.fails(500), how.fails(500), how.fails(500))
    assert isinstance(scene.ask(), ModelAway)
    assert scene.calls == (2, 0)


def test_the_budget_ends_the_retries() -> None:
    """While everything fails, two questions a minute are asked twice, and no more."""
    scene = Scene(*[how.fails(500)] * 8)
    scene.breaker.succeeded()
    for _ in range(4):
        scene.ask()
        scene.breaker.succeeded()
    assert scene.calls == (6, 0)


def test_a_dead_model_costs_no_call_once_its_breaker_is_open() -> None:
    """After five faults the fallback is asked at once; every ten seconds one question tries the first model."""
    scene = Scene(*[how.cuts(0)] * FAULTS, fallback=())
    for _ in range(FAULTS):
        scene.ask()
    assert scene.calls == (FAULTS, FAULTS)
    assert isinstance(scene.ask(), ModelReply)
    assert scene.calls == (FAULTS, FAULTS + 1)
    scene.clock.advance(PROBE_S)
    outcome = scene.ask()
    assert isinstance(outcome, ModelReply)
    assert outcome.model == "first"


def test_without_any_model_the_fault_says_so() -> None:
    """Where all models rest, no call is made and the caller learns it at once."""
    scene = Scene()
    for _ in range(FAULTS):
        scene.breaker.failed()
    before = scene.clock.monotonic()
    assert isinstance(scene.ask(), ModelResting)
    assert scene.clock.monotonic() == before
    assert scene.calls == (0, 0)


def test_a_fallback_that_is_first_may_be_asked_again() -> None:
    """While the first model rests, its neighbour has the retry: two calls in all, none of them wasted."""
    scene = Scene(fallback=(how.fails(503),))
    for _ in range(FAULTS):
        scene.breaker.failed()
    outcome = scene.ask()
    assert isinstance(outcome, ModelReply)
    assert scene.calls == (0, 2)


def test_a_call_that_is_taken_back_is_the_last() -> None:
    """Nobody waits any more: neither the fallback is asked, nor the wait for a retry sat out."""
    scene = Scene(how.stalls(0), fallback=())
    looks = iter([False, True])
    assert isinstance(scene.ask(cancelled=lambda: next(looks, True)), CallCancelled)
    assert scene.calls == (1, 0)
    scene = Scene(how.too_many("9"))
    looks = iter([False, False])
    assert isinstance(scene.ask(cancelled=lambda: next(looks, True)), CallCancelled)
    assert scene.clock.monotonic() < 9


@pytest.mark.parametrize(
    ("behaviour", "seconds", "opens"),
    [
        (how.cuts(0), 25, True),
        (how.fails(503), 25, True),
        (how.too_many("1"), 25, True),
        (how.stalls(0), 25, True),
        (how.trickles(3.0), 25, True),
        (how.trickles(0.3), 2, False),
        (how.fails(400), 25, False),
        (how.fails(401), 25, False),
        (how.SOUND, 25, False),
    ],
)
def test_the_breaker_counts_what_is_the_models_fault(behaviour: Behaviour, seconds: float, *, opens: bool) -> None:
    """No answer, a full server, a stall and a trickle count; a refusal and a call with too little time do not."""
    clock = ManualClock()
    scripted = ScriptedModel(default=behaviour, stall_s=4.0, monotonic=clock.monotonic, wait=clock.advance)
    guarded = GuardedModel(scripted, Breaker(clock.monotonic, within_s=300))
    for _ in range(FAULTS):
        try:
            guarded.write(ASKED, seconds=seconds)
        except (ModelAway, ModelBusy, ModelTooSlow, ModelRefused, FootnoteError):
            continue
    assert guarded.breaker.is_open == opens


def test_a_probe_that_is_taken_back_leaves_the_breaker_open() -> None:
    """A call that nobody waited for says nothing about the model."""
    clock = ManualClock()
    guarded = GuardedModel(ScriptedModel(how.stalls(0), monotonic=clock.monotonic), Breaker(clock.monotonic))
    for _ in range(FAULTS):
        guarded.breaker.failed()
    clock.advance(PROBE_S)
    with pytest.raises(CallCancelled):
        guarded.write(ASKED, seconds=25, cancelled=lambda: True)
    assert guarded.breaker.is_open
