"""What an admin may wish of the answers of a base, as it was typed. Imports nothing of ours but the root of values."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class OwnWords(StrEnum):
    """What is done with sentences in a model's own words."""

    SHOW = "show"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class AnswerWishes(Value):
    """
    What is to be changed; None for what stays as it is.

    Attributes:
        style: how answers are to be written; empty for no wish.
        glossary: lines `word: meaning`, all that there are to be; empty for none.
        own_words: what is done with sentences in a model's own words.
        tokens_per_day: a whole number, or `off`.
        money_per_day: an amount such as `2.50`, or `off`.

    """

    style: str | None = None
    glossary: str | None = None
    own_words: OwnWords | None = None
    tokens_per_day: str | None = None
    money_per_day: str | None = None


NO_WISHES = AnswerWishes()
