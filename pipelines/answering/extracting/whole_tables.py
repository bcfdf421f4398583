"""The table that a question asks for as a whole: "What are the hotel limits?" under "Limits for hotels". Pure."""

from collections import defaultdict
from collections.abc import Sequence

from pipelines.answering.extracting.shapes import Role
from pipelines.answering.extracting.weighing import Weighed, WeighedQuestion
from pipelines.retrieval.terms import content_stems


_ABOVE = 0.5
"""Share of the question's idf that the heading and the header of the table must hold; its section holds the rest."""

_ALL = 0.999
"""A share that is all of it, but for rounding."""


def whole_table(question: WeighedQuestion) -> tuple[int, ...]:
    """
    Return the places of the rows of the table that the question asks for, in order; empty without one.

    Its heading and header hold most of what is asked, its title and section the rest: no row is
    named. Of several tables the one whose heading and header hold most, then the one with
    the best row.

    Args:
        question: the weighed sentences of a question that asks for all of something.

    """
    tables: dict[tuple[int, tuple[int, int]], list[int]] = defaultdict(list)
    for at, one in enumerate(question.sentences):
        if one.sentence.role is Role.TABLE_ROW and one.sentence.lead is not None:
            tables[one.sentence.source.document_version, one.sentence.lead].append(at)
    asked = [rows for rows in tables.values() if len(rows) > 1 and _is_asked(question, rows)]
    best = max(asked, key=lambda rows: (_above(question, rows), _best(question, rows)), default=())
    return tuple(best)


def _is_asked(question: WeighedQuestion, rows: Sequence[int]) -> bool:
    """Return whether a table and its section speak of all that is asked, the table of most of it."""
    if not any(question.sentences[at].offered for at in rows) or _above(question, rows) < _ABOVE:
        return False
    first = question.sentences[rows[0]]
    said = {*_caption(first), *content_stems(first.sentence.source.title)}
    for one in question.sentences:
        if one.sentence.section == first.sentence.section and one.sentence.role is not Role.TABLE_ROW:
            said.update(one.stems)
    return question.asked.share(said) >= _ALL


def _above(question: WeighedQuestion, rows: Sequence[int]) -> float:
    return question.asked.share(_caption(question.sentences[rows[0]]))


def _best(question: WeighedQuestion, rows: Sequence[int]) -> float:
    return max(question.sentences[at].score for at in rows)


def _caption(one: Weighed) -> tuple[str, ...]:
    """Return the stems of the nearest heading and of the header of a table."""
    return content_stems(" ".join((*one.sentence.headings[-1:], one.sentence.lead_text)))
