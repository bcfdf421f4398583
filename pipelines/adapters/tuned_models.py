"""Tuned models by their names, each behind a breaker: one that is dead, slow or wrong is left alone for a while."""

from collections.abc import Callable, Sequence
from threading import Lock

from pipelines.adapters.breaker import Breaker
from pipelines.errors import FootnoteError
from pipelines.ports.model import (
    CallCancelled,
    ChatModel,
    Message,
    ModelReply,
    ModelResting,
    ModelTooSlow,
    PromptTooLong,
)


FAULTS = 3
WITHIN_S = 600.0
PROBE_S = 30.0
"""Rarer than for a base model, and over a longer time: a question that a tuned model fails is answered late."""


def tuned_breaker(monotonic: Callable[[], float]) -> Breaker:
    """Return a breaker as a tuned model has one."""
    return Breaker(monotonic, faults=FAULTS, within_s=WITHIN_S, probe_s=PROBE_S)


class TunedModels:
    """
    `ports.tuned_models.TunedModels`. A reply counts neither for nor against its model until it is judged.

    Every fault counts but three: a call that was taken back, one that had less time than
    `fair_s`, and a prompt that is too long.
    """

    def __init__(self, make: Callable[[str], ChatModel], *, monotonic: Callable[[], float], fair_s: float) -> None:
        """
        Take how a model is made.

        Args:
            make: the name of a model -> what calls it; asked once for each.
            monotonic: seconds of a clock that never goes back.
            fair_s: seconds within which a sound model has answered.

        """
        self._make = make
        self._monotonic = monotonic
        self._fair_s = fair_s
        self._lock = Lock()
        self._known: dict[str, tuple[ChatModel, Breaker]] = {}

    def ask(
        self, name: str, messages: Sequence[Message], *, seconds: float, cancelled: Callable[[], bool]
    ) -> ModelReply:
        """Return the whole reply of a model."""
        model, breaker = self._of(name)
        if not breaker.admits():
            raise ModelResting(
                f"the tuned model {name} is left alone after {FAULTS} faults; it is asked again"
                f" every {breaker.probe_s:.0f} seconds"
            )
        try:
            return model.write(messages, seconds=seconds, cancelled=cancelled)
        except (CallCancelled, PromptTooLong):
            raise
        except ModelTooSlow as fault:
            if fault.stalled or seconds >= self._fair_s:
                breaker.failed()
            raise
        except FootnoteError:
            breaker.failed()
            raise

    def judge(self, name: str, *, holds: bool) -> None:
        """Say whether a reply was one that could be shown."""
        _, breaker = self._of(name)
        if holds:
            breaker.succeeded()
        else:
            breaker.failed()

    def is_resting(self, name: str) -> bool:
        """Say whether calls of a model are held back now."""
        return self._of(name)[1].is_open

    def _of(self, name: str) -> tuple[ChatModel, Breaker]:
        with self._lock:
            if name not in self._known:
                self._known[name] = (self._make(name), tuned_breaker(self._monotonic))
            return self._known[name]
