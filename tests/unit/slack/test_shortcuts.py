"""Shortcuts: a message is answered in its thread, a question in the direct conversation; each once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.actions import Shortcut
from tests.unit.slack.office import Office, office_in
from tests.unit.slack.pressing import asked


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as opened:
        yield opened


def test_a_message_is_answered_in_its_thread(office: Office) -> None:
    """It is asked by who called the shortcut up, with the rights of the place, once."""
    root = office.ben.writes(office.general, "About leave")
    message = office.ben.writes(office.general, "How long is https://kb.example/leave ?", thread=root)
    delivery = office.anna.shortcuts(office.bot, Shortcut.ANSWER_WITH_SOURCES, message).wait()
    office.rests()
    (request,) = office.asked
    assert (request.text, request.user, request.private) == (
        "How long is https://kb.example/leave ?",
        office.anna.id,
        False,
    )
    assert (request.channel, request.thread, request.question_ts) == (office.general.id, root.ts, message.ts)
    assert office.whispered(office.anna, office.general) == ["I answer in the thread of that message."]
    office.again(delivery)
    assert office.asked == [request]
    assert len(office.whispered(office.anna, office.general)) == 1


def test_a_message_in_our_direct_conversation_is_answered_there(office: Office) -> None:
    """With the rights of that person alone."""
    message = office.ben.tells(office.bot, "How long is leave?")
    office.ben.shortcuts(office.bot, Shortcut.ANSWER_WITH_SOURCES, message).wait()
    office.rests()
    (request,) = office.asked
    assert (request.channel, request.private) == (message.channel, True)


def test_a_message_where_we_are_not_is_not_answered(office: Office) -> None:
    """In a channel or a conversation without us, who wants it answered is told what to do."""
    elsewhere = office.slack.channel(office.acme, "elsewhere", [office.ben])
    private = office.slack.channel(office.acme, "private", [office.ben], private=True)
    carl = office.slack.person(office.acme, "carl")
    talks = [office.slack.group_talk(office.ben, *others) for others in ((office.anna,), (office.anna, carl))]
    for channel in (elsewhere, private, *talks):
        office.ben.shortcuts(office.bot, Shortcut.ANSWER_WITH_SOURCES, office.ben.writes(channel, "How long?")).wait()
        office.rests()
        (told,) = office.whispered(office.ben, channel)
        assert told.startswith("I am not in this conversation.")
    assert office.asked == []


def test_a_message_without_words_is_not_asked(office: Office) -> None:
    """Nothing is made of nothing."""
    message = office.ben.writes(office.general, f"<@{office.bot.bot_user}>")
    office.ben.shortcuts(office.bot, Shortcut.ANSWER_WITH_SOURCES, message).wait()
    office.rests()
    assert office.asked == []
    assert office.whispered(office.ben, office.general) == ["There are no words in it that I could answer."]


def test_a_question_is_asked_from_anywhere(office: Office) -> None:
    """The shortcut opens a dialogue; what is sent is asked in the direct conversation, once."""
    office.ben.shortcuts(office.bot, Shortcut.ASK).wait()
    (modal,) = office.ben.modals
    delivery = office.ben.submits(modal, asked("How long is leave?")).wait()
    assert office.dialogue(office.ben) == "I answer in our direct messages."
    office.rests()
    (request,) = office.asked
    assert (request.text, request.user, request.private) == ("How long is leave?", office.ben.id, True)
    assert office.told(office.ben) == ["You asked:How long is leave?"]
    office.again(delivery)
    assert office.asked == [request]
    assert len(office.told(office.ben)) == 1


def test_blanks_are_no_question(office: Office) -> None:
    """The dialogue stays open and says so."""
    office.ben.shortcuts(office.bot, Shortcut.ASK).wait()
    (modal,) = office.ben.modals
    office.ben.submits(modal, asked(" \n ")).wait()
    assert office.ben.errors == {"question": "There are no words in it that I could answer."}
    office.rests()
    assert office.asked == []
