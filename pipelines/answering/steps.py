"""What travels along the arrows of the answering graph; each type is made by one node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.answering.extracting.shapes import Candidate
from pipelines.domain.conversation import Answer, ClosestDocument, Question
from pipelines.domain.evidence import PlacedHit, Scope
from pipelines.domain.values import Value
from pipelines.ports.chunk_index import SearchLists, TermFields
from pipelines.ports.embedder import Embedder
from pipelines.retrieval.analysers import TODAY


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Timings = Mapping[str, float]
"""Name of a step -> milliseconds of wall time."""


@dataclass(frozen=True, slots=True)
class AskedQuestion(Value):
    """
    A question that stands alone.

    Attributes:
        question: as it was asked.
        text: the same, understood without the turns before it.
        timings: steps so far.

    """

    question: Question
    text: str
    timings: Timings


@dataclass(frozen=True, slots=True)
class FoundHits(Value):
    """
    Both lists of one search, not yet confirmed.

    Attributes:
        asked: the question.
        scope: what this person may search.
        vector: unit vector of the question; None for words only.
        terms: analysed terms of the question.
        lists: words and vectors.
        timings: steps so far.
        embedder: made the vector; None where there is none.
        analyser: version of what made the terms.

    """

    asked: AskedQuestion
    scope: Scope
    vector: "NDArray[np.float32] | None"
    terms: TermFields
    lists: SearchLists
    timings: Timings
    embedder: Embedder | None = None
    analyser: str = TODAY.version


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """
    Confirmed passages with their texts, best first.

    Attributes:
        asked: the question.
        scope: what this person may search.
        vector: unit vector of the question; None for words only.
        candidates: passages that an answer may be made of.
        closest: the documents behind them, best first, each once.
        timings: steps so far.
        embedder: made the vector; None where there is none.
        analyser: version of what made the terms.

    """

    asked: AskedQuestion
    scope: Scope
    vector: "NDArray[np.float32] | None"
    candidates: tuple[Candidate, ...]
    closest: tuple[ClosestDocument, ...]
    timings: Timings
    embedder: Embedder | None = None
    analyser: str = TODAY.version


@dataclass(frozen=True, slots=True)
class RankedHits(Value):
    """
    Confirmed hits, ranked.

    Attributes:
        asked: the question.
        scope: what this person may search.
        vector: unit vector of the question; None for words only.
        hits: best first.
        scores: chunk id -> score, > 0.
        timings: steps so far.
        units: (document, page or section) -> score, best first; a page may be there for
            the page beside it alone, and need not exist.
        embedder: made the vector; None where there is none.
        analyser: version of what made the terms.

    """

    asked: AskedQuestion
    scope: Scope
    vector: "NDArray[np.float32] | None"
    hits: tuple[PlacedHit, ...]
    scores: Mapping[str, float]
    timings: Timings
    units: Mapping[tuple[int, int], float] = field(default_factory=dict)
    embedder: Embedder | None = None
    analyser: str = TODAY.version


@dataclass(frozen=True, slots=True)
class UnrecordedAnswer(Value):
    """
    The outcome with all that is recorded beside it.

    Attributes:
        evidence: what it was made of.
        answer: the outcome.
        surplus: how far the support lay above what is enough; None without any.
        prompt: digest of what a model was told; None where none was asked.

    """

    evidence: Evidence
    answer: Answer
    surplus: float | None = None
    prompt: str | None = None
