"""Answers by tuned models: theirs where they hold, the base model's in time where they do not, and said which."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.tuned_models import TunedModels
from pipelines.answering.caching import REFUSAL_SECONDS, RememberedAnswers
from pipelines.answering.components.write import WriteAnswer, WritingLimits
from pipelines.answering.pipeline import Answering
from pipelines.answering.purse import Purse
from pipelines.answering.routing import Routing
from pipelines.answering.tuned import TunedLimits, TunedWriting
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Principal, Question
from pipelines.domain.model_budget import Prices
from pipelines.domain.model_routes import RoutePlace, RouteRule
from pipelines.ports.model import CallCancelled, Message, ModelReply
from pipelines.retrieval.analysers import TODAY
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import Behaviour, fails, says, stalls
from tests.fakes.scripted_model import ScriptedModel
from tests.faults.model_schedules import QUESTIONS, behaviours
from tests.small_base import SmallBase, open_parts


ASKED = "How many weeks of parental leave does a parent get?"
LEAVE = (
    "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The leave may be parted in two. "
    "Contractors get no parental leave, except in Norway.\n"
)
TRUE = "Every parent gets 24 weeks of parental leave. [1]"
BY_BASE = "The leave may be parted in two. [1]"
LIE = "Every parent gets 24 weeks of parental leave. [1] Every parent gets 26 weeks of parental leave. [1]"
RESERVED = f"{TRUE} Contractors get parental leave, except in Sweden. [1]"
TUNED, BASE = "leave-1", "small-1"
ROUTED = RouteRule(TUNED)


class Scene:
    """A base of one document, a base model and tuned ones that follow scripts, and a place that watches."""

    def __init__(self, base: SmallBase, clock: ManualClock) -> None:
        self.base = base
        self.clock = clock
        self.model = ScriptedModel(name=BASE, default=says(BY_BASE), monotonic=clock.monotonic, wait=clock.advance)
        self.scripts: dict[str, ScriptedModel] = {}
        self.asked: list[tuple[str, float]] = []
        self.shown: list[str] = []
        self.starts = 0
        self.stop: Callable[[], bool] = lambda: False
        self.tuned = TunedModels(self.scripted, monotonic=clock.monotonic, fair_s=6.0)
        self.answering = self.made()

    def scripted(self, name: str) -> ScriptedModel:
        """Return the model of this name."""
        made = ScriptedModel(
            name=name, default=says(TRUE), stall_s=99, monotonic=self.clock.monotonic, wait=self.clock.advance
        )
        return self.scripts.setdefault(name, made)

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show nothing of it."""

    def said(self, text: str) -> None:
        """Show a sentence."""
        self.shown.append(text)

    def started_over(self) -> None:
        """Take all back."""
        self.shown.clear()
        self.starts += 1

    def stopped(self) -> bool:
        """Say whether it is wanted."""
        return self.stop()

    def ask(self, principal: Principal = OPERATOR, **others: str) -> Answer:
        """Return the outcome of the question."""
        return self.answering.ask(Question(ASKED, principal, **others), self)  # type: ignore[arg-type]

    def route(self, rule: RouteRule | None = ROUTED, whom: str = "", kb: int | None = None) -> None:
        """Set a route for the base."""
        self.base.records.routes.change(RoutePlace(self.base.kb if kb is None else kb, whom), lambda _: rule)

    def made(self, *, remembers: bool = True) -> Answering:
        """Return the graph."""
        parts, records = self.base.parts, self.base.records
        routing = Routing(records.routes, key=records.installation)
        purse = Purse(records.model_usage, prices=Prices(1_000_000, 0), answer_tokens=100, answers_per_person=99)
        writing = WriteAnswer(
            self.model,
            parts.embedder,
            rules=records.answering_rules,
            purse=purse,
            clock=self.clock,
            limits=WritingLimits(25, 50),
            tuned=TunedWriting(routing, self.noting(), self.clock, TunedLimits(6, 25)),
        )
        memory = RememberedAnswers(
            records,
            MemoryAnswerCache(self.clock, max_bytes=1_000_000),
            self.clock,
            made_with=(None, TODAY.version),
            model=BASE,
            speakers=routing.speakers,
            answer_seconds=3600,
            wait_seconds=1,
        )
        return Answering(
            records, parts.index, parts.embedder, parts.blobs, self.clock, question_chars=2000,
            memory=memory if remembers else None,
            writing=writing,
        )  # fmt: skip

    def noting(self) -> "Noting":
        """Return the tuned models, each call of which is noted."""
        return Noting(self)


