"""
Fifth node where a model is configured: the answer that it writes, as far as its sources hold it.

It falls back to extracts whenever the model is away, too dear, or not to be believed.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from haystack import component

from pipelines.answering.assembling import Assembly
from pipelines.answering.evidence_check import surplus
from pipelines.answering.extracting import WeighedQuestion
from pipelines.answering.kept_writing import KeptWriting, KeptWritings
from pipelines.answering.outcomes import extracted, refused, unanswered, weighed_question
from pipelines.answering.prompts import House, Prompt, answer_prompt
from pipelines.answering.purse import Bill, Purse
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.sources import prompt_source
from pipelines.answering.steps import Evidence, UnrecordedAnswer
from pipelines.answering.telling import Telling
from pipelines.answering.timing import Stopwatch
from pipelines.answering.writer import AnswerWriter, GivenUp, Written
from pipelines.domain.answering_rules import AnsweringRules, joint
from pipelines.domain.conversation import Answer, Fallback, Outcome, Writing
from pipelines.domain.model_budget import Refused, Spent
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError
from pipelines.ports.answer_cache import AnswerSlot
from pipelines.ports.answering_rules import AnsweringRuleRecords
from pipelines.ports.clock import Clock
from pipelines.ports.embedder import Embedder
from pipelines.ports.model import CallCancelled, ChatModel, Finish, Message, ModelReply, Role


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

    """

    evidence: Evidence
    weighed: WeighedQuestion
    telling: Telling
    sources: Mapping[int, int]
    rules: Mapping[int, AnsweringRules]
    prompt: Prompt
    strict: bool


@component
class WriteAnswer:
    """Lets a model write from the passages, and shows each sentence that they hold."""

    def __init__(
        self,
        model: ChatModel,
        embedder: Embedder | None,
        *,
        rules: AnsweringRuleRecords,
        purse: Purse,
        clock: Clock,
        limits: WritingLimits,
        kept: KeptWritings | None = None,
    ) -> None:
        self._model = model
        self._vectors = SentenceVectors(embedder) if embedder else None
        self._rules = rules
        self._purse = purse
        self._clock = clock
        self._limits = limits
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
        return _Task(evidence, weighed, telling, sources, rules, prompt, strict=house.strict)

    def _written(self, task: _Task) -> Answer:
        """Return what the model wrote, now or before, or the extract with the reason why it is one."""
        if self._kept is None:
            return self._made(task, None)
        evidence = task.evidence
        slot = self._kept.slot(task.prompt, evidence.candidates, strict=task.strict)
        return self._kept.kept_or_made(
            slot,
            evidence.candidates,
            lambda kept: replace(_placed(evidence, kept), age_s=self._age(kept)),
            lambda: self._made(task, slot),
            task.telling.check_wanted,
        )

    def _made(self, task: _Task, slot: AnswerSlot | None) -> Answer:
        """Return what the model writes now, or the extract with the reason why it is one."""
        evidence, telling = task.evidence, task.telling
        taken = self._purse.take(task.prompt, task.sources, task.rules, evidence.asked.question.principal.name)
        if isinstance(taken, Refused):
            return replace(extracted(evidence, task.weighed), writing=_spent(taken, evidence))
        writer = AnswerWriter(evidence.candidates, strict=task.strict, show=telling.watcher.said)
        with self._purse.paying(taken, task.prompt, task.sources) as bill:
            made = self._attempt(task, writer, bill)
        if isinstance(made, Answer):
            return made
        if isinstance(made, KeptWriting):
            if self._kept is not None and slot is not None:
                self._kept.keep(slot, made)
            return _placed(evidence, made)
        if writer.shown:
            telling.watcher.started_over()
        return replace(extracted(evidence, task.weighed), writing=Writing(fallback=made))

    def _attempt(self, task: _Task, writer: AnswerWriter, bill: Bill) -> KeptWriting | Answer | Fallback:
        """Call the model, and return what it wrote, a refusal where it found nothing, or why there is neither."""
        telling = task.telling
        messages = [Message(Role.SYSTEM, task.prompt.system), Message(Role.USER, task.prompt.user)]
        try:
            left = self._limits.whole_answer_s - (self._clock.monotonic() - telling.began)
            reply = self._model.write(
                messages, seconds=left, listener=writer, cancelled=lambda: self._is_over(writer, telling)
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
        return self._judged(task.evidence, written, reply, bill)

    def _judged(
        self, evidence: Evidence, written: Written, reply: ModelReply, bill: Bill
    ) -> KeptWriting | Answer | Fallback:
        """Return what was written if enough of it is left, a refusal where nothing was found, else why neither."""
        if written.nothing_found:
            return replace(refused(evidence), writing=Writing(reply.model))
        if not written.claims:
            return Fallback.MODEL_AWAY
        if not written.holds:
            return Fallback.NOT_SUPPORTED
        bill.answered = True
        return KeptWriting(written.said, reply.model, written.withheld, self._clock.now())

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


def _placed(evidence: Evidence, written: KeptWriting) -> Answer:
    """Return what was written from this evidence, cited where it stands today."""
    assembly = Assembly(evidence.candidates)
    for one in written.said:
        assembly.add(one)
    cited = assembly.result()
    own_words = sum(one.own_words for one in written.said)
    writing = Writing(written.model, own_words, written.withheld)
    return Answer(Outcome.ANSWER, cited.text, citations=cited.citations, writing=writing)


def _spent(refusal: Refused, evidence: Evidence) -> Writing:
    if refusal.spent is Spent.ANSWERS:
        return Writing(fallback=Fallback.QUOTA_SPENT)
    return Writing(fallback=Fallback.BUDGET_SPENT, budget=evidence.scope.names.get(refusal.kb))
