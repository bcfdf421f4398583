"""Tuned models as answering needs them: a whole reply in a short time, or none, and a word on what it was worth."""

from collections.abc import Callable, Sequence
from typing import Protocol

from pipelines.ports.model import Message, ModelReply


class TunedModels(Protocol):
    """Models that are called by their names, each behind a breaker of its own. Safe to share between threads."""

    def ask(
        self, name: str, messages: Sequence[Message], *, seconds: float, cancelled: Callable[[], bool]
    ) -> ModelReply:
        """
        Return the whole reply of a model.

        It returns or raises after `seconds` at the latest, and soon after `cancelled` says yes.

        Raises:
            ModelResting: no call was made: it did not answer, or not rightly, the last times.
            FootnoteError: as `ports.model.ChatModel.write`, or the records do not answer.

        """

    def judge(self, name: str, *, holds: bool) -> None:
        """Say whether a reply was one that could be shown: a model whose sources contradict it is left alone, too."""
