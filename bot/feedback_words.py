"""What people said of answers, as lines for a person. The sentences are `bot.texts`."""

from collections.abc import Iterator

from bot import texts
from bot.commands.feedback import FeedbackList
from bot.lines import Line, Look


def feedback_lines(result: FeedbackList) -> Iterator[Line]:
    """Yield what was said, newest first: the question, then the word of the person."""
    if not result.feedback:
        yield Line(texts.no_feedback())
    for one in result.feedback:
        said = one.feedback
        yield Line(texts.asked_before(said.answer, one.question), look=Look.STRONG)
        yield Line(texts.said_of_answer(said.by, one.at, said.reason, good=said.good), 2)
        if said.detail:
            yield Line(texts.quoted(said.detail), 2)
