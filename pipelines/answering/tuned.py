"""
A tuned model's turn to write: whole, unseen until it is verified, and in a part of the time, so that the rest suffices.

Whatever it does wrong, the base model writes in its place.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pipelines.answering.kept_writing import KeptWriting
from pipelines.answering.prompts import Prompt
from pipelines.answering.purse import Bill
from pipelines.answering.routing import Routing
from pipelines.answering.steps import Evidence
from pipelines.answering.telling import Telling
from pipelines.answering.writer import AnswerWriter, GivenUp
from pipelines.answering.written import judged, messages_of
from pipelines.domain.conversation import Answer, Fallback
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError
from pipelines.ports.clock import Clock
from pipelines.ports.model import CallCancelled, Finish, ModelReply, ModelResting
from pipelines.ports.tuned_models import TunedModels


LEAST_S = 1.0
"""With less time for it a tuned model is not asked."""

_SHARE = 0.5
"""Of the time that is left: the base model may need the rest."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TunedLimits(Value):
    """
    What a tuned model's reply may take.

    Attributes:
        call_s: for the call, however much time is left.
        first_sentence_s: from the question to the first sentence, whoever says it.

    """

    call_s: float
    first_sentence_s: float


class TunedWriting:
    """Lets the tuned model of a route write an answer."""

    def __init__(self, routing: Routing, models: TunedModels, clock: Clock, limits: TunedLimits) -> None:
        """Take which model speaks, what calls it, and how long it may take."""
        self._routing = routing
        self._models = models
        self._clock = clock
        self._limits = limits

    def speaker(self, evidence: Evidence, bases: Collection[int]) -> str | None:
        """Return the tuned model that is to write an answer out of these bases; None for the base model."""
        return self._routing.speaker(evidence.asked.question, evidence.scope, bases)

    def reply(
        self, model: str, evidence: Evidence, prompt: Prompt, *, strict: bool, telling: Telling, bill: Bill
    ) -> KeptWriting | Answer | None:
        """
        Return what a tuned model wrote, told to who watches; None where the base model is to write.

        It is an answer where the model found nothing: a refusal.

        Raises:
            CallCancelled: who watches wants it no longer.

        """
        seconds = self._seconds(telling)
        if seconds < LEAST_S:
            return None
        try:
            reply = self._models.ask(model, messages_of(prompt), seconds=seconds, cancelled=telling.watcher.stopped)
        except CallCancelled:
            raise
        except ModelResting as fault:
            _log.info("%s", fault)
            return None
        except FootnoteError as fault:
            bill.fault(fault)
            _log.warning("the tuned model %s gave no answer: %s", model, fault)
            return None
        bill.count(reply)
        said: list[str] = []
        writer = AnswerWriter(evidence.candidates, strict=strict, show=said.append)
        made = _verified(reply, evidence, writer, bill, self._clock.now())
        self._models.judge(model, holds=not isinstance(made, Fallback))
        if isinstance(made, Fallback):
            _log.warning("what the tuned model %s wrote is not shown: %s", model, made)
            return None
        for one in said:
            telling.watcher.said(one)
        return made

    def _seconds(self, telling: Telling) -> float:
        """Return how long the call may take."""
        left = self._limits.first_sentence_s - (self._clock.monotonic() - telling.began)
        return min(self._limits.call_s, left * _SHARE)


def _verified(
    reply: ModelReply, evidence: Evidence, writer: AnswerWriter, bill: Bill, now: datetime
) -> KeptWriting | Answer | Fallback:
    """Return the answer that a reply makes, or why it makes none."""
    try:
        writer.hear(reply.text)
        return judged(evidence, writer.end(whole=reply.finish is Finish.STOP), reply, bill, now)
    except GivenUp:
        return Fallback.NOT_SUPPORTED
