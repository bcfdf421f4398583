"""Last node: the answer goes into the records with what it was made of, so that it can be replayed."""

from dataclasses import replace

from haystack import component

from pipelines.answering.recording import evidence_record
from pipelines.answering.remembered import used_passages
from pipelines.answering.steps import UnrecordedAnswer
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import Answer
from pipelines.ports.answers import AnswerRecords
from pipelines.ports.clock import Clock


@component
class RecordAnswer:
    """Writes one row per question."""

    def __init__(self, answers: AnswerRecords, clock: Clock) -> None:
        self._answers = answers
        self._clock = clock

    @component.output_types(answer=Answer, made=UnrecordedAnswer)
    def run(self, outcome: UnrecordedAnswer) -> dict[str, Answer | UnrecordedAnswer]:
        """
        Record the outcome.

        :param outcome: answer and evidence.
        :returns: `answer`, with the number of its record, and `made`, the outcome as it came.
        """
        watch = Stopwatch(self._clock, outcome.answer.timings_ms)
        evidence = outcome.evidence
        question = evidence.asked.question
        passages = used_passages(outcome)
        record = evidence_record(
            question.principal, evidence.asked.text, evidence.scope, passages, prompt=outcome.prompt
        )
        number = self._answers.add(question.text, question.principal, outcome.answer, record, question.conversation)
        answer = replace(outcome.answer, id=number, timings_ms=watch.timings("record"))
        return {"answer": answer, "made": outcome}
