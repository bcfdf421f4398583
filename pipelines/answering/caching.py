"""
Remembered answers: shown again only while they are what a search would find today.

The key holds all that decides an answer; before one is shown, every passage that it was made
of is confirmed for this reader at this moment. Whatever fails here, the question is answered.
"""

import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pipelines.answering.code_version import code_version
from pipelines.answering.digests import digest_of
from pipelines.answering.flights import Flights, SharedWork
from pipelines.answering.follow_up import understood
from pipelines.answering.prompts import PROMPT_VERSION
from pipelines.answering.recording import evidence_record
from pipelines.answering.remembered import Remembered, decode, encode, remembered
from pipelines.answering.steps import UnrecordedAnswer
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import Answer, Fallback, Outcome, Question
from pipelines.domain.evidence import Scope
from pipelines.domain.values import Value
from pipelines.ports.answer_cache import AnswerCache, AnswerSlot
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records


REFUSAL_SECONDS = 60
"""What was not found may be found soon: an index may be on its way back."""

MadeWith: TypeAlias = tuple[str | None, str]
"""Name of the embedder of the index, None for words only, and version of its analyser."""

_OF_THE_MOMENT = (Fallback.MODEL_AWAY, Fallback.BUDGET_SPENT, Fallback.QUOTA_SPENT)
"""Why there are extracts for now, or for this person."""


@dataclass(frozen=True, slots=True)
class Made(Value):
    """
    What one run of the graph came to.

    Attributes:
        answer: the outcome, recorded.
        outcome: the same with its evidence.

    """

    answer: Answer
    outcome: UnrecordedAnswer


@dataclass(frozen=True, slots=True)
class _Asked(Value):
    """A question, what it may search now, and the key under which its answer is remembered."""

    question: Question
    text: str
    scope: Scope
    key: str


@dataclass(frozen=True, slots=True)
class _Found(Value):
    """
    An outcome.

    Attributes:
        key: that it is true for.
        entry: it.
        recorded: the answer as it was recorded, if it was made now.
        shared: others may have it.

    """

    key: str
    entry: Remembered
    recorded: Answer | None
    shared: bool = True


