"""
Fifth node where a model is configured: the answer that it writes, as far as its sources hold it.

It falls back to extracts whenever the model is away, too dear, or not to be believed.
"""

import logging
from collections import Counter
from dataclasses import dataclass, replace

from haystack import component

from pipelines.answering.evidence_check import surplus
from pipelines.answering.extracting import WeighedQuestion
from pipelines.answering.outcomes import extracted, unanswered, weighed_question
from pipelines.answering.prompts import House, Prompt, answer_prompt
from pipelines.answering.purse import Bill, Purse
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.sources import prompt_source
from pipelines.answering.steps import Evidence, UnrecordedAnswer
from pipelines.answering.telling import Telling
from pipelines.answering.timing import Stopwatch
from pipelines.answering.tuned import TunedWriting
from pipelines.answering.writer import AnswerWriter, GivenUp
from pipelines.answering.written import judged, messages_of
from pipelines.domain.answering_rules import joint
from pipelines.domain.conversation import Answer, Fallback, Writing
from pipelines.domain.model_budget import Refused, Spent
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError
from pipelines.ports.answering_rules import AnsweringRuleRecords
from pipelines.ports.clock import Clock
from pipelines.ports.model import CallCancelled, ChatModel, Finish
from pipelines.retrieval.embedding import EmbedderNow


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WritingLimits(Value):
    """
    What one written answer may take.

    Attributes:
        first_sentence_s: from the question to its first sentence.
        whole_answer_s: from the question to its end.

    """

    first_sentence_s: float
    whole_answer_s: float


@component
class WriteAnswer:
    """Lets a model write from the passages, and shows each sentence that they hold."""

    def __init__(
        self,
        model: ChatModel,
        embedder: EmbedderNow,
        *,
        rules: AnsweringRuleRecords,
        purse: Purse,
        clock: Clock,
        limits: WritingLimits,
        tuned: TunedWriting | None = None,
    ) -> None:
        self._model = model
        self._vectors = SentenceVectors(embedder) if embedder else None
        self._rules = rules
        self._purse = purse
        self._clock = clock
        self._limits = limits
        self._tuned = tuned

    @component.output_types(outcome=UnrecordedAnswer)
    def run(self, evidence: Evidence, telling: Telling) -> dict[str, UnrecordedAnswer]:
        """
        Make the one outcome of a question.

        :param evidence: the passages that an answer may be made of.
        :param telling: who watches, and when the question was asked.
        :returns: `outcome`.
        :raises CallCancelled: who watches wants it no longer.
        """
        watch = Stopwatch(self._clock, evidence.timings)
        weighed = weighed_question(evidence, self._vectors)
        answer = unanswered(evidence, weighed) or self._written(evidence, weighed, telling)
        timed = replace(answer, timings_ms=watch.timings("answer"))
        return {"outcome": UnrecordedAnswer(evidence, timed, surplus(weighed))}

    def _written(self, evidence: Evidence, weighed: WeighedQuestion, telling: Telling) -> Answer:
        """Return what the model wrote, or the extract with the reason why it is one."""
        sources = _sources_of(evidence)
        rules = self._rules.of(sources)
        house = joint(list(rules.values()))
        prompt = answer_prompt(
            evidence.asked.text,
            [prompt_source(one) for one in evidence.candidates],
            House(house.style, house.glossary),
        )
        person = evidence.asked.question.principal.name
        taken = self._purse.take(prompt, sources, rules, person)
        if isinstance(taken, Refused):
            return replace(extracted(evidence, weighed), writing=_spent(taken, evidence))
        with self._purse.paying(taken, prompt, sources) as bill:
            made = self._spoken(evidence, prompt, telling, bill, strict=house.strict)
        if isinstance(made, Answer):
            return made
        return replace(extracted(evidence, weighed), writing=Writing(fallback=made))

    def _spoken(
        self, evidence: Evidence, prompt: Prompt, telling: Telling, bill: Bill, *, strict: bool
    ) -> Answer | Fallback:
        """Return the answer of the tuned model whose turn it is, else of the base model, or why there is none."""
        tuned = self._tuned
        speaker = tuned.speaker(evidence, _sources_of(evidence)) if tuned else None
        if tuned is None or speaker is None:
            return self._attempt(evidence, prompt, telling, bill, strict=strict)
        answer = tuned.answer(speaker, evidence, prompt, strict=strict, telling=telling, bill=bill)
        made = answer or self._attempt(evidence, prompt, telling, bill, strict=strict)
        if answer is None and isinstance(made, Answer) and made.writing is not None:
            return replace(made, writing=replace(made.writing, instead_of=speaker))
        return made

    def _attempt(
        self, evidence: Evidence, prompt: Prompt, telling: Telling, bill: Bill, *, strict: bool
    ) -> Answer | Fallback:
        """Let the base model write, and return its answer, or why there is none; then nothing of it is shown."""
        writer = AnswerWriter(evidence.candidates, strict=strict, show=telling.watcher.said)
        made = self._heard(evidence, prompt, writer, telling, bill)
        if not isinstance(made, Answer) and writer.shown:
            telling.watcher.started_over()
        return made

    def _heard(
        self, evidence: Evidence, prompt: Prompt, writer: AnswerWriter, telling: Telling, bill: Bill
    ) -> Answer | Fallback:
        """Call the model, and return its answer, or why there is none."""
        try:
            left = self._limits.whole_answer_s - (self._clock.monotonic() - telling.began)
            reply = self._model.write(
                messages_of(prompt), seconds=left, listener=writer, cancelled=lambda: self._is_over(writer, telling)
            )
            bill.count(reply)
            written = writer.end(whole=reply.finish is Finish.STOP)
        except GivenUp as fault:
            _log.info("a written answer was given up: %s", fault)
            return Fallback.NOT_SUPPORTED
        except CallCancelled:
            if telling.watcher.stopped():
                raise
            _log.warning("the model wrote no sentence in time (FOOTNOTE_MODELS__FIRST_SENTENCE_SECONDS)")
            return Fallback.MODEL_AWAY
        except FootnoteError as fault:
            bill.fault(fault)
            _log.warning("no answer was written: %s", fault)
            return Fallback.MODEL_AWAY
        return judged(evidence, writer, written, reply, bill)

    def _is_over(self, writer: AnswerWriter, telling: Telling) -> bool:
        """Say whether nobody wants the answer, or nothing of it was there in time."""
        late = not writer.shown and telling.late(self._clock.monotonic, self._limits.first_sentence_s)
        return late or telling.watcher.stopped()


def _sources_of(evidence: Evidence) -> dict[int, int]:
    """Return base -> how many of the passages are its own."""
    numbers = {name: kb for kb, name in evidence.scope.names.items()}
    return dict(Counter(numbers[one.passage.kb] for one in evidence.candidates))


def _spent(refusal: Refused, evidence: Evidence) -> Writing:
    if refusal.spent is Spent.ANSWERS:
        return Writing(fallback=Fallback.QUOTA_SPENT)
    return Writing(fallback=Fallback.BUDGET_SPENT, budget=evidence.scope.names.get(refusal.kb))
