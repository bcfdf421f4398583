"""
A question that leans on what was asked before, made to stand alone by rule.

Every word of it is the person's own: what the bot said must not decide what is searched, and
only tells whether two questions are about the same thing. English; a question in another
language stays as it is.
"""

from collections.abc import Sequence

from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.leaning import leaning_after
from pipelines.answering.follow_ups.replacing import replaces, without_old
from pipelines.domain.conversation import Turn


CHAIN = 2
"""Earlier follow-ups that are repeated beside the question that they lean on, at most."""

MOST_REPEATED_CHARS = 400
"""Of one earlier question; it is cut between two words."""


def stand_alone(question: str, turns: Sequence[Turn]) -> str:
    """
    Return the question, with the earlier questions that it leans on.

    A question that stands alone, small talk, a change of topic and a first question are
    returned as they are. A fragment ("and in Germany?") is put behind the last question
    that stood alone, a question with a pronoun ("how do I apply for it?") in front of it.
    What is added is `CHAIN` + 1 times `MOST_REPEATED_CHARS` long at most.

    Args:
        question: as it was asked.
        turns: earlier exchanges, oldest first.

    """
    if not turns:
        return question
    kind = leaning_after(question, turns[-1])
    if kind in (Leaning.NOT, Leaning.SMALL_TALK):
        return question
    context = [_cut(part) for part in _context(turns, question, kind)]
    if not context:
        return question
    own = question.strip()
    parts = [own, *context] if kind is Leaning.REFERENCE else [*context, own]
    return " ".join(_ended(part) for part in parts)


def _context(turns: Sequence[Turn], question: str, kind: Leaning) -> list[str]:
    """Return the last question that stood alone and the follow-ups after it that are not replaced."""
    follow_ups: list[str] = []
    for at in reversed(range(len(turns))):
        one = turns[at].question.strip()
        earlier = leaning_after(one, turns[at - 1] if at else None)
        if earlier is Leaning.NOT:
            begun = one if kind is Leaning.REFERENCE else without_old(one, question)
            return [begun, *reversed(follow_ups[:CHAIN])]
        if earlier is Leaning.ELLIPSIS and not any(replaces(other, one) for other in (question, *follow_ups)):
            follow_ups.append(one)
    return []


def _cut(part: str) -> str:
    """Return an earlier question, no longer than may be repeated."""
    if len(part) <= MOST_REPEATED_CHARS:
        return part
    cut = part[:MOST_REPEATED_CHARS]
    return cut.rpartition(" ")[0] or cut


def _ended(part: str) -> str:
    """Return a question that ends as a sentence, so that the next one does not run into it."""
    return part if part.endswith(("?", ".", "!", "…")) else f"{part}?"
