"""Random schedules of what models do wrong, call after call, and what must hold of each question all the same."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.errors import FootnoteError, PermanentError
from pipelines.ports.model import ChatModel, Finish, Message, ModelReply, Role
from tests.fakes import model_behaviour as how
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.model_server import KEY, ModelServer
from tests.fakes.scripted_model import ScriptedModel


ASKED = (Message(Role.SYSTEM, "Answer from the sources."), Message(Role.USER, "How long is parental leave?"))
FIRST, SECOND = "first-model", "second-model"
QUESTIONS = 6
"""Of one schedule: enough for a breaker to open and to close again."""
SLACK_S = 5.0
"""What a busy machine may add to a deadline; a call that kept to none would last for minutes."""
_FOREVER = ANSWER * 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the seconds it has, and what it shows and takes back."""

    seconds: float
    shows: bool
    taken_back_at: int | None


class Reader:
    """Hears the pieces of one question; one who shows them does so at once."""

    def __init__(self, *, shows: bool) -> None:
        self.pieces: list[str] = []
        self._shows = shows

    def hear(self, piece: str) -> None:
        """Keep the piece."""
        self.pieces.append(piece)

    def start_over(self) -> bool:
        """Refuse where a piece was shown."""
        if self._shows and self.pieces:
            return False
        self.pieces.clear()
        return True


def behaviours(chance: random.Random) -> list[Behaviour]:
    """Return what one model does at its next calls."""
    return [_behaviour(chance) for _ in range(2 * QUESTIONS)]


def check_in_process(seed: int) -> None:
    """Ask a schedule's questions of models without a server, in a clock that stands still between its steps."""
    chance, clock = random.Random(seed), ManualClock()
    models = [
        ScriptedModel(*behaviours(chance), name=name, monotonic=clock.monotonic, wait=clock.advance)
        for name in (FIRST, SECOND)[: chance.randint(1, 2)]
    ]
    model = _resilient(models, clock.monotonic, clock.advance, chance, retry_min_s=8.0)
    for _ in range(QUESTIONS):
        clock.advance(chance.choice([0.0, 1.0, 12.0, 70.0]))
        before = [len(one.calls) for one in models]
        asked = Asked(chance.uniform(0, 50), chance.random() < 0.3, chance.choice([None, None, chance.randint(0, 40)]))
        began = clock.monotonic()
        outcome, reader = ask(model, asked)
        assert clock.monotonic() - began <= asked.seconds + 1e-6
        calls = [len(one.calls) - already for one, already in zip(models, before, strict=True)]
        _check(outcome, reader, calls)


def check_over_http(seed: int) -> None:
    """Ask a schedule's questions of a server on loopback, in short times of the real clock."""
    chance = random.Random(seed)
    before = set(threading.enumerate())
    with ModelServer(models={FIRST: 8192, SECOND: 8192}) as server:
        real = [
            OpenAIModel(OpenAIServer(server.url, name, KEY, stall_s=0.15))
            for name in (FIRST, SECOND)[: chance.randint(1, 2)]
        ]
        with closing(real[0]), closing(real[-1]):
            model = _resilient(real, time.monotonic, time.sleep, chance, retry_min_s=0.2)
            for _ in range(QUESTIONS):
                _ask_over_http(model, server, chance)
        assert server.wait_for(lambda: not server.connections and not server.active), "a connection is left"
    assert set(threading.enumerate()) <= before, "a thread is left"


def ask(model: ChatModel, asked: Asked) -> tuple[ModelReply | FootnoteError, Reader]:
    """Return the outcome of a question, and who heard it."""
    reader = Reader(shows=asked.shows)
    looks = iter(range(10**9))
    at = asked.taken_back_at
    try:
        reply = model.write(
            ASKED, seconds=asked.seconds, listener=reader, cancelled=lambda: at is not None and next(looks) >= at
        )
    except FootnoteError as fault:
        return fault, reader
    return reply, reader


def _ask_over_http(model: ChatModel, server: ModelServer, chance: random.Random) -> None:
    for name in (FIRST, SECOND):
        server.script(*(_hurried(_behaviour(chance)) for _ in range(2)), model=name)
    already = len(server.chats)
    asked = Asked(chance.uniform(0.05, 0.8), chance.random() < 0.3, chance.choice([None, None, chance.randint(0, 3)]))
    began = time.monotonic()
    outcome, reader = ask(model, asked)
    assert time.monotonic() - began < asked.seconds + SLACK_S
    assert server.wait_for(lambda: all(one.ended for one in server.chats)), "the server still writes"
    mine = server.chats[already:]
    _check(outcome, reader, [sum(one.body["model"] == name for one in mine) for name in (FIRST, SECOND)])
    refused = [one.body["model"] for one in mine if 300 <= one.status < 500 and one.status != 429]
    assert all([one.body["model"] for one in mine].count(name) == 1 for name in refused), "a 4xx was repeated"
    server.forget_scripts()


def _check(outcome: ModelReply | FootnoteError, reader: Reader, calls: Sequence[int]) -> None:
    """What holds of every question: two calls at most, and a whole reply or an honest fault."""
    assert sum(calls) <= 2
    if isinstance(outcome, PermanentError):
        assert calls[0] <= 1, "what was refused was asked again"
    if isinstance(outcome, FootnoteError):
        assert str(outcome)
        assert "\n" not in str(outcome)
        return
    assert "".join(reader.pieces) == outcome.text
    assert outcome.model in (FIRST, SECOND)
    if outcome.finish is Finish.STOP:
        assert outcome.text in (ANSWER, _FOREVER), "half a reply was taken for a whole one"


def _resilient(
    models: Sequence[ChatModel],
    monotonic: Callable[[], float],
    wait: Callable[[float], None],
    chance: random.Random,
    *,
    retry_min_s: float,
) -> ResilientModel:
    guarded = [GuardedModel(one, Breaker(monotonic)) for one in models]
    fallback = guarded[1] if len(guarded) > 1 else None
    budget = RetryBudget(monotonic)
    return ResilientModel(
        guarded[0],
        budget,
        fallback=fallback,
        monotonic=monotonic,
        wait=wait,
        chance=chance,
        retry_min_s=retry_min_s,
    )


def _behaviour(chance: random.Random) -> Behaviour:
    place = chance.randint(0, 6)
    return chance.choice(
        [
            how.SOUND,
            how.SOUND,
            how.trickles(0.002),
            how.trickles(0.5, _FOREVER),
            how.stalls(place),
            how.stalls(place, ping_s=0.02),
            how.cuts(place),
            how.ends_early(place),
            how.breaks_json(place),
            how.errs_midway(place),
            how.too_many(chance.choice(["0", "0.1", "1", "60", None, "soon"])),
            how.fails(chance.choice([500, 502, 503])),
            how.fails(chance.choice([400, 401, 403, 404, 408, 409, 422])),
            how.context_error(),
            how.redirects("http://127.0.0.1:9/v1"),
            how.wrong_type(),
            how.answers_whole(),
            how.refuses(),
            how.ends_with("length"),
            how.no_choices(),
            Behaviour(usage=False, done=False),
        ]
    )


def _hurried(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour whose pauses fit the short times of a test."""
    return replace(behaviour, pause_s=min(behaviour.pause_s, 0.02))
