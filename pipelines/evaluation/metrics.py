"""
Recall, reciprocal rank and nDCG of one ranking; containment and ROUGE-L of one answer.

Grades are binary, as in trec_eval. A mean over questions is the caller's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import log2
from types import MappingProxyType
from typing import TypeVar

import regex


_Unit = TypeVar("_Unit")
_ASCII_WORD = regex.compile("[a-z0-9]+")
Metric = Callable[[Sequence[_Unit], Collection[_Unit]], float]


def recall(ranked: Sequence[_Unit], gold: Collection[_Unit], depth: int) -> float:
    """Return the share of `gold` (not empty) among the first `depth`, 0..1."""
    return len(set(ranked[:depth]) & set(gold)) / len(gold)


def reciprocal_rank(ranked: Sequence[_Unit], gold: Collection[_Unit]) -> float:
    """Return 1 / the rank of the first unit in `gold`, 0 if there is none."""
    return next((1 / rank for rank, unit in enumerate(ranked, 1) if unit in gold), 0.0)


def ndcg(ranked: Sequence[_Unit], gold: Collection[_Unit], depth: int) -> float:
    """Return the discounted gain of the first `depth`, as a share of the best possible one, 0..1."""
    gain = sum(1 / log2(rank + 1) for rank, unit in enumerate(ranked[:depth], 1) if unit in gold)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(len(gold), depth) + 1))


def holds(text: str, gold: Collection[str]) -> bool:
    """Return whether any of the gold strings stands in a text; case and the kind of white space do not count."""
    shown = _plain(text)
    return any(_plain(one) in shown for one in gold)


def rouge_l(text: str, reference: str) -> float:
    """
    Return the F1 of the longest common subsequence of words, 0..1; 0 where either has no words.

    Words are runs of a-z and 0-9 in lower case, not stemmed, as in the package rouge-score.
    """
    ours, theirs = _ASCII_WORD.findall(text.lower()), _ASCII_WORD.findall(reference.lower())
    common = _common_subsequence(ours, theirs)
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, row by row."""
    above = [0] * (len(other) + 1)
    for word in one:
        row = [0]
        for at, beside in enumerate(other):
            row.append(above[at] + 1 if word == beside else max(above[at + 1], row[at]))
        above = row
    return above[-1]


METRICS: Mapping[str, Metric[tuple[str, int | None]]] = MappingProxyType(
    {
        "R@1": lambda ranked, gold: recall(ranked, gold, 1),
        "R@5": lambda ranked, gold: recall(ranked, gold, 5),
        "R@10": lambda ranked, gold: recall(ranked, gold, 10),
        "MRR": lambda ranked, gold: reciprocal_rank(ranked[:10], gold),
        "nDCG@10": lambda ranked, gold: ndcg(ranked, gold, 10),
    }
)
"""Name -> metric. Only the first ten of a ranking count."""
