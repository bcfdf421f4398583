"""Answers as they were given, and the audit of what admins did."""

from collections.abc import Mapping
from typing import Any, Protocol

from pipelines.domain.conversation import Answer, Principal, Turn
from pipelines.domain.recorded_answer import RecordedAnswer, RecordedQuestion


class AnswerRecords(Protocol):
    """Answers with their evidence, and the audit of what admins did."""

    def add(
        self,
        question: str,
        principal: Principal,
        answer: Answer,
        evidence: Mapping[str, Any],
        conversation: str = "",
    ) -> int:
        """
        Record an answer with passages, scores and versions, so that it can be replayed.

        Args:
            question: as it was asked.
            principal: who asked.
            answer: it.
            evidence: what it was made of.
            conversation: at most 250 characters; what all questions of a conversation have in common, or empty.

        Returns:
            its number.

        """

    def turns(self, conversation: str, limit: int) -> tuple[Turn, ...]:
        """Return the last exchanges of a conversation that were answered, asked back or refused, oldest first."""

    def withdraw(self, number: int) -> bool:
        """Delete an answer with its question, evidence and feedback; False if there is none."""

    def of(self, name: str, limit: int) -> tuple[RecordedQuestion, ...]:
        """Return the newest questions of the principal of this name, newest first, however they ended."""

    def forget(self, number: int, name: str) -> bool:
        """
        Delete an answer as `withdraw` does, if the principal of this name asked for it.

        Returns:
            whether there was one; the answer of somebody else is none.

        """

    def forget_all(self, name: str) -> int:
        """Delete all answers of the principal of this name as `withdraw` does; return how many."""

    def get(self, number: int | None = None) -> RecordedAnswer:
        """
        Return an answer by its number, or the newest.

        Raises:
            NotFound: there is none.

        """

    def audit(self, principal: Principal, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """Record what an admin did."""
