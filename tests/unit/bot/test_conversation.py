"""Each question comes to exactly one visible outcome, whatever is halted, fails or comes too late."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.conversation import PATIENCE_S, Asked, Conversation, Notice
from bot.deliveries import Work
from bot.file_questions import Fetched, FileQuestions
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.answering.telling import Watcher
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome, Question, Turn
from pipelines.domain.deliveries import MOST_STARTS, Delivery, DeliveryKind, Halt, LeasedDelivery
from pipelines.domain.handed_files import HandedFile, NoFileRead, UnreadFile
from pipelines.errors import BadInput, NotFound, QuestionTooLong, TransientError
from pipelines.ports.model import CallCancelled
from tests.fakes.manual_clock import ManualClock


HERE = "slack:T1:C1:100.1"
ASKED = Asked(" How long is parental leave? ", OPERATOR, HERE, channel="C1")
LEAVE = Answer(Outcome.ANSWER, "Twelve weeks. [1]")


@dataclass
class Screen:
    """What a person sees of one question; it is a `bot.conversation.Outbox`."""

    log: list[str] = field(default_factory=list)
    broken: str = ""

    async def begin(self) -> None:
        """Show that it is worked on."""
        await self._shown("begin")

    async def reads(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show what is read."""
        await self._shown(f"reads {passages} of {[one.title for one in documents]}")

    async def say(self, text: str) -> None:
        """Show a sentence."""
        await self._shown(f"say {text}")

    async def start_over(self) -> None:
        """Take back what was said."""
        await self._shown("start over")

    async def answer(self, answer: Answer) -> None:
        """Show the answer."""
        await self._shown(f"answer {answer.text}")

    async def tell(self, notice: Notice, sentence: str = "") -> None:
        """Show a notice."""
        await self._shown(f"tell {notice} {sentence}".strip())

    async def withdraw(self) -> None:
        """Take all away."""
        await self._shown("withdraw")

    async def give_way(self) -> None:
        """Leave its place to another answer."""
        await self._shown("give way")

    async def _shown(self, what: str) -> None:
        await asyncio.sleep(0)
        if self.broken and what.startswith(self.broken):
            raise TransientError("the platform does not take it")
        self.log.append(what)


Act = Callable[[Question, Watcher], Answer]


class House:
    """Records, threads and a time; answers are what a test says."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{folder / 'records.db'}"), self.clock)
        self.threads = ThreadPoolExecutor(2)
        self.asked: list[Question] = []
        self.handed: list[tuple[str, ...]] = []
        self.screen = Screen()

    def work(self, *, attempts: int = 1, crowded: bool = False, halt: Halt | None = None) -> Work:
        """Return a delivery under work."""
        delivery = Delivery("key", "slack", DeliveryKind.NEW, HERE, "{}")
        lease = LeasedDelivery(1, 1, delivery, self.clock.now().timestamp(), attempts, crowded, halt, {})
        return Work(lease, self.records.deliveries, self.threads)

    def answer(self, act: Act, work: Work | None = None, asked: Asked = ASKED) -> int | None:
        """Let a question be answered, and return the number of what was recorded."""

        def ask(question: Question, watcher: Watcher | None = None) -> Answer:
            assert watcher is not None
            self.asked.append(question)
            return act(question, watcher)

        def ask_about(question: Question, files: Sequence[HandedFile], watcher: Watcher | None = None) -> Answer:
            self.handed.append(tuple(one.name for one in files))
            return ask(question, watcher)

        async def scene() -> int | None:
            about = FileQuestions(ask_about, self.threads)
            conversation = Conversation(ask, self.records.answers, self.threads, self.clock, about)
            return await conversation.answer(work or self.work(), asked, self.screen)

        return asyncio.run(scene())

    def record(self, question: Question, answer: Answer = LEAVE) -> Answer:
        """Record an answer, as the pipeline does."""
        number = self.records.answers.add(question.text, question.principal, answer, {}, question.conversation)
        return Answer(answer.outcome, answer.text, id=number)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Return a place to ask in."""
    made = House(tmp_path)
    yield made
    made.threads.shutdown()
    made.records.close()


def test_an_answer_is_shown_while_it_is_written(house: House) -> None:
    """That it is worked on, what is read, each sentence in its order, then the whole; its number is returned."""

    def act(question: Question, watcher: Watcher) -> Answer:
        watcher.found(3, (ClosestDocument("handbook", "Leave", "leave.md", None),))
        for number in range(50):
            watcher.said(f"{number}.")
        watcher.started_over()
        watcher.said("Twelve weeks. [1]")
        return house.record(question)

    number = house.answer(act)
    said = [f"say {number}." for number in range(50)]
    assert house.screen.log == [
        *("begin", "reads 3 of ['Leave']", *said, "start over", "say Twelve weeks. [1]"),
        "answer Twelve weeks. [1]",
    ]
    assert number == house.records.answers.get().number


