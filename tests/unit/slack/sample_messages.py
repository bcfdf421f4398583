"""One message, dialogue and Home tab with everything in it that we ever send."""

from typing import Any

from bot.rendering import page
from bot.slack.blocks.answers import answer_messages
from bot.slack.blocks.home import HomeFacts, MyBase, MyQuestion, home_view
from bot.slack.blocks.modals import (
    ask_modal,
    evidence_modal,
    feedback_modal,
    notice_modal,
    question_modal,
    share_modal,
)
from bot.slack.blocks.openings import asked_question, not_asked, own_question, passed_question, went_to
from bot.slack.blocks.progress import (
    StepState,
    check_chunk,
    plan_chunk,
    read_chunk,
    search_chunk,
    text_chunk,
)
from bot.slack.blocks.shapes import Message
from bot.slack.blocks.showing import Showing
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from tests.fakes.answers import answer, citation


URL = "https://kb.example.com/leave"
SHOWING = Showing(
    answer=7,
    delivery=8,
    removers=("U1", "U2"),
    private=True,
    bases=("handbook", "handbook"),
    readers=(("everyone",), None),
    person="Anna Berg",
)
ANSWER = answer(
    "You get 24 weeks. [1]\n\nCountry: Germany · Limit: 5 [1]\nCountry: France · Limit: 7 [2]\n\na | b\nc | d",
    citation(1, url=URL),
    citation(2),
)
CLARIFICATION = Answer(Outcome.CLARIFY, "Which?", choices=("For Germany?", "For France?"))
REFUSAL = Answer(Outcome.REFUSAL, "Not in it.", closest=(ClosestDocument("hr", "Leave", "l.md", URL),))
FAILURE = Answer(Outcome.ERROR, "Something went wrong.")


def messages() -> list[Message]:
    """Return a message of each outcome."""
    return [
        message for one in (ANSWER, CLARIFICATION, REFUSAL, FAILURE) for message in answer_messages(page(one), SHOWING)
    ]


def openings(question: str = "How many\nweeks?") -> list[Message]:
    """Return each message around a question that nobody wrote as one; U1 asks."""
    return [
        own_question(question, "en"),
        asked_question(question, "U1", "en"),
        passed_question(question, "U1", "en"),
        went_to(question, ("Anna Berg", "Ben"), "en"),
        went_to(question, (), "en"),
        not_asked(question, "en"),
    ]


def modals() -> list[dict[str, Any]]:
    """Return each dialogue."""
    return [
        evidence_modal(page(ANSWER), SHOWING, 2),
        feedback_modal(SHOWING),
        ask_modal("How many\nweeks?", SHOWING),
        share_modal("How many\nweeks?", SHOWING),
        question_modal("en"),
        notice_modal("Thank you.", "en"),
    ]


def home() -> dict[str, Any]:
    """Return the Home tab of an admin."""
    questions = (MyQuestion(7, "How many weeks?", "2026-11-22"), MyQuestion(6, "<!here>", "2026-11-21"))
    bases = (MyBase("handbook", "2026-11-20"), MyBase("wiki", ""))
    return home_view(HomeFacts(questions, bases, ("handbook: version 3, last sync ended well",)), "en")


def chunks() -> list[dict[str, Any]]:
    """Return what a stream is fed with."""
    return [
        plan_chunk("en"),
        search_chunk("en", StepState.COMPLETE),
        read_chunk("en", StepState.IN_PROGRESS, 4, ANSWER.citations),
        check_chunk("en", StepState.IN_PROGRESS),
        text_chunk("You get 24 weeks."),
    ]
