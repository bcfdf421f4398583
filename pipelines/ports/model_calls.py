"""
Calls of models that another process makes: asked for here, made there, and what came of them.

A row is a call, never more: it is made once at most, and nothing is left of it when its caller has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipelines.domain.values import Value
from pipelines.errors import FootnoteError
from pipelines.ports.model import Message, ModelReply


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class LeasedCall(Value):
    """
    A call whose turn it is.

    Attributes:
        id: number that is never given again.
        token: of the lease.
        model: name of the model that is called.
        messages: for it.
        seconds: that it may take.

    """

    id: int
    token: int
    model: str
    messages: tuple[Message, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class CallProgress(Value):
    """
    How far a call is.

    Attributes:
        state: where it stands.
        outcome: the reply, or why there is none; None until it is over.

    """

    state: CallState
    outcome: ModelReply | FootnoteError | None = None


class ModelCallRecords(Protocol):
    """The calls of all processes."""

    def ask(self, model: str, messages: Sequence[Message], seconds: float) -> int:
        """Ask for a call; return its number. Its caller waits for so many seconds from now on."""

    def take(self, worker: str) -> LeasedCall | None:
        """
        Take the oldest call that waits, and whose caller does; None without any.

        However many look at once, a call is taken once.
        """

    def is_wanted(self, call: LeasedCall) -> bool:
        """Say whether the caller still waits."""

    def finish(self, call: LeasedCall, outcome: ModelReply | FootnoteError) -> bool:
        """Hand the outcome to the caller; False if it has left, and then nothing is kept."""

    def look(self, number: int) -> CallProgress:
        """
        Return how far a call is.

        One whose worker is known to be gone is over; so is one that is not there.
        """

    def leave(self, number: int) -> None:
        """Wait no longer for a call: what it asked is erased at once, and what comes of it is dropped."""
