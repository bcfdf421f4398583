"""Promises of what is searched for the last question of a conversation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.answering.follow_ups.dialogue import CHAIN, MOST_REPEATED_CHARS, stand_alone
from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.leaning import leaning_after
from pipelines.domain.conversation import Turn


REPLACED = [
    (
        "What is the allowance for my own car?",
        "no, I meant for a bicycle",
        "What is the allowance? no, I meant for a bicycle?",
    ),
    (
        "How much advanced sick leave can I take?",
        "and annual leave?",
        "How much advanced leave can I take? and annual leave?",
    ),
    ("Who approves 3,000 euros?", "and 30,000?", "Who approves euros? and 30,000?"),
    ("What did the 2026 policy pay?", "and 2023?", "What did the policy pay? and 2023?"),
    ("Who pays 3,000 euros after 2 days?", "and 30,000?", "Who pays 3,000 euros after 2 days? and 30,000?"),
    ("What is paid for the car?", "and for trains?", "What is paid for the car? and for trains?"),
    ("What is sick leave?", "and for sick leave abroad?", "What is sick leave? and for sick leave abroad?"),
]
_ASKED = st.sampled_from(
    ["How do I book a train?", "and in Germany?", "no, the old one", "thanks!", "who approves it?", "and sick leave?"]
)
_SAID = _ASKED | st.text(max_size=50)
_TOPICS = [
    "unrelated: who repairs the coffee machine?",
    "different question, how do I get a badge?",
    "How do I get a badge for a visitor?",
    "Thanks, that helps! May I bring a dog to the office?",
    "and how do I lease a bicycle?",
    "What about the sauna, when is it open?",
]


def turns_of(questions: list[str]) -> list[Turn]:
    """Return exchanges whose answers hold a word of their own."""
    return [Turn(one, "Snow leopards live in Nepal.") for one in questions]


@pytest.mark.parametrize(("first", "second", "expected"), REPLACED)
def test_what_is_taken_back_is_not_searched(first: str, second: str, expected: str) -> None:
    """A correction, another number and a contrast drop what they replace; anything else stays."""
    assert stand_alone(second, [Turn(first, "")]) == expected


def test_a_thing_of_an_earlier_topic_does_not_come_back() -> None:
    """A thing that was a topic of its own is what the next follow-up leans on."""
    turns = [Turn("How do I send a parcel?", "By post."), Turn("language courses?", "They are free.")]
    assert stand_alone("how often", turns) == "language courses? how often?"


@settings(deadline=None)
@given(st.lists(_SAID, max_size=6), st.sampled_from(_TOPICS))
def test_a_change_of_topic_carries_nothing_over(earlier: list[str], question: str) -> None:
    """Whatever was said before, a question of another topic is searched exactly as it was asked."""
    assert stand_alone(question, turns_of(earlier)) == question


@settings(deadline=None)
@given(st.lists(_SAID, max_size=6), _SAID)
def test_what_stands_alone_is_untouched_however_often(earlier: list[str], question: str) -> None:
    """A question that stands alone comes back as it is, and so does what was made of it."""
    turns = turns_of(earlier)
    once = stand_alone(question, turns)
    if leaning_after(question, turns[-1] if turns else None) in (Leaning.NOT, Leaning.SMALL_TALK):
        assert once == question
        assert stand_alone(once, turns) == once


@settings(deadline=None)
@given(st.lists(_SAID | st.text(min_size=300, max_size=900), max_size=6), _SAID)
def test_what_is_searched_has_a_bound(earlier: list[str], question: str) -> None:
    """However long earlier questions are, what they add is bounded, and no answer is part of it."""
    found = stand_alone(question, turns_of(earlier))
    assert len(found) <= len(question) + 1 + (CHAIN + 1) * (MOST_REPEATED_CHARS + 2)
    assert question.strip() in found
    assert "leopards" not in found


def test_a_long_question_is_repeated_up_to_a_word() -> None:
    """What is repeated of a long question ends with a whole word."""
    found = stand_alone("and in Germany?", [Turn("How long is " + "tiresome " * 100 + "leave?", "")])
    assert found.endswith("tiresome? and in Germany?")
