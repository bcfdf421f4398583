"""Fifth node: is there evidence? Then the extract, cited; a question back where they split; else an honest refusal."""

from dataclasses import replace

from haystack import component

from pipelines.answering.citing import cite
from pipelines.answering.clarifying import choices
from pipelines.answering.evidence_check import Verdict, check, surplus
from pipelines.answering.extracting import SENTENCES, WeighedQuestion, choose, show, weigh
from pipelines.answering.refusing import NO_CONTENT, NOT_FOUND, NOT_SAID, NOTHING_SYNCED, WHICH_ONE
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.steps import Evidence, UnrecordedAnswer
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import Answer, Outcome
from pipelines.ports.clock import Clock
from pipelines.ports.embedder import Embedder


CLOSEST = 3
"""Documents that a refusal names at most."""


@component
class AnswerFromExtracts:
    """Answers with verbatim sentences, or says honestly that the documents do not."""

    def __init__(self, embedder: Embedder | None, clock: Clock) -> None:
        self._vectors = SentenceVectors(embedder) if embedder else None
        self._clock = clock

    @component.output_types(outcome=UnrecordedAnswer)
    def run(self, evidence: Evidence) -> dict[str, UnrecordedAnswer]:
        """
        Make the one outcome of a question.

        :param evidence: the passages that an answer may be made of.
        :returns: `outcome`.
        """
        watch = Stopwatch(self._clock, evidence.timings)
        weighed = weigh(
            evidence.asked.text,
            evidence.candidates,
            question_vector=evidence.vector,
            embed_texts=self._vectors,
        )
        answer = _outcome(evidence, weighed)
        timed = replace(answer, timings_ms=watch.timings("answer"))
        return {"outcome": UnrecordedAnswer(evidence, timed, surplus(weighed))}


def _outcome(evidence: Evidence, weighed: WeighedQuestion) -> Answer:
    """Return the answer, the question back, or the refusal."""
    verdict = check(weighed)
    if verdict is not Verdict.ANSWER:
        closest = () if verdict is Verdict.NO_CONTENT else evidence.closest[:CLOSEST]
        return Answer(Outcome.REFUSAL, _refusal(evidence, verdict), closest=closest)
    open_choices = choices(weighed)
    if open_choices:
        return Answer(Outcome.CLARIFY, WHICH_ONE, choices=open_choices)
    limit = evidence.asked.question.limit
    extract = show(weighed, choose(weighed, limit=min(limit, SENTENCES)))
    texts = {one.passage.text_hash: one.text for one in evidence.candidates}
    cited = cite(extract, texts, limit=limit)
    return Answer(Outcome.ANSWER, cited.text, citations=cited.citations)


def _refusal(evidence: Evidence, verdict: Verdict) -> str:
    if not evidence.scope.versions and evidence.asked.question.principal.admin:
        return NOTHING_SYNCED
    if verdict is Verdict.NO_CONTENT:
        return NO_CONTENT
    return NOT_SAID if evidence.closest else NOT_FOUND
