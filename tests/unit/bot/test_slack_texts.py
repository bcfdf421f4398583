"""The bot speaks each of its languages wholly, and English where it does not know one."""

import string
from dataclasses import fields

import pytest

from bot import slack_texts
from bot.slack_english import ENGLISH
from bot.slack_texts import LANGUAGES
from bot.slack_words import Words


def names_in(text: str) -> set[str]:
    """Return the names that are filled into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", [one.name for one in fields(Words)])
def test_every_sentence_is_there_and_fills_in_the_same(language: str, field: str) -> None:
    """No sentence of a language is empty, and each names what the English one names."""
    said = getattr(LANGUAGES[language], field)
    assert said.strip()
    assert names_in(said) == names_in(getattr(ENGLISH, field))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Share"), ("de", "Teilen"), ("de-AT", "Teilen"), ("DE_ch", "Teilen"), ("fr", "Share"), ("", "Share")],
)
def test_a_language_is_found_by_its_code(language: str, said: str) -> None:
    """A region changes nothing; an unknown language is answered in English."""
    assert slack_texts.share(language) == said


def test_readers_are_told_as_people_know_them() -> None:
    """The rules for all have words of their own, groups their names, people are counted; nobody means admins."""
    assert slack_texts.readers("en", ("everyone",)) == "read by all members"
    readers = ("public", "group:hr", "user:anna", "user:ben", "channel:slack:T1:C1")
    assert slack_texts.readers("de", readers) == "lesbar für alle, auch Externe, hr, 2 Personen, 1 Kanal"
    assert slack_texts.readers("en", ()) == "read by admins alone"


def test_names_with_braces_are_only_names() -> None:
    """A name that looks like a place to fill in is shown as it is."""
    assert slack_texts.person_to_ask("en", "{name} {0}") == "A person to ask: {name} {0}"


def test_steps_count_what_they_name() -> None:
    """One thing is one thing."""
    assert [slack_texts.read_step("en", number) for number in (0, 1, 2)] == [
        "Read what was found",
        "Read 1 passage",
        "Read 2 passages",
    ]
    assert slack_texts.reading("en", 1, ["handbook"]) == "is reading 1 passage of handbook…"
    assert slack_texts.reading("en", 6, ["{number}"]) == "is reading 6 passages of {number}…"
    assert slack_texts.reading("de", 6, ["handbook", "it"]) == "liest 6 Textstellen aus 2 Wissensbasen …"
    assert slack_texts.search_step("de") == "Die Wissensbasen durchsuchen"