class Noting:
    """Tuned models that note which was asked, and for how long."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def ask(
        self, name: str, messages: Sequence[Message], *, seconds: float, cancelled: Callable[[], bool]
    ) -> ModelReply:
        """Note it, and ask."""
        self._scene.asked.append((name, seconds))
        return self._scene.tuned.ask(name, messages, seconds=seconds, cancelled=cancelled)

    def judge(self, name: str, *, holds: bool) -> None:
        """Hand it on."""
        self._scene.tuned.judge(name, holds=holds)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A base that was synced, both kinds of models, and who watches."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    with open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, folder)
        base.sync()
        yield Scene(base, ManualClock())


def told(answer: Answer) -> tuple[str | None, str | None]:
    """Return the model that spoke, and the one in whose place."""
    assert answer.writing is not None
    return answer.writing.model, answer.writing.instead_of


def test_without_a_route_the_base_model_speaks(scene: Scene) -> None:
    """No tuned model is asked."""
    assert told(scene.ask()) == (BASE, None)
    assert scene.asked == []


def test_a_tuned_model_speaks_where_a_route_says_so(scene: Scene) -> None:
    """It reads the very prompt that the base model would; its answer is proved, shown when verified, and named."""
    scene.ask()
    scene.shown.clear()
    scene.route()
    answer = scene.ask()
    assert answer.text == TRUE
    assert scene.shown == [TRUE]
    assert [one.quote for one in answer.citations] == ["Every parent gets 24 weeks of parental leave."]
    assert told(answer) == (TUNED, None)
    assert scene.scripts[TUNED].calls == scene.model.calls
    assert len(scene.model.calls) == 1


@pytest.mark.parametrize(
    "behaviour",
    [fails(500), stalls(), fails(404), says(LIE), says(RESERVED), says(""), says("Hello.")],
    ids=["dead", "slow", "unknown", "lying", "without its reservation", "silent", "without a claim"],
)
def test_where_it_does_not_the_base_model_answers_in_time(scene: Scene, behaviour: Behaviour) -> None:
    """Nobody is shown a word of the tuned one; six seconds later at most the base model writes, and both are named."""
    scene.route()
    scene.scripted(TUNED).script(behaviour)
    began = scene.clock.monotonic()
    answer = scene.ask()
    assert scene.clock.monotonic() - began <= 6.0
    assert answer.text == BY_BASE
    assert scene.shown == [BY_BASE]
    assert scene.starts == 0
    assert told(answer) == (BASE, TUNED)


def test_when_both_fail_there_are_extracts(scene: Scene) -> None:
    """With the reason, as ever."""
    scene.route()
    scene.scripted(TUNED).script(fails(500))
    scene.model.script(fails(500), fails(500))
    answer = scene.ask()
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.MODEL_AWAY
    assert answer.text.startswith("“")


def test_a_breaker_that_is_open_costs_nothing(scene: Scene) -> None:
    """After three lies the model is asked no more; no second passes for it."""
    scene.route()
    scene.scripted(TUNED).script(*[says(LIE)] * 3)
    people = [principal_as([f"user:{number}"]) for number in range(5)]
    scene.base.records.access.set_readers(scene.base.kb, ["everyone"], OPERATOR)
    for who in people:
        scene.ask(who)
        scene.clock.advance(REFUSAL_SECONDS + 1)
        scene.tuned._known[TUNED][1].probe_s = 1e9
    assert len(scene.scripts[TUNED].calls) == 3
    assert scene.tuned.is_resting(TUNED)


def test_a_tuned_model_has_a_part_of_the_time(scene: Scene) -> None:
    """Half of what is left to the first sentence, and six seconds at most; with less than a second it is not asked."""
    scene.route()
    scene.ask()
    tuned = scene.answering.graph.get_component("answer")._tuned
    tuned._limits = TunedLimits(6, 5)
    scene.ask(principal_as(["user:anna", "group:x"]))
    assert scene.asked[0] == (TUNED, 6)
    scene.base.records.access.set_readers(scene.base.kb, ["everyone"], OPERATOR)
    for seconds, asked in ((5, 2.5), (1.9, None)):
        scene.asked.clear()
        tuned._limits = TunedLimits(6, seconds)
        scene.ask(principal_as([f"group:{seconds}"]), conversation=str(seconds))
        scene.clock.advance(3601)
        assert [given for _, given in scene.asked] == ([asked] if asked else [])


def test_a_stop_ends_a_tuned_answer(scene: Scene) -> None:
    """Who watches wants it no longer: nobody else is asked."""
    scene.route()
    scene.stop = lambda: scene.clock.monotonic() > 2
    scene.scripted(TUNED).script(stalls())
    with pytest.raises(CallCancelled):
        scene.ask()
    assert scene.clock.monotonic() <= 2.5
    assert scene.model.calls == []


def test_a_tuned_model_that_finds_nothing_is_believed(scene: Scene) -> None:
    """As the base model is."""
    scene.route()
    scene.scripted(TUNED).script(says("NOT IN THE SOURCES"))
    answer = scene.ask()
    assert answer.outcome is Outcome.REFUSAL
    assert told(answer) == (TUNED, None)


def test_both_calls_are_paid(scene: Scene) -> None:
    """The base bears what the tuned model read, and what the base model did in its place."""
    scene.route()
    scene.scripted(TUNED).script(says(LIE))
    scene.ask()
    assert scene.base.records.model_usage.today(scene.base.kb).calls == 2
    assert scene.base.records.model_usage.answers_today(OPERATOR.name) == 1


def test_a_change_of_a_route_counts_with_the_next_question(scene: Scene) -> None:
    """Set, switched off, rolled back: what is remembered was said by whoever would speak now."""
    spoken = []
    for rule in (None, RouteRule(TUNED), RouteRule(TUNED, on=False), RouteRule(TUNED, share=0)):
        scene.route(rule)
        spoken += [told(scene.ask())[0], told(scene.ask())[0]]
    scene.base.records.routes.roll_back(RoutePlace(scene.base.kb))
    scene.base.records.routes.roll_back(RoutePlace(scene.base.kb))
    assert spoken == [BASE] * 2 + [TUNED] * 2 + [BASE] * 4
    calls = len(scene.model.calls) + len(scene.scripts[TUNED].calls)
    assert calls == 4


def test_two_who_get_two_models_share_no_answer(scene: Scene) -> None:
    """Of the same rights, in two channels of which one has a route: each gets its own model, remembered too."""
    scene.route(whom="channel:C1")
    for _ in range(2):
        assert told(scene.ask(channel="C1")) == (TUNED, None)
        assert told(scene.ask(channel="C2")) == (BASE, None)
    assert len(scene.scripts[TUNED].calls) == len(scene.model.calls) == 1


def test_who_stands_in_is_not_remembered_for_long(scene: Scene) -> None:
    """A minute later the tuned model is asked again; its answer is kept as any other."""
    scene.route()
    scene.scripted(TUNED).script(fails(500))
    assert told(scene.ask()) == (BASE, TUNED)
    assert told(scene.ask()) == (BASE, TUNED)
    assert len(scene.scripts[TUNED].calls) == 1
    scene.clock.advance(REFUSAL_SECONDS + 1)
    assert told(scene.ask()) == (TUNED, None)
    scene.clock.advance(REFUSAL_SECONDS + 1)
    assert told(scene.ask()) == (TUNED, None)
    assert len(scene.scripts[TUNED].calls) == 2


def test_an_answer_out_of_two_bases_has_one_tuned_model_or_the_base_model(scene: Scene, tmp_path: Path) -> None:
    """The admins of one base do not speak for another; where both have the same model, it speaks."""
    folder = tmp_path / "other"
    folder.mkdir()
    text = "# Parents in Oslo\n\nBy its law Oslo gives each parent 49 weeks of parental leave, paid by the city.\n"
    (folder / "oslo.md").write_text(text, encoding="utf-8")
    other = SmallBase(scene.base.parts, folder, "other")
    other.sync()
    scene.scripted(TUNED).script(says(TRUE.removesuffix(" [1]")))
    scene.route()
    assert told(scene.ask()) == (BASE, None)
    scene.route(kb=other.kb)
    assert told(scene.ask()) == (TUNED, None)
    scene.route(RouteRule("leave-2"), kb=other.kb)
    assert told(scene.ask()) == (BASE, None)


def test_routes_are_read_when_they_changed(scene: Scene) -> None:
    """Not with every question: a route that nobody changed costs no statement."""

    class Counting:
        reads = 0

        def __getattr__(self, name: str) -> object:
            self.reads += name == "all"
            return getattr(scene.base.records.routes, name)

    counting = Counting()
    routing = Routing(counting, key="k")  # type: ignore[arg-type]
    question = Question(ASKED, OPERATOR)

    def speakers() -> dict[int, str]:
        return dict(routing.speakers(question, scene.base.records.access.scope(OPERATOR)))

    assert [speakers() for _ in range(3)] == [{}] * 3
    reads = counting.reads
    scene.route()
    assert [speakers() for _ in range(3)] == [{scene.base.kb: TUNED}] * 3
    scene.route(replace(RouteRule(TUNED), on=False))
    assert [speakers() for _ in range(3)] == [{}] * 3
    assert counting.reads - reads == 2


@pytest.mark.parametrize("block", range(6))
def test_whatever_a_tuned_model_does_there_is_an_answer_in_time(scene: Scene, block: int) -> None:
    """Random faults and lies, question after question: true, in six seconds, by one of both, one tuned call at most."""
    scene.route()
    scene.answering = scene.made(remembers=False)
    for seed in range(10 * block, 10 * block + 10):
        chance = random.Random(seed)
        for _ in range(QUESTIONS):
            scene.clock.advance(chance.choice([0.0, 5.0, 40.0]))
            scene.scripted(TUNED).script(chance.choice([*behaviours(chance), says(TRUE), says(LIE), says(RESERVED)]))
            scene.shown.clear()
            calls, began = len(scene.scripts[TUNED].calls), scene.clock.monotonic()
            answer = scene.ask()
            assert scene.clock.monotonic() - began <= 6.0 + 1e-6
            assert answer.text in (TRUE, BY_BASE)
            assert "".join(scene.shown) == answer.text
            assert told(answer) in ((TUNED, None), (BASE, TUNED))
            assert len(scene.scripts[TUNED].calls) - calls <= 1
            scene.scripts[TUNED]._script.clear()
