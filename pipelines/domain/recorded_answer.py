"""An answer as it stands in the records, with what it was made of; and a question alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class RecordedAnswer(Value):
    """
    One outcome.

    Attributes:
        number: of its record.
        asked_at: ISO 8601, UTC.
        principal: name of who asked.
        question: as it was asked.
        answer: the outcome, in the form of `Answer.as_json`.
        evidence: the question as it was searched, the versions, the rights, and the passages with their scores.
        conversation: what all questions of its conversation have in common; empty for none.

    """

    number: int
    asked_at: str
    principal: str
    question: str
    answer: Mapping[str, Any]
    evidence: Mapping[str, Any]
    conversation: str = ""

    @property
    def whole_question(self) -> str:
        """The question as whoever lacks the conversation understands it: of a follow-up, as it was searched."""
        told = self.evidence.get("stand_alone")
        return told if isinstance(told, str) and told.strip() else self.question


@dataclass(frozen=True, slots=True)
class RecordedQuestion(Value):
    """
    A question, for the person who asked it.

    Attributes:
        number: of the record of its answer.
        question: as it was asked.
        asked_at: ISO 8601, UTC.

    """

    number: int
    question: str
    asked_at: str
