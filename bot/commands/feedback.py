"""What people said of answers: read by admins, judged by nobody here."""

from dataclasses import dataclass
from typing import Any

from bot.commands.authority import require_admin
from bot.commands.bounds import MOST_FEEDBACK, NEWEST_FEEDBACK
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.feedback import GivenFeedback
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class FeedbackList(Value):
    """What was said last, newest first."""

    feedback: tuple[GivenFeedback, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"feedback": [_as_json(one) for one in self.feedback]}


def newest(footnote: Footnote, principal: Principal, limit: int = NEWEST_FEEDBACK) -> FeedbackList:
    """
    Return what was said last of answers.

    Args:
        footnote: the installation.
        principal: an admin.
        limit: at most so many, 1..500.

    Raises:
        NotAllowed: the person is no admin.

    """
    require_admin(principal)
    return FeedbackList(footnote.records.feedback.newest(min(max(limit, 1), MOST_FEEDBACK)))


def _as_json(given: GivenFeedback) -> dict[str, Any]:
    said = given.feedback
    return {
        "answer": said.answer,
        "question": given.question,
        "by": said.by,
        "good": said.good,
        "reason": said.reason,
        "detail": said.detail,
        "at": given.at,
    }
