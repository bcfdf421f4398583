"""An answer is shown whole and once in Slack, whatever happens to its stream, its messages and its process."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Notice
from bot.slack.outbox import SlackOutbox
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.deliveries import Delivery, DeliveryKind
from pipelines.errors import Busy, TransientError
from tests.fakes import slack_faults as faults
from tests.fakes.answers import answer, citation
from tests.unit.slack.outbox_scene import LEAVE, SENTENCES, STREAM, NoBudget, Stage, check_whole, stage, tell


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Stage]:
    """Open a stage."""
    with stage(tmp_path) as opened:
        yield opened


def test_an_answer_is_streamed_and_ended(here: Stage) -> None:
    """One message: the text while it is written, then sources and buttons; the plan above it is done."""
    here.show(tell)
    check_whole(here)
    assert [one.method for one in here.town.slack.calls_of(*STREAM)] == ["chat.startStream", "chat.stopStream"]
    assert len(here.shown) == 1
    plan = here.town.slack.blocks(here.shown[0])[0]
    assert {one["status"] for one in plan["tasks"]} == {"complete"}


def test_a_status_that_comes_late_does_not_stay(here: Stage) -> None:
    """Slack may heed it when the stream has ended: so it is told once more that nothing is worked on."""
    here.town.slack.script("agents.sessions.setStatus", faults.slow(3.0))
    here.town.slack.script("assistant.threads.setStatus", faults.slow(3.0))
    here.show(tell)
    check_whole(here)
    status, stop = "agents.sessions.setStatus", "chat.stopStream"
    assert [one.method for one in here.town.slack.calls_of(status, stop)] == [status, stop, status]


def test_an_answer_that_nobody_writes_is_posted(here: Stage) -> None:
    """Extracts are there at once: one message, and no stream."""
    here.show(lambda outbox: tell(outbox, sentences=()))
    check_whole(here)
    assert here.town.slack.calls_of(*STREAM) == []


def test_without_budget_it_is_posted(here: Stage) -> None:
    """Where the workspace's streams are used up, the answer comes whole."""
    here.budgets = NoBudget()
    here.show(tell)
    check_whole(here)
    assert here.town.slack.calls_of(*STREAM) == []


def test_text_that_is_taken_back_is_replaced(here: Stage) -> None:
    """What a model said before the answer fell back to extracts is not seen any more."""

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await outbox.say("Fathers get nothing. [1]")
        await asyncio.sleep(0.1)
        await outbox.start_over()
        await outbox.answer(LEAVE)

    here.show(act)
    check_whole(here)
    assert "Fathers" not in here.texts
    assert len(here.shown) == 1


@pytest.mark.parametrize("fault", [faults.error("invalid_blocks"), faults.too_long()], ids=["invalid", "too long"])
def test_refused_blocks_are_shown_plainly(here: Stage, fault: faults.Fault) -> None:
    """The plain form says all of it."""
    here.town.slack.script("chat.postMessage", fault)
    here.show(lambda outbox: tell(outbox, sentences=()))
    told = " ".join(one.text for one in here.shown)
    assert told.count("Every parent gets 24 weeks.") == 1
    assert len(here.shown) == 1


def test_a_long_answer_rolls_over(here: Stage) -> None:
    """What one message cannot hold goes on in the next; nothing is lost, nothing is said twice."""
    sentences = tuple(f"Rule {number}: {'quiet hours count ' * 30}. [1]\n\n" for number in range(40))
    told = replace(answer("".join(sentences), citation(1)), id=7)

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        for one in sentences:
            await outbox.say(one)
        await asyncio.sleep(6.0)
        await outbox.answer(told)

    here.show(act)
    for number in range(40):
        assert here.texts.count(f"Rule {number}:") == 1
    assert len(here.shown) > 2
    assert all(one.ok for one in here.town.slack.calls_of(*STREAM))


def test_a_stop_keeps_what_was_said(here: Stage) -> None:
    """It is marked as stopped, in the same message."""

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await outbox.say(SENTENCES[0])
        await asyncio.sleep(0.2)
        await outbox.tell(Notice.STOPPED)

    here.show(act)
    assert len(here.shown) == 1
    assert "24 weeks" in here.texts
    assert "Stopped." in here.texts


def test_a_notice_stands_alone(here: Stage) -> None:
    """Where nothing was said, one sentence is the outcome."""
    here.show(lambda outbox: outbox.tell(Notice.TOO_LATE))
    assert [one.text for one in here.shown] == [
        "This question waited too long, and has no answer. Please ask it again."
    ]


