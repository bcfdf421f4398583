"""Figures of answers against marks worked out by hand, and their intervals."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.evaluation.intervals import Shares, area_under_curve, measured
from pipelines.evaluation.lines import AnswerLine, Quoted, Retrieved
from pipelines.evaluation.material import Asked
from pipelines.evaluation.metrics import ndcg, recall, reciprocal_rank
from pipelines.evaluation.scoring import is_right, scores
from pipelines.evaluation.texts import bleu, contained, exact_match, rouge, shown_words, token_f1


UNITS = st.lists(st.integers(0, 9), unique=True, max_size=10)


def asked(name: str = "q", *, gold: Sequence[tuple[str, int | None]] = (), answers: Sequence[str] = ()) -> Asked:
    """Return a question; without gold it has no answer."""
    paged = any(page is not None for _, page in gold)
    return Asked(name, "?", bool(gold), dict.fromkeys(gold, 1), paged, tuple(answers), (), "")


def line(
    outcome: str = "answer",
    text: str = "",
    *,
    cited: Sequence[tuple[str, int | None]] = (),
    found: Sequence[tuple[str, int | None]] = (),
    surplus: float | None = None,
) -> AnswerLine:
    """Return what became of a question."""
    quotes = tuple(Quoted(*unit, "quote") for unit in cited)
    return AnswerLine("q", outcome, text, quotes, tuple(Retrieved(*unit, 1.0) for unit in found), {}, surplus)


def figures(*pairs: tuple[Asked, AnswerLine], answered: bool = True) -> dict[str, float]:
    """Return name -> value."""
    found = scores(pairs, lambda one: one.doc_id != "liar", answered=answered, seed=0)
    return {name: one.value for name, one in found.items()}


def test_the_headline_rewards_honesty() -> None:
    """A right answer counts 1, a wrong one -1, a refusal and a question back nothing, with or without an answer."""
    gold = asked(gold=[("a", None)], answers=["24 weeks"])
    nothing = asked()
    right, wrong = line(text="It is 24 weeks. [1]"), line(text="It is 12 weeks. [1]", cited=[("a", None)])
    assert figures((gold, right))["CRAG"] == 1
    assert figures((gold, wrong))["CRAG"] == -1
    assert figures((nothing, right))["CRAG"] == -1
    assert figures((gold, line("refusal")), (nothing, line("refusal")), (gold, line("clarify")))["CRAG"] == 0
    assert figures((gold, right), (gold, right), (nothing, wrong), (gold, line("refusal")))["CRAG"] == pytest.approx(
        0.25
    )


def test_a_long_reference_is_judged_by_its_evidence() -> None:
    """Where references are sentences of somebody's own, what cites the marked page is right."""
    own_words = ["You may take as many as twenty-four weeks of it, paid in full."]
    question = asked(gold=[("a", 3)], answers=own_words)
    assert is_right(question, line(text="24 weeks", cited=[("a", 4), ("a", 3)]))
    assert not is_right(question, line(text="24 weeks", cited=[("a", 4), ("b", 3)]))


def test_refusals_by_hand() -> None:
    """Two of three refusals are just, two of four unanswerable ones refused, one answerable of two refused."""
    gold, nothing = asked(gold=[("a", None)]), asked()
    refused, answered = line("refusal"), line()
    found = figures((nothing, refused), (nothing, refused), (nothing, answered), (nothing, answered),
                    (gold, refused), (gold, answered))  # fmt: skip
    assert found["refusal precision"] == pytest.approx(2 / 3)
    assert found["refusal recall"] == pytest.approx(1 / 2)
    assert found["refusal F1"] == pytest.approx(2 * (2 / 3 * 1 / 2) / (2 / 3 + 1 / 2))
    assert found["false refusals"] == pytest.approx(1 / 2)


def test_citations_by_hand() -> None:
    """Precision is of what was cited, recall of what is marked; a refusal recalls nothing and costs no precision."""
    question = asked(gold=[("a", 1), ("a", 2)])
    found = figures((question, line(cited=[("a", 1), ("a", 9), ("b", 1)])), (question, line("refusal")))
    assert found["citation precision by page"] == pytest.approx(1 / 3)
    assert found["citation precision by document"] == pytest.approx(2 / 3)
    assert found["citation recall by page"] == pytest.approx(1 / 4)
    assert found["citation recall by document"] == pytest.approx(1 / 2)


