"""The one way in: a sentence and the passages that it cites to a verdict with its quote. Pure; no model, no I/O."""

from collections.abc import Sequence

from pipelines.answering.verifying.aligning import Sentence
from pipelines.answering.verifying.joining import joined
from pipelines.answering.verifying.judging import Judgement, judge
from pipelines.answering.verifying.preparing import PreparedPassage, prepare
from pipelines.answering.verifying.shapes import EvidencePassage, Quote, Reason, Verdict, Verification


_SEVERITY = {Verdict.SUPPORTED: 0, Verdict.OWN_WORDS: 1, Verdict.CONTRADICTED: 2}


def verify(sentence: str, passages: Sequence[EvidencePassage]) -> Verification:
    """
    Judge a sentence of an answer by the passages that it cites.

    *Contradicted*: a fact of a closed class disagrees, or the passages do not hold what it
    says. *Supported*: all of it is there, in the passages' wording. *Own words*: nothing
    disagrees, but rules cannot vouch for the wording. Sentences that are not English are
    contradicted for their figures and dates only.

    Args:
        sentence: one sentence, list item, or row, without its marks.
        passages: what it cites; its order is that of `Quote.passage`.

    Returns:
        The verdict; without a passage `contradicted` for `no_source`. White space between
        words never matters.

    """
    return verify_prepared(sentence, [prepare(passage) for passage in passages])


def verify_prepared(sentence: str, passages: Sequence[PreparedPassage]) -> Verification:
    """Judge a sentence by passages that were prepared before; the same as `verify`."""
    if not passages:
        return Verification(Verdict.CONTRADICTED, (Reason.NO_SOURCE,), None)
    taken = Sentence(" ".join(sentence.split()))
    single = [judge(taken, passage) for passage in passages]
    # What one passage supports by itself, no other takes back.
    best = min(range(len(single)), key=lambda at: (_is_not_support(single[at]), -single[at].share, at))
    if len(passages) == 1 or single[best].verdict is Verdict.SUPPORTED:
        return _verification(single[best], passages[best], best)
    together = judge(taken, joined(passages))
    if _SEVERITY[together.verdict] >= _SEVERITY[single[best].verdict]:
        return _verification(single[best], passages[best], best)
    return _of_joined(together, passages)


def _is_not_support(judgement: Judgement) -> bool:
    return judgement.verdict is not Verdict.SUPPORTED


def _verification(judgement: Judgement, passage: PreparedPassage, index: int) -> Verification:
    if judgement.units is None:
        return Verification(judgement.verdict, judgement.reasons, None)
    first, last = judgement.units
    quote = Quote(index, passage.units[first].start, passage.units[last].end)
    return Verification(judgement.verdict, judgement.reasons, quote)


def _of_joined(judgement: Judgement, passages: Sequence[PreparedPassage]) -> Verification:
    """Return a judgement of joined passages with its quote cut from the passage in which it begins."""
    if judgement.units is None:
        return Verification(judgement.verdict, judgement.reasons, None)
    first, last = judgement.units
    for index, passage in enumerate(passages):
        if first < len(passage.units):
            last = min(last, len(passage.units) - 1)
            quote = Quote(index, passage.units[first].start, passage.units[last].end)
            return Verification(judgement.verdict, judgement.reasons, quote)
        first, last = first - len(passage.units), last - len(passage.units)
    return Verification(judgement.verdict, judgement.reasons, None)
