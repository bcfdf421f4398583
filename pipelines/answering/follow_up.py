"""The entry to the rules about follow-ups, which lie in `follow_ups`. It holds none of them."""

from pipelines.answering.follow_ups.dialogue import CHAIN, stand_alone
from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.leaning import leaning
from pipelines.domain.conversation import Question


def understood(question: Question) -> str:
    """Return a question as it stands alone: as that was found out already, or else by rule."""
    return question.alone if question.alone is not None else stand_alone(question.text, question.turns)


__all__ = ["CHAIN", "Leaning", "leaning", "stand_alone", "understood"]
