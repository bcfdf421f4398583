"""What a model wrote -> the answer, or why it is none. The same for every model; calls none."""

from dataclasses import replace

from pipelines.answering.outcomes import refused
from pipelines.answering.prompts import Prompt
from pipelines.answering.purse import Bill
from pipelines.answering.steps import Evidence
from pipelines.answering.writer import AnswerWriter, Written
from pipelines.domain.conversation import Answer, Fallback, Outcome, Writing
from pipelines.ports.model import Message, ModelReply, Role


def messages_of(prompt: Prompt) -> tuple[Message, ...]:
    """Return a prompt as the messages of one call."""
    return (Message(Role.SYSTEM, prompt.system), Message(Role.USER, prompt.user))


def judged(
    evidence: Evidence, writer: AnswerWriter, written: Written, reply: ModelReply, bill: Bill
) -> Answer | Fallback:
    """Return the answer if enough of it is left, a refusal where the model found nothing, else why it is none."""
    if written.nothing_found:
        return replace(refused(evidence), writing=Writing(reply.model))
    if not written.claims:
        return Fallback.MODEL_AWAY
    if not written.holds:
        return Fallback.NOT_SUPPORTED
    bill.answered = True
    cited = writer.cited()
    return Answer(
        Outcome.ANSWER,
        cited.text,
        citations=cited.citations,
        writing=Writing(reply.model, written.own_words, written.withheld),
    )
