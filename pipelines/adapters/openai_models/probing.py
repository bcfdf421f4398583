"""One real call of a model, for whoever wants to know whether it would do: how fast, in how many pieces, how much."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openai import OpenAI
from openai.types import Model

from pipelines.adapters.openai_models.call import ModelCall
from pipelines.adapters.openai_models.faults import FAULTS
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.domain.model_probe import ModelProbe
from pipelines.ports.model import Message, never


_CONTEXT_SECONDS = 5.0
_SIZES = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx", "n_ctx_train")
"""Under which servers tell a context: vLLM, OpenRouter and others; the last two are llama.cpp's, below `meta`."""

_LEAST, _MOST = 128, 100_000_000


class _Listener:
    """Notes when pieces come."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.pieces = 0
        self.first_at = 0.0
        self._monotonic = monotonic

    def hear(self, _piece: str) -> None:
        """Count a piece."""
        if not self.pieces:
            self.first_at = self._monotonic()
        self.pieces += 1

    def start_over(self) -> bool:
        """Forget what came."""
        self.pieces = 0
        return True


def probe(
    model: OpenAIModel,
    messages: Sequence[Message],
    *,
    mark: str,
    seconds: float,
    monotonic: Callable[[], float] = time.monotonic,
) -> ModelProbe:
    """
    Call a model once, and ask its server for the size of its context.

    Args:
        model: it.
        messages: that it is to answer.
        mark: that a good reply holds.
        seconds: that the call may take.
        monotonic: seconds of a clock that never goes back.

    Raises:
        FootnoteError: as `ports.model.ChatModel.write`.

    """
    listener, began = _Listener(monotonic), monotonic()
    reply = model.write(messages, seconds=seconds, listener=listener)
    ended = monotonic()
    first = listener.first_at if listener.pieces else ended
    return ModelProbe(
        model.name,
        reply.served_by,
        first - began,
        ended - began,
        listener.pieces,
        mark in reply.text,
        _context(model.generator.client, model.name, monotonic),
    )


def _context(client: OpenAI | None, name: str, monotonic: Callable[[], float]) -> int | None:
    """Return the tokens that the server tells of a model; None where it tells none, or has no list of models."""
    call = ModelCall(seconds=_CONTEXT_SECONDS, stall_s=_CONTEXT_SECONDS, cancelled=never, monotonic=monotonic)
    call.streams = False
    if client is None:
        return None
    with call.under_way():
        try:
            listed = _listed(client, call)
            told = next((one.model_extra or {} for one in listed if one.id == name), {})
        except FAULTS:
            return None
    return size_told(told)


def _listed(client: OpenAI, call: ModelCall) -> list[Model]:
    """Return the server's models, asked again where it had closed the connection that the call before left."""
    try:
        return client.models.list().data
    except FAULTS:
        if not call.is_unheard_on_kept_connection:
            raise
    return client.models.list().data


def size_told(told: Mapping[str, Any]) -> int | None:
    """Return the first size of a context among what a server tells of a model; None if there is none to believe."""
    meta = told.get("meta")
    for place in (told, meta if isinstance(meta, Mapping) else {}):
        for name in _SIZES:
            size = place.get(name)
            if isinstance(size, int) and not isinstance(size, bool) and _LEAST <= size <= _MOST:
                return size
    return None
