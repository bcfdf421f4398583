"""Where a sentence that keeps a unit's wording departs from it, place by place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import dropwhile

from pipelines.answering.verifying.closed_classes import (
    DUTIES,
    OPERATORS,
    QUANTITIES,
    SCAFFOLD,
    SOFT_NEGATIONS,
    Operator,
    may_negate,
)
from pipelines.answering.verifying.comparing import is_topped
from pipelines.answering.verifying.meanings import OPPOSITES
from pipelines.answering.verifying.names import is_alike_any, stands_for
from pipelines.answering.verifying.opposites import prefixed
from pipelines.answering.verifying.polarity import RESTRICTING
from pipelines.answering.verifying.quantities import bounds_in, quantities_of
from pipelines.answering.verifying.sayings import is_idiom
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


_UNHEARD = frozenset({"a", "an", "the", "do", "does", "did", "that", "then", "also"})
_LONGEST_GAP = 4
"""Tokens on either side of a place where something was exchanged, at most."""

_CONDITIONAL = frozenset({"if", "with", "including", "when", "include", "includes"})
_EXCEPTING = frozenset({"unless", "except", "without", "excluding"})
_JUST = frozenset({"just", "sole", "solely", "alone", "exclusively"})
_PERSONS = frozenset({"you", "your", "they", "their", "we", "our", "it", "its", "he", "she", "i", "my", "them", "us"})
_FEWEST_EQUAL = 3
_MOST_TOKENS = 160


@dataclass(frozen=True, slots=True)
class Gap(Value):
    """
    A place where a sentence departs from a unit, between words that both share.

    Attributes:
        mine: what the sentence has there.
        theirs: what the unit has there.
        is_edge: it is the beginning or the end of either.

    """

    mine: tuple[Token, ...]
    theirs: tuple[Token, ...]
    is_edge: bool


@dataclass(frozen=True, slots=True)
class Beyond(Value):
    """
    What stands outside a gap and may make up for it.

    Attributes:
        denies: the sentence has a word that may deny, which the unit has not.
        is_denied: the unit has one that the sentence has not.
        restricts: the sentence restricts as `only` does, or says the reverse: not if not.
        operators: what the sentence's own words of closed classes do.
        their_operators: what the unit's do.
        words: all words of the unit.
        keys: all keys of the unit.
        initials: first letters of the unit's words with a capital, in order.

    """

    denies: bool
    is_denied: bool
    restricts: bool
    operators: frozenset[Operator]
    their_operators: frozenset[Operator]
    words: frozenset[str]
    keys: frozenset[str]
    initials: str


@dataclass(frozen=True, slots=True)
class Departures(Value):
    """
    What the places say together.

    Attributes:
        reasons: why they contradict the unit.
        is_reworded: content words differ, or stand where others stood.

    """

    reasons: tuple[Reason, ...]
    is_reworded: bool


def departures(tokens: Sequence[Token], unit: Sequence[Token]) -> Departures:
    """Compare a sentence with a unit; nothing comes out where they share too little in order."""
    reasons: list[Reason] = []
    reworded = False
    found = list(gaps(tokens, unit))
    if not found:
        return Departures((), is_reworded=False)
    beyond = _beyond(tokens, unit)
    for gap in found:
        reasons.extend(_reasons(gap, beyond))
        reworded = reworded or _is_reworded(gap)
    return Departures(tuple(dict.fromkeys(reasons)), reworded)


def _beyond(tokens: Sequence[Token], unit: Sequence[Token]) -> Beyond:
    """Return by what other words, anywhere, each side may say what the other says by a word of a closed class."""
    mine, theirs = {token.word for token in tokens}, {token.word for token in unit}
    inverted = any(prefixed(word) & theirs for word in mine - theirs)
    topped = is_topped(mine, theirs)
    denies = inverted or any(may_negate(word) for word in mine - theirs)
    return Beyond(
        denies=denies,
        is_denied=inverted or topped or any(may_negate(word) for word in theirs - mine),
        restricts=bool(mine & _JUST) or (denies and "if" in mine & theirs),
        operators=frozenset(_operators(tokens)),
        their_operators=frozenset(_operators(unit)),
        words=frozenset(theirs),
        keys=frozenset(token.key for token in unit),
        initials="".join(token.word[0] for token in unit if token.capital),
    )


def gaps(tokens: Sequence[Token], unit: Sequence[Token]) -> Iterator[Gap]:
    """Yield the short places between words that a sentence and a unit share in order."""
    mine, theirs = _heard(tokens), _heard(unit)
    if max(len(mine), len(theirs)) > _MOST_TOKENS:
        return
    codes = SequenceMatcher(None, [one.key for one in mine], [one.key for one in theirs], autojunk=False).get_opcodes()
    equal = sum(stop - start for tag, start, stop, _, _ in codes if tag == "equal")
    if equal < max(_FEWEST_EQUAL, 0.6 * min(len(mine), len(theirs))):
        return
    for number, (tag, start, stop, begin, end) in enumerate(codes):
        if tag == "equal" or stop - start > _LONGEST_GAP or end - begin > _LONGEST_GAP:
            continue
        # At the edge of either text, what is missing may just stand elsewhere.
        if number in {0, len(codes) - 1} and not (stop > start and end > begin):
            continue
        yield Gap(tuple(mine[start:stop]), tuple(theirs[begin:end]), number in {0, len(codes) - 1})


def _heard(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind is not Kind.MARK and token.word not in _UNHEARD]


def _reasons(gap: Gap, beyond: Beyond) -> Iterator[Reason]:
    mine, theirs = _operators(gap.mine), _operators(gap.theirs)
    words, their_words = {one.word for one in gap.mine}, {one.word for one in gap.theirs}
    yield from _negation(gap, mine, theirs, beyond)
    if Operator.ONLY in mine and Operator.ONLY not in theirs and not their_words & RESTRICTING:
        yield Reason.QUANTIFIER
    kept = not (beyond.restricts or words & RESTRICTING or _limits_what_is_left_out(gap))
    if Operator.ONLY in theirs and Operator.ONLY not in mine and kept:
        yield Reason.QUANTIFIER
    # What the other side says elsewhere has only moved.
    if _differ(mine & QUANTITIES, theirs & QUANTITIES) and not mine & beyond.their_operators & QUANTITIES:
        yield Reason.QUANTIFIER
    if _differ(mine & DUTIES, theirs & DUTIES):
        yield Reason.MODAL
    bounds, their_bounds = bounds_in(gap.mine), bounds_in(gap.theirs)
    if bounds and their_bounds and not bounds & their_bounds:
        yield Reason.COMPARATIVE
    yield from _values(gap, beyond)
    yield from _words(words, their_words)


def _limits_what_is_left_out(gap: Gap) -> bool:
    """Say whether the unit's `only` limits words of the gap that the sentence leaves out with it."""
    behind = dropwhile(lambda one: OPERATORS.get(one.word) is not Operator.ONLY, gap.theirs)
    limited = {one.key for one in behind if one.counts}
    return bool(limited) and limited.isdisjoint(one.key for one in gap.mine)


