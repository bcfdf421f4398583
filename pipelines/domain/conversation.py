"""Who asks, what is asked, and the one outcome that comes back."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pipelines.domain.citations import Citation
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Principal(Value):
    """
    Who asks, as far as it is known and verified.

    Attributes:
        name: for records and logs, `user:anna` or `operator`.
        readers: every reader that this person is: `user:…`, `group:…`, `everyone`
            for a member of the organisation, `public` for anyone. Empty: nobody.
        admin: may read and change everything.

    """

    name: str
    readers: frozenset[str]
    admin: bool = False


class Outcome(StrEnum):
    """What became of a question."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    REFUSAL = "refusal"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Turn(Value):
    """One earlier exchange of the same conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question(Value):
    """
    A question with everything that may decide its answer.

    Attributes:
        text: as it was asked.
        principal: who asks.
        bases: names of the bases to search; empty for all that are readable.
        turns: earlier exchanges, oldest first.
        limit: citations at most, 1..20.

    """

    text: str
    principal: Principal
    bases: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    limit: int = 4


@dataclass(frozen=True, slots=True)
class ClosestDocument(Value):
    """A document that came near without answering. The reader may read it."""

    kb: str
    title: str
    document: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Answer(Value):
    """
    The one outcome of a question.

    Attributes:
        outcome: answer, clarify, refusal or error.
        text: what a person reads, with marks like `[1]`; plain text, no markup.
        choices: for `clarify`, two to four questions to pick from.
        citations: one per mark, in reading order.
        closest: for a refusal, the nearest documents that the reader may read.
        timings_ms: milliseconds of wall time by step.
        id: number of the stored record; 0 when it was not recorded.

    """

    outcome: Outcome
    text: str
    choices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[ClosestDocument, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form of `footnote ask --json`."""
        return {
            "outcome": str(self.outcome),
            "text": self.text,
            "choices": list(self.choices),
            "citations": [citation_json(one) for one in self.citations],
            "closest": [
                {"kb": one.kb, "title": one.title, "document": one.document, "url": one.url} for one in self.closest
            ],
            "timings_ms": dict(self.timings_ms),
        }


def citation_json(one: Citation) -> dict[str, Any]:
    """Return a citation in the documented, stable form."""
    return {
        "number": one.number,
        "kb": one.kb,
        "title": one.title,
        "document": one.document,
        "version": one.version,
        "document_version": one.document_version,
        "place": one.place.as_json(),
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "url": one.url,
        "date": one.date,
    }
