"""Two lists to one ranking, against figures worked out by hand; then what must hold for any lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.retrieval.fusion import Spot, rank


FULL = 100
NAMES = [f"c{number}" for number in range(8)]
LISTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 3000).map(lambda n: n / 100), max_size=8)
COSINES = st.dictionaries(st.sampled_from(NAMES), st.integers(-1000, 1000).map(lambda n: n / 1000), max_size=8)
SPOTS = st.fixed_dictionaries(
    {name: st.builds(Spot, st.tuples(st.integers(1, 3), st.integers(1, 4)), st.booleans()) for name in NAMES}
)


def section(document: int, unit: int = 0) -> Spot:
    """Return a place in a format without pages."""
    return Spot((document, unit), paged=False)


def page(document: int, number: int) -> Spot:
    """Return a page."""
    return Spot((document, number), paged=True)


def test_each_list_is_divided_by_its_best_score() -> None:
    """.55 of the words' share and .45 of the cosine's, and .2 of the document's mean on top."""
    ranking = rank({"a": 10, "b": 5}, {"a": 0.4, "b": 0.8}, {"a": section(1), "b": section(2)}, full=FULL)
    assert ranking.units == pytest.approx({(1, 0): (0.55 + 0.225) * 1.3, (2, 0): (0.275 + 0.45) * 1.3})
    assert list(ranking.chunks) == ["a", "b"]


def test_a_list_of_near_equals_stays_one() -> None:
    """The minimum is zero, not the list's: nine tenths of the best score stay nine tenths."""
    ranking = rank({"a": 10, "b": 9}, {}, {"a": section(1), "b": section(2)}, full=FULL)
    assert ranking.units == pytest.approx({(1, 0): 1.3, (2, 0): 0.9 * 1.3})


def test_what_a_full_list_lacks_takes_its_last_score() -> None:
    """A list that was cut says "at most this"; one that was not cut says "nothing"."""
    spots = {"a": section(1), "b": section(2), "c": section(3)}
    words, vectors = {"a": 8.0, "b": 4.0}, {"c": 0.5}
    cut = rank(words, vectors, spots, full=2).units
    whole = rank(words, vectors, spots, full=3).units
    assert cut[3, 0] == pytest.approx((0.55 * 0.5 + 0.45) * 1.3)
    assert whole[3, 0] == pytest.approx(0.45 * 1.3)


def test_a_document_lends_its_units_the_mean_of_its_three_best() -> None:
    """The fourth best unit counts for nothing, and every unit of the document gets the same."""
    spots = {name: section(1, unit) for unit, name in enumerate("abcd")} | {"e": section(2)}
    ranking = rank({"a": 10, "b": 8, "c": 6, "d": 1, "e": 5}, {}, spots, full=FULL)
    mean = (1.0 + 0.8 + 0.6) / 3
    assert ranking.units == pytest.approx(
        {
            (1, 0): 1 + 0.3 * mean,
            (1, 1): 0.8 + 0.3 * mean,
            (1, 2): 0.6 + 0.3 * mean,
            (2, 0): 0.65,
            (1, 3): 0.1 + 0.3 * mean,
        }
    )


def test_a_unit_counts_by_its_best_chunk() -> None:
    """Several weak chunks do not add up; each list is folded to the unit by itself."""
    spots = {"a": section(1), "b": section(1), "c": section(2)}
    ranking = rank({"a": 10, "b": 5, "c": 8}, {"a": 0.25, "b": 0.5, "c": 0.5}, spots, full=FULL)
    assert ranking.units[1, 0] == pytest.approx(1.3)
    assert ranking.chunks["a"] == pytest.approx(1.3)
    assert ranking.chunks["b"] == pytest.approx(1.3 * (0.275 + 0.45) / (0.55 + 0.225))


def test_a_page_lifts_the_pages_beside_it() -> None:
    """Nine tenths of a page's score, also to a page that was not found itself; it has no chunks then."""
    ranking = rank({"a": 10, "b": 1}, {}, {"a": page(1, 5), "b": page(1, 6)}, full=FULL)
    best, second = 1 + 0.3 * 0.55, 0.1 + 0.3 * 0.55
    assert ranking.units == pytest.approx({(1, 5): best, (1, 4): 0.9 * best, (1, 6): 0.9 * best, (1, 7): 0.9 * second})
    assert set(ranking.chunks) == {"a", "b"}


def test_sections_lift_nothing() -> None:
    """Only what the layout cut apart belongs together."""
    words = {"a": 10.0, "b": 1.0}
    spots = {"a": section(1, 5), "b": section(1, 6)}
    assert rank(words, {}, spots, full=FULL) == rank(words, {}, spots, full=FULL, neighbours=False)


def test_a_cosine_below_zero_is_worth_nothing() -> None:
    """A text that means the opposite of the question is no better than one that means nothing."""
    spots = {"a": section(1), "b": section(2)}
    assert rank({"a": 1}, {"b": -0.5}, spots, full=FULL) == rank({"a": 1}, {}, spots, full=FULL)


@pytest.mark.parametrize("words", [{}, {"x": 3.0}])
def test_nothing_known_is_an_empty_ranking(words: dict[str, float]) -> None:
    """No lists, or only chunks that nobody confirmed: nothing is ranked."""
    ranking = rank(words, {}, {}, full=FULL)
    assert not ranking.units
    assert not ranking.chunks


@given(LISTS, COSINES, SPOTS)
def test_scores_fall_and_are_above_zero(
    words: dict[str, float], vectors: dict[str, float], spots: dict[str, Spot]
) -> None:
    """Best first, ties by key, nothing at or below zero, no chunk that no list held."""
    ranking = rank(words, vectors, spots, full=4)
    for scores in (ranking.units, ranking.chunks):
        pairs = [(-score, key) for key, score in scores.items()]
        assert pairs == sorted(pairs)
        assert all(score > 0 for score in scores.values())
    assert ranking.chunks.keys() <= words.keys() | vectors.keys()


@given(LISTS, COSINES, SPOTS)
def test_the_order_of_the_lists_changes_nothing(
    words: dict[str, float], vectors: dict[str, float], spots: dict[str, Spot]
) -> None:
    """A ranking depends on scores alone."""
    turned = [dict(reversed(one.items())) for one in (words, vectors)]
    back = dict(reversed(spots.items()))
    ours, theirs = rank(words, vectors, spots, full=4), rank(*turned, back, full=4)
    assert theirs.units == pytest.approx(ours.units)
    assert theirs.chunks == pytest.approx(ours.chunks)


@given(LISTS, COSINES, SPOTS)
def test_an_engine_may_scale_its_scores(
    words: dict[str, float], vectors: dict[str, float], spots: dict[str, Spot]
) -> None:
    """Another constant in an engine's BM25 moves nothing."""
    doubled = {chunk: 2 * score for chunk, score in words.items()}
    assert rank(doubled, vectors, spots, full=4) == rank(words, vectors, spots, full=4)


@given(LISTS, SPOTS)
def test_words_alone_keep_the_order_of_the_words(words: dict[str, float], spots: dict[str, Spot]) -> None:
    """Without vectors, and with every chunk in a document of its own, the best word score wins."""
    apart = {name: section(number) for number, name in enumerate(spots)}
    ranking = rank(words, {}, apart, full=FULL)
    assert [words[chunk] for chunk in ranking.chunks] == sorted(words.values(), reverse=True)
