"""First node: a question that can be understood without the turns before it."""

from haystack import component

from pipelines.answering.follow_up import understood
from pipelines.answering.steps import AskedQuestion
from pipelines.answering.timing import Stopwatch
from pipelines.domain.conversation import Question
from pipelines.ports.clock import Clock


@component
class StandAloneQuestion:
    """Makes a follow-up stand alone, by rule unless that was done before; any other question stays as it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @component.output_types(asked=AskedQuestion)
    def run(self, question: Question) -> dict[str, AskedQuestion]:
        """
        Return the question as it is to be searched.

        :param question: as it was asked, with the turns before it.
        :returns: `asked`.
        """
        watch = Stopwatch(self._clock, {})
        text = understood(question)
        return {"asked": AskedQuestion(question, text, watch.timings("question"))}