def test_the_conversation_is_our_own_record(house: House) -> None:
    """A follow-up is asked with the turns of this very place, and for the channel that reads it."""
    house.answer(lambda question, _: house.record(question))
    elsewhere = Asked("Elsewhere?", OPERATOR, HERE + ":private:U1")
    house.answer(lambda question, _: house.record(question), asked=elsewhere)
    house.answer(lambda question, _: house.record(question), asked=Asked("And in Spain?", OPERATOR, HERE, "C1"))
    first, private, last = house.asked
    assert (first.text, first.turns, first.channel, first.conversation) == (ASKED.text.strip(), (), "C1", HERE)
    assert private.turns == ()
    assert last.turns == (Turn(ASKED.text.strip(), LEAVE.text),)


def test_what_is_not_begun_is_told(house: House) -> None:
    """Too many wait, too much time has passed, or it failed too often: one sentence, and nobody is asked."""
    house.answer(lambda *_: LEAVE, house.work(crowded=True))
    house.answer(lambda *_: LEAVE, house.work(attempts=MOST_STARTS + 1))
    late = house.work()
    house.clock.advance(PATIENCE_S + 1)
    house.answer(lambda *_: LEAVE, late)
    assert house.screen.log == ["tell crowded", "tell failed", "tell too_late"]
    assert house.asked == []


def test_a_question_without_words_is_told_apart(house: House) -> None:
    """Somebody wrote our name, and nothing behind it."""

    def act(question: Question, _: Watcher) -> Answer:
        raise BadInput(f"the question is empty: {question.text!r}")

    assert house.answer(act, asked=replace(ASKED, text="  ")) is None
    assert house.screen.log == ["begin", "tell empty"]


@pytest.mark.parametrize(
    "words",
    [
        "hi",
        "Hello!",
        "help",
        "good morning",
        "Hilfe!",
        "hey there",
        "what can you do?",
        "Was kannst du?",
        "hi Footnote",
    ],
)
def test_whoever_greets_is_told_what_we_are_for(house: House, words: str) -> None:
    """Nothing is searched, and nothing recorded."""
    assert house.answer(lambda question, _: house.record(question), asked=replace(ASKED, text=words)) is None
    assert house.screen.log == ["tell greeted"]
    assert house.asked == []


@pytest.mark.parametrize(
    "words",
    ["Thanks!", "thank you so much", "Danke, alles klar", "great, thx :+1:", "Danke schön", "Thanks for your help"],
)
def test_whoever_thanks_is_answered_so(house: House, words: str) -> None:
    """It is no question, and not told to be none of the knowledge bases."""
    assert house.answer(lambda question, _: house.record(question), asked=replace(ASKED, text=words)) is None
    assert house.screen.log == ["tell thanked"]


@pytest.mark.parametrize(
    "words", ["What can you do?", "ok", "no, do it", "good", "Ja danke", "no thanks", "Test", "just testing!", ":+1:"]
)
def test_what_we_are_for_is_told_where_nothing_was_said_before(house: House, words: str) -> None:
    """Behind an answer the same words may be meant of what that is about, or answer what we asked back."""
    asked = replace(ASKED, text=words)
    assert house.answer(lambda question, _: house.record(question), asked=asked) is None
    assert house.screen.log == ["tell greeted"]
    house.record(Question("How does the printer work?", ASKED.principal, conversation=ASKED.conversation))
    assert house.answer(lambda question, _: house.record(question), asked=asked)
    assert len(house.asked) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Hi, how long is leave?",
        "help with printers",
        "thanks, and in Spain?",
        "What can you do in Rome?",
        "How does this work?",
        "Wie funktioniert das?",
        "evening",
        "Morgen?",
        "Tag",
        "Morgen Abend?",
        "there",
        "help?",
    ],
)
def test_whoever_asks_something_is_answered(house: House, words: str) -> None:
    """However politely it begins, and however short it is."""
    assert house.answer(lambda question, _: house.record(question), asked=replace(ASKED, text=words))
    assert [one.text for one in house.asked] == [words]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (BadInput("half a character"), "tell unusable half a character"),
        (QuestionTooLong("the question has 9000 characters"), "tell too_long"),
        (TransientError("Weaviate at db.internal is away"), "tell failed"),
        (NotFound("there is no base secret-plans"), "tell failed"),
    ],
)
def test_a_fault_is_one_sentence(house: House, fault: Exception, told: str) -> None:
    """What a person can mend is named; what they may not know is not."""

    def act(_: Question, __: Watcher) -> Answer:
        raise fault

    assert house.answer(act) is None
    assert house.screen.log == ["begin", told]


def stopped_by(work: Work, why: Halt) -> Act:
    """Return a model that writes until it is stopped."""

    def act(_: Question, watcher: Watcher) -> Answer:
        watcher.said("Twelve weeks. [1]")
        assert not watcher.stopped()
        work.stop(why)
        assert watcher.stopped()
        raise CallCancelled("nobody waits")

    return act


