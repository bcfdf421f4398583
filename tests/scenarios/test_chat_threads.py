"""Several people ask in one thread: what one of them takes back or asks otherwise touches no other answer."""

from collections.abc import Iterator

import pytest

from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.fakes.model_writers import extractive
from tests.scenarios.chat_office import Ability, ChatOffice, WayIn
from tests.scenarios.long_answers import model_settings


LEAVE = "How many weeks of parental leave does a parent get?"
HOTEL = "What is the hotel allowance a night?"
STEADILY = Behaviour(write=extractive, pause_s=0.1)
SLOWLY = Behaviour(write=extractive, pause_s=0.3)


@pytest.fixture(scope="module")
def models() -> Iterator[ModelServer]:
    """Run one model for all of these tests."""
    with ModelServer() as running:
        yield running


@pytest.fixture(scope="module")
def acme(costly_way_in: WayIn, models: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatOffice]:
    """Open one office for all of these tests."""
    with costly_way_in(tmp_path_factory.mktemp("office"), settings=model_settings(models)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def steadily(models: ModelServer) -> None:
    """Let the model write as fast in the beginning of each test."""
    models.default = STEADILY


@pytest.mark.parametrize("act", ["deletes", "edits"])
def test_what_one_takes_back_leaves_the_answer_that_another_waits_for(
    acme: ChatOffice, models: ModelServer, act: str
) -> None:
    """It is written to its end, in the message in which it was begun."""
    acme.needs(Ability.WRITES_OPENLY)
    thread = acme.ann.writes(acme.general, "Let us collect questions here.")
    own = acme.ann.asks(acme.general, LEAVE, after=thread)
    assert acme.wait_for(lambda: bool(acme.being_written(thread)))
    acme.answered(own)
    models.default = SLOWLY
    other = acme.bob.asks(acme.general, HOTEL, after=thread)
    assert acme.wait_for(lambda: bool(acme.being_written(thread)))
    (begun,) = acme.being_written(thread)
    models.default = STEADILY
    if act == "deletes":
        acme.ann.deletes(own)
    else:
        acme.ann.edits(own, "Who books trains?")
    assert "140 euros" in acme.answered(other)
    assert acme.wait_for(acme.is_idle)
    assert [one.key for one in acme.final(other)] == [begun.key]
    assert len(acme.final(own)) == (act == "edits")


def test_an_edit_while_its_answer_is_written_needs_one_attempt(acme: ChatOffice, models: ModelServer) -> None:
    """What was written for the older wording is ended, and the new answer takes its place."""
    acme.needs(Ability.WRITES_OPENLY)
    models.default = SLOWLY
    before = len(acme.log)
    asked = acme.ann.asks(acme.general, LEAVE)
    assert acme.wait_for(lambda: bool(acme.being_written(asked)))
    models.default = STEADILY
    acme.ann.edits(asked, HOTEL)
    assert "140 euros" in acme.answered(asked)
    assert acme.wait_for(acme.is_idle)
    assert len(acme.replies(asked)) == 1
    assert "is tried again" not in acme.log[before:]


def test_questions_that_are_edited_while_they_wait_hold_nobody_up(acme: ChatOffice, models: ModelServer) -> None:
    """However many of one thread wait behind a slow answer, somebody else is answered before that one ends."""
    models.default = Behaviour(write=extractive, pause_s=0.6)
    calls = len(models.chats)
    thread = acme.ann.tells(LEAVE)
    assert models.wait_for(lambda: len(models.chats) == calls + 1, 20)
    waiting = [acme.ann.tells(f"{LEAVE} {number}", after=thread) for number in range(9)]
    for one in waiting:
        acme.ann.edits(one, HOTEL)
    models.default = Behaviour(write=extractive)
    assert "140 euros" in acme.answered(acme.bob.tells(HOTEL))
    assert not acme.final(thread)
    assert all("140 euros" in acme.answered(one) for one in waiting)
    assert acme.wait_for(acme.is_idle, 40)
    assert [len(acme.final(one)) for one in waiting] == [1] * 9
