"""Is there evidence for an answer? Three bands (refusal.md): answer, close, nothing. Pure."""

from enum import StrEnum

from pipelines.answering.extracting.weighing import WeighedQuestion


ENOUGH_WORDS = 0.6
"""Share of the question's idf in one sentence, its title and its heading, that stands for an answer by itself."""

ENOUGH_MEANING = 0.6
"""Cosine of question and sentence that stands for an answer by itself."""

ENOUGH_OF_BOTH = 0.75
"""Sum of both that does, where each alone is not enough."""

CLOSE = 0.4
"""Sum of both from which the documents are named as close."""


class Verdict(StrEnum):
    """What the passages are worth to the question."""

    ANSWER = "answer"
    CLOSE = "close"
    NOTHING = "nothing"
    NO_CONTENT = "no_content"


def check(weighed: WeighedQuestion) -> Verdict:
    """
    Judge the evidence by its best sentence.

    Args:
        weighed: the question with all sentences that were offered.

    """
    if not weighed.asked.weights:
        return Verdict.NO_CONTENT
    best = max((_support(weighed, at) for at in range(len(weighed.sentences))), default=(0.0, 0.0, 0.0))
    both, words, meaning = best
    if words >= ENOUGH_WORDS or meaning >= ENOUGH_MEANING or both >= ENOUGH_OF_BOTH:
        return Verdict.ANSWER
    return Verdict.CLOSE if both >= CLOSE else Verdict.NOTHING


def _support(weighed: WeighedQuestion, at: int) -> tuple[float, float, float]:
    """Return (sum, words, meaning) of a sentence; a neighbour that was not offered supports nothing."""
    one = weighed.sentences[at]
    if one.score == float("-inf"):
        return 0.0, 0.0, 0.0
    words, meaning = min(1.0, one.coverage + one.place / 2), one.cosine or 0.0
    return words / 2 + meaning, words, meaning
