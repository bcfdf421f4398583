"""Passages that say the same in nearly the same words, found by their shared word sequences."""

from collections.abc import Sequence
from functools import cached_property

from pipelines.retrieval.terms import content_words


SHINGLE = 3
ALIKE = 0.8
"""Jaccard similarity of the shingles from which the later passage is dropped."""


def without_near_duplicates(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the texts that no earlier one nearly equals, in order."""
    kept: list[tuple[int, _Words]] = []
    for at, text in enumerate(texts):
        own = _Words(text)
        if not any(_alike(own, other) for _, other in kept):
            kept.append((at, own))
    return tuple(at for at, _ in kept)


class _Words:
    """The words of a text. Most pairs of texts differ in their figures: sequences are made for the others alone."""

    def __init__(self, text: str) -> None:
        self._words = content_words(text)
        self.figures = frozenset(word for word in self._words if not word.isalpha() and any(map(str.isdigit, word)))

    @cached_property
    def sequences(self) -> frozenset[tuple[str, ...]]:
        """Its shingles; a text of fewer words is one."""
        shifted = (self._words[at:] for at in range(SHINGLE))
        return frozenset(zip(*shifted, strict=False)) or frozenset({self._words})


def _alike(one: _Words, other: _Words) -> bool:
    """Say whether two texts are the same; a figure of one that the other lacks makes them different."""
    if one.figures != other.figures:
        return False
    fewer, more = sorted((len(one.sequences), len(other.sequences)))
    shared = len(one.sequences & other.sequences)
    return fewer >= ALIKE * more and shared >= ALIKE * (fewer + more - shared)
