"""How a question depends on what came before: by its own words, and where those leave it open, by what was said."""

from pipelines.answering.follow_ups.fragments import fragment, speaks_of
from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.openings import opened
from pipelines.answering.follow_ups.references import refers
from pipelines.answering.follow_ups.vocabulary import telling
from pipelines.domain.conversation import Turn
from pipelines.retrieval.terms import stem


def leaning(question: str) -> Leaning:
    """Return how a question depends on what came before it, from its own words alone."""
    found = opened(question)
    if not found.rest:
        return Leaning.SMALL_TALK
    if found.changes_topic:
        return Leaning.NOT
    lacking = fragment(found)
    if lacking is not Leaning.NOT:
        return lacking
    if refers(found.rest):
        return Leaning.REFERENCE
    return Leaning.DEFINITE if speaks_of(found.rest) else Leaning.NOT


def leaning_after(question: str, before: Turn | None) -> Leaning:
    """
    Return how a question depends on what came before it; never `NAMED` or `DEFINITE`.

    The answer of the exchange before tells only whether both speak of the same.

    Args:
        question: as it was asked.
        before: the exchange before it; None if there was none.

    """
    kind = leaning(question)
    if kind not in (Leaning.NAMED, Leaning.DEFINITE):
        return kind
    rest = opened(question).rest
    words = telling(rest) if kind is Leaning.NAMED else speaks_of(rest)
    if before is None or not set(stem(words)) & set(stem(telling(f"{before.question} {before.answer}"))):
        return Leaning.NOT
    return Leaning.ELLIPSIS if kind is Leaning.NAMED else Leaning.REFERENCE
