"""Asking and chatting through the commands: bounds, names, follow-ups, choices."""

from pathlib import Path

import pytest

from bot.commands import kb
from bot.commands.answers import ask
from bot.commands.chat import Chat
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome, Turn
from pipelines.errors import BadInput, NotFound, TransientError
from tests.fakes.installation import FakeInstallation


ANNA = principal_as(["user:anna"])


def test_a_question_is_handed_on_whole(footnote: FakeInstallation, folder: Path) -> None:
    """Text, person, bases, earlier turns and limit reach the pipelines."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    turns = (Turn("a?", "b"),)
    ask(footnote, OPERATOR, "  How long?\n", bases=["HandBook"], turns=turns, limit=7)
    (asked,) = footnote.asked
    assert (asked.text, asked.principal, asked.bases) == ("How long?", OPERATOR, ("handbook",))
    assert (asked.turns, asked.limit) == (turns, 7)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_question_is_refused(footnote: FakeInstallation, text: str) -> None:
    """White space asks nothing."""
    with pytest.raises(BadInput, match="empty"):
        ask(footnote, OPERATOR, text)


def test_a_long_question_names_its_limit(footnote: FakeInstallation) -> None:
    """The message names length, limit and setting; at the limit it is answered."""
    with pytest.raises(BadInput, match=r"2001 characters, the limit is 2000 \(FOOTNOTE_LIMITS__QUESTION_CHARS\)"):
        ask(footnote, OPERATOR, "x" * 2001)
    assert ask(footnote, OPERATOR, "x" * 2000).outcome is Outcome.REFUSAL


@pytest.mark.parametrize("limit", [0, -1, 21])
def test_a_limit_out_of_range_is_refused(footnote: FakeInstallation, limit: int) -> None:
    """An answer has 1 to 20 citations."""
    with pytest.raises(BadInput, match=f"1 to 20 citations; {limit} "):
        ask(footnote, OPERATOR, "x", limit=limit)


def test_an_admin_is_told_of_a_base_that_is_not_there(footnote: FakeInstallation) -> None:
    """A misspelt base is an error for an admin."""
    with pytest.raises(NotFound, match="handbok"):
        ask(footnote, OPERATOR, "x", bases=["handbok"])


def test_a_member_cannot_probe_for_bases(footnote: FakeInstallation, folder: Path) -> None:
    """The command looks up no name for who is no admin: the pipelines answer alike for both."""
    kb.add(footnote, OPERATOR, "secret", folder)
    for name in ("secret", "nothing"):
        assert ask(footnote, ANNA, "x", bases=[name]).outcome is Outcome.REFUSAL
    assert [one.bases for one in footnote.asked] == [("secret",), ("nothing",)]


def test_a_chat_remembers_its_newest_ten_turns(footnote: FakeInstallation) -> None:
    """A follow-up comes with what was asked and answered before it, oldest first."""
    chat = Chat(footnote, OPERATOR)
    footnote.answers = [Answer(Outcome.ANSWER, f"answer {number}") for number in range(12)]
    for number in range(12):
        chat.ask(f"question {number}")
    assert footnote.asked[0].turns == ()
    assert footnote.asked[1].turns == (Turn("question 0", "answer 0"),)
    assert [turn.question for turn in footnote.asked[11].turns] == [f"question {number}" for number in range(1, 11)]


def test_the_number_of_a_choice_asks_that_choice(footnote: FakeInstallation) -> None:
    """After a question back, "2" is the second choice; later it is a question like any other."""
    clarify = Answer(Outcome.CLARIFY, "Which?", choices=("For Germany?", "For France?"))
    footnote.answers = [clarify]
    chat = Chat(footnote, OPERATOR)
    for text in ("How long?", " 2 ", "2"):
        chat.ask(text)
    assert [one.text for one in footnote.asked] == ["How long?", "For France?", "2"]


def test_a_question_that_failed_is_no_turn(footnote: FakeInstallation) -> None:
    """After a fault the chat goes on as if the question had not been asked, with its choices."""
    clarify = Answer(Outcome.CLARIFY, "Which?", choices=("For Germany?", "For France?"))
    footnote.answers = [clarify, TransientError("in a minute")]
    chat = Chat(footnote, OPERATOR)
    chat.ask("How long?")
    with pytest.raises(TransientError):
        chat.ask("1")
    chat.ask("1")
    assert footnote.asked[-1].text == "For Germany?"
    assert len(footnote.asked[-1].turns) == 1
