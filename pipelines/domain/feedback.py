"""What a person says of an answer, and what of it may be stored."""

from dataclasses import dataclass

from pipelines.domain.characters import is_unseen
from pipelines.domain.values import Value
from pipelines.errors import BadInput


MOST_NAME_CHARS = 250
MOST_REASON_CHARS = 32
MOST_DETAIL_CHARS = 3_000


@dataclass(frozen=True, slots=True)
class Feedback(Value):
    """
    What one person says of one answer.

    Attributes:
        answer: number of the recorded answer.
        by: name of the principal who says it.
        good: whether it helped.
        reason: short name of what is wrong, such as `outdated`; empty where nobody said.
        detail: what it should say, in the person's own words; may be empty.

    """

    answer: int
    by: str
    good: bool
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GivenFeedback(Value):
    """
    What somebody said of an answer, with what it was about.

    Attributes:
        feedback: it.
        question: as it was asked.
        at: when it was given, ISO 8601 in UTC.

    """

    feedback: Feedback
    question: str
    at: str


def checked(feedback: Feedback) -> Feedback:
    """
    Return feedback that may be stored.

    Raises:
        BadInput: nobody says it, a limit is passed, or the person's name or the reason holds
            characters that cannot be seen.

    """
    for thing, text, least, most in (
        ("the name of who gives feedback", feedback.by, 1, MOST_NAME_CHARS),
        ("the reason of feedback", feedback.reason, 0, MOST_REASON_CHARS),
        ("what is said with feedback", feedback.detail, 0, MOST_DETAIL_CHARS),
    ):
        if not least <= len(text) <= most:
            raise BadInput(f"{thing} has {len(text):,} characters, the limits are {least} and {most:,}")
    if any(is_unseen(char) for char in feedback.by + feedback.reason):
        raise BadInput("the name of who gives feedback, or its reason, holds characters that cannot be seen")
    return feedback
