"""What a person reads of a recorded answer beside today's, as lines. The sentences are `bot.replay_texts`."""

from collections.abc import Iterator

from bot import replay_texts as texts
from bot.cli.pages import answered
from bot.commands.replay import Replayed
from bot.lines import BLANK, Line, Look
from bot.printable import lines


def told(result: Replayed) -> Iterator[Line]:
    """Tell the recorded answer, the difference of its passages, and today's answer."""
    one = result.replay
    recorded = one.recorded
    yield Line(texts.recorded(recorded.number, recorded.asked_at, recorded.principal), look=Look.STRONG)
    yield Line(texts.asked(recorded.question, one.searched))
    yield BLANK
    yield Line(texts.then())
    yield from (Line(line, 2) for line in lines(str(recorded.answer["text"])))
    yield BLANK
    gone = sum(passage.today is None for passage in one.passages)
    new = sum(passage.then is None for passage in one.passages)
    yield Line(texts.evidence(same=one.same_evidence, gone=gone, new=new))
    if one.same_prompt is not None:
        yield Line(texts.prompt(same=one.same_prompt))
    for passage in one.passages:
        place = " › ".join(part for part in (passage.document, passage.heading) if part) or texts.deleted()
        yield Line(f"{texts.rank(passage.then, passage.today)}  {place}", 2, Look.QUIET)
    yield BLANK
    if one.same_text:
        yield Line(texts.the_same_today())
    else:
        yield Line(texts.today())
        yield from answered(one.today)