class RememberedAnswers:
    """Stands before the answering graph. Safe between threads."""

    def __init__(
        self,
        records: Records,
        cache: AnswerCache,
        clock: Clock,
        *,
        made_with: MadeWith | Callable[[], MadeWith],
        model: str | None = None,
        speakers: Callable[[Question, Scope], Mapping[int, str]] | None = None,
        answer_seconds: float,
        wait_seconds: float,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take the parts.

        Args:
            records: rights, confirmation, and where every asking is recorded.
            cache: where answers are kept.
            clock: for waits and timings.
            made_with: what the index is made with, or what says it now, where it may be changed.
            model: name of the model that writes; None for extracts.
            speakers: base -> the tuned model that writes in its place; None where no route can be set.
            answer_seconds: how long an answer or a question back is remembered.
            wait_seconds: how long a question waits for the same one asked just before.
            pause: waits some seconds.

        """
        self._records = records
        self._cache = cache
        self._clock = clock
        self._made_with = made_with
        self._model = model
        self._speakers = speakers
        self._answer_seconds = answer_seconds
        self._wait_seconds = wait_seconds
        self._work = SharedWork(clock, wait_seconds, pause)
        self._flights: Flights[_Found] = Flights()

    def answer(self, question: Question, run: Callable[[Question], Made]) -> Answer:
        """
        Return the outcome of a question, remembered or made by `run`; it is recorded either way.

        Raises:
            FootnoteError: what `run` raised, for this question or for the same one asked just before.

        """
        watch = Stopwatch(self._clock, {})
        asked = self._asked(question)
        if not asked.scope.versions:
            return run(question).answer
        found, own = self._flights.fly(asked.key, lambda: self._found(asked, run), self._wait_seconds)
        if found is not None and own:
            return found.recorded or self._recorded(asked, found.entry, watch)
        # Time has passed: what holds now is read now.
        asked = self._asked(question)
        if found is not None and found.shared and found.key == asked.key and self._stands(asked, found.entry):
            return self._recorded(asked, found.entry, watch)
        made = run(question)
        self._remember(made)
        return made.answer

    def _asked(self, question: Question) -> _Asked:
        """Return the question with what its reader may search at this moment."""
        scope = self._records.access.scope(question.principal, question.bases)
        text = understood(question)
        made_with = self._made_with() if callable(self._made_with) else self._made_with
        return _Asked(question, text, scope, self._key(question, text, scope, made_with))

    def _key(self, question: Question, text: str, scope: Scope, made_with: MadeWith) -> str:
        """Return the hash of everything that decides an answer; no word of the question can be read in it."""
        bases = [
            [kb, scope.names[kb], version, scope.rights.get(kb, 0), sorted(scope.access.rules[kb])]
            for kb, version in sorted(scope.versions.items())
        ]
        questions = [_normalised(question.text), _normalised(text)]
        tuned = sorted(self._speakers(question, scope).items()) if self._speakers else []
        code = [*made_with, self._model, tuned, PROMPT_VERSION, code_version()]
        everything = [self._records.installation, bases, questions, question.limit, code]
        return digest_of(everything)

    def _found(self, asked: _Asked, run: Callable[[Question], Made]) -> _Found:
        """Return what is remembered and stands; else what the run comes to, alone over all processes if that can be."""
        slot = self._cache.slot(asked.key)
        return self._work.kept_or_made(
            slot, lambda data: self._kept(asked, data), lambda: self._remember(run(asked.question), slot)
        )

    def _kept(self, asked: _Asked, data: bytes) -> _Found | None:
        """Return what is remembered, if it stands."""
        entry = decode(data)
        return _Found(asked.key, entry, None) if entry is not None and self._stands(asked, entry) else None

    def _remember(self, made: Made, slot: AnswerSlot | None = None) -> _Found:
        """Keep an outcome under the key of what the run really searched, which may have changed since it was asked."""
        evidence, entry = made.outcome.evidence, remembered(made.outcome, self._clock.now())
        # Where there was no vector for once, it is not what the next question would find.
        embedder = evidence.embedder.name if evidence.embedder else None
        made_with = embedder, evidence.analyser
        key = self._key(evidence.asked.question, evidence.asked.text, evidence.scope, made_with)
        seconds = self._seconds(entry.answer)
        data = encode(entry) if seconds else None
        if data is not None and evidence.scope.versions:
            kept_in = slot if slot is not None and slot.key == key else self._cache.slot(key)
            kept_in.put(data, seconds)
        return _Found(key, entry, made.answer, shared=seconds > 0)

    def _seconds(self, answer: Answer) -> float:
        """Return how long an outcome is remembered; 0 for a fault, and for what is true of one person or minute."""
        fallback = answer.writing.fallback if answer.writing else None
        if answer.outcome is Outcome.ERROR or fallback in _OF_THE_MOMENT:
            return 0
        stood_in = answer.writing is not None and answer.writing.instead_of is not None
        soon_another = answer.outcome is Outcome.REFUSAL or fallback is not None or stood_in
        return REFUSAL_SECONDS if soon_another else self._answer_seconds

    def _stands(self, asked: _Asked, entry: Remembered) -> bool:
        """Confirm, by one statement, that every passage of the evidence is alive and readable now."""
        wanted = {one.chunk for one in entry.passages}
        hits = self._records.evidence.confirm(asked.question.principal, asked.scope, wanted)
        there = {(hit.chunk_id, hit.document_version, hit.ordinal) for hit in hits}
        return there.issuperset((one.chunk, one.document_version, one.ordinal) for one in entry.passages)

    def _recorded(self, asked: _Asked, entry: Remembered, watch: Stopwatch) -> Answer:
        """Record an asking that was answered from memory."""
        age = max(0, int((self._clock.now() - entry.made_at).total_seconds()))
        question, answer = asked.question, replace(entry.answer, age_s=age)
        timings = watch.timings("cache")
        watch = Stopwatch(self._clock, timings)
        evidence = evidence_record(question.principal, asked.text, asked.scope, entry.passages, from_memory=True)
        told = replace(answer, timings_ms=timings)
        number = self._records.answers.add(question.text, question.principal, told, evidence, question.conversation)
        return replace(answer, id=number, timings_ms=watch.timings("record"))


def _normalised(text: str) -> str:
    """Return a question without what nobody sees: one form of each letter, one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())
