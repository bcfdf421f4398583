"""
Does a passage hold what a sentence says at all, even in other words? One weighed sum of five measures.

Wording alone tells little: a free paraphrase shares as few words with its passage as a sentence of the next page does.
What tells them apart is that a paraphrase says most of what one sentence of the passage says, and brings few
words of its own that belong to a subject.
"""

from collections.abc import Iterator, Mapping, Sequence

from pipelines.answering.verifying.aligning import Alignment, Sentence
from pipelines.answering.verifying.closed_classes import COMMON
from pipelines.answering.verifying.kinship import kin_of, nearness
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token


_HELD_IN_UNIT = 9.0
_HELD_IN_PASSAGE = -3.8
_WORDS_IN_ORDER = 0.46
_UNIT_TOLD = 2.4
_NEW_SUBJECT_WORD = -0.87
_NEEDED = 1.7
"""Weights of the five measures, by a regression over sentences and exchanged sources of the tuning half.

Words that stand anywhere in the passage count against: its subject is then known, so what a sentence of it says
should stand in one place.
"""

_LONGEST_STRETCH = 10
_MOST_TOKENS = 400


def source_lacking(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield if the passage does not hold what a sentence says, even in other words. English only."""
    if not alignment.chosen or not passage.is_english or not sentence.is_english:
        return
    weights = {key: weight for key, weight in sentence.weights.items() if weight and key not in passage.outer}
    if weights and _held(sentence, weights, passage, passage.units[alignment.chosen[0]]) < _NEEDED:
        yield Reason.NO_SOURCE


def _held(sentence: Sentence, weights: Mapping[str, float], passage: PreparedPassage, best: Unit) -> float:
    """Return how sure it is that a passage holds a sentence whose best unit is known."""
    total = sum(weights.values())
    keys = best.keys | best.around
    kin = kin_of(keys)
    in_unit = sum(weight * nearness(key, keys, kin) for key, weight in weights.items())
    nearest = {key: nearness(key, passage.keys, passage.kindred) for key in weights}
    in_passage = sum(weight * nearest[key] for key, weight in weights.items())
    new = {token.key for token in sentence.content if token.kind is Kind.WORD and not nearest.get(token.key, 1.0)}
    return (
        _HELD_IN_UNIT * in_unit / total
        + _HELD_IN_PASSAGE * in_passage / total
        + _WORDS_IN_ORDER * min(_stretch(sentence.tokens, best.tokens), _LONGEST_STRETCH)
        + _UNIT_TOLD * _told(best, sentence, passage)
        + _NEW_SUBJECT_WORD * len(new - COMMON)
    )


def _told(unit: Unit, sentence: Sentence, passage: PreparedPassage) -> float:
    """Return how much of a unit a sentence says, even in other words, 0..1."""
    weights = {token.key: token.weight for token in unit.tokens if token.counts and token.key not in passage.outer}
    if not weights:
        return 1.0
    own = frozenset(sentence.weights)
    kin = kin_of(own)
    return sum(weight * nearness(key, own, kin) for key, weight in weights.items()) / sum(weights.values())


def _stretch(tokens: Sequence[Token], unit: Sequence[Token]) -> int:
    """Return how many words the longest stretch has that both write alike; 0 where either is very long."""
    if len(tokens) > _MOST_TOKENS or len(unit) > _MOST_TOKENS:
        return 0
    mine = [token.word for token in tokens if token.kind is not Kind.MARK]
    theirs = " " + " ".join(token.word for token in unit if token.kind is not Kind.MARK) + " "
    best = 0
    for at in range(len(mine)):
        while at + best < len(mine) and f" {' '.join(mine[at : at + best + 1])} " in theirs:
            best += 1
    return best
