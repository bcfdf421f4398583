"""Who asks, what is asked, and the one outcome that comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pipelines.domain.citations import Citation, Place
from pipelines.domain.handed_files import UnreadFile
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Principal(Value):
    """
    Who asks, as far as it is known and verified.

    Attributes:
        name: for records and logs, `user:anna` or `operator`.
        readers: every reader that this person is: `user:…`, `group:…`, `everyone`
            for a member of the organisation, `public` for anyone, and `channel:…` of
            the place where the answer is read. Empty: nobody.
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
    """
    One earlier exchange of the same conversation.

    Attributes:
        question: as it was asked.
        answer: what was said; empty where who asks now may not read all that it was made of.
        made_of: of which passages: (chunk, document version, ordinal); none where nobody knows.

    """

    question: str
    answer: str
    made_of: frozenset[tuple[str, int, int]] = frozenset()


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
        alone: the same, understood without the turns; None where the rules are to say.
        channel: id of the channel in which the answer is shown; empty outside of one.
        conversation: what all its questions have in common and no other has; empty where nobody knows.

    """

    text: str
    principal: Principal
    bases: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    limit: int = 4
    alone: str | None = None
    channel: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class ClosestDocument(Value):
    """A document that came near, or that an answer is written from. The reader may read it."""

    kb: str
    title: str
    document: str
    url: str | None


class Fallback(StrEnum):
    """Why an answer is made of extracts although a model is configured."""

    MODEL_AWAY = "model_away"
    BUDGET_SPENT = "budget_spent"
    QUOTA_SPENT = "quota_spent"
    NOT_SUPPORTED = "not_supported"


@dataclass(frozen=True, slots=True)
class Writing(Value):
    """
    What a language model had to do with an answer.

    Attributes:
        model: name of the model that wrote it; None where the answer is made of extracts.
        own_words: sentences whose wording no rule vouches for, marked by `≈`.
        withheld: sentences that were left out because their sources do not support them.
        fallback: why it is made of extracts; None if a model wrote it.
        budget: name of the base whose budget of the day is spent, for `budget_spent`.
        instead_of: name of the tuned model that should have written it, and did not; None where none should.

    """

    model: str | None = None
    own_words: int = 0
    withheld: int = 0
    fallback: Fallback | None = None
    budget: str | None = None
    instead_of: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {
            "model": self.model,
            "own_words": self.own_words,
            "withheld": self.withheld,
            "fallback": None if self.fallback is None else str(self.fallback),
            "budget": self.budget,
            "instead_of": self.instead_of,
        }


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
        writing: what a language model had to do with it; None where none is configured, or none was needed.
        age_s: whole seconds since it was made, if it was remembered and checked again; else None.
        unread: files that came with the question and could not be read.

    """

    outcome: Outcome
    text: str
    choices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[ClosestDocument, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: int = 0
    writing: Writing | None = None
    age_s: int | None = None
    unread: tuple[UnreadFile, ...] = ()

    def with_unread(self, more: tuple[UnreadFile, ...]) -> "Answer":
        """Return it with further files that could not be read, before those that it tells."""
        return replace(self, unread=(*more, *self.unread)) if more else self

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form of `footnote ask --json`."""
        return {
            "id": self.id,
            "outcome": str(self.outcome),
            "text": self.text,
            "choices": list(self.choices),
            "citations": [citation_json(one) for one in self.citations],
            "closest": [
                {"kb": one.kb, "title": one.title, "document": one.document, "url": one.url} for one in self.closest
            ],
            "writing": self.writing.as_json() if self.writing else None,
            "age_s": self.age_s,
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
        "author": one.author,
    }


def citation_of(told: Mapping[str, Any]) -> Citation:
    """Return the citation that `citation_json` was given."""
    return Citation(**{**told, "place": Place(**told["place"])})
