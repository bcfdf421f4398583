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


@pytest.mark.parametrize(("text", "limit"), [("  ", 4), ("x" * 2001, 4), ("x", 0), ("x", 21)])
def test_what_may_be_asked_is_said_by_the_pipelines_alone(footnote: FakeInstallation, text: str, limit: int) -> None:
    """The command bounds no question itself: it hands on what was asked, and the refusal in its own words."""
    footnote.answers = [BadInput("not like this")]
    with pytest.raises(BadInput, match=r"^not like this$"):
        ask(footnote, OPERATOR, text, limit=limit)
    assert [(one.text, one.limit) for one in footnote.asked] == [(text.strip(), limit)]


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