def _operators(tokens: Sequence[Token]) -> set[Operator]:
    return {
        OPERATORS[token.word]
        for at, token in enumerate(tokens)
        if token.kind is Kind.SILENT and token.word in OPERATORS and not is_idiom(tokens, at)
    }


def _differ(mine: set[Operator], theirs: set[Operator]) -> bool:
    return bool(mine) and bool(theirs) and not mine & theirs


def _negation(gap: Gap, mine: set[Operator], theirs: set[Operator], beyond: Beyond) -> Iterator[Reason]:
    """Yield if one side denies and the other does not, with whatever word."""
    words, their_words = {one.word for one in gap.mine}, {one.word for one in gap.theirs}
    denied = Operator.NOT in mine and Operator.NOT not in theirs
    undenied = Operator.NOT in theirs and Operator.NOT not in mine
    if denied or undenied:
        other, makes_up = (their_words, beyond.is_denied) if denied else (words, beyond.denies)
        if not (other & SOFT_NEGATIONS or makes_up or _exchanges_content(gap)):
            yield Reason.NEGATION
    elif "unless" in their_words and not words & (_EXCEPTING | _CONDITIONAL | SOFT_NEGATIONS) and gap.mine:
        yield Reason.CONDITION
    elif _is_exception_inverted(words, their_words) or _is_exception_inverted(their_words, words):
        yield Reason.NEGATION


