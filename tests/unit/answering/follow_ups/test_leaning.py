"""Promises of telling a follow-up from a question that stands alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.leaning import leaning, leaning_after
from pipelines.answering.follow_ups.openings import opened
from pipelines.domain.conversation import Turn


ELLIPSES = [
    "which form?",
    "What documents?",
    "for how long?",
    "who has to approve?",
    "where do I apply",
    "what do I need?",
    "even for interns?",
    "only on weekdays?",
    "longer than two weeks",
    "no minimum age?",
    "up to 5,000?",
    "and after 10 years?",
    "if my child is older",
    "and when I come back late from a customer?",
    "what if I work part time?",
    "same for Portugal?",
    "how about in Lisbon",
    "What about part-time staff in Germany?",
    "and the night shift at weekends?",
    "after the summer too?",
    "one more thing: and in Germany?",
    "no, I meant for trains",
    "sorry, sick leave I mean",
    "no, the old policy",
    "not Bergen, Oslo",
]
REFERENCES = [
    "What's its monthly limit?",
    "and their address?",
    "I lost one, what now?",
    "Is that allowed for used ones?",
    "what happens if I don't?",
    "Do I have to come back to work afterwards?",
    "when does the money arrive then?",
    "Do the same rules apply to interns?",
    "is that paid?",
]
ALONE = [
    "and how do I lease a bicycle?",
    "what about the sauna, when is it open?",
    "If the laptop breaks, who repairs it?",
    "If two people ask at once, the room goes to whom?",
    "wait, how do I book a train?",
    "unrelated: and in Germany?",
    "one different question: what about parking?",
    "by the way, what about them?",
    "different question, is that app free for interns?",
    "for trains, do I need approval?",
    "when the alarm rings what do I write down",
    "Which companies are larger than small ones?",
    "How many meeting rooms are there?",
    "What happened in 1973?",
    "What is a level one incident?",
    "parental leave grandparents Norway",
    "In welchem Jahr begann das?",
    "什么是育儿假?",
    "มีวันหยุดกี่วัน?",
]
NAMED = ["language courses?", "what about presents from suppliers?", "and the sports club?"]
DEFINITE = ["who gets the email?", "How long must the passcode be?"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        *((one, Leaning.ELLIPSIS) for one in ELLIPSES),
        *((one, Leaning.REFERENCE) for one in REFERENCES),
        *((one, Leaning.NAMED) for one in NAMED),
        *((one, Leaning.DEFINITE) for one in DEFINITE),
    ],
)
def test_how_a_question_leans(question: str, expected: Leaning) -> None:
    """What is left out, and what is referred to, shows in the question's own words."""
    assert leaning(question) is expected


@pytest.mark.parametrize("question", ALONE)
def test_a_whole_question_stands_alone(question: str) -> None:
    """An announced topic, a whole question, keywords, and a script without spaces lean on nothing."""
    assert leaning_after(question, Turn("How many days of leave do I get?", "28 working days.")) is Leaning.NOT


@pytest.mark.parametrize(
    ("question", "kind"), [("language courses?", Leaning.ELLIPSIS), ("who gets the email?", Leaning.REFERENCE)]
)
@pytest.mark.parametrize(
    "before",
    [
        Turn("Which courses may I take, and by which email do I ask?", "Any."),
        Turn("What is free?", "All courses are; send an email."),
    ],
)
def test_a_thing_that_was_spoken_of_leans(question: str, kind: Leaning, before: Turn) -> None:
    """A thing leans on the exchange before it if that spoke of it, in the question or in the answer."""
    assert leaning_after(question, before) is kind


@pytest.mark.parametrize("question", [*NAMED, *DEFINITE])
@pytest.mark.parametrize("before", [None, Turn("How do I send an instrument back?", "In its own box.")])
def test_a_thing_that_nobody_spoke_of_is_a_topic(question: str, before: Turn | None) -> None:
    """Without a word in common with the exchange before it, a thing is a topic of its own."""
    assert leaning_after(question, before) is Leaning.NOT


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("Ok, thanks! And how about trains?", "trains?"),
        ("no, I meant for a bicycle", "for a bicycle"),
        ("no thanks", ""),
        ("no minimum age?", "no minimum age?"),
        ("great, and what is paid?", "what is paid?"),
        ("quick question: who pays", "who pays"),
    ],
)
def test_openings_are_taken_off(said: str, rest: str) -> None:
    """Thanks, corrections, "one more thing" and "what about" come off; a "no" that belongs to the question stays."""
    assert opened(said).rest == rest


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_judged(question: str, asked: str, answered: str) -> None:
    """Any text is judged, and once the exchange before it is known, nothing is left open."""
    assert leaning(question) in Leaning
    assert leaning_after(question, Turn(asked, answered)) not in (Leaning.NAMED, Leaning.DEFINITE)
    assert opened(question).rest in question
