"""Means with their intervals, by a bootstrap over the questions. Knows no metric."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.domain.values import Value


RESAMPLES = 1000
_AT_ONCE = 50
_BOUNDS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Measured(Value):
    """
    A figure.

    Attributes:
        value: the figure.
        low: lower end of its 95 % interval.
        high: upper end.
        n: questions that it is made of.

    """

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, float | int]:
        """Return the form of scores.json, to four places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


@dataclass(frozen=True, slots=True)
class Shares(Value):
    """
    What every question gives to one metric: the figure is the sum of `gains` over that of `weights`.

    Attributes:
        gains: of each question.
        weights: of each question; 0 where it does not count.

    """

    gains: Sequence[float]
    weights: Sequence[float]


def measured(metrics: Mapping[str, Shares], *, seed: int) -> dict[str, Measured]:
    """
    Return every metric that any question counts for, with its percentile interval.

    All metrics see the same 1,000 resamples of the questions, drawn with replacement.

    Args:
        metrics: name -> what each question gives; of the same questions in the same order.
        seed: of the resamples.

    """
    kept = {name: one for name, one in metrics.items() if sum(one.weights) > 0}
    if not kept:
        return {}
    gains = np.array([one.gains for one in kept.values()], np.float64).T
    weights = np.array([one.weights for one in kept.values()], np.float64).T
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.concatenate([(counts @ gains) / (counts @ weights) for counts in _resamples(len(gains), seed)])
        values = gains.sum(axis=0) / weights.sum(axis=0)
    low, high = np.nanpercentile(drawn, _BOUNDS, axis=0)
    n = np.count_nonzero(weights, axis=0)
    return {
        name: Measured(float(values[at]), float(low[at]), float(high[at]), int(n[at])) for at, name in enumerate(kept)
    }


def area_under_curve(scores: Sequence[float], positive: Sequence[bool], *, seed: int) -> Measured | None:
    """
    Return the share of pairs in which the positive one has the higher score, ties half; None without any pair.

    Args:
        scores: of each question.
        positive: whether it belongs to those that should score high.
        seed: of the resamples.

    """
    own, truth = np.asarray(scores, np.float64), np.asarray(positive, np.bool_)
    if truth.all() or not truth.any():
        return None
    drawn = [_area(own, truth, count) for counts in _resamples(len(own), seed) for count in counts]
    low, high = np.nanpercentile(drawn, _BOUNDS)
    return Measured(_area(own, truth, np.ones(len(own))), float(low), float(high), len(own))


def _area(scores: NDArray[np.float64], positive: NDArray[np.bool_], counts: NDArray[np.float64]) -> float:
    """Return the area for questions that count so many times each."""
    _, places = np.unique(scores, return_inverse=True)
    good = np.bincount(places, counts * positive)
    bad = np.bincount(places, counts * ~positive)
    pairs = good.sum() * bad.sum()
    below = np.cumsum(bad) - bad
    return float((good * (below + bad / 2)).sum() / pairs) if pairs else float("nan")


def _resamples(questions: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Yield how often each question is drawn, some resamples at a time."""
    chance = np.random.default_rng(seed)
    for _ in range(0, RESAMPLES, _AT_ONCE):
        drawn = (chance.integers(questions, size=questions) for _ in range(_AT_ONCE))
        yield np.array([np.bincount(one, minlength=questions) for one in drawn], np.float64)
