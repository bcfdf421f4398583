"""Negation, quantity, duty and direction: does a sentence say them of the words of which its passage says them?"""

from collections.abc import Iterator, Sequence

from pipelines.answering.verifying.aligning import Alignment, Sentence, unit_recall
from pipelines.answering.verifying.closed_classes import (
    DUTIES,
    QUANTITIES,
    Operator,
)
from pipelines.answering.verifying.comparing import are_turned, comparison_of, is_topped
from pipelines.answering.verifying.opposites import opposites_at_odds, prefixed
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.sayings import Saying, sayings_of
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token


_MOST_OF_UNIT = 0.7
"""Share of a unit that a sentence must say for what it leaves out of it to count."""

_RELATIVES = """
if when unless that who which where because since while once until although though as whatever whichever whoever
"""
_RELATIVE = frozenset(_RELATIVES.split())
_RESTRICTIONS = """
only just solely exclusively sole unless except excluding apart nobody none nothing other than provided limited
restricted restrict restricts restricting limiting exclusive alone long must if not no never
"""
RESTRICTING = frozenset(_RESTRICTIONS.split())
_DEMANDS = frozenset({"require", "requires"})
"""Of somebody, not by somebody: what is demanded is no duty of the one who demands."""

_CONFLICTS = {
    Operator.ALL: {Operator.SOME, Operator.MOST, Operator.FEW, Operator.MANY},
    Operator.MOST: {Operator.ALL, Operator.FEW, Operator.SOME},
    Operator.SOME: {Operator.ALL, Operator.MOST},
    Operator.MANY: {Operator.ALL, Operator.FEW},
    Operator.FEW: {Operator.ALL, Operator.MOST, Operator.MANY},
    Operator.BOTH: set(),
    Operator.MUST: {Operator.MAY, Operator.SHOULD},
    Operator.SHOULD: {Operator.MUST, Operator.MAY},
    Operator.MAY: {Operator.MUST, Operator.SHOULD},
}


def polarity_at_odds(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield why a sentence and its units differ in what they deny, count, oblige to or compare."""
    own = sayings_of(sentence.tokens)
    said = {one: sayings_of(passage.units[one].tokens) for one in alignment.near}
    chosen = [saying for one in alignment.chosen for saying in said[one]]
    whole = [
        saying
        for one in alignment.chosen
        if unit_recall(sentence, passage.units[one]) >= _MOST_OF_UNIT
        for saying in said[one]
    ]
    beside = [saying for one in alignment.near for saying in said[one]]
    if any(saying.operator is Operator.ONLY for saying in own):
        beside += sayings_of(passage.outer_tokens)
    units = [passage.units[one] for one in alignment.near]
    yield from _negation_added(sentence, own, units, alignment)
    yield from _negation_dropped(sentence, whole)
    yield from _only(sentence, own, whole, beside, units)
    for kind, reason in ((QUANTITIES, Reason.QUANTIFIER), (DUTIES, Reason.MODAL)):
        if alignment.is_near and _conflict(own, chosen, kind):
            yield reason
    turned, at_odds = _comparison(sentence, [passage.units[one] for one in alignment.chosen])
    if at_odds:
        yield Reason.COMPARATIVE
    if not turned:
        yield from opposites_at_odds(sentence, [passage.units[one] for one in alignment.chosen], units, alignment)


def _comparison(sentence: Sentence, units: Sequence[Unit]) -> tuple[bool, bool]:
    """Return whether a unit compares the same from the other side, and whether it then says what cannot be meant."""
    own = comparison_of(sentence.tokens)
    if own is None:
        return False, False
    for unit in units:
        theirs = comparison_of(unit.tokens)
        if theirs is not None and are_turned(own, theirs):
            return True, own.word == theirs.word
    return False, False


def _negation_added(
    sentence: Sentence, own: list[Saying], units: Sequence[Unit], alignment: Alignment
) -> Iterator[Reason]:
    """
    Yield if a sentence denies and nothing in its units does; where both do, `differences` compares the places.

    Further from the units' wording only if they hold the very words that it denies: in other words a denial may say
    what they say without one.
    """
    denials = [saying for saying in own if saying.operator is Operator.NOT]
    if not denials or any(
        unit.is_negative or _inverts(sentence, unit) or is_topped(sentence.words, unit.words) for unit in units
    ):
        return
    if any(_denies_what_stands(saying, sentence, alignment) for saying in denials):
        yield Reason.NEGATION


def _inverts(sentence: Sentence, unit: Unit) -> bool:
    """Say whether a unit holds a word of the sentence with a prefix that inverts: unused, non-refundable."""
    return any(prefixed(word) & unit.words for word in sentence.words - unit.words)


def _denies_what_stands(saying: Saying, sentence: Sentence, alignment: Alignment) -> bool:
    if alignment.is_near:
        return all(key in alignment.keys for key in saying.after[:1])
    held = bool(saying.after) and all(key in alignment.keys for key in saying.after)
    return held and not _is_subordinate(sentence.tokens, saying.at)


def is_denial_unsaid(sentence: Sentence, unit: Unit) -> bool:
    """Say whether a unit denies something of words that a sentence says without any denial."""
    if sentence.is_negative or not unit.is_negative:
        return False
    denials = (saying for saying in sayings_of(unit.tokens) if saying.operator is Operator.NOT)
    return any(key in sentence.weights for saying in denials for key in saying.after)


def _negation_dropped(sentence: Sentence, chosen: list[Saying]) -> Iterator[Reason]:
    """Yield if a unit denies what a sentence says without any denial."""
    if sentence.is_negative:
        return
    for saying in chosen:
        if saying.operator is Operator.NOT and saying.after and all(key in sentence.weights for key in saying.after):
            yield Reason.NEGATION
            return


def _is_subordinate(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a clause that hangs on another one began shortly before a position."""
    for token in reversed(tokens[max(0, at - 6) : at]):
        if token.kind is Kind.MARK:
            return False
        if token.word in _RELATIVE:
            return True
    return False


def _only(
    sentence: Sentence,
    own: list[Saying],
    chosen: list[Saying],
    beside: list[Saying],
    units: Sequence[Unit],
) -> Iterator[Reason]:
    mine = [saying for saying in own if saying.operator is Operator.ONLY]
    theirs = [saying for saying in chosen if saying.operator is Operator.ONLY]
    known = any(saying.operator is Operator.ONLY for saying in beside)
    restricted = any(unit.words & RESTRICTING for unit in units)
    if mine and not known and not restricted:
        yield Reason.QUANTIFIER
        return
    if theirs and not mine:
        kept = any(saying.after and saying.after[0] in sentence.weights for saying in theirs)
        if kept and not sentence.words & RESTRICTING:
            yield Reason.QUANTIFIER


def _conflict(own: list[Saying], beside: list[Saying], kind: frozenset[Operator]) -> bool:
    """Say whether something is said of a word of which the units say something that cannot both be meant."""
    others = [
        saying
        for saying in beside
        if saying.operator in kind and saying.after and not (saying.is_denied or saying.word in _DEMANDS)
    ]
    for saying in own:
        if saying.operator not in kind or not saying.after or saying.is_denied or saying.word in _DEMANDS:
            continue
        same = [other for other in others if other.after[0] == saying.after[0] or set(other.after) == set(saying.after)]
        agrees = any(other.operator is saying.operator for other in same)
        if not agrees and any(other.operator in _CONFLICTS[saying.operator] for other in same):
            return True
    return False
