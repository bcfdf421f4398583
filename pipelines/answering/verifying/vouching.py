"""
What keeps a sentence from being vouched for though each of its words stands in its passage. It contradicts nothing.

A word of a closed class that only one side has, a condition that is told as a fact, and a
clause made of two sentences say something else in the same words.
"""

from collections.abc import Iterator, Sequence

from pipelines.answering.verifying.aligning import Alignment, Sentence
from pipelines.answering.verifying.closed_classes import Operator
from pipelines.answering.verifying.conditions import is_condition_asserted
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.sayings import Saying, sayings_of
from pipelines.answering.verifying.tokens import Kind, Token


_WEAKENING = frozenset(
    {Operator.MAY, Operator.SHOULD, Operator.SOME, Operator.MOST, Operator.MANY, Operator.FEW},
)
"""What says less than the same sentence without it: some employees, usually approved, may take."""

_JOINT_WORDS = "and or but while whereas which who that because since so then though although nor plus"
_JOINTS = frozenset(_JOINT_WORDS.split())


def is_said_otherwise(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> bool:
    """Say whether the words of a sentence are its units', and what it says with them need not be."""
    units = [passage.units[one] for one in alignment.chosen]
    own = sayings_of(sentence.tokens)
    said = [saying for unit in units for saying in sayings_of(unit.tokens)]
    known = {saying.operator for saying in (*said, *sayings_of(passage.outer_tokens))}
    return (
        any(saying.operator not in known for saying in own)
        or any(_is_weakened_without(saying, own, sentence) for saying in said)
        or _denies_other_words(own, said, sentence)
        or any(is_condition_asserted(sentence, unit) for unit in units)
        or _joins_sentences(sentence, passage, [unit for unit in units if not unit.is_row])
    )


def _is_weakened_without(saying: Saying, own: Sequence[Saying], sentence: Sentence) -> bool:
    """Say whether a unit says something of a word with a weakening that the sentence leaves out."""
    if saying.operator not in _WEAKENING or saying.operator in {one.operator for one in own}:
        return False
    return bool(saying.after) and saying.after[0] in sentence.weights


def _denies_other_words(own: Sequence[Saying], said: Sequence[Saying], sentence: Sentence) -> bool:
    """Say whether one side denies words that the other side has too, and does not deny there."""
    mine = [saying for saying in own if saying.operator is Operator.NOT and saying.after]
    theirs = [saying for saying in said if saying.operator is Operator.NOT and saying.after]
    held = [saying for saying in theirs if all(key in sentence.weights for key in saying.after)]
    return any(not any(one.meets(other) for other in theirs) for one in mine) or any(
        not any(one.meets(other) for other in mine) for one in held
    )


def _joins_sentences(sentence: Sentence, passage: PreparedPassage, units: Sequence[Unit]) -> bool:
    """Say whether a clause begins with words that one unit alone holds and goes on with words of another alone."""
    known = [unit.keys | unit.around for unit in units]
    for first, second in _neighbours(sentence):
        if {first.key, second.key} & passage.outer or not (
            sentence.weights[first.key] and sentence.weights[second.key]
        ):
            continue
        holding = [(first.key in keys, second.key in keys) for keys in known]
        if any(one for one, _ in holding) and any(other for _, other in holding) and (True, True) not in holding:
            return True
    return False


def _neighbours(sentence: Sentence) -> Iterator[tuple[Token, Token]]:
    """Yield words of content that follow each other in one clause."""
    last: Token | None = None
    for token in sentence.tokens:
        if token.kind is Kind.MARK or token.word in _JOINTS:
            last = None
        elif token.counts:
            if last is not None:
                yield last, token
            last = token
