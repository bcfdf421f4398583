"""Several people ask in one thread of Slack: what one of them takes back or asks otherwise touches no other answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive
from tests.fakes.slack_state import Message
from tests.scenarios.slack_office import Office, office


LEAVE = "How many weeks of parental leave does a parent get?"
HOTEL = "What is the hotel allowance a night?"


@pytest.fixture
def models() -> Iterator[ModelServer]:
    with ModelServer() as running:
        running.default = Behaviour(write=extractive, pause_s=0.4)
        yield running


@pytest.fixture
def acme(models: ModelServer, tmp_path: Path) -> Iterator[Office]:
    settings = {"OPENAI_BASE_URL": models.url, "OPENAI_API_KEY": KEY or "", "FOOTNOTE_MODEL": MODEL}
    with office(tmp_path, settings=settings) as opened:
        yield opened


def is_written(acme: Office, thread: Message) -> bool:
    """Say whether an answer is being written in a thread."""
    return any(one.stream and one.stream.state == "in_progress" for one in acme.slack.thread(thread))


@pytest.mark.parametrize("act", ["deletes", "edits"])
def test_what_one_takes_back_leaves_the_answer_that_another_waits_for(acme: Office, act: str) -> None:
    """It is written to its end, in the message in which it was begun."""
    thread = acme.ann.writes(acme.general, "Let us collect questions here.")
    own = acme.ann.mentions(acme.bot, acme.general, LEAVE, thread=thread)
    acme.answered(own)
    other = acme.bob.mentions(acme.bot, acme.general, HOTEL, thread=thread)
    assert acme.slack.wait_for(lambda: is_written(acme, thread))
    (begun,) = [one for one in acme.replies(thread) if one.stream and one.stream.state == "in_progress"]
    if act == "deletes":
        acme.ann.deletes(own)
    else:
        acme.ann.edits(own, f"<@{acme.bot.bot_user}> Who books trains?")
    assert "140 euros" in acme.answered(other)
    assert acme.slack.wait_for(acme.is_idle)
    assert [one.ts for one in acme.final(other)] == [begun.ts]
    assert len(acme.final(own)) == (act == "edits")


def test_an_edit_while_its_answer_is_written_needs_one_attempt(acme: Office) -> None:
    """The stream of the older wording is ended, and the new answer takes its place."""
    asked = acme.ann.mentions(acme.bot, acme.general, LEAVE)
    assert acme.slack.wait_for(lambda: is_written(acme, asked))
    acme.ann.edits(asked, f"<@{acme.bot.bot_user}> {HOTEL}")
    assert "140 euros" in acme.answered(asked)
    assert acme.slack.wait_for(acme.is_idle)
    assert len(acme.replies(asked)) == 1
    assert "is tried again" not in acme.served.log


def test_questions_that_are_edited_while_they_wait_hold_nobody_up(acme: Office, models: ModelServer) -> None:
    """However many of one thread wait behind a slow answer, somebody else is answered before that one ends."""
    models.default = Behaviour(write=extractive, pause_s=0.6)
    thread = acme.ann.tells(acme.bot, LEAVE)
    assert models.wait_for(lambda: len(models.chats) == 1, 20)
    waiting = [acme.ann.tells(acme.bot, f"{LEAVE} {number}", thread=thread) for number in range(9)]
    for one in waiting:
        acme.ann.edits(one, HOTEL)
    models.default = Behaviour(write=extractive)
    assert "140 euros" in acme.answered(acme.bob.tells(acme.bot, HOTEL))
    assert not acme.final(thread)
    assert all("140 euros" in acme.answered(one) for one in waiting)
    assert acme.slack.wait_for(acme.is_idle, 40)
    assert [len(acme.final(one)) for one in waiting] == [1] * 9
