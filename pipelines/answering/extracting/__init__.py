"""Extractive answers: verbatim sentences, lists and rows of the offered passages. Pure; no text of its own."""

from collections.abc import Sequence

from pipelines.answering.extracting.choosing import SENTENCES, choose
from pipelines.answering.extracting.shapes import Candidate, Cell, Extract, Paragraph, Piece, Role
from pipelines.answering.extracting.showing import show
from pipelines.answering.extracting.vectors import EmbedTexts, Vectors
from pipelines.answering.extracting.weighing import WeighedQuestion, weigh


__all__ = [
    "SENTENCES",
    "Candidate",
    "Cell",
    "EmbedTexts",
    "Extract",
    "Paragraph",
    "Piece",
    "Role",
    "WeighedQuestion",
    "choose",
    "extract",
    "show",
    "weigh",
]


def extract(
    question: str,
    candidates: Sequence[Candidate],
    *,
    question_vector: Vectors | None = None,
    embed_texts: EmbedTexts | None = None,
    limit: int = SENTENCES,
) -> Extract:
    """
    Return what is to be shown for a question: `weigh`, `choose` and `show` in one call.

    At most four sentences, or a list with its lead-in and up to eight items, or up to
    eight rows of a table; one document per paragraph. Every piece is a verbatim span of
    the stored text, no sentence is cut. Empty when nothing was offered.

    Args:
        question: the stand-alone question.
        candidates: passages, best first.
        question_vector: unit vector of the question; None is words only.
        embed_texts: embeds at most twelve texts, and then single words; None is words only.
        limit: sentences at most, 1..4.

    """
    weighed = weigh(question, candidates, question_vector=question_vector, embed_texts=embed_texts)
    return show(weighed, choose(weighed, limit=limit))