@pytest.mark.parametrize(
    ("why", "last"), [(Halt.STOPPED, ["tell stopped"]), (Halt.DELETED, ["withdraw"]), (Halt.EDITED, ["give way"])]
)
def test_a_halt_ends_an_answer_under_way(house: House, why: Halt, last: list[str]) -> None:
    """A stop leaves what was said, a deletion takes it away, and an edit answers anew in its place."""
    work = house.work()
    assert house.answer(stopped_by(work, why), work) is None
    assert house.screen.log == ["begin", "say Twelve weeks. [1]", *last]


@pytest.mark.parametrize(
    ("why", "last"), [(Halt.STOPPED, ["tell stopped"]), (Halt.DELETED, ["withdraw"]), (Halt.EDITED, ["give way"])]
)
def test_what_was_halted_before_it_began_is_not_asked(house: House, why: Halt, last: list[str]) -> None:
    """It waited in its lane while somebody changed their mind."""
    assert house.answer(lambda *_: LEAVE, house.work(halt=why)) is None
    assert (house.screen.log, house.asked) == (last, [])


@pytest.mark.parametrize(("why", "last"), [(Halt.DELETED, ["withdraw"]), (Halt.EDITED, ["give way"])])
def test_an_answer_that_was_faster_is_taken_back(house: House, why: Halt, last: list[str]) -> None:
    """It is not shown, and is no turn of the conversation; a stop that comes too late leaves it."""
    work = house.work()

    def act(question: Question, _: Watcher) -> Answer:
        work.stop(why)
        return house.record(question)

    assert house.answer(act, work) is None
    assert house.screen.log == ["begin", *last]
    assert house.records.answers.turns(HERE, 5) == ()


def test_a_stop_that_comes_too_late_leaves_the_answer(house: House) -> None:
    """It is there; to hide it would help nobody."""
    work = house.work()

    def act(question: Question, _: Watcher) -> Answer:
        work.stop(Halt.STOPPED)
        return house.record(question)

    assert house.answer(act, work)
    assert house.screen.log == ["begin", "answer Twelve weeks. [1]"]


def test_a_sentence_that_is_not_taken_is_in_the_answer(house: House) -> None:
    """The rest is not said beside it; in the end the answer is shown whole."""
    house.screen.broken = "say two"

    def act(question: Question, watcher: Watcher) -> Answer:
        for text in ("one", "two", "three"):
            watcher.said(text)
        return house.record(question)

    assert house.answer(act)
    assert house.screen.log == ["begin", "say one", "answer Twelve weeks. [1]"]


@pytest.mark.parametrize("broken", ["begin", "answer"])
def test_what_the_platform_does_not_take_is_tried_again(house: House, broken: str) -> None:
    """The delivery is not done until somebody sees something."""
    house.screen.broken = broken
    with pytest.raises(TransientError, match="the platform"):
        house.answer(lambda question, _: house.record(question))


@dataclass
class Files:
    """Files that are with the platform; it is a `bot.file_questions.Files`."""

    fetched: Fetched

    async def fetch(self) -> Fetched:
        """Return them."""
        return self.fetched


PLAN = HandedFile("plan.md", b"# Plan")
GONE = UnreadFile("gone.pdf", "Slack does not let me see it")


def about(fetched: Fetched) -> Asked:
    """Return a question about files."""
    return Asked(" How long? ", OPERATOR, HERE, channel="C1", files=Files(fetched))


def test_a_question_about_files_is_answered_from_them(house: House) -> None:
    """It is shown as any other, knows nothing of what was asked before, and has no number."""
    house.answer(lambda question, _: house.record(question))

    def act(_: Question, watcher: Watcher) -> Answer:
        watcher.said("A week. [1]")
        return Answer(Outcome.ANSWER, "A week. [1]")

    assert house.answer(act, asked=about(Fetched((PLAN,), (GONE,)))) is None
    assert house.handed == [("plan.md",)]
    assert house.asked[-1].turns == ()
    assert house.screen.log[-3:] == ["begin", "say A week. [1]", "answer A week. [1]"]


def test_files_that_cannot_be_read_are_told_together(house: House) -> None:
    """Those that the platform does not hand out, and those that are none that we read: a line each."""

    def act(_: Question, __: Watcher) -> Answer:
        raise NoFileRead((UnreadFile("plan.md", "it is empty"),))

    house.answer(act, asked=about(Fetched((PLAN,), (GONE,))))
    house.answer(act, asked=about(Fetched((), (GONE,))))
    gone = "gone.pdf: Slack does not let me see it"
    assert house.screen.log == [
        *("begin", f"tell unreadable {gone}\nplan.md: it is empty"),
        *("begin", f"tell unreadable {gone}"),
    ]
    assert house.handed == [("plan.md",)]


def test_a_halt_ends_an_answer_about_files(house: House) -> None:
    """Nothing of it is in the records that would have to be taken back."""
    work = house.work()

    def act(_: Question, __: Watcher) -> Answer:
        work.stop(Halt.DELETED)
        return LEAVE

    assert house.answer(act, work, about(Fetched((PLAN,)))) is None
    assert house.screen.log == ["begin", "withdraw"]
