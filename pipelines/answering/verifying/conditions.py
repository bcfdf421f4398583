"""Conditions and exceptions of a passage that a sentence leaves out, or tells as facts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipelines.answering.verifying.aligning import Alignment, Sentence, unit_recall
from pipelines.answering.verifying.closed_classes import (
    CONDITION_SIGNS,
    CONDITIONS,
    OPERATORS,
    PAST,
    PRESENT,
    SOFT_NEGATIONS,
    TIMES,
    Operator,
)
from pipelines.answering.verifying.meanings import OPPOSITES
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


_KEPT = 0.34
"""Share of a condition's words that a sentence must hold to keep it."""

_MOST_TOLD = 0.5
"""Share of an exception's words that a sentence must hold to tell it."""

_MAIN = 0.6
"""Share of what a condition governs that a sentence must hold to be bound by it."""

_MOST_OF_UNIT = 0.7
_ALL_OF_PAST = 0.85
"""Shares of a unit's other words that a sentence must hold if it is not in the unit's wording; tuning half."""

_MOST_CONDITIONS = 12
"""Conditions of one unit that are looked at."""

_EXCEPTIONS = frozenset({"unless", "except", "excluding"})
_CONCESSION = frozenset({"even", "as", "what", "see", "know", "ask", "check", "determine", "decide", "whether", "just"})
_PRESENT_TIME = frozenset({"now", "today", "then", "recently"})
_JOINTS = frozenset({"and", "but", "which", "who", "or", "that"})
_CLAUSE_ENDS = frozenset(",.;:)|!?")


@dataclass(frozen=True, slots=True)
class Condition(Value):
    """
    A condition of a unit.

    Attributes:
        word: what opens it (`unless`).
        keys: keys of its content.
        main: keys of the content that it governs: the rest of its clause.
        is_denied: what stands before it denies something; behind it, where it opens the unit.

    """

    word: str
    keys: frozenset[str]
    main: frozenset[str]
    is_denied: bool


def condition_dropped(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield if a sentence says what a unit says under a condition, without any condition."""
    for number in alignment.chosen:
        unit = passage.units[number]
        for condition in islice(conditions_of(unit), _MOST_CONDITIONS):
            if _is_dropped(condition, sentence, unit, alignment):
                yield Reason.CONDITION
                return


def exception_asserted(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield if a sentence in a unit's own wording says of what the unit excepts what it says of the rest."""
    if not alignment.is_near or sentence.words & (CONDITION_SIGNS | SOFT_NEGATIONS):
        return
    unit = passage.units[alignment.chosen[0]]
    for condition in islice(conditions_of(unit), _MOST_CONDITIONS):
        if condition.word in _EXCEPTIONS and _is_told(condition, sentence, unit, _MOST_TOLD):
            # Told from the other side it is denied where the rest is not, or the other way round, or in an opposite.
            turned = any(OPPOSITES.get(word, frozenset()) & unit.words for word in sentence.words - unit.words)
            if not turned and _denies(sentence.tokens) is condition.is_denied:
                yield Reason.CONDITION
            return


def is_condition_asserted(sentence: Sentence, unit: Unit) -> bool:
    """Say whether a sentence tells what a unit's condition says, and nothing in it makes a condition of that."""
    if sentence.words & CONDITION_SIGNS:
        return False
    return any(_is_told(one, sentence, unit, _KEPT) for one in islice(conditions_of(unit), _MOST_CONDITIONS))


def _is_told(condition: Condition, sentence: Sentence, unit: Unit, share: float) -> bool:
    """Say whether a sentence holds more than a share of a condition's own words, without the word that opens it."""
    if condition.word in sentence.words:
        return False
    own = condition.keys - condition.main - _elsewhere(condition, unit)
    return bool(own) and len(own & sentence.weights.keys()) > share * len(own)


def _denies(tokens: Sequence[Token]) -> bool:
    return any(OPERATORS.get(token.word) is Operator.NOT for token in tokens)


def conditions_of(unit: Unit) -> Iterator[Condition]:
    """Yield the conditions of a unit, in order."""
    tokens = unit.tokens
    for at, token in enumerate(tokens):
        if token.word in CONDITIONS | TIMES and not _is_other_use(tokens, at):
            keys = _clause(tokens, at)
            main = _governed(tokens, at) - keys
            if keys:
                before = tokens[:at]
                rest = before if any(one.counts for one in before) else tokens[at + 1 :]
                yield Condition(token.word, keys, main, _denies(rest))


def _is_dropped(condition: Condition, sentence: Sentence, unit: Unit, alignment: Alignment) -> bool:
    said, written = _count(condition.word, sentence.tokens), _count(condition.word, unit.tokens)
    if said >= written:
        return False
    # Words that the rest of the sentence says too do not keep the condition.
    own = condition.keys - condition.main - _elsewhere(condition, unit)
    held = own & sentence.weights.keys()
    if own and len(held) > _KEPT * len(own):
        return False
    governed = condition.main & sentence.weights.keys()
    bound = bool(governed) and len(governed) >= _MAIN * len(condition.main)
    recall = unit_recall(sentence, unit, without=condition.keys - condition.main)
    if condition.word in TIMES | {"until", "till"} and _is_past(unit):
        return bound and recall >= _ALL_OF_PAST
    if alignment.is_near:
        return bound
    return bound and recall >= _MOST_OF_UNIT and not sentence.words & CONDITION_SIGNS


def _is_past(unit: Unit) -> bool:
    """Say whether a unit tells what happened, so that its clauses of time are no conditions."""
    if unit.words & PRESENT:
        return False
    return bool(unit.words & PAST) or any(word.endswith("ed") for word in unit.words)


def _elsewhere(condition: Condition, unit: Unit) -> frozenset[str]:
    """Return keys of a condition that its unit holds more than once."""
    counts = Counter(token.key for token in unit.tokens if token.counts)
    return frozenset(key for key in condition.keys if counts[key] > 1)


def _count(word: str, tokens: Sequence[Token]) -> int:
    return sum(token.word == word for token in tokens)


def _governed(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """Return the keys of the clause that a condition governs: the one before it, or behind its comma."""
    before: list[str] = []
    for token in reversed(tokens[:at]):
        if before and (token.word in _JOINTS or (token.kind is Kind.MARK and token.word in ".;:!?|")):
            break
        if token.counts:
            before.append(token.key)
    if before:
        return frozenset(before)
    return frozenset(token.key for token in tokens[at + 1 :] if token.counts)


def _clause(tokens: Sequence[Token], at: int) -> frozenset[str]:
    """Return the keys of the clause that a word opens."""
    found: set[str] = set()
    for token in tokens[at + 1 :]:
        if token.kind is Kind.MARK and token.word in _CLAUSE_ENDS:
            break
        if token.word in CONDITIONS and found:
            break
        if token.counts:
            found.add(token.key)
    return frozenset(found)


def _is_other_use(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word conditions nothing here: `even if`, `ask if`, `subject` that is a noun."""
    word = tokens[at].word
    before = tokens[at - 1].word if at else ""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if word in {"if", "when", "where", "until"} and before in _CONCESSION:
        return True
    if word == "subject" and following != "to":
        return True
    if word == "provided" and following not in {"that", "you", "they", "we", "it", "the"}:
        return True
    if word in {"until", "till"} and following in _PRESENT_TIME:
        return True
    return word == "once" and (before in {"at", "only"} or following in {"a", "per", "every", "again"})
