"""Last node: the answer goes into the records with what it was made of, so that it can be replayed."""

from dataclasses import replace
from typing import Any

from haystack import component

from pipelines.answering.steps import Evidence, UnrecordedAnswer
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import Answer
from pipelines.ports.clock import Clock
from pipelines.ports.records import AnswerRecords


@component
class RecordAnswer:
    """Writes one row per question."""

    def __init__(self, answers: AnswerRecords, clock: Clock) -> None:
        self._answers = answers
        self._clock = clock

    @component.output_types(answer=Answer)
    def run(self, outcome: UnrecordedAnswer) -> dict[str, Answer]:
        """
        Record the outcome.

        :param outcome: answer and evidence.
        :returns: `answer`, with the number of its record.
        """
        watch = Stopwatch(self._clock, outcome.answer.timings_ms)
        question = outcome.evidence.asked.question
        number = self._answers.add(question.text, question.principal, outcome.answer, _evidence(outcome.evidence))
        return {"answer": replace(outcome.answer, id=number, timings_ms=watch.timings("record"))}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    principal = evidence.asked.question.principal
    return {
        "stand_alone": evidence.asked.text,
        "versions": {str(kb): version for kb, version in evidence.scope.versions.items()},
        "rights": ["admin"] if principal.admin else sorted(principal.readers),
        "passages": [
            {
                "chunk": one.passage.passage.chunk_id,
                "document_version": one.passage.document_version,
                "ordinal": one.passage.passage.ordinal,
                "score": round(one.score, 4),
            }
            for one in evidence.candidates
        ],
    }
