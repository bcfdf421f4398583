"""A chat model as answering needs it: messages and a time in, pieces of text while they come, one reply at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipelines.domain.values import Value
from pipelines.errors import BadInput, FootnoteError, PermanentError, TransientError


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message(Value):
    """One message to a model."""

    role: Role
    text: str


class Finish(StrEnum):
    """Why a reply ends. Only after `STOP` is it what the model had to say."""

    STOP = "stop"
    LENGTH = "length"
    """The limit of tokens cut it off."""
    FILTERED = "filtered"
    """The provider withheld it, or its rest."""
    NOTHING = "nothing"
    """It ended without a word, as a refusal does."""


@dataclass(frozen=True, slots=True)
class Usage(Value):
    """Tokens of one call, as the server counts them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class ModelReply(Value):
    """
    What a model wrote.

    Attributes:
        text: all pieces, joined.
        finish: why it ends.
        model: name of the model as it is set here.
        served_by: name under which the server answered; a server may answer for a model that it does not know.
        usage: tokens; None where the server does not tell.

    """

    text: str
    finish: Finish
    model: str
    served_by: str
    usage: Usage | None = None


class ModelAway(TransientError):
    """No whole reply came: nobody answers, the server fails, or what it sends cannot be read."""


class ConnectionLost(ModelAway):
    """The server closed a connection that it had kept open, without a word: perhaps it never read the call."""


class ModelResting(ModelAway):
    """No call was made: the model did not answer its last ones."""


class ModelBusy(TransientError):
    """
    The server takes no more calls now.

    Attributes:
        retry_after_s: when it may take one again; None where it does not tell.

    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelTooSlow(TransientError):
    """
    The time of the call was over.

    Attributes:
        stalled: nothing came for too long; False where pieces came, but not all in time.

    """

    def __init__(self, message: str, *, stalled: bool) -> None:
        super().__init__(message)
        self.stalled = stalled


class ModelRefused(PermanentError):
    """The server does not take this request, or not from us: the same one will be refused again."""


class PromptTooLong(BadInput):
    """
    The model cannot read so much.

    Attributes:
        limit: its tokens; None where the server does not tell.

    """

    def __init__(self, message: str, limit: int | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class CallCancelled(FootnoteError):
    """The caller took the call back; nobody waits for it."""


class PieceListener(Protocol):
    """Who hears a reply while it is written."""

    def hear(self, piece: str) -> None:
        """
        Take the next piece of text, never an empty one.

        What it raises ends the call and reaches its caller as it is.
        """

    def start_over(self) -> bool:
        """Forget the pieces so far, since another call begins; False if somebody was shown any of them."""


class Unheard:
    """Hears nothing: for a reply that is wanted whole."""

    def hear(self, piece: str) -> None:
        """Drop the piece."""

    def start_over(self) -> bool:
        """Say that nobody was shown anything."""
        return True


UNHEARD = Unheard()


def never() -> bool:
    """Say that the call is not taken back."""
    return False


class ChatModel(Protocol):
    """
    A chat model. Safe to share between threads.

    Attributes:
        name: as it is set here.

    """

    @property
    def name(self) -> str:
        """Name of the model as it is set here."""

    def write(
        self,
        messages: Sequence[Message],
        *,
        seconds: float,
        listener: PieceListener = UNHEARD,
        cancelled: Callable[[], bool] = never,
    ) -> ModelReply:
        """
        Return the reply; its pieces are heard in the caller's thread while they come.

        It returns or raises after `seconds` at the latest, and within a second of
        `cancelled` saying yes. Then nothing of the call is left, neither thread nor connection in use.

        Args:
            messages: at least one.
            seconds: that are left for the call, all its steps included.
            listener: hears the pieces.
            cancelled: says whether the caller wants it no longer; asked often, so it must be quick.

        Raises:
            ModelAway: no whole reply came.
            ModelBusy: the server takes no more calls now.
            ModelTooSlow: the time was over, or nothing came for too long.
            ModelRefused: the server does not take this request.
            BadSettings: key, name of the model or address are wrong.
            PromptTooLong: the model cannot read so much.
            CallCancelled: the caller took it back.

        """
