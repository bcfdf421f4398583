"""Remembered answers: a comfort. Whatever is lost here costs time and nothing else."""

from typing import Protocol


class AnswerSlot(Protocol):
    """
    One key for one question.

    A fault is a miss: logged, never raised. After the first one every call of this slot
    does nothing, so that a question waits for a server that is silent once at most.
    """

    @property
    def key(self) -> str:
        """Return its key."""

    def get(self) -> bytes | None:
        """Return what is remembered; None on a miss or a fault."""

    def put(self, data: bytes, seconds: float) -> None:
        """Remember the bytes for some seconds, > 0; they may be forgotten earlier."""

    def take(self, seconds: float) -> bool:
        """
        Take the right to compute the answer, for some seconds at most.

        Returns:
            False if a slot of this key holds it; True if it was free, and on a fault.

        """

    def taken(self) -> bool:
        """Say whether some slot of this key holds that right; False on a fault."""

    def release(self) -> None:
        """Give the right back, if this slot still holds it."""


class AnswerCache(Protocol):
    """
    Bytes under keys, for a while, shared by all who name the same key.

    What a slot put is what any slot of that key gets, until its time is over, or it is
    evicted or lost.
    """

    def slot(self, key: str) -> AnswerSlot:
        """Return a slot; keys are made of ASCII letters, digits and colons."""

    def close(self) -> None:
        """Release connections."""
