"""What is verified against what, and what comes out. No rule stands here."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class Verdict(StrEnum):
    """What a sentence is to the passages that it cites."""

    CONTRADICTED = "contradicted"
    SUPPORTED = "supported"
    OWN_WORDS = "own_words"


class Reason(StrEnum):
    """Why a sentence is not supported."""

    FIGURE = "figure"
    UNIT = "unit"
    CURRENCY = "currency"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    QUANTIFIER = "quantifier"
    COMPARATIVE = "comparative"
    CONDITION = "condition"
    MODAL = "modal"
    OPPOSITE = "opposite"
    MIXED_ROWS = "mixed_rows"
    LIST_INCOMPLETE = "list_incomplete"
    NO_SOURCE = "no_source"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class EvidencePassage(Value):
    """
    A passage as a reader sees it.

    Attributes:
        text: the stored text of the passage, rows and list items on lines of their own.
        title: the document's title.
        headings: the headings above it, outermost first.
        lead: the lead-in of a list or the header of a table that stands outside `text`.

    """

    text: str
    title: str = ""
    headings: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Quote(Value):
    """`text[start:end]` of the passage with this index: whole sentences, list items or rows."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verification(Value):
    """
    What became of a sentence.

    Attributes:
        verdict: contradicted, supported or own words.
        reasons: why it is not supported, each once, the weightiest first; empty if it is.
        quote: the smallest stretch that holds what the sentence says, or comes nearest to it;
            None without a passage that shares anything with it.

    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    quote: Quote | None
