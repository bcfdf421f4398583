"""What is said of an answer is said in the reader's language, wholly; what documents say stays as it is."""

import string
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from bot import answer_texts
from bot.answer_words import ENGLISH, LANGUAGES, AnswerWords
from bot.rendering import page
from pipelines.answering import refusing
from pipelines.domain.conversation import Answer, Fallback, Outcome, Writing
from tests.fakes.answers import answer, citation


PLACE_OF_ANSWER = [value for name, value in vars(refusing).items() if name.isupper()]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("text", [refusing.NOT_FOUND, refusing.NOT_SAID])
def test_where_several_read_it_speaks_of_all_of_them(language: str, text: str) -> None:
    """What one of them alone may read may well answer it, asked directly."""
    refusal = Answer(Outcome.REFUSAL, text)
    ((told,),) = page(refusal, language, together=True).paragraphs
    assert told.startswith({"en": "What everyone here may read", "de": "Was alle hier lesen dürfen"}[language])
    assert page(refusal, language).paragraphs != ((told,),)
    question = Answer(Outcome.CLARIFY, refusing.WHICH_ONE)
    assert page(question, language, together=True) == page(question, language)


def names_in(text: str) -> set[str]:
    """Return the names that are filled into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def names_of(value: Any) -> Any:
    """Return the names that are filled into a text, or into each of several."""
    return {key: names_in(one) for key, one in value.items()} if isinstance(value, Mapping) else names_in(value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", [one.name for one in fields(AnswerWords) if one.name != "sentences"])
def test_every_language_has_every_sentence(language: str, field: str) -> None:
    """Each names what the English one names."""
    assert names_of(getattr(LANGUAGES[language], field)) == names_of(getattr(ENGLISH, field))


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("sentence", PLACE_OF_ANSWER)
def test_what_stands_in_place_of_an_answer_is_translated(language: str, sentence: str) -> None:
    """All that the pipelines say where they have no answer."""
    assert answer_texts.in_place_of_answer(language, sentence) != sentence
    assert answer_texts.in_place_of_answer("fr", sentence) == sentence


def test_a_page_speaks_the_readers_language() -> None:
    """Notes and places do; quotes, and an answer that happens to say the same as we do, stay as they are."""
    refusal = Answer(Outcome.REFUSAL, refusing.NOT_FOUND)
    assert page(refusal, "de-DE").paragraphs == (("Die Wissensbasen, die Sie lesen können, beantworten das nicht.",),)
    written = Writing(model="m", own_words=2, withheld=1, fallback=None)
    notes = page(Answer(Outcome.ANSWER, "Ja. [1]", writing=written, age_s=7200), "de").notes
    assert notes == (
        "2 Sätze mit ≈ sind in eigenen Worten: Vergleichen Sie sie mit den Zitaten.",
        "1 Satz wurde weggelassen: Die Quellen stützen ihn nicht.",
        "Geschrieben von m, an den Quellen geprüft.",
        "Vor 2 h beantwortet, jetzt noch einmal geprüft.",
    )
    said = answer(refusing.NOT_FOUND, citation(1))
    assert page(said, "de").paragraphs == ((refusing.NOT_FOUND,),)


@pytest.mark.parametrize("why", list(Fallback))
def test_a_base_is_named_as_it_is(why: Fallback) -> None:
    """A name that looks like a place to fill in is shown as it is."""
    assert "{" not in answer_texts.fell_back("de", why, "HR").replace("HR", "")
    assert answer_texts.fell_back("en", Fallback.BUDGET_SPENT, "{base}").startswith("Today's budget of {base} for")
