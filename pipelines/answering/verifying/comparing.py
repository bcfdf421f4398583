"""Which of two things is more: a comparison told from the other side says the same with the opposite word."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


_IRREGULAR = frozenset({"more", "less", "fewer", "better", "worse"})
_REACH = 8
"""Tokens between a comparative and its `than`, at most."""


@dataclass(frozen=True, slots=True)
class Comparison(Value):
    """
    A comparison with `than`.

    Attributes:
        word: the comparative.
        lesser: words of content behind `than`, in its clause.
        other: words of content before the comparative.

    """

    word: str
    lesser: frozenset[str]
    other: frozenset[str]


def comparison_of(tokens: Sequence[Token]) -> Comparison | None:
    """Return the comparison of a text; None unless there is just one, between two things."""
    found = [at for at, token in enumerate(tokens) if token.word == "than"]
    if len(found) != 1:
        return None
    at = found[0]
    places = [place for place in range(max(0, at - _REACH), at) if _is_comparative(tokens[place])]
    if not places:
        return None
    behind, before = frozenset(_keys(tokens[at + 1 :])), frozenset(_keys(tokens[: places[-1]]))
    return Comparison(tokens[places[-1]].word, behind - before, before - behind)


def is_topped(words: AbstractSet[str], by: AbstractSet[str]) -> bool:
    """Say whether words hold a comparative whose superlative others hold: none is larger, the largest."""
    return "than" in words and any(one.endswith("est") and f"{one[:-3]}er" in words for one in by)


def are_turned(first: Comparison, second: Comparison) -> bool:
    """Say whether two comparisons compare the same two things from either side."""
    same = bool(first.lesser & second.lesser) or bool(first.other & second.other)
    return not same and bool(first.lesser & second.other) and bool(first.other & second.lesser)


def _is_comparative(token: Token) -> bool:
    return token.word in _IRREGULAR or token.word.endswith("er")


def _keys(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the keys of content up to the end of the clause."""
    for token in tokens:
        if token.kind is Kind.MARK and token.word in ",;:":
            return
        if token.counts:
            yield token.key
