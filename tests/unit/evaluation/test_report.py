"""Figures beside their bars: which of them fail a run."""

import pytest

from pipelines.evaluation.report import Figure, Verdict, exit_code, table


@pytest.mark.parametrize(
    ("value", "at_most", "verdict"),
    [
        (0.75, False, Verdict.MET),
        (0.74, False, Verdict.MET),
        (0.73, False, Verdict.CLOSE),
        (0.729, False, Verdict.MISSED),
        (0.74, True, Verdict.MET),
        (0.75, True, Verdict.CLOSE),
        (0.76, True, Verdict.MISSED),
    ],
)
def test_a_hundredth_is_forgiven(value: float, verdict: Verdict, *, at_most: bool) -> None:
    """At the bar or on its right side is met, up to .01 beyond is close, any further is missed."""
    assert Figure("s", "m", value, 0.74, at_most=at_most).verdict is verdict


def test_a_count_is_forgiven_nothing() -> None:
    """One broken citation is a failure, however many held."""
    assert Figure("s", "m", 0, 0, at_most=True, counted=True).verdict is Verdict.MET
    assert Figure("s", "m", 1, 0, at_most=True, counted=True).verdict is Verdict.MISSED


def test_one_missed_bar_fails_the_run() -> None:
    """Close figures do not."""
    met, close, missed = (Figure("s", "m", value, 0.7) for value in (0.7, 0.695, 0.6))
    assert exit_code([]) == exit_code([met, close]) == 0
    assert exit_code([met, missed, close]) == 1


def test_the_table_has_a_line_per_figure() -> None:
    """What stands beside one figure only leaves the other's cell empty; all lines are equally long."""
    first = Figure("one", "R@1", 0.5, 0.4, beside=(("words", 0.3),))
    second = Figure("another", "broken", 2, 0, at_most=True, counted=True)
    lines = table([first, second]).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == ["one", "R@1", "0.300", "0.500", ">= 0.400", "met"]
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == ["another", "broken", "", "2", "<= 0", "missed"]
    assert len({len(line) for line in lines}) == 1
    assert table([]) == ""
