"""Promises of spelling: what counts as a slip of the hand, and that the distance is the one it claims to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.extracting.spelling import is_misspelling, slips


WORDS = st.text("abcd", max_size=10)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("parentel", "parental"),
        ("parenal", "parental"),
        ("parenttal", "parental"),
        ("paretnal", "parental"),
        ("recieve", "receive"),
        ("accomodatoin", "accommodation"),
    ],
)
def test_a_slip_is_known(word: str, known: str) -> None:
    """A letter too many, too few, wrong or exchanged makes a misspelling; two of them in a long word."""
    assert is_misspelling(word, ["canteen", known])


@pytest.mark.parametrize(
    ("word", "known"),
    [("lave", "leave"), ("paid", "pair"), ("parental", "annual"), ("unpaid", "paid"), ("parnetel", "parental")],
)
def test_another_word_is_no_slip(word: str, known: str) -> None:
    """Short words differ by a letter without being slips, and two slips need a long word."""
    assert not is_misspelling(word, [known])
    assert not is_misspelling(word, [])


@given(WORDS, WORDS)
def test_the_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    """Both ways the same, no less than the difference in length, no more than the longer word; 0 for one word."""
    found = slips(one, other, most=99)
    assert found == slips(other, one, most=99)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))
    assert (found == 0) is (one == other)


@given(WORDS, WORDS, st.integers(0, 3))
def test_a_bound_only_cuts(one: str, other: str, most: int) -> None:
    """With a bound the distance is the same up to it, and one more beyond."""
    assert slips(one, other, most=most) == min(slips(one, other, most=99), most + 1)


@given(st.text("abcdefgh", min_size=9, max_size=20), st.data())
def test_each_slip_is_one(word: str, data: st.DataObject) -> None:
    """Dropping, doubling, replacing a letter or exchanging neighbours is one slip at most."""
    at = data.draw(st.integers(0, len(word) - 2))
    first, second = word[at], word[at + 1]
    made = [
        word[:at] + word[at + 1 :],
        word[:at] + first + word[at:],
        word[:at] + "x" + word[at + 1 :],
        word[:at] + second + first + word[at + 2 :],
    ]
    assert all(slips(one, word, most=9) <= 1 for one in made)
