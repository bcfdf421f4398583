"""Opposites: does a word stand in a sentence where its opposite stands in the passage, and does a denial undo it?"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipelines.answering.verifying.aligning import Alignment, Sentence, content_after, content_before
from pipelines.answering.verifying.closed_classes import SILENT
from pipelines.answering.verifying.meanings import OPPOSITES
from pipelines.answering.verifying.preparing import Unit
from pipelines.answering.verifying.sayings import MOST_TOKENS, is_denied
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token


_PREFIXES = ("un", "in", "dis", "im", "non", "ir", "il", "mis")
_SHORTEST = 4
_WORDS_KEPT = 10_000
_NO_OPPOSITES = frozenset({"innetwork"})
"""Prefixed words that do not invert."""


def opposites_at_odds(
    sentence: Sentence, chosen: Sequence[Unit], near: Sequence[Unit], alignment: Alignment
) -> Iterator[Reason]:
    """Yield if a word's opposite stands in the units in its place."""
    held = frozenset[str]().union(*(unit.words for unit in chosen))
    known = frozenset[str]().union(*(unit.words for unit in near))
    for at, token in enumerate(sentence.tokens):
        if token.word in known or token.kind in {Kind.FIGURE, Kind.MARK}:
            continue
        against = (OPPOSITES.get(token.word, frozenset()) | prefixed(token.word)) & held - sentence.words
        if not against or _agrees_by_denial(sentence.tokens, at, against, chosen):
            continue
        is_enough = alignment.is_near and token.kind is not Kind.SILENT
        if is_enough or _same_place(sentence.tokens, at, against, chosen):
            yield Reason.OPPOSITE
            return


def _agrees_by_denial(tokens: Sequence[Token], at: int, against: frozenset[str], units: Sequence[Unit]) -> bool:
    """Say whether just one of a word and its opposite is denied: not used is unused."""
    theirs = {
        is_denied(unit.tokens, place)
        for unit in units
        for place, token in enumerate(unit.tokens[:MOST_TOKENS])
        if token.word in against
    }
    return theirs == {not is_denied(tokens, at)}


@lru_cache(maxsize=_WORDS_KEPT)
def prefixed(word: str) -> frozenset[str]:
    """Return a word with each prefix that inverts, and without its own."""
    if len(word) < _SHORTEST:
        return frozenset()
    shorter = {word.removeprefix(one) for one in _PREFIXES if word.startswith(one)}
    found = {one + word for one in _PREFIXES} | {one for one in shorter if len(one) >= _SHORTEST}
    return frozenset(found - SILENT - _NO_OPPOSITES)


def _same_place(tokens: Sequence[Token], at: int, against: frozenset[str], units: Sequence[Unit]) -> bool:
    """Say whether one of these words stands beside a word that the sentence has beside its own."""
    beside = set(content_before(tokens, at)[-1:]) | set(content_after(tokens, at, 1))
    for unit in units:
        for place, token in enumerate(unit.tokens[:MOST_TOKENS]):
            if token.word not in against:
                continue
            theirs = set(content_after(unit.tokens, place, 1))
            # What a silent word says is said of what follows: with, without; always, never. At the end of a clause
            # it is said of what stands before: the pages above, the pages below.
            if token.kind is Kind.SILENT:
                mine = set(content_after(tokens, at, 1))
                before = set(content_before(tokens, at)[-1:]) & set(content_before(unit.tokens, place)[-1:])
                if theirs & mine or (before and not theirs and not mine):
                    return True
            elif beside & (theirs | set(content_before(unit.tokens, place)[-1:])):
                return True
    return False