def test_every_quote_counts() -> None:
    """One quote of four that does not stand in its document is seen, also where the question has no answer."""
    lines = (asked(gold=[("a", None)]), line(cited=[("a", None)] * 3)), (asked(), line(cited=[("liar", None)]))
    assert figures(*lines)["quotes verbatim"] == pytest.approx(3 / 4)


@given(st.lists(st.tuples(UNITS, st.frozensets(st.integers(0, 12), max_size=4)), min_size=1, max_size=5))
@settings(deadline=None)
def test_rankings_are_scored_as_by_definition(rankings: list[tuple[list[int], frozenset[int]]]) -> None:
    """The package's figures are those of the definitions, and questions without an answer do not count."""
    pairs = [
        (asked(gold=[(str(one), None) for one in gold]), line(found=[(str(one), None) for one in ranked]))
        for ranked, gold in rankings
    ]
    found = figures(*pairs, answered=False)
    judged = [(ranked, gold) for ranked, gold in rankings if gold]
    if not judged:
        assert found == {}
        return
    for name, metric in (
        ("nDCG@10", lambda ranked, gold: ndcg(ranked, gold, 10)),
        ("MRR", lambda ranked, gold: reciprocal_rank(ranked[:10], gold)),
        ("R@5", lambda ranked, gold: recall(ranked, gold, 5)),
    ):
        mean = sum(metric(*one) for one in judged) / len(judged)
        assert found[f"{name} by document"] == pytest.approx(mean)


def test_grades_weigh_in_ndcg() -> None:
    """What is marked better belongs before what is marked worse."""
    question = replace(asked(gold=[("a", None)]), grades={("a", None): 3, ("b", None): 1})
    good, bad = (
        figures((question, line(found=[(one, None) for one in order])), answered=False) for order in ("ab", "ba")
    )
    assert good["nDCG@10 by document"] == 1 > bad["nDCG@10 by document"]


def test_wording_by_hand() -> None:
    """Marks and quotation marks are not part of an answer; articles, case and punctuation do not matter."""
    text = shown_words("“The  leave is 24 weeks.” [1]")
    assert text == "The leave is 24 weeks."
    assert exact_match("The 24 Weeks!", ["x", "24 weeks"]) == 1
    assert contained(text, ["24 weeks"]) == 1
    assert contained("It is 124 weeks.", ["24 weeks"]) == 0
    assert contained("答案是二十四周。", ["二十四周"]) == 1
    assert token_f1(text, ["24 weeks"]) == pytest.approx(2 * 2 / (4 + 2))
    assert rouge("the leave is paid", ["paid leave, the leave paid"]) == pytest.approx(2 * 3 / 9)
    assert bleu("the leave is paid in full", ["the leave is paid in full"]) == pytest.approx(1)
    assert contained("", ["24"]) == exact_match("x", []) == token_f1("", ["x"]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_an_interval_holds_its_figure_only_where_there_is_one(rows: list[tuple[float, bool]]) -> None:
    """A mean lies within 0..1 as its terms do, its interval around it; without any that counts there is no figure."""
    shares = Shares([value * counts for value, counts in rows], [float(counts) for _, counts in rows])
    found = measured({"metric": shares}, seed=1)
    if not any(counts for _, counts in rows):
        assert found == {}
        return
    one = found["metric"]
    own = [value for value, counts in rows if counts]
    assert one.value == pytest.approx(sum(own) / len(own))
    assert min(own) - 1e-9 <= one.low <= one.high <= max(own) + 1e-9
    assert one.n == len(own)


def test_an_interval_is_that_of_the_textbook() -> None:
    """For a hundred coins it lies near 1.96 standard errors to each side, and is the same for the same seed."""
    coins = Shares([float(at % 2) for at in range(100)], [1.0] * 100)
    one = measured({"coins": coins}, seed=3)["coins"]
    assert one.value == 0.5
    assert one.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.02)
    assert one.high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.02)
    assert measured({"coins": coins}, seed=3)["coins"] == one


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
@settings(deadline=None)
def test_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    """Counted pair by pair, ties half; none where one side is empty."""
    good, bad = ([score for score, one in rows if one is side] for side in (True, False))
    found = area_under_curve([score for score, _ in rows], [one for _, one in rows], seed=0)
    if not good or not bad:
        assert found is None
        return
    pairs = [(one > other) + (one == other) / 2 for one in good for other in bad]
    assert found is not None
    assert found.value == pytest.approx(sum(pairs) / len(pairs))
