"""`ports.model.ChatModel` by Haystack's generator: one call, as it comes, in its time. It repeats nothing."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.utils import Secret

from pipelines.adapters.openai_models.call import ModelCall
from pipelines.adapters.openai_models.faults import FAULTS, cut_off, fault_of, lost_connection
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.openai_models.transport import NO_KEY, ModelTransport, quieten
from pipelines.adapters.safe_http.resolving import Resolver, system_resolver
from pipelines.ports.model import UNHEARD, Finish, Message, ModelReply, PieceListener, Role, Usage, never


_USAGE = {"stream_options": {"include_usage": True}}
_FINISHES = {"length": Finish.LENGTH, "max_tokens": Finish.LENGTH, "content_filter": Finish.FILTERED}
_SPEAKERS: dict[Role, Callable[[str], ChatMessage]] = {
    Role.SYSTEM: ChatMessage.from_system,
    Role.USER: ChatMessage.from_user,
    Role.ASSISTANT: ChatMessage.from_assistant,
}


def chat_generator(server: OpenAIServer, resolver: Resolver = system_resolver) -> OpenAIChatGenerator:
    """
    Return Haystack's generator for a server, a component that can stand in any graph.

    It connects to this server alone, repeats nothing, and reads no variable of the machine.
    Used by itself, each of its steps ends after half a minute; within a `ModelCall`, with the call.

    Args:
        server: where the model is.
        resolver: finds the addresses of its name.

    """
    quieten()
    return OpenAIChatGenerator(
        api_key=Secret.from_token(server.key or NO_KEY),
        model=server.model,
        api_base_url=server.url,
        generation_kwargs={name: value for name, value in server.options.items() if value is not None},
        timeout=server.stall_s,
        max_retries=0,
        http_client_kwargs={
            "transport": ModelTransport(server, resolver),
            "trust_env": False,
            "follow_redirects": False,
        },
    )


class OpenAIModel:
    """One model of an OpenAI-compatible server. Safe between threads; connects when it is first used."""

    def __init__(
        self,
        server: OpenAIServer,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        resolver: Resolver = system_resolver,
    ) -> None:
        """
        Take the server; nothing is connected yet.

        Args:
            server: where the model is.
            monotonic: seconds of a clock that never goes back.
            resolver: finds the addresses of its name.

        """
        self.generator = chat_generator(server, resolver)
        self._server = server
        self._monotonic = monotonic
        self._of_streams = {} if _USAGE.keys() & server.options.keys() else _USAGE
        self.generator.warm_up()

    @property
    def name(self) -> str:
        """Name of the model as it is set here."""
        return self._server.model

    def write(
        self,
        messages: Sequence[Message],
        *,
        seconds: float,
        listener: PieceListener = UNHEARD,
        cancelled: Callable[[], bool] = never,
    ) -> ModelReply:
        """Return the reply, as the port promises."""
        call = ModelCall(seconds=seconds, stall_s=self._server.stall_s, cancelled=cancelled, monotonic=self._monotonic)
        hearing = _Hearing(call, listener)
        with call.under_way():
            try:
                call.look()
                asked = [_SPEAKERS[one.role](one.text) for one in messages]
                result = self.generator.run(asked, streaming_callback=hearing, generation_kwargs=self._of_streams)
            except FAULTS as raised:
                lost = lost_connection(raised, self._server) if call.is_unheard_on_kept_connection else None
                fault = hearing.raised or lost or fault_of(raised, self._server, seconds=seconds)
            else:
                return self._reply(result["replies"][0], hearing)
        # Not where it was caught: on what was raised hangs the request, with the key and the prompt.
        raise fault

    def close(self) -> None:
        """Release the connections."""
        self.generator.close()

    def _reply(self, message: ChatMessage, hearing: "_Hearing") -> ModelReply:
        if hearing.finish is None:
            raise cut_off(self._server)
        text = message.text or ""
        finish = _FINISHES.get(hearing.finish, Finish.STOP)
        if not text and finish is Finish.STOP:
            finish = Finish.NOTHING
        served_by = message.meta.get("model")
        return ModelReply(text, finish, self.name, str(served_by or self.name), _usage(message.meta.get("usage")))


class _Hearing:
    """What Haystack calls with each chunk; hands its text on."""

    def __init__(self, call: ModelCall, listener: PieceListener) -> None:
        self.finish: str | None = None
        self.raised: BaseException | None = None
        self._call = call
        self._listener = listener

    def __call__(self, chunk: StreamingChunk) -> None:
        self._call.heard()
        self._call.look()
        self.finish = chunk.meta.get("finish_reason") or self.finish
        if not chunk.content:
            return
        try:
            self._listener.hear(chunk.content)
        except BaseException as raised:
            self.raised = raised
            raise


def _usage(told: Any) -> Usage | None:  # noqa: ANN401 - as the server sent it
    """Return the tokens that a server tells; None if it tells none."""
    if not isinstance(told, dict):
        return None
    prompt, completion = told.get("prompt_tokens"), told.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    return Usage(prompt, completion)
