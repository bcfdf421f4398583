"""Words of one subject: derived from each other, or listed together. They tell where a sentence comes from, no more."""

from collections.abc import Iterable

from pipelines.answering.verifying.meanings import KINDRED


_ROOT = 4
_ENDING = 2
_SHARED = 0.55
_DERIVED, _LISTED = 0.8, 0.7
"""What a word counts that stands there in a derived form, or by another word of its subject."""


def kin_of(keys: Iterable[str]) -> frozenset[str]:
    """Return the subjects of these keys."""
    return frozenset(KINDRED.get(key, key) for key in keys)


def nearness(key: str, keys: frozenset[str], kin: frozenset[str]) -> float:
    """Return how near a key is to some keys, whose subjects are known: 1 if it is among them, 0 if nothing is near."""
    if key in keys:
        return 1.0
    if KINDRED.get(key) in kin:
        return _LISTED
    root = key[:_ROOT]
    if len(key) >= _ROOT and any(one.startswith(root) and are_derived(key, one) for one in keys):
        return _DERIVED
    return 0.0


def are_derived(first: str, second: str) -> bool:
    """Say whether two stems may come from one root: deliv and deliveri, qualif and qualifi."""
    shorter, longer = sorted((first, second), key=len)
    shared = next((at for at, char in enumerate(shorter) if longer[at] != char), len(shorter))
    return shared >= max(_ROOT, len(shorter) - _ENDING, _SHARED * len(longer))
