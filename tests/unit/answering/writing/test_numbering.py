"""The numbers that a reader sees."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.writing.numbering import Numbering, number_places


def test_numbers_run_in_reading_order() -> None:
    """The first cited place is 1, a place that is cited again keeps its number."""
    assert number_places([["b"], [], ["a", "b", "a"], ["c"]]) == Numbering(((1,), (), (2, 1), (3,)), ("b", "a", "c"))


@given(st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=8))
def test_every_number_resolves_to_its_place(cited: list[list[int]]) -> None:
    """1…n without gaps in the order of first use, each the one number of one place."""
    numbering = number_places(cited)
    first_uses = list(dict.fromkeys(chain.from_iterable(numbering.numbers)))
    assert first_uses == list(range(1, len(numbering.places) + 1))
    for places, numbers in zip(cited, numbering.numbers, strict=True):
        assert [numbering.places[number - 1] for number in numbers] == list(dict.fromkeys(places))
