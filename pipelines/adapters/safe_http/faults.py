"""What can go wrong with a request: it is refused, it is too large, or nobody answers."""

from pipelines.errors import BadInput, TransientError


class Refused(BadInput):
    """Nothing was, or nothing more is, sent there; the message says why."""


class TooLarge(BadInput):
    """
    A body is larger than was asked for; what had come of it is dropped.

    Attributes:
        size: bytes as its server announced them; None where it did not.

    """

    def __init__(self, message: str, size: int | None) -> None:
        super().__init__(message)
        self.size = size


class Unreachable(TransientError):
    """No whole answer came in time; the same request may succeed later."""
