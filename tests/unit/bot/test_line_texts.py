"""`/kb` speaks each of its languages wholly."""

import string
from dataclasses import fields

import pytest

from bot import line_texts
from bot.commands.line_actions import VERBS
from bot.line_sentences import ENGLISH, LANGUAGES, Sentences


SAID = [one.name for one in fields(Sentences) if one.name not in ("verbs", "arguments")]


def names_in(text: str) -> set[str]:
    """Return the names that are filled into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", SAID)
def test_every_sentence_is_there_and_fills_in_the_same(language: str, field: str) -> None:
    """No sentence of a language is empty, and each names what the English one names."""
    said = getattr(LANGUAGES[language], field)
    assert said.strip()
    assert names_in(said) == names_in(getattr(ENGLISH, field))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_and_what_stands_behind_it_is_explained(language: str) -> None:
    """Nothing that can be typed lacks its meaning, and nothing is explained that cannot be typed."""
    said = LANGUAGES[language]
    assert list(said.verbs) == [one.name for one in VERBS]
    arguments = {name.strip("[]") for one in VERBS for name in one.arguments}
    assert set(said.arguments) == arguments | {option.name for one in VERBS for option in one.options}
    assert all(map(str.strip, (*said.verbs.values(), *said.arguments.values())))


def test_an_unknown_language_is_answered_in_english() -> None:
    """A region changes nothing either."""
    assert line_texts.only_in_channels("xx-YY") == line_texts.only_in_channels("en_GB") == ENGLISH.only_in_channels
