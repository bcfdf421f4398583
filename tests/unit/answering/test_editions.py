"""Promises of editions: of documents whose titles differ in a year only the newest answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.editions import current_editions
from pipelines.answering.extracting import Candidate
from tests.markdown_passages import candidates


def documents(*titles: str, kb: str = "handbook") -> list[Candidate]:
    """Return one passage of each of some documents."""
    return [
        one
        for number, title in enumerate(titles, start=1)
        for one in candidates("Book early.\n", title=title, document=number, kb=kb)
    ]


def kept(question: str, offer: list[Candidate]) -> list[str]:
    """Return the titles of what is left."""
    return [one.passage.title for one in current_editions(question, offer)]


@pytest.mark.parametrize("order", [1, -1])
def test_only_the_newest_edition_answers(order: int) -> None:
    """A superseded edition is left out, wherever it and its year stand; the order of the others is kept."""
    titles = ["Travel policy 2023", "Security", "Travel policy 2026", "2024 travel  POLICY", "Benefits 2023"]
    expected = ["Security", "Travel policy 2026", "Benefits 2023"]
    assert kept("How do I book?", documents(*titles[::order])) == expected[::order]


def test_a_question_that_names_a_year_may_ask_for_any_edition() -> None:
    """Who asks for 2023 is not given 2026 alone."""
    titles = ["Travel policy 2023", "Travel policy 2026"]
    assert kept("How did I book in 2023?", documents(*titles)) == titles
    assert kept("What costs 120239 euros?", documents(*titles)) == titles[1:]


def test_a_document_without_a_year_is_no_edition() -> None:
    """A title without a year neither replaces nor is replaced."""
    titles = ["Travel policy", "Travel policy 2026", "Form 12026"]
    assert kept("How do I book?", documents(*titles)) == titles


def test_bases_have_their_own_editions() -> None:
    """An edition of another base supersedes nothing."""
    offer = [*documents("Travel policy 2023"), *documents("Travel policy 2026", kb="other")]
    assert len(kept("How do I book?", offer)) == 2


_TITLES = st.lists(
    st.builds(lambda name, year: f"{name} {year}", st.sampled_from(["Travel", "Pay"]), st.integers(1999, 2027)),
    max_size=6,
)


@given(_TITLES)
def test_exactly_the_newest_of_each_stay(titles: list[str]) -> None:
    """What stays is, in order, each title whose year is the highest of its name."""
    newest = {name: max(one for one in titles if one.startswith(name)) for name in {one.split()[0] for one in titles}}
    assert kept("How?", documents(*titles)) == [one for one in titles if one == newest[one.split()[0]]]
