"""What people write to each other is told from what asks anything, on the quiet side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk import is_greeting, is_question, is_small_talk, is_thanks


@pytest.mark.parametrize(
    "words",
    [
        "How long is parental leave?",
        "how long is parental leave",
        "Hi all! Where do I find the travel form? Thanks",
        "Wie viele Urlaubstage habe ich",
        "wer bucht die Züge? :train:",
    ],
)
def test_questions(words: str) -> None:
    """With a question mark, or by their first word."""
    assert is_question(words)


@pytest.mark.parametrize(
    "words",
    ["The coffee is ready.", "Was für ein Tag!", "lunch at 12", "can do", "", ":tada:", "I wonder how it went."],
)
def test_statements(words: str) -> None:
    """What says something asks nothing."""
    assert not is_question(words)


@pytest.mark.parametrize("words", ["Thanks!", "ok, got it", "Danke, alles klar :+1:", "👍", "great"])
def test_small_talk(words: str) -> None:
    """Thanks and agreement want no answer."""
    assert is_small_talk(words)


@pytest.mark.parametrize("words", ["And in Spain?", "ok?", "what about part-time", "Contoso", "Danke. Und in Spanien?"])
def test_follow_ups(words: str) -> None:
    """What asks on is no small talk."""
    assert not is_small_talk(words)


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    """Nothing that people write is a fault, and no question mark is small talk."""
    assert is_question(text) in (True, False)
    assert not (is_small_talk(text) and "?" in text)
    assert is_greeting(text) in (True, False)
    assert is_small_talk(text) or not is_thanks(text)
