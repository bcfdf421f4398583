"""Two engines' results beside each other, against figures worked out by hand."""

from collections.abc import Sequence
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluation.engine_comparison import Comparison, compare
from pipelines.evaluation.lines import AnswerLine, Retrieved
from pipelines.evaluation.material import Asked


FOUND = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


def asked(name: str, *gold: str) -> Asked:
    """Return a question; without gold it has no answer."""
    return Asked(
        name, "?", bool(gold), {(one, None): 1 for one in gold}, paged=False, answers=(), turns=(), language=""
    )


def lines(**found: Sequence[str]) -> dict[str, AnswerLine]:
    """Return what was found for each question."""
    return {
        name: AnswerLine(name, "retrieved", "", (), tuple(Retrieved(one, None, 1.0) for one in own), {}, None)
        for name, own in found.items()
    }


def test_a_comparison_by_hand() -> None:
    """Of two questions one is found a place lower by the second engine; half of what it found is the same."""
    found = compare("set", [asked("p", "a"), asked("q", "b")], lines(p="a", q="bc"), lines(p="a", q="xb"))
    second = 1 / log2(3)
    assert found is not None
    assert (found.n, found.one) == (2, 1.0)
    assert found.other == pytest.approx((1 + second) / 2)
    assert found.error == pytest.approx((1 - second) / 2)
    assert found.overlap == 0.75
    assert not found.agrees


def test_only_questions_of_both_count() -> None:
    """A question that one run was not asked is left out; one that is not marked counts for the overlap only."""
    questions = [asked("p", "a"), asked("q", "b"), asked("r")]
    found = compare("set", questions, lines(p="a", q="b", r="c"), lines(p="a", r="d"))
    assert found is not None
    assert (found.n, found.one, found.other, found.overlap) == (1, 1.0, 1.0, 0.5)


def test_nothing_marked_is_nothing_to_compare() -> None:
    """A set whose questions have no marks has no figures."""
    assert compare("set", [asked("r")], lines(r="c"), lines(r="d")) is None


@pytest.mark.parametrize(
    ("comparison", "agrees"),
    [
        (Comparison("many", 1000, 0.5, 0.51, 0.0, 0.85), True),
        (Comparison("many, too far", 1000, 0.5, 0.511, 0.1, 0.85), False),
        (Comparison("few", 999, 0.5, 0.52, 0.01, 0.85), True),
        (Comparison("few, too far", 999, 0.5, 0.521, 0.01, 0.85), False),
        (Comparison("other texts", 1000, 0.5, 0.5, 0.0, 0.849), False),
    ],
)
def test_when_engines_agree(comparison: Comparison, *, agrees: bool) -> None:
    """By .01 over many questions, by two standard errors over few, and always by what was found."""
    assert comparison.agrees is agrees
    assert comparison.row().endswith(" agree |" if agrees else " differ |")


@given(FOUND, FOUND)
def test_the_overlap_knows_no_order(one: list[str], other: list[str]) -> None:
    """It is 1 for the same in any order, 0 for nothing in common, and the same from both sides."""
    there = compare("set", [asked("q", "a")], lines(q=one), lines(q=other))
    back = compare("set", [asked("q", "a")], lines(q=other), lines(q=one))
    assert there is not None
    assert back is not None
    assert there.overlap == back.overlap
    assert (there.overlap == 1) == (set(one) == set(other))
    assert (there.overlap == 0) == (set(one) != set(other) and not set(one) & set(other))