def _exchanges_content(gap: Gap) -> bool:
    """Say whether both sides have words of content that the other has not: then a denial may be the other's meaning."""
    mine = {one.key for one in gap.mine if one.kind is Kind.WORD}
    theirs = {one.key for one in gap.theirs if one.kind is Kind.WORD}
    return bool(mine - theirs) and bool(theirs - mine)


def _is_exception_inverted(words: set[str], others: set[str]) -> bool:
    """Say whether one side makes a condition of what the other side excepts."""
    return bool(words & _CONDITIONAL and others & _EXCEPTING and not words & (_EXCEPTING | SOFT_NEGATIONS))


def _values(gap: Gap, beyond: Beyond) -> Iterator[Reason]:
    for kind, reason in ((Kind.FIGURE, Reason.FIGURE), (Kind.DATE, Reason.DATE), (Kind.UNIT, Reason.UNIT)):
        mine = {one.key for one in gap.mine if one.kind is kind and not one.weak}
        theirs = {one.key for one in gap.theirs if one.kind is kind and not one.weak}
        # At an edge a value may just have moved.
        if gap.is_edge and kind is not Kind.UNIT and mine <= beyond.keys:
            continue
        if mine and theirs and not mine & theirs and not _measures(gap.mine) & _measures(gap.theirs):
            yield reason
    mine = {one.key for one in gap.mine if one.kind is Kind.CURRENCY}
    theirs = {one.key for one in gap.theirs if one.kind is Kind.CURRENCY}
    if mine and theirs and not mine & theirs:
        yield Reason.CURRENCY
    mine = {one.key for one in gap.mine if one.kind is Kind.WORD and one.capital and not one.first}
    theirs = {one.key for one in gap.theirs if one.kind is Kind.WORD and one.capital and not one.first}
    if mine and theirs and not mine & theirs and not _are_the_same_names(gap, beyond):
        yield Reason.NAME


def _has_other_form(word: str, words: frozenset[str]) -> bool:
    return word not in words and is_alike_any(word, words)


def _are_the_same_names(gap: Gap, beyond: Beyond) -> bool:
    """Say whether a name of one side is another form of one of the other side."""
    mine = [one for one in gap.mine if one.capital and one.kind is Kind.WORD]
    theirs = [one for one in gap.theirs if one.capital and one.kind is Kind.WORD]
    # At an edge a name may just have moved; elsewhere the unit may have another form of it.
    if any(one.word in beyond.words if gap.is_edge else _has_other_form(one.word, beyond.words) for one in mine):
        return True
    initials, their_initials = ("".join(one.word[0] for one in side) for side in (mine, theirs))
    short = any(stands_for(one.word, their_initials) for one in mine)
    # The unit introduces it itself, and the gap holds a part of what it stands for: Register of Terms and Limits (RTL).
    short = short or any(stands_for(one.word, beyond.initials) and their_initials in one.word for one in mine)
    short = short or any(stands_for(one.word, initials) for one in theirs)
    return short or any(is_alike_any(one.word, (other.word for other in theirs)) for one in mine)


def _measures(tokens: Sequence[Token]) -> set[tuple[str, float]]:
    return {one.measure for one in quantities_of(tokens) if one.measure}


def _words(words: set[str], their_words: set[str]) -> Iterator[Reason]:
    for word in words - their_words:
        if (OPPOSITES.get(word, frozenset()) | prefixed(word)) & (their_words - words):
            yield Reason.OPPOSITE
            return


def _is_reworded(gap: Gap) -> bool:
    """Say whether a word of content stands where another, or another word of any kind, stood."""
    mine = {one.key for one in gap.mine if one.kind is Kind.WORD}
    theirs = {one.key for one in gap.theirs if one.kind is Kind.WORD}
    if mine - theirs and theirs - mine:
        return True
    plain = {one.word for one in gap.mine if one.kind is Kind.SILENT and one.word not in _PERSONS}
    if theirs - mine and plain - {one.word for one in gap.theirs} and not mine:
        return True
    return bool({one.key for one in gap.mine if one.kind is Kind.WORD and one.word not in SCAFFOLD} - theirs)
