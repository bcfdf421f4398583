"""Promises of the question back: when the documents answer in more than one way, and only then."""

import pytest
from hypothesis import HealthCheck, given, settings

from pipelines.answering.clarifying import MOST, choices
from pipelines.answering.extracting import Candidate
from tests.examples import examples
from tests.markdown_documents import QUESTIONS, searches
from tests.markdown_passages import candidates
from tests.unit.answering.asking import both_ways, weighed


DAYS = {"Germany": 30, "Portugal": 25, "Norway": 28, "Spain": 27, "Italy": 26}
QUESTION = "How many days of holidays do I get?"


def by_heading(countries: int, *, days: dict[str, int] = DAYS) -> tuple[Candidate, ...]:
    """Return one document that says the same of some countries with other figures."""
    sections = (f"## {name}\n\nEverybody has {number} days of holidays.\n" for name, number in days.items())
    return candidates("\n".join(list(sections)[:countries]), title="Holidays")


def by_title(countries: int) -> list[Candidate]:
    """Return one such document for each country."""
    return [
        one
        for number, (name, days) in enumerate(list(DAYS.items())[:countries], start=1)
        for one in candidates(f"Everybody has {days} days of holidays.\n", title=f"Holidays in {name}", document=number)
    ]


def asked_back(question: str, offer: tuple[Candidate, ...] | list[Candidate], *, vectors: bool = False) -> list[str]:
    """Return the choices, sorted."""
    return sorted(choices(weighed(question, offer, vectors=vectors)))


@both_ways
@pytest.mark.parametrize("countries", [2, 3, 4])
def test_two_to_four_rivals_are_asked_back(*, vectors: bool, countries: int) -> None:
    """Each choice is the question with what tells it from the others, a heading or a title."""
    names = sorted(list(DAYS)[:countries])
    headings = asked_back(QUESTION, by_heading(countries), vectors=vectors)
    assert headings == [f"How many days of holidays do I get ({name})?" for name in names]
    titles = asked_back(QUESTION, by_title(countries), vectors=vectors)
    assert titles == [f"How many days of holidays do I get (Holidays in {name})?" for name in names]


@both_ways
def test_five_rivals_are_not_asked_back(*, vectors: bool) -> None:
    """A long list of choices helps nobody: the best sentences are shown instead."""
    assert len(DAYS) == MOST + 1
    assert asked_back(QUESTION, by_heading(5), vectors=vectors) == []


@both_ways
@pytest.mark.parametrize("question", ["How many holidays in Portugal?", "Holidays in germany or portugal?"])
def test_a_question_that_names_one_is_not_asked_back(*, vectors: bool, question: str) -> None:
    """Who names a place, has chosen."""
    assert asked_back(question, by_heading(3), vectors=vectors) == []


@both_ways
@pytest.mark.parametrize("countries", [2, 3, 4])
def test_a_choice_is_answered_and_not_asked_back(*, vectors: bool, countries: int) -> None:
    """Asking any of the choices leaves nothing open."""
    for offer in (by_heading(countries), by_title(countries)):
        for choice in choices(weighed(QUESTION, offer, vectors=vectors)):
            assert asked_back(choice, offer, vectors=vectors) == []


def test_the_same_figures_are_no_rivals() -> None:
    """Where all places say the same, there is nothing to ask."""
    assert asked_back(QUESTION, by_heading(3, days=dict.fromkeys(DAYS, 30))) == []


def test_other_sentences_are_no_rivals() -> None:
    """Sentences that say different things complete each other; a figure alone makes no rival."""
    text = "## Germany\n\nEverybody has 30 days of holidays.\n\n## Portugal\n\nBea permits 9 days of holidays.\n"
    assert asked_back(QUESTION, candidates(text, title="Holidays")) == []
    plain = "## Germany\n\nEverybody has 30 days of holidays.\n\n## Portugal\n\nEverybody has many days of holidays.\n"
    assert asked_back(QUESTION, candidates(plain, title="Holidays")) == []


def test_places_that_differ_twice_are_not_asked_back() -> None:
    """Where title and heading both differ, no one word tells the rivals apart."""
    one = candidates("## Berlin\n\nEverybody has 30 days of holidays.\n", title="Germany", document=1)
    other = candidates("## Lisbon\n\nEverybody has 25 days of holidays.\n", title="Portugal", document=2)
    assert asked_back(QUESTION, [*one, *other]) == []


def test_labels_without_a_telling_word_are_not_asked_back() -> None:
    """A label of stop words could not be asked for: it would be asked back for ever."""
    text = "## It\n\nEverybody has 30 days of holidays.\n\n## They\n\nEverybody has 25 days of holidays.\n"
    assert asked_back(QUESTION, candidates(text, title="Holidays")) == []


def test_two_figures_in_one_place_are_not_asked_back() -> None:
    """Under the same heading there is nothing to pick from."""
    text = "## Germany\n\nEverybody has 30 days of holidays. Everybody has 25 days of holidays.\n"
    assert asked_back(QUESTION, candidates(text, title="Holidays")) == []


def test_nothing_offered_asks_nothing_back() -> None:
    """Without passages there is no choice."""
    assert asked_back(QUESTION, []) == []


@both_ways
@settings(deadline=None, max_examples=examples(50), suppress_health_check=[HealthCheck.too_slow])
@given(search=searches(), question=QUESTIONS)
def test_choices_keep_every_promise(
    *, vectors: bool, search: tuple[list[Candidate], list[Candidate]], question: str
) -> None:
    """There are none, or two to four different ones; each begins as the question and, asked, leaves nothing open."""
    offer = search[1]
    found = choices(weighed(question, offer, vectors=vectors))
    assert len(found) in (0, 2, 3, 4)
    assert len(set(found)) == len(found)
    for choice in found:
        assert choice.startswith(question.rstrip(" ?.!\n\t"))
        assert choices(weighed(choice, offer, vectors=vectors)) == ()
