"""Which units of a passage say what a sentence says, and how near its wording is to theirs."""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from pipelines.answering.verifying.closed_classes import SCAFFOLD, may_negate
from pipelines.answering.verifying.preparing import PreparedPassage, Unit, plain_wording, without_marker
from pipelines.answering.verifying.quantities import Quantity, quantities_of
from pipelines.answering.verifying.tokens import Kind, Token, tokens_of
from pipelines.retrieval.language import question_looks_english


_MOST_UNITS = 3
_LEAST_GAIN = 0.12
"""Share of a sentence that a further unit must add."""

_LEAST_WORDS = 3
_LARGE_GAIN = 0.3
"""Words that a further unit must add, unless it adds this share."""

_AROUND = 0.25
"""What a word of the lead-in counts when units are chosen."""

_UNIT_REACH = 5
"""Tokens among which the unit of a figure stands."""

_LONG = 240
"""Tokens of a sentence beyond which its local order is not looked at."""

NEAR = 0.8
"""Share of a sentence in its units from which it counts as their wording; from the tuning half."""


class Sentence:
    """A sentence of an answer, taken apart."""

    def __init__(self, text: str) -> None:
        """Take it apart. Linear in its length."""
        self.text = text
        self.plain = plain_wording(text)
        self._take(tokens_of(without_marker(text)))

    def _take(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.content: list[Token] = [token for token in tokens if token.counts]
        self.weights: dict[str, float] = {}
        for token in self.content:
            light = token.word in SCAFFOLD and (token.first or not token.capital)
            self.weights.setdefault(token.key, 0.0 if light else token.weight)
        self.total: float = sum(self.weights.values())
        self.words: frozenset[str] = frozenset(token.word for token in tokens)
        self.quantities: list[Quantity] = list(quantities_of(tokens))

    def measured_as_in(self, passage: PreparedPassage) -> "Sentence":
        """Return the sentence with two years as 24 months where the passage says 24 months; itself if nothing is so."""
        tokens = list(self.tokens)
        for quantity in self.quantities:
            said = passage.measures.get(quantity.measure) if quantity.measure else None
            as_is = any(one.unit == quantity.unit for _, one in passage.figures.get(quantity.value, ()))
            if said and not as_is:
                _write(tokens, quantity.at, *said)
        if all(one is other for one, other in zip(tokens, self.tokens, strict=True)):
            return self
        written = copy(self)
        written._take(tokens)  # noqa: SLF001 - of its own class
        return written

    @cached_property
    def is_english(self) -> bool:
        """Say whether the sentence gives evidence of being English."""
        return question_looks_english(self.text)

    @cached_property
    def is_negative(self) -> bool:
        """Say whether something in it may negate."""
        return any(may_negate(token.word) for token in self.tokens)

    @property
    def is_long(self) -> bool:
        """Say whether it is longer than a sentence should be."""
        return len(self.tokens) > _LONG


@dataclass(frozen=True, slots=True)
class Alignment:
    """
    The units that say most of what a sentence says.

    Attributes:
        chosen: numbers of units, the best first; empty where nothing is shared.
        near: those and the units beside them.
        first: share of the sentence in the best unit and what introduces it.
        share: share in all chosen and what introduces them.
        keys: keys of the chosen units, of what introduces them and of what stands around the passage.
        near_keys: the same with the units beside them.

    """

    chosen: tuple[int, ...]
    near: tuple[int, ...]
    first: float
    share: float
    keys: frozenset[str]
    near_keys: frozenset[str]

    @property
    def is_near(self) -> bool:
        """Say whether the sentence is in the passage's own wording."""
        return self.share >= NEAR


def _write(tokens: list[Token], at: int, value: str, unit: str) -> None:
    """Write another figure, and another unit behind it."""
    tokens[at] = tokens[at].with_key(value)
    for place in range(at + 1, min(at + _UNIT_REACH, len(tokens))):
        if tokens[place].kind is Kind.UNIT:
            tokens[place] = tokens[place].with_key(unit)
            return


def align(sentence: Sentence, passage: PreparedPassage) -> Alignment:
    """Choose up to three units that together hold most of a sentence's content."""
    left = dict(sentence.weights)
    chosen: list[int] = []
    while len(chosen) < _MOST_UNITS:
        best = _best(left, sentence, passage, chosen)
        if best is None:
            break
        chosen.append(best)
        for key in passage.units[best].keys | passage.units[best].around:
            left.pop(key, None)
    return _alignment(sentence, passage, chosen)


def share_of(sentence: Sentence, keys: frozenset[str]) -> float:
    """Return how much of a sentence's content is among these keys, 0..1; 1 for a sentence without content."""
    if not sentence.total:
        return 1.0
    return sum(weight for key, weight in sentence.weights.items() if key in keys) / sentence.total


def unit_recall(sentence: Sentence, unit: Unit, without: frozenset[str] = frozenset()) -> float:
    """Return how much of a unit a sentence says, 0..1; some of its words may be left out of account."""
    wanted = unit.keys - without
    return len(wanted & sentence.weights.keys()) / len(wanted) if wanted else 1.0


def _best(left: dict[str, float], sentence: Sentence, passage: PreparedPassage, chosen: Sequence[int]) -> int | None:
    """Return the unit that adds most; None where none adds enough."""
    gains: dict[int, float] = defaultdict(float)
    for key, weight in left.items():
        for number in passage.places.get(key, ()):
            gains[number] += weight
    for number in chosen:
        gains.pop(number, None)
    best, most = None, 0.0
    for number, gain in gains.items():
        unit = passage.units[number]
        value = gain + _AROUND * sum(left.get(key, 0.0) for key in unit.around if key not in unit.keys)
        # Of equals the unit whose own words are all in the sentence, then the earlier one.
        value -= 0.01 * min(len(unit.keys), 90) / 90
        if any(abs(number - other) == 1 for other in chosen):
            value += 0.3
        if value > most and _may_join(unit, sentence, passage, chosen):
            best, most = number, value
    if best is None or not chosen:
        return best
    added = sum(key in left for key in passage.units[best].keys)
    is_enough = gains[best] >= max(_LEAST_GAIN * sentence.total, 1.0) and added >= _LEAST_WORDS
    return best if is_enough or gains[best] >= _LARGE_GAIN * sentence.total else None


def _may_join(unit: Unit, sentence: Sentence, passage: PreparedPassage, chosen: Sequence[int]) -> bool:
    """Say whether a unit may be read together with others: a row or labelled item only if the sentence names it."""
    if not chosen or not unit.label:
        return True
    beside = passage.units[chosen[0]]
    if beside.is_row == unit.is_row and beside.label:
        return all(key in sentence.weights for key in unit.label)
    return True


def _alignment(sentence: Sentence, passage: PreparedPassage, chosen: list[int]) -> Alignment:
    near = sorted({at for one in chosen for at in (one - 1, one, one + 1) if 0 <= at < len(passage.units)})
    keys = passage.outer.union(*(passage.units[one].keys | passage.units[one].around for one in chosen))
    near_keys = keys.union(*(passage.units[one].keys | passage.units[one].around for one in near))
    first = passage.units[chosen[0]].keys | passage.units[chosen[0]].around if chosen else frozenset()
    return Alignment(tuple(chosen), tuple(near), share_of(sentence, first), share_of(sentence, keys), keys, near_keys)


def content_before(tokens: Sequence[Token], at: int, reach: int = 5) -> list[str]:
    """Return the keys of words and dates shortly before a position, in order, in the same clause."""
    found: list[str] = []
    for token in reversed(tokens[max(0, at - reach) : at]):
        if token.kind is Kind.MARK and token.word in ".;:!?|":
            break
        if token.counts:
            found.append(token.key)
    return found[::-1]


def content_after(tokens: Sequence[Token], at: int, most: int, reach: int = 7) -> list[str]:
    """Return the keys of the next words, figures and dates behind a position, in the same clause."""
    found: list[str] = []
    for token in tokens[at + 1 : at + 1 + reach]:
        if token.kind is Kind.MARK and token.word not in '"()-':
            break
        if token.counts:
            found.append(token.key)
            if len(found) == most:
                break
    return found
