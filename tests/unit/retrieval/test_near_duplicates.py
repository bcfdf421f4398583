"""Which of several passages say the same: the later one goes, unless a figure differs."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.retrieval.near_duplicates import without_near_duplicates


POLICY = (
    "Employees travelling abroad book trains through the travel desk, keep receipts, and hand in their claims"
    " before the month after the journey ends; the desk answers questions about visas and insurance."
)
TEXTS = st.lists(
    st.lists(st.sampled_from(["leave", "pay", "travel", "notice", "5", "7", "office"]), max_size=6).map(" ".join),
    max_size=6,
)


def test_the_first_of_two_equals_stays() -> None:
    """Case and punctuation do not make a passage new."""
    assert without_near_duplicates([POLICY, "Something else entirely.", POLICY.upper() + "!"]) == (0, 1)


def test_one_word_more_is_still_the_same() -> None:
    """Nine tenths of the word sequences are shared."""
    assert without_near_duplicates([POLICY, POLICY + " Always."]) == (0,)


def test_another_figure_is_another_passage() -> None:
    """Two versions of a rule that differ in a number are both worth showing."""
    assert without_near_duplicates([POLICY + " The limit is 100.", POLICY + " The limit is 120."]) == (0, 1)


def test_half_of_a_passage_is_another_passage() -> None:
    """What shares fewer than four fifths of its sequences stays."""
    assert without_near_duplicates([POLICY, POLICY[: len(POLICY) // 2]]) == (0, 1)


def test_nothing_in_nothing_out() -> None:
    """No passages, no places."""
    assert without_near_duplicates([]) == ()


@given(TEXTS)
def test_what_stays_is_in_order_and_stays_again(texts: list[str]) -> None:
    """The first passage always stays; a second look finds nothing more to drop."""
    kept = without_near_duplicates(texts)
    assert list(kept) == sorted(set(kept))
    assert kept[:1] == (0,) * bool(texts)
    assert without_near_duplicates([texts[at] for at in kept]) == tuple(range(len(kept)))


@given(TEXTS)
def test_saying_everything_twice_adds_nothing(texts: list[str]) -> None:
    """A passage is a near-duplicate of itself, whatever it says."""
    assert without_near_duplicates([*texts, *texts]) == without_near_duplicates(texts)
