"""Answers to press buttons below, and what people fill into dialogues."""

from typing import Any

from pipelines.domain.conversation import Answer, Outcome


TWELVE = Answer(Outcome.ANSWER, "Twelve weeks.")
CHOICES = Answer(Outcome.CLARIFY, "Which one?", choices=("For Germany?", "For France?"))


def asked(question: str) -> dict[str, Any]:
    """Return a dialogue with a question filled in."""
    return {"question": {"question": {"value": question}}}


def shared_in(channel: str, question: str = "Why?") -> dict[str, Any]:
    """Return the dialogue that asks in a channel, filled in."""
    return {**asked(question), "channel": {"channel": {"selected_conversation": channel}}}
