"""What a case of the verifier is, and which figure of the table each kind of case counts for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.quality.verifier_cases.sources import Source, Unit
from tests.quality.verifier_cases.vocabulary import Vocabulary


class Family(StrEnum):
    """What was done to the words of the passage."""

    LIGHT = "lightly edited"
    REWORDED = "two or more synonyms"
    FREE = "free paraphrase"
    STATEMENT = "question and answer joined"
    HARMED = "harmed"
    UNLISTED = "harmed in words that no list holds"
    HARMED_FREE = "harmed inside a free paraphrase"

    @property
    def is_harmed(self) -> bool:
        """Say whether the sentence says what its passage does not."""
        return self in {Family.HARMED, Family.UNLISTED, Family.HARMED_FREE}


@dataclass(frozen=True, slots=True)
class Case:
    """
    A sentence that cites a passage.

    Attributes:
        half: `tuning` or `test`.
        family: what was done, roughly.
        group: the figure that it counts for (`negation`).
        kind: what was done, exactly (`"never" inserted`).
        sentence: what an answer would say.
        source: the passage that it cites.
        original: the sentence of a passage that it was made of; empty for a table's row and a question.

    """

    half: str
    family: Family
    group: str
    kind: str
    sentence: str
    source: Source
    original: str


@dataclass(frozen=True, slots=True)
class Seed:
    """
    A sentence of a passage that cases are made of.

    Attributes:
        source: the passage.
        unit: where it stands there.
        text: its words on one line.
        following: the sentence behind it in the same block; empty without any.
        others: passages of the same document, or of the set where it has no others.

    """

    source: Source
    unit: Unit
    text: str
    following: str
    others: tuple[Source, ...]


Change = Callable[[Seed, Vocabulary, Random], str | None]
"""Makes the sentence of a case, or None where the seed gives none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case and what makes it."""

    family: Family
    group: str
    name: str
    change: Change
