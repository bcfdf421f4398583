"""A question, from the words of a person to its one outcome. Not how the answer looks."""

from collections.abc import Sequence

from bot import texts
from bot.commands.bounds import DEFAULT_CITATIONS, KEPT_TURNS, MAX_CITATIONS
from bot.facade import Footnote
from pipelines.domain.conversation import Answer, Principal, Question, Turn
from pipelines.errors import BadInput


def ask(
    footnote: Footnote,
    principal: Principal,
    text: str,
    *,
    bases: Sequence[str] = (),
    turns: Sequence[Turn] = (),
    limit: int = DEFAULT_CITATIONS,
) -> Answer:
    """
    Return the answer to a question.

    Args:
        footnote: the installation.
        principal: who asks.
        text: the question as it was written.
        bases: names of the bases to search; none for all that this person may read.
        turns: earlier exchanges, oldest first; the newest ten count.
        limit: citations at most, 1..20.

    Raises:
        BadInput: the question is empty or over the limit, or `limit` is.
        NotFound: an admin named a base that is not there. Others get the refusal that
            they would get for a base that they may not read.

    """
    question = text.strip()
    longest = footnote.settings.limits.question_chars
    if not question:
        raise BadInput(texts.empty_question())
    if len(question) > longest:
        raise BadInput(texts.long_question(len(question), longest))
    if not 1 <= limit <= MAX_CITATIONS:
        raise BadInput(texts.limit_out_of_range(limit, MAX_CITATIONS))
    if principal.admin:
        bases = tuple(footnote.records.bases.get(name).name for name in bases)
    return footnote.ask(Question(question, principal, tuple(bases), tuple(turns[-KEPT_TURNS:]), limit))
