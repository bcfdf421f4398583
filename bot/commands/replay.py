"""A recorded answer beside today's, as an admin may see it. Not how it looks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands.authority import require_admin
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value


if TYPE_CHECKING:
    from pipelines.answering.replaying import Replay, ReplayedPassage


@dataclass(frozen=True, slots=True)
class Replayed(Value):
    """A replay, and its documented form."""

    replay: "Replay"

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        one = self.replay
        return {
            "id": one.recorded.number,
            "asked_at": one.recorded.asked_at,
            "principal": one.recorded.principal,
            "question": one.recorded.question,
            "searched": one.searched,
            "then": {**one.recorded.answer, "id": one.recorded.number},
            "today": one.today.as_json(),
            "same_evidence": one.same_evidence,
            "same_prompt": one.same_prompt,
            "same_text": one.same_text,
            "passages": [_passage(passage) for passage in one.passages],
        }


def replay(footnote: Footnote, principal: Principal, number: int | None) -> Replayed:
    """
    Ask a recorded question again with the rights that were recorded, and compare.

    Args:
        footnote: the installation.
        principal: an admin; the new answer is recorded in this name.
        number: of the answer; None for the newest.

    """
    require_admin(principal)
    return Replayed(footnote.replay(number, principal))


def _passage(one: "ReplayedPassage") -> dict[str, Any]:
    return {
        "chunk": one.chunk,
        "kb": one.kb,
        "document": one.document,
        "heading": one.heading,
        "then": None if one.then is None else {"rank": one.then[0], "score": one.then[1]},
        "today": None if one.today is None else {"rank": one.today[0], "score": one.today[1]},
    }
