"""
Fifth node where a model is configured: the answer that it writes, as far as its sources hold it.

It falls back to extracts whenever the model is away, too dear, or not to be believed.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from haystack import component

from pipelines.answering.evidence_check import surplus
from pipelines.answering.extracting import WeighedQuestion
from pipelines.answering.kept_writing import KeptWriting, KeptWritings
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
from pipelines.answering.written import judged, messages_of, placed
from pipelines.domain.answering_rules import AnsweringRules, joint
from pipelines.domain.conversation import Answer, Fallback, Writing
from pipelines.domain.model_budget import Refused, Spent
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError
from pipelines.ports.answer_cache import AnswerSlot
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


@dataclass(frozen=True, slots=True)
class _Task(Value):
    """
    One answer to be written.

    Attributes:
        evidence: the passages, in the order of the prompt.
        weighed: the same for extracts, should it come to them.
        telling: who watches.
        sources: base -> how many of the passages are its own.
        rules: base -> how its answers are written.
        prompt: what the model is asked.
        strict: nothing in the model's own words is shown.
        speaker: the tuned model whose turn it is; None for the base model.

    """

    evidence: Evidence
    weighed: WeighedQuestion
    telling: Telling
    sources: Mapping[int, int]
    rules: Mapping[int, AnsweringRules]
    prompt: Prompt
    strict: bool
    speaker: str | None


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
        kept: KeptWritings | None = None,
    ) -> None:
        self._model = model
        self._vectors = SentenceVectors(embedder) if embedder else None
        self._rules = rules
        self._purse = purse
        self._clock = clock
        self._limits = limits
        self._tuned = tuned
        self._kept = kept

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
        answer, prompt = unanswered(evidence, weighed), None
        if answer is None:
            task = self._task(evidence, weighed, telling)
            answer, prompt = self._written(task), task.prompt.digest
        timed = replace(answer, timings_ms=watch.timings("answer"))
        return {"outcome": UnrecordedAnswer(evidence, timed, surplus(weighed), prompt)}

    def _task(self, evidence: Evidence, weighed: WeighedQuestion, telling: Telling) -> _Task:
        """Return what is to be written."""
        sources = _sources_of(evidence)
        rules = self._rules.of(sources)
        house = joint(list(rules.values()))
        prompt = answer_prompt(
            evidence.asked.text,
            [prompt_source(one) for one in evidence.candidates],
            House(house.style, house.glossary),
        )
        speaker = self._tuned.speaker(evidence, sources) if self._tuned else None
        return _Task(evidence, weighed, telling, sources, rules, prompt, house.strict, speaker)

    def _written(self, task: _Task) -> Answer:
        """Return what the model wrote, now or before, or the extract with the reason why it is one."""
        if self._kept is None:
            return self._made(task, None)
        evidence = task.evidence
        slot = self._kept.slot(
            task.prompt, evidence.candidates, model=task.speaker or self._model.name, strict=task.strict
        )
        return self._kept.kept_or_made(
            slot,
            evidence.candidates,
            lambda kept: replace(placed(evidence, kept), age_s=self._age(kept)),
            lambda: self._made(task, slot),
            task.telling.check_wanted,
        )

    def _made(self, task: _Task, slot: AnswerSlot | None) -> Answer:
        """Return what the model writes now, or the extract with the reason why it is one."""
        evidence = task.evidence
        taken = self._purse.take(task.prompt, task.sources, task.rules, evidence.asked.question.principal.name)
        if isinstance(taken, Refused):
            return replace(extracted(evidence, task.weighed), writing=_spent(taken, evidence))
        task.telling.watcher.found(len(evidence.candidates), evidence.closest)
        with self._purse.paying(taken, task.prompt, task.sources) as bill:
            tuned = self._tuned_reply(task, bill)
            made = self._reply(task, bill) if tuned is None else tuned
        stood_in = tuned is None and task.speaker is not None
        if isinstance(made, Fallback):
            return replace(extracted(evidence, task.weighed), writing=Writing(fallback=made))
        if isinstance(made, KeptWriting) and self._kept is not None and slot is not None and not stood_in:
            self._kept.keep(slot, made)
        answer = placed(evidence, made) if isinstance(made, KeptWriting) else made
        if stood_in and answer.writing is not None:
            return replace(answer, writing=replace(answer.writing, instead_of=task.speaker))
        return answer

    def _tuned_reply(self, task: _Task, bill: Bill) -> KeptWriting | Answer | None:
        """Return what the tuned model wrote whose turn it is; None where the base model is to write."""
        if self._tuned is None or task.speaker is None:
            return None
        return self._tuned.reply(
            task.speaker, task.evidence, task.prompt, strict=task.strict, telling=task.telling, bill=bill
        )

    def _reply(self, task: _Task, bill: Bill) -> KeptWriting | Answer | Fallback:
        """Let the base model write; return what it wrote, or why there is nothing: then nothing of it is shown."""
        writer = AnswerWriter(task.evidence.candidates, strict=task.strict, show=task.telling.watcher.said)
        made = self._heard(task, writer, bill)
        if isinstance(made, Fallback) and writer.shown:
            task.telling.watcher.started_over()
        return made

    def _heard(self, task: _Task, writer: AnswerWriter, bill: Bill) -> KeptWriting | Answer | Fallback:
        """Call the model, and return what it wrote, a refusal where it found nothing, or why there is neither."""
        telling = task.telling
        try:
            left = self._limits.whole_answer_s - (self._clock.monotonic() - telling.began)
            reply = self._model.write(
                messages_of(task.prompt),
                seconds=left,
                listener=writer,
                cancelled=lambda: self._is_over(writer, telling),
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
        return judged(task.evidence, written, reply, bill, self._clock.now())

    def _age(self, kept: KeptWriting) -> int:
        """Return how many whole seconds ago it was written."""
        return max(0, int((self._clock.now() - kept.made_at).total_seconds()))

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
