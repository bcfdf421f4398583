"""A question, from the words of a person to its one outcome. Not how the answer looks, nor what may be asked."""

from collections.abc import Sequence

from bot.commands.bounds import DEFAULT_CITATIONS, KEPT_TURNS
from bot.facade import Footnote
from pipelines.domain.conversation import Answer, Principal, Question, Turn


def named(footnote: Footnote, principal: Principal, bases: Sequence[str]) -> tuple[str, ...]:
    """
    Return the names of the bases that are meant, an admin's as they are shown.

    Raises:
        NotFound: an admin named a base that is not there. Others are told nothing of it.

    """
    if not principal.admin:
        return tuple(bases)
    return tuple(footnote.records.bases.get(name).name for name in bases)


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
        BadInput: the pipelines say that the question is empty or over the limit, or `limit` is.
        NotFound: an admin named a base that is not there. Others get the refusal that
            they would get for a base that they may not read.

    """
    wanted = named(footnote, principal, bases)
    return footnote.ask(Question(text.strip(), principal, wanted, tuple(turns[-KEPT_TURNS:]), limit))
