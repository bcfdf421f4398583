"""A chat model behind its breaker: one that does not answer is left alone for a while. It repeats nothing."""

from collections.abc import Callable, Sequence

from pipelines.adapters.breaker import Breaker
from pipelines.errors import PermanentError
from pipelines.ports.model import (
    UNHEARD,
    ChatModel,
    ConnectionLost,
    Message,
    ModelAway,
    ModelBusy,
    ModelReply,
    ModelResting,
    ModelTooSlow,
    PieceListener,
    never,
)


FAIR_S = 10.0


class GuardedModel:
    """
    `ports.model.ChatModel` that makes no call while its breaker is open. Share one among all who call this model.

    No answer, a failing server, one that is full, a stall, and a call that had a fair time
    are faults of the model. A request that it refuses was answered; a call that was taken back,
    had too little time, or met a connection that was closed meanwhile, says nothing.
    """

    def __init__(self, model: ChatModel, breaker: Breaker, *, fair_s: float = FAIR_S) -> None:
        """
        Take a model and its breaker.

        Args:
            model: what is called.
            breaker: of this model alone.
            fair_s: seconds within which a sound model has answered.

        """
        self.breaker = breaker
        self._model = model
        self._fair_s = fair_s

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model.name

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
            ModelResting: no call was made.

        """
        if not self.breaker.admits():
            raise ModelResting(
                f"the model {self.name} did not answer its last calls; it is asked again every"
                f" {self.breaker.probe_s:.0f} seconds"
            )
        try:
            reply = self._model.write(messages, seconds=seconds, listener=listener, cancelled=cancelled)
        except ConnectionLost:
            raise
        except (ModelAway, ModelBusy):
            self.breaker.failed()
            raise
        except ModelTooSlow as fault:
            if fault.stalled or seconds >= self._fair_s:
                self.breaker.failed()
            raise
        except PermanentError:
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return reply
