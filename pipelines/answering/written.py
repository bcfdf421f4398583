"""What a model wrote -> the answer, or why it is none. The same for every model; calls none."""

from dataclasses import replace
from datetime import datetime

from pipelines.answering.assembling import Assembly
from pipelines.answering.kept_writing import KeptWriting
from pipelines.answering.outcomes import refused
from pipelines.answering.prompts import Prompt
from pipelines.answering.purse import Bill
from pipelines.answering.steps import Evidence
from pipelines.answering.writer import Written
from pipelines.domain.conversation import Answer, Fallback, Outcome, Writing
from pipelines.ports.model import Message, ModelReply, Role


def messages_of(prompt: Prompt) -> tuple[Message, ...]:
    """Return a prompt as the messages of one call."""
    return (Message(Role.SYSTEM, prompt.system), Message(Role.USER, prompt.user))


def judged(
    evidence: Evidence, written: Written, reply: ModelReply, bill: Bill, now: datetime
) -> KeptWriting | Answer | Fallback:
    """Return what was written if enough of it is left, a refusal where nothing was found, else why it is neither."""
    if written.nothing_found:
        return replace(refused(evidence), writing=Writing(reply.model))
    if not written.claims:
        return Fallback.MODEL_AWAY
    if not written.holds:
        return Fallback.NOT_SUPPORTED
    bill.answered = True
    return KeptWriting(written.said, reply.model, written.withheld, now)


def placed(evidence: Evidence, written: KeptWriting) -> Answer:
    """Return what was written from this evidence, cited where it stands today."""
    assembly = Assembly(evidence.candidates)
    for one in written.said:
        assembly.add(one)
    cited = assembly.result()
    own_words = sum(one.own_words for one in written.said)
    writing = Writing(written.model, own_words, written.withheld)
    return Answer(Outcome.ANSWER, cited.text, citations=cited.citations, writing=writing)
