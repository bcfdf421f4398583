"""Metrics against figures worked out by hand, and against the packages that others use."""

from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from pipelines.evaluation.metrics import METRICS, holds, ndcg, recall, reciprocal_rank, rouge_l


RANKED = ["a", "b", "c", "d"]
RANKINGS = st.lists(st.integers(0, 9), unique=True, max_size=10)
GOLD = st.frozensets(st.integers(0, 12), min_size=1, max_size=5)
WORDS = st.lists(st.sampled_from(["leave", "Pay", "42", "year's", "–"]), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("gold", "depth", "expected"), [({"a"}, 1, 1.0), ({"a", "d"}, 1, 0.5), ({"c", "x"}, 3, 0.5), ({"d"}, 3, 0.0)]
)
def test_recall(gold: set[str], depth: int, expected: float) -> None:
    """The share of the gold units that stand among the first."""
    assert recall(RANKED, gold, depth) == expected


@pytest.mark.parametrize(("gold", "expected"), [({"a"}, 1.0), ({"b", "c"}, 0.5), ({"d"}, 0.25), ({"x"}, 0.0)])
def test_reciprocal_rank(gold: set[str], expected: float) -> None:
    """One over the rank of the first gold unit."""
    assert reciprocal_rank(RANKED, gold) == expected


def test_ndcg() -> None:
    """Each gold unit gains 1 / log2(rank + 1); the best order of as many gives 1."""
    assert ndcg(RANKED, {"a"}, 10) == 1.0
    assert ndcg(RANKED, {"b"}, 10) == pytest.approx(1 / log2(3))
    assert ndcg(RANKED, {"a", "c", "x"}, 10) == pytest.approx((1 + 1 / 2) / (1 + 1 / log2(3) + 1 / 2))
    assert ndcg(RANKED, {"d"}, 3) == 0.0
    assert ndcg(RANKED, {"a", "b", "x", "y"}, 2) == pytest.approx(1.0)


@given(RANKINGS, GOLD)
def test_a_gold_unit_in_front_helps_every_metric(ranked: list[int], gold: frozenset[int]) -> None:
    """No metric leaves 0..1, and none falls when the first unit gives way to a gold one."""
    best = min(gold)
    better = [best, *(unit for unit in ranked[1:] if unit != best)]
    for measure in (lambda units: recall(units, gold, 5), lambda units: ndcg(units, gold, 5)):
        assert 0 <= measure(ranked) <= 1 + 1e-9
    assert reciprocal_rank(ranked, gold) <= reciprocal_rank(better, gold) == 1
    assert ndcg(better, gold, 1) == 1


def test_only_ten_units_count() -> None:
    """A gold unit on the eleventh place is worth nothing to any named metric."""
    ranked = [(str(number), None) for number in range(11)]
    assert [measure(ranked, {("10", None)}) for measure in METRICS.values()] == [0.0] * len(METRICS)
    assert [measure(ranked, {("0", None)}) for measure in METRICS.values()] == [1.0] * len(METRICS)


def test_a_gold_string_is_found_however_it_is_set() -> None:
    """Case and line ends do not matter, letters do; one of several is enough."""
    assert holds("It was in the\n10th  Century.", ["x", "10th century"])
    assert not holds("It was in the 10th century.", ["11th century"])
    assert not holds("", ["a"])


def test_rouge_l_by_hand() -> None:
    """Three words in the same order out of four and five: precision 3/4, recall 3/5, F 2/3."""
    assert rouge_l("the leave is paid", "paid leave, the leave paid") == pytest.approx(2 * 3 / 9)
    assert rouge_l("Leave!", "leave") == 1.0
    assert rouge_l("", "leave") == rouge_l("leave", "") == rouge_l("", "") == 0.0


@settings(deadline=None)
@given(WORDS, WORDS)
def test_rouge_l_is_the_usual_one(text: str, reference: str) -> None:
    """The package rouge-score, without its stemmer, gives the same figure."""
    usual = RougeScorer(["rougeL"], use_stemmer=False).score(reference, text)["rougeL"].fmeasure
    assert rouge_l(text, reference) == pytest.approx(usual)
