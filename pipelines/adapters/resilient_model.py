"""A chat model that outlives a fault: a second call at most, of the fallback or of the same model, in the same time."""

import logging
import random
import time
from collections import deque
from collections.abc import Callable, Sequence

from pipelines.adapters.retry_budget import RetryBudget
from pipelines.errors import FootnoteError, PermanentError, TransientError
from pipelines.ports.model import (
    UNHEARD,
    CallCancelled,
    ChatModel,
    ConnectionLost,
    Message,
    ModelAway,
    ModelBusy,
    ModelReply,
    ModelResting,
    PieceListener,
    never,
)


CALLS = 2
"""Of one question's reply, whatever happens."""
RETRY_MIN_S = 8.0
SECOND_MIN_S = 1.0
_PAUSE_S = (0.1, 0.4)
_LOOK_S = 0.25
_log = logging.getLogger(__name__)


class ResilientModel:
    """
    `ports.model.ChatModel` that makes a second call after a fault, if nobody was shown a word of the first.

    The second call goes to the fallback. Without one, or where the fallback was the first to be
    called, the same model is asked again if it may answer then: nobody answered, the server failed, or it
    said when it has room; if `RETRY_MIN_S` seconds are left by then; and if the retry budget allows. What a
    server refuses is never sent to it again. A model that rests costs no call. Where a server closed
    the connection of an earlier call, which some do behind each reply, the second call is the same
    one, at once, on another connection.
    """

    def __init__(
        self,
        model: ChatModel,
        budget: RetryBudget,
        *,
        fallback: ChatModel | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
        retry_min_s: float = RETRY_MIN_S,
    ) -> None:
        """
        Take what is called.

        Args:
            model: called first.
            budget: of retries; the fallback is none.
            fallback: called when the first gives no reply.
            monotonic: seconds of a clock that never goes back.
            wait: lets so many seconds pass.
            chance: spreads the retries of many questions.
            retry_min_s: seconds that a retry needs.

        """
        self._models = (model,) if fallback is None else (model, fallback)
        self._budget = budget
        self._monotonic = monotonic
        self._wait = wait
        self._chance = chance or random.Random()  # noqa: S311 - spreads load
        self._retry_min_s = retry_min_s

    @property
    def name(self) -> str:
        """Name of the model that is called first."""
        return self._models[0].name

    def write(
        self,
        messages: Sequence[Message],
        *,
        seconds: float,
        listener: PieceListener = UNHEARD,
        cancelled: Callable[[], bool] = never,
    ) -> ModelReply:
        """
        Return the first reply; `reply.model` says whose it is.

        Raises:
            FootnoteError: as the port says, that of the first call that was made.

        """
        ends = self._monotonic() + seconds
        turns, faults = deque(self._models), list[FootnoteError]()
        self._budget.called()
        while turns:
            model = turns.popleft()
            left = ends - self._monotonic()
            if _calls(faults) and (left < SECOND_MIN_S or not listener.start_over()):
                break
            try:
                return model.write(messages, seconds=left, listener=listener, cancelled=cancelled)
            except (TransientError, PermanentError) as fault:
                _log.warning("no reply: %s", fault)
                faults.append(fault)
            if _calls(faults) >= CALLS:
                break
            if isinstance(faults[-1], ConnectionLost):
                turns.appendleft(model)
            elif not turns and self._pauses(faults[-1], ends, cancelled):
                turns.append(model)
        raise next((one for one in faults if not isinstance(one, ModelResting)), faults[0])

    def _pauses(self, fault: FootnoteError, ends: float, cancelled: Callable[[], bool]) -> bool:
        """Wait until the same model may be asked again; say at once if it may not."""
        pause = self._pause_s(fault)
        if pause is None or ends - self._monotonic() - pause < self._retry_min_s or not self._budget.takes():
            return False
        until = self._monotonic() + pause
        while (rest := until - self._monotonic()) > 0:
            if cancelled():
                raise CallCancelled(f"the call of the model {self.name} was taken back")
            self._wait(min(rest, _LOOK_S))
        return True

    def _pause_s(self, fault: FootnoteError) -> float | None:
        """Return the seconds after which the same call may succeed; None if it will not."""
        if isinstance(fault, ModelBusy):
            return fault.retry_after_s
        if isinstance(fault, ModelAway) and not isinstance(fault, ModelResting):
            return self._chance.uniform(*_PAUSE_S)
        return None


def _calls(faults: Sequence[FootnoteError]) -> int:
    """Return how many calls were made: one that rests costs none."""
    return sum(not isinstance(one, ModelResting) for one in faults)
