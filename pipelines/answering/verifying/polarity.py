"""Negation, quantity, duty and direction: does a sentence say them of the words of which its passage says them?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.answering.verifying.aligning import Alignment, Sentence, content_after, content_before, unit_recall
from pipelines.answering.verifying.closed_classes import (
    DUTIES,
    OPERATORS,
    QUANTITIES,
    SILENT,
    Operator,
)
from pipelines.answering.verifying.meanings import OPPOSITES
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


_PREFIXES = ("un", "in", "dis", "im", "non", "ir", "il", "mis")
_SHORTEST = 4
_MOST_TOKENS = 600
"""Tokens of a text that are looked at, at most: no sentence is so long."""

_MOST_OF_UNIT = 0.7
"""Share of a unit that a sentence must say for what it leaves out of it to count."""

_COMPARATIVES = "more less later longer fewer earlier higher lower greater matter sooner"
_COMPARING = frozenset(_COMPARATIVES.split())
_RELATIVES = "if when unless that who which where because since while once until although though as"
_RELATIVE = frozenset(_RELATIVES.split())
_RESTRICTIONS = """
only just solely exclusively sole unless except excluding apart nobody none nothing other than provided limited
restricted exclusive alone long must if not no never
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


@dataclass(frozen=True, slots=True)
class Saying(Value):
    """
    A word of a closed class and what it is said of.

    Attributes:
        operator: what it does.
        word: as written.
        at: position of its token.
        after: keys of the two words behind it in its clause.
        before: key of the word before it, or none.
        is_denied: a `not` stands right before or behind it.

    """

    operator: Operator
    word: str
    at: int
    after: tuple[str, ...]
    before: tuple[str, ...]
    is_denied: bool

    def meets(self, other: "Saying") -> bool:
        """Say whether both are said of a common word."""
        return bool(set(self.after) & set(other.after)) or bool(set(self.before) & set(other.before))


def sayings_of(tokens: Sequence[Token]) -> list[Saying]:
    """Return what words of closed classes say, in order."""
    found: list[Saying] = []
    for at, token in enumerate(tokens[:_MOST_TOKENS]):
        operator = OPERATORS.get(token.word) if token.kind is Kind.SILENT else None
        if operator and not is_idiom(tokens, at):
            before = tuple(content_before(tokens, at)[-1:])
            beside = (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 2])
            denied = any(OPERATORS.get(one.word) is Operator.NOT for one in beside)
            found.append(Saying(operator, token.word, at, tuple(content_after(tokens, at, 2)), before, denied))
    return found


def polarity_at_odds(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield why a sentence and its units differ in what they deny, count, oblige to or compare."""
    own = sayings_of(sentence.tokens)
    chosen = [saying for one in alignment.chosen for saying in sayings_of(passage.units[one].tokens)]
    whole = [
        saying
        for one in alignment.chosen
        if unit_recall(sentence, passage.units[one]) >= _MOST_OF_UNIT
        for saying in sayings_of(passage.units[one].tokens)
    ]
    beside = [saying for one in alignment.near for saying in sayings_of(passage.units[one].tokens)]
    beside += sayings_of(passage.outer_tokens)
    units = [passage.units[one] for one in alignment.near]
    yield from _negation_added(sentence, own, units, alignment)
    yield from _negation_dropped(sentence, whole)
    yield from _only(sentence, own, whole, beside, units)
    for kind, reason in ((QUANTITIES, Reason.QUANTIFIER), (DUTIES, Reason.MODAL)):
        if alignment.is_near and _conflict(own, chosen, kind):
            yield reason
    yield from _opposites(sentence, [passage.units[one] for one in alignment.chosen], units, alignment)


def is_idiom(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word is part of a phrase that negates or counts nothing: no more than, not only, at most."""
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if word in {"no", "not"} and following in _COMPARING and at + 2 < len(tokens) and tokens[at + 2].word == "than":
        return True
    if (word, following) in {("no", "matter"), ("not", "until"), ("not", "only"), ("not", "just")}:
        return True
    if word == "only" and at and tokens[at - 1].word == "not":
        return True
    return word in {"most", "all"} and at > 0 and tokens[at - 1].word == "at"


def _negation_added(
    sentence: Sentence, own: list[Saying], units: Sequence[Unit], alignment: Alignment
) -> Iterator[Reason]:
    """Yield if a sentence denies and nothing in its units does; where both do, `differences` compares the places."""
    if any(unit.is_negative for unit in units):
        return
    for saying in own:
        if saying.operator is Operator.NOT and (alignment.is_near or not _is_subordinate(sentence.tokens, saying.at)):
            yield Reason.NEGATION
            return


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


def _opposites(
    sentence: Sentence, chosen: Sequence[Unit], near: Sequence[Unit], alignment: Alignment
) -> Iterator[Reason]:
    """Yield if a word's opposite stands in the units in its place."""
    held = frozenset[str]().union(*(unit.words for unit in chosen))
    known = frozenset[str]().union(*(unit.words for unit in near))
    for at, token in enumerate(sentence.tokens):
        if token.word in known or token.kind in {Kind.FIGURE, Kind.MARK}:
            continue
        against = (OPPOSITES.get(token.word, frozenset()) | prefixed(token.word)) & held - sentence.words
        if against and (alignment.is_near or _same_place(sentence.tokens, at, against, chosen)):
            yield Reason.OPPOSITE
            return


def prefixed(word: str) -> frozenset[str]:
    """Return a word with each prefix that inverts, and without its own."""
    if len(word) < _SHORTEST:
        return frozenset()
    shorter = {word.removeprefix(one) for one in _PREFIXES if word.startswith(one)}
    found = {one + word for one in _PREFIXES} | {one for one in shorter if len(one) >= _SHORTEST}
    return frozenset(found - SILENT)


def _same_place(tokens: Sequence[Token], at: int, against: frozenset[str], units: Sequence[Unit]) -> bool:
    """Say whether one of these words stands beside a word that the sentence has beside its own."""
    beside = set(content_before(tokens, at)[-1:]) | set(content_after(tokens, at, 1))
    for unit in units:
        for place, token in enumerate(unit.tokens[:_MOST_TOKENS]):
            if token.word in against:
                theirs = set(content_before(unit.tokens, place)[-1:]) | set(content_after(unit.tokens, place, 1))
                if beside & theirs:
                    return True
    return False
