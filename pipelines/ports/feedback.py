"""What people say of answers. Judges nothing: what follows from it is decided by people."""

from typing import Protocol

from pipelines.domain.feedback import Feedback, GivenFeedback


class FeedbackRecords(Protocol):
    """One word of each person on each answer, which goes with the answer."""

    def add(self, feedback: Feedback) -> None:
        """
        Keep what a person says of an answer, in place of what they said of it before.

        Raises:
            BadInput: it may not be stored, see `feedback.checked`.
            NotFound: there is no such answer, or none any more.

        """

    def of(self, answer: int) -> tuple[Feedback, ...]:
        """Return what is said of an answer, by the names of those who say it; empty where there is no answer."""

    def newest(self, limit: int) -> tuple[GivenFeedback, ...]:
        """Return what was said last of any answer, newest first, at most so many."""
