"""A chat model that another process calls: a row asks for the call, and is looked at until it has the reply."""

import logging
import time
from collections.abc import Callable, Sequence

from pipelines.adapters.call_news import CallNews
from pipelines.errors import FootnoteError
from pipelines.ports.model import (
    UNHEARD,
    CallCancelled,
    Message,
    ModelAway,
    ModelReply,
    ModelTooSlow,
    PieceListener,
    never,
)
from pipelines.ports.model_calls import CallState, ModelCallRecords


POLL_S = 0.25
"""How often the row is looked at; news of its end only shorten the wait."""

LEASE_S = 1.0
"""Until when a worker must have taken the call."""

_log = logging.getLogger(__name__)


class QueuedModel:
    """
    `ports.model.ChatModel` whose calls a worker makes. Not streamed: a reply is heard as one piece, when it is whole.

    Whoever leaves a call, for whatever reason, says so in its row; the worker breaks it off.
    """

    def __init__(
        self,
        name: str,
        calls: ModelCallRecords,
        *,
        tell: Callable[[], None],
        news: CallNews | None = None,
        lease_s: float = LEASE_S,
        poll_s: float = POLL_S,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take where calls are asked for.

        Args:
            name: of the model.
            calls: the rows.
            tell: tells a worker to look; it may be lost, and must be quick.
            news: of calls that are over; None where nobody tells any.
            lease_s: seconds until a worker must have taken the call.
            poll_s: seconds between two looks at the row.
            monotonic: seconds of a clock that never goes back.
            wait: lets so many seconds pass.

        """
        self._name = name
        self._calls = calls
        self._tell = tell
        self._news = news
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._monotonic = monotonic
        self._wait = wait

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._name

    def write(
        self,
        messages: Sequence[Message],
        *,
        seconds: float,
        listener: PieceListener = UNHEARD,
        cancelled: Callable[[], bool] = never,
    ) -> ModelReply:
        """
        Return the reply, as the port promises.

        Raises:
            ModelAway: besides, no worker took the call in time.

        """
        asked_at = self._monotonic()
        if seconds <= 0:
            raise ModelTooSlow(f"no time is left for the model {self._name}", stalled=False)
        number = self._calls.ask(self._name, messages, seconds)
        try:
            self._tell()
            outcome = self._outcome(number, asked_at, seconds, cancelled)
        finally:
            self._leave(number)
        if isinstance(outcome, FootnoteError):
            raise outcome
        if outcome.text:
            listener.hear(outcome.text)
        return outcome

    def _outcome(
        self, number: int, asked_at: float, seconds: float, cancelled: Callable[[], bool]
    ) -> ModelReply | FootnoteError:
        """Look at a call until it is over, or nobody waits for it any longer."""
        while True:
            if cancelled():
                raise CallCancelled(f"the call of the model {self._name} was taken back")
            progress = self._calls.look(number)
            if progress.state is CallState.OVER and progress.outcome is not None:
                return progress.outcome
            spent = self._monotonic() - asked_at
            if progress.state is CallState.WAITING and spent >= self._lease_s:
                return ModelAway(f"no worker took the call of the model {self._name} within {self._lease_s:g} seconds")
            if spent >= seconds:
                return ModelTooSlow(
                    f"the model {self._name} did not answer within {seconds:.1f} seconds", stalled=False
                )
            ends = self._lease_s if progress.state is CallState.WAITING else seconds
            self._pause(number, min(self._poll_s, ends - spent, seconds - spent))

    def _pause(self, number: int, seconds: float) -> None:
        if self._news is None:
            self._wait(seconds)
        else:
            self._news.wait(number, seconds)

    def _leave(self, number: int) -> None:
        """Say that nobody waits; where that fails the worker ends by itself, and the row is swept."""
        try:
            self._calls.leave(number)
        except FootnoteError as fault:
            _log.warning("call %d could not be taken back: %s", number, fault)
