"""Passages that say the same in nearly the same words, found by their shared word sequences."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.domain.values import Value
from pipelines.retrieval.terms import content_words


SHINGLE = 3
ALIKE = 0.8
"""Jaccard similarity of the shingles from which the later passage is dropped."""


@dataclass(frozen=True, slots=True)
class _Words(Value):
    sequences: frozenset[tuple[str, ...]]
    figures: frozenset[str]


def without_near_duplicates(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the texts that no earlier one nearly equals, in order."""
    kept: list[tuple[int, _Words]] = []
    for at, text in enumerate(texts):
        own = _words(text)
        if not any(_alike(own, other) for _, other in kept):
            kept.append((at, own))
    return tuple(at for at, _ in kept)


def _words(text: str) -> _Words:
    words = content_words(text)
    sequences = frozenset(zip(*(words[at:] for at in range(SHINGLE)), strict=False)) or frozenset({words})
    figures = (word for word in words if not word.isalpha() and any(map(str.isdigit, word)))
    return _Words(sequences, frozenset(figures))


def _alike(one: _Words, other: _Words) -> bool:
    """Say whether two texts are the same; a figure of one that the other lacks makes them different."""
    fewer, more = sorted((len(one.sequences), len(other.sequences)))
    if one.figures != other.figures or fewer < ALIKE * more:
        return False
    shared = len(one.sequences & other.sequences)
    return shared >= ALIKE * (fewer + more - shared)
