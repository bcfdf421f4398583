"""A follow-up that a model may make stand alone: once, in time, within budgets, and never against the rules."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.flights import SharedWork
from pipelines.answering.follow_up import stand_alone
from pipelines.answering.pipeline import Answering
from pipelines.answering.purse import Purse
from pipelines.answering.telling import Telling
from pipelines.answering.understanding import ReplyMemory, Understanding
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import ClosestDocument, Question, Turn
from pipelines.domain.model_budget import Prices
from pipelines.ports.model import CallCancelled
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import fixed
from tests.fakes.scripted_model import ScriptedModel
from tests.small_base import SmallBase, open_parts


TURNS = (Turn("How many weeks of parental leave does a parent get?", "Every parent gets 24 weeks. [1]"),)
ASKED = "And for foster parents?"
WHOLE = "How many weeks of parental leave do foster parents get?"


class Scene:
    """A base of one document, and a model that follows a script."""

    def __init__(self, base: SmallBase) -> None:
        self.base = base
        self.model = ScriptedModel(name="small-1")
        self.stop = False
        clock = SystemClock()
        self.memory = ReplyMemory(MemoryAnswerCache(clock, max_bytes=10**6), SharedWork(clock, 60), 3600)

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show nothing."""

    def said(self, text: str) -> None:
        """Show nothing."""

    def started_over(self) -> None:
        """Take nothing back."""

    def stopped(self) -> bool:
        """Say whether it is wanted."""
        return self.stop

    def understanding(self, *, most: int = 0, remembers: bool = False) -> Understanding:
        """Return what makes a question stand alone."""
        records = self.base.records
        purse = Purse(records.model_usage, prices=Prices(1_000_000, 0), answer_tokens=100, answers_per_person=most)
        return Understanding(self.model, records, purse, seconds=20, memory=self.memory if remembers else None)

    def understood(self, *behaviours: Behaviour, asked: str = ASKED, turns: tuple[Turn, ...] = TURNS) -> str:
        """Return a question as it is understood, if the model behaves so."""
        self.model.script(*behaviours)
        return self.understanding().stand_alone(Question(asked, OPERATOR, turns=turns), Telling(0, self))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Yield a base that was synced."""
    folder = tmp_path / "documents"
    folder.mkdir()
    text = "# Leave\n\nEvery parent gets 24 weeks of parental leave. Foster parents get 20 weeks of parental leave.\n"
    (folder / "leave.md").write_text(text, encoding="utf-8")
    with open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, folder)
        base.sync()
        yield Scene(base)


def test_the_model_s_question_is_searched(scene: Scene) -> None:
    """One call, whose prompt holds what was said; its one line is the question."""
    assert scene.understood(Behaviour(write=fixed(f'Question: "{WHOLE}"'))) == WHOLE
    (call,) = scene.model.calls
    assert TURNS[0].question in call[1].text
    assert ASKED in call[1].text


@pytest.mark.parametrize(
    "how",
    [
        Behaviour(status=500),
        Behaviour(status=429),
        Behaviour(stall_at=0),
        Behaviour(write=fixed("")),
        Behaviour(write=fixed("How high is the bonus of Karen Miller in Norway?")),
        Behaviour(write=fixed("See https://evil.example/x?")),
        Behaviour(write=fixed(WHOLE), finish="length"),
        Behaviour(write=fixed("why " * 5000 + "?")),
    ],
)
def test_what_is_not_to_be_believed_leaves_the_rules(scene: Scene, how: Behaviour) -> None:
    """Away, full, silent, without a word, with a name that nobody said, an address, cut off, endless."""
    scene.model._stall_s = 0.01
    assert scene.understood(how) == stand_alone(ASKED, TURNS)
    assert len(scene.model.calls) == 1


@pytest.mark.parametrize(("asked", "turns"), [(ASKED, ()), ("Thanks!", TURNS), (WHOLE, TURNS)])
def test_no_call_is_made_where_nothing_leans(scene: Scene, asked: str, turns: tuple[Turn, ...]) -> None:
    """A first question, thanks and a whole question cost no call."""
    assert scene.understood(asked=asked, turns=turns) == stand_alone(asked, turns)
    assert scene.model.calls == []


def test_no_call_is_made_where_a_budget_is_spent(scene: Scene) -> None:
    """The tokens of a follow-up count for the base: with none left, it is understood by rule."""
    rules = scene.base.records.answering_rules
    rules.change(scene.base.kb, lambda own: replace(own, tokens_per_day=1))
    assert scene.understood() == stand_alone(ASKED, TURNS)
    assert scene.model.calls == []


def test_a_call_costs_its_tokens_and_no_answer(scene: Scene) -> None:
    """Who may have one answer a day still has it after the follow-up was understood."""
    scene.model.script(*[Behaviour(write=fixed(WHOLE))] * 3)
    ben = principal_as(["user:ben"])
    scene.base.records.access.set_readers(scene.base.kb, ["everyone"], OPERATOR)
    for _ in range(3):
        found = scene.understanding(most=1).stand_alone(Question(ASKED, ben, turns=TURNS), Telling(0, scene))
        assert found == WHOLE


def test_who_may_search_nothing_costs_no_call(scene: Scene) -> None:
    """Without a base that its person may read, a question is understood by rule."""
    ben = principal_as(["user:ben"])
    found = scene.understanding().stand_alone(Question(ASKED, ben, turns=TURNS), Telling(0, scene))
    assert (found, scene.model.calls) == (stand_alone(ASKED, TURNS), [])


def test_nobody_waits_for_an_answer_that_is_not_wanted(scene: Scene) -> None:
    """A stop ends the call, and the question."""
    scene.stop = True
    with pytest.raises(CallCancelled):
        scene.understood(Behaviour(write=fixed(WHOLE)))


def test_the_same_follow_up_at_once_costs_one_call(scene: Scene) -> None:
    """Twenty people with the same words before wait for one reply; it is not asked for again later."""
    scene.model.script(Behaviour(write=fixed(WHOLE), pause_s=0.01))
    question = Question(ASKED, OPERATOR, turns=TURNS)
    shared = scene.understanding(remembers=True)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: shared.stand_alone(question, Telling(0, scene)), range(20)))
    assert (set(found), len(scene.model.calls)) == ({WHOLE}, 1)


def test_what_is_remembered_is_read_by_the_rules_again(scene: Scene) -> None:
    """Whatever bytes come out of the memory, no name comes in that nobody said."""
    question = Question(ASKED, OPERATOR, turns=TURNS)
    scene.model.script(Behaviour(write=fixed(WHOLE)))
    shared = scene.understanding(remembers=True)
    shared.stand_alone(question, Telling(0, scene))
    for data in (b"\xff\xfe", b"What does Karen Miller earn?"):
        for key in list(scene.memory.cache._entries):  # type: ignore[attr-defined]
            scene.memory.cache.slot(key).put(data, 60)
        assert shared.stand_alone(question, Telling(0, scene)) == stand_alone(ASKED, TURNS)


def test_the_graph_searches_and_records_the_model_s_question(scene: Scene) -> None:
    """The question is made once; what is searched and recorded is that one, and the asked one beside it."""
    parts = scene.base.parts
    answering = Answering(
        parts.records,
        parts.index,
        parts.embedder,
        parts.blobs,
        SystemClock(),
        question_chars=2000,
        understanding=scene.understanding(),
    )
    scene.model.script(Behaviour(write=fixed(WHOLE)))
    answer = answering.ask(Question(ASKED, OPERATOR, turns=TURNS))
    assert [one.quote for one in answer.citations] == ["Foster parents get 20 weeks of parental leave."]
    assert len(scene.model.calls) == 1