def test_what_is_withdrawn_is_gone(here: Stage) -> None:
    """Also what was streamed already."""

    async def act(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await outbox.say(SENTENCES[0])
        await asyncio.sleep(0.2)
        await outbox.withdraw()

    here.show(act)
    assert here.shown == []
    assert here.town.slack.status(here.asked) == ""


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("moment", ["streaming", "shown", "posted"])
def test_who_takes_over_goes_on_with_what_is_shown(here: Stage, moment: str) -> None:
    """A process that dies while it streams, or after the answer was shown, leaves no second answer behind."""

    async def dies(outbox: SlackOutbox) -> None:
        await outbox.begin()
        if moment != "posted":
            await outbox.say(SENTENCES[0])
            await asyncio.sleep(0.2)
        if moment != "streaming":
            await outbox.say(SENTENCES[1])
            await outbox.answer(LEAVE)
        raise Killed

    lease = here.lease()
    with pytest.raises(Killed):
        here.show(dies, lease)
    here.records.deliveries.put_back(lease, failed=True)
    again = here.lease()

    async def takes_over(outbox: SlackOutbox) -> int | None:
        finished = await outbox.finished_before()
        if finished is None:
            await tell(outbox)
        return finished

    finished = here.show(takes_over, again)
    assert finished == (None if moment == "streaming" else 7)
    check_whole(here)
    assert len(here.shown) == 1


def test_who_takes_over_what_was_put_back_in_order_looks_first(here: Stage) -> None:
    """A process that is asked to end may be cut off between Slack's taking of a message and its note."""
    lease = here.lease()

    async def is_cut_off(outbox: SlackOutbox) -> None:
        asked = asyncio.create_task(outbox.answer(LEAVE))
        await asyncio.to_thread(here.town.slack.wait_for, lambda: bool(here.shown))
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)

    here.show(is_cut_off, lease)
    here.records.deliveries.put_back(lease)
    assert here.show(SlackOutbox.finished_before, here.lease()) == 7


@pytest.mark.parametrize("sentences", [SENTENCES, ()], ids=["streamed", "posted"])
def test_who_was_silent_for_too_long_shows_nothing_more(here: Stage, sentences: tuple[str, ...]) -> None:
    """A process that was frozen, or cut off from the records, finds its question answered by another one."""
    frozen = here.lease()

    async def wakes_up(outbox: SlackOutbox) -> None:
        await outbox.begin()
        await asyncio.to_thread(lambda: here.show(tell, here.lease_again()))
        for one in sentences:
            await outbox.say(one)
            await asyncio.sleep(0.05)
        await outbox.answer(LEAVE)

    with pytest.raises(Busy):
        here.show(wakes_up, frozen)
    check_whole(here)
    assert len(here.shown) == 1


def test_a_place_that_is_gone_is_tried_again(here: Stage) -> None:
    """While Slack is away nothing is an outcome: the question waits for another attempt."""
    here.town.slack.faults.always("chat.postMessage", faults.fails(503))
    with pytest.raises(TransientError):
        here.show(lambda outbox: tell(outbox, sentences=()))
    here.town.slack.faults.forget()
    refusal = Answer(Outcome.REFUSAL, "The knowledge bases say nothing about this.")
    here.show(lambda outbox: outbox.answer(refusal), here.lease_again())
    assert len(here.shown) == 1


def test_what_is_lost_is_not_looked_for_among_the_answers_of_others(here: Stage) -> None:
    """Two buttons of one message are one question for Slack: the first answer stays when the second goes wrong."""
    here.show(tell)
    first = here.shown[0]
    here.records.deliveries.accept([Delivery("other", "slack", DeliveryKind.ACTION, "lane2", "{}")])
    other = here.records.deliveries.take("slack", "one-host:1:1", 60.0)
    here.town.slack.script("chat.startStream", faults.loses_answer())
    here.show(lambda outbox: tell(outbox, replace(LEAVE, id=8)), other)
    assert [one["answer"] for one in here.metadata] == [7, 8]
    assert here.shown[0] is first


def test_the_title_of_a_session_rings_nobody(here: Stage) -> None:
    """A question is a title as it was asked, but without anything that takes effect."""
    here.question = "<!channel> see\nwww.evil.example <https://evil.example|here>? " + "x" * 200
    here.show(tell)
    (begun,) = [one for one in here.town.slack.calls_of("agents.sessions.setStatus") if "title" in one.arguments]
    title = begun.arguments["title"]
    assert "www.evil" not in title
    assert "https:" not in title
    assert "<!" not in title
    assert title.replace("\u2060", "").startswith("<!channel> see www.evil.example <https://evil.example|here>?")
    assert len(title) <= 100


@pytest.mark.parametrize("begins", [True, False], ids=["the first question", "a later one"])
def test_the_title_of_a_session_follows_an_edit(here: Stage, *, begins: bool) -> None:
    """The wording of before stands nowhere any more; what is asked later in a thread names it not."""
    here.show(tell)
    asked = replace(here.lease_again(), delivery=Delivery("edit", "slack", DeliveryKind.EDIT, "lane", "{}"))
    here.question = "How long in Spain?"
    if not begins:
        here.asked = here.town.ann.writes(here.town.general, here.question, thread=here.asked)
    here.show(tell, asked)
    session = here.town.slack.session(here.town.app, here.asked)
    assert session is not None
    assert session.title == ("How long in Spain?" if begins else "How long?")


def test_a_notice_without_blocks_rings_nobody(here: Stage) -> None:
    """Names of files stand in it, and a file may be called anything."""
    here.town.slack.script("chat.postMessage", faults.error("invalid_blocks"))
    named = "<!channel> www.evil.example <https://evil.example|here>.pdf: It is empty.\n" * 60
    here.show(lambda outbox: outbox.tell(Notice.UNREADABLE, named))
    (told,) = here.shown
    assert told.blocks == []
    assert "<" not in told.text
    assert "www.evil" not in told.text
    assert "It is empty." in told.text
