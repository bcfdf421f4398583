"""Fifth node where no model is configured: is there evidence? Then the extract, else a question back or a refusal."""

from dataclasses import replace

from haystack import component

from pipelines.answering.evidence_check import surplus
from pipelines.answering.outcomes import extracted, unanswered, weighed_question
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.steps import Evidence, UnrecordedAnswer
from pipelines.answering.timing import Stopwatch
from pipelines.ports.clock import Clock
from pipelines.retrieval.embedding import EmbedderNow


@component
class AnswerFromExtracts:
    """Answers with verbatim sentences, or says honestly that the documents do not."""

    def __init__(self, embedder: EmbedderNow, clock: Clock) -> None:
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
        weighed = weighed_question(evidence, self._vectors)
        answer = unanswered(evidence, weighed) or extracted(evidence, weighed)
        timed = replace(answer, timings_ms=watch.timings("answer"))
        return {"outcome": UnrecordedAnswer(evidence, timed, surplus(weighed))}
