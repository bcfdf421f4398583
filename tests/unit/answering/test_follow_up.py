"""Promises of follow-ups: what the search sees of a question that leans on earlier ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.answering.follow_up import Leaning, leaning, stand_alone
from pipelines.domain.conversation import Turn


HOLIDAYS = "How many days of holidays do I get?"
LEAVE = "What is parental leave?"


def searched(*questions: str) -> str:
    """Return what is searched for the last of some questions; an answer between them says other things."""
    turns = [Turn(one, "Snow leopards live in Nepal.") for one in questions[:-1]]
    return stand_alone(questions[-1], turns)


ELLIPSES = [
    ((HOLIDAYS, "and in Germany?"), f"{HOLIDAYS} and in Germany?"),
    ((HOLIDAYS, "in Portugal"), f"{HOLIDAYS} in Portugal?"),
    ((HOLIDAYS, "Portugal?"), f"{HOLIDAYS} Portugal?"),
    ((HOLIDAYS, "What about part-timers?"), f"{HOLIDAYS} What about part-timers?"),
    ((HOLIDAYS, "thanks, and in Germany?"), f"{HOLIDAYS} thanks, and in Germany?"),
    (("Who may work from abroad?", "Are there exceptions?"), "Who may work from abroad? Are there exceptions?"),
    (("Who may work from abroad", "Why?"), "Who may work from abroad? Why?"),
    ((HOLIDAYS, "And in France?", "and in Germany?"), f"{HOLIDAYS} and in Germany?"),
    ((HOLIDAYS, "and in Germany?", "What about part-timers?"), f"{HOLIDAYS} and in Germany? What about part-timers?"),
    ((LEAVE, HOLIDAYS, "thanks!", "and in Germany?"), f"{HOLIDAYS} and in Germany?"),
]
VACATION = "How many vacation days do I get?"
CHAINS = [
    ((VACATION, "and in Germany?", "what about Portugal?"), f"{VACATION} what about Portugal?"),
    (
        (VACATION, "and in Germany?", "what about Portugal?", "and for part-time staff?"),
        f"{VACATION} what about Portugal? and for part-time staff?",
    ),
    (
        (VACATION, "what about Portugal?", "and for part-time staff?", "and in Norway?"),
        f"{VACATION} and for part-time staff? and in Norway?",
    ),
    ((VACATION, "Portugal?", "ok, and in the Netherlands?"), f"{VACATION} ok, and in the Netherlands?"),
    ((VACATION, "and in Germany?", "and for Anna?"), f"{VACATION} and in Germany? and for Anna?"),
    (
        (VACATION, "what about Portugal?", "what about part-timers?"),
        f"{VACATION} what about Portugal? what about part-timers?",
    ),
    ((VACATION, "what about interns?", "what about part-timers?"), f"{VACATION} what about part-timers?"),
    ((VACATION, "and in winter?", "what about Portugal?"), f"{VACATION} and in winter? what about Portugal?"),
]
REFERENCES = [
    ((LEAVE, "How do I apply for it?"), f"How do I apply for it? {LEAVE}"),
    ((LEAVE, HOLIDAYS, "Can I sell them?"), f"Can I sell them? {HOLIDAYS}"),
    (("How do I book a flight?", "Who approves that?"), "Who approves that? How do I book a flight?"),
    (("Is there a learning budget?", "and how much is it?"), "and how much is it? Is there a learning budget?"),
    (("What is the clothing allowance?", "Who gets this?"), "Who gets this? What is the clothing allowance?"),
]
CHOICES = [
    ((HOLIDAYS, f"{HOLIDAYS[:-1]} (Portugal)?", "and in Germany?"), f"{HOLIDAYS} and in Germany?"),
    ((f"{HOLIDAYS[:-1]} (Holidays in Portugal)?", "and for part-timers?"), f"{HOLIDAYS} and for part-timers?"),
    ((f"{HOLIDAYS[:-1]} (Portugal)?", "Can I sell them?"), f"Can I sell them? {HOLIDAYS[:-1]} (Portugal)?"),
]
BERGEN = "How much may a hotel in Bergen cost?"
NAMES = [
    ((BERGEN, "and in Lyon?"), "How much may a hotel cost? and in Lyon?"),
    ((BERGEN, "in New York"), "How much may a hotel cost? in New York?"),
    ((BERGEN, "What about Oslo?"), "How much may a hotel in cost? What about Oslo?"),
    (("Who repairs the Fulmar?", "And the Plover?"), "Who repairs? And the Plover?"),
    (("What is paid for the Fulmar?", "and for the Plover?"), "What is paid? and for the Plover?"),
    ((BERGEN, "What about breakfast?"), f"{BERGEN} What about breakfast?"),
    ((BERGEN, "and for Anna?"), f"{BERGEN} and for Anna?"),
    (
        ("May Ben drive to Lyon in Bea's car?", "What about Anna?"),
        "May Ben drive to Lyon in Bea's car? What about Anna?",
    ),
]
ALONE = [
    (LEAVE, "How do I reach IT in Bergen?"),
    (LEAVE, "How much may a hotel in Bergen cost?"),
    (LEAVE, "By the way, what about laptops?"),
    (LEAVE, "New question: and in Germany?"),
    (LEAVE, "If the laptop breaks, who repairs it?"),
    (LEAVE, "Is it allowed to work from abroad?"),
    (LEAVE, "Wie viele Urlaubstage habe ich?"),
    ("thanks!", "and in Germany?"),
]


@pytest.mark.parametrize(("dialogue", "expected"), [*ELLIPSES, *CHAINS, *REFERENCES, *CHOICES, *NAMES])
def test_a_follow_up_stands_alone(dialogue: tuple[str, ...], expected: str) -> None:
    """A fragment comes behind the question that it fills anew, a pronoun before the one that it stands for."""
    assert searched(*dialogue) == expected


@pytest.mark.parametrize("dialogue", ALONE)
def test_what_stands_alone_is_left_alone(dialogue: tuple[str, ...]) -> None:
    """A new topic, a whole question and another language are searched as they were asked."""
    assert searched(*dialogue) == dialogue[-1]


@pytest.mark.parametrize("said", ["thanks!", "Ok, great.", "hello", "That helps", "yes"])
def test_small_talk_leans_on_nothing(said: str) -> None:
    """Who says thanks is not answered the question before again."""
    assert leaning(said) is Leaning.SMALL_TALK
    assert searched(LEAVE, said) == said


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and in Germany?", Leaning.ELLIPSIS),
        ("How do I apply for it?", Leaning.REFERENCE),
        (LEAVE, Leaning.NOT),
        ("", Leaning.SMALL_TALK),
    ],
)
def test_the_kinds_of_leaning(question: str, expected: Leaning) -> None:
    """Its own words alone tell how a question depends on what came before."""
    assert leaning(question) is expected


def test_only_so_many_follow_ups_are_repeated() -> None:
    """A long chain of fragments keeps its question and the three newest fragments."""
    chain = ["and in Germany?", "and for part-timers?", "and after two years?", "and with children?"]
    found = searched(HOLIDAYS, *chain)
    assert found == " ".join([HOLIDAYS, *chain[-3:]])


_WORDS = st.lists(
    st.sampled_from(
        ["and", "in", "Germany", "it", "how", "much", "(Portugal)", "what about", "leave", "thanks", "that"]
    ),
    max_size=7,
).map(" ".join)
_SAID = _WORDS | st.text(max_size=40) | st.sampled_from([HOLIDAYS, LEAVE])


@settings(deadline=None)
@given(st.lists(_SAID, max_size=6), _SAID)
def test_any_dialogue_keeps_the_question(earlier: list[str], question: str) -> None:
    """Whatever was said, the search sees the question itself, and nothing that a bot answered."""
    found = searched(*earlier, question)
    assert question.strip() in found
    assert "leopards" not in found
    assert searched(question) == question


@settings(deadline=None)
@given(st.lists(_SAID, max_size=6), st.sampled_from(["and in Germany?", "How do I apply for it?"]))
def test_what_is_added_was_asked(earlier: list[str], question: str) -> None:
    """Every word that the search sees was said by the person."""
    assert set(searched(*earlier, question).replace("?", " ").split()) <= set(
        " ".join([*earlier, question]).replace("?", " ").split()
    )
