"""Settings -> the chat model: the part of the wiring that knows its server, its breaker and its fallback."""

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from pipelines.domain.model_probe import ModelProbe
from pipelines.ports.clock import Clock
from pipelines.settings import Settings


if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.adapters.openai_models.server import OpenAIServer
    from pipelines.ports.model import ChatModel


class OpenedModels(NamedTuple):
    """
    The model that is set, as it is called.

    Attributes:
        writing: for answers, with a second call after a fault.
        once: the same without a second call, for what can be done without.
        close: lets go of its connections.

    """

    writing: "ChatModel"
    once: "ChatModel"
    close: "Callable[[], None]"


def open_model(settings: Settings, clock: Clock) -> OpenedModels | None:
    """
    Return the model; None where none is set. Nothing is connected yet.

    To be called after a fork.
    """
    if settings.model is None or settings.openai_base_url is None:
        return None
    from pipelines.adapters.breaker import Breaker
    from pipelines.adapters.guarded_model import GuardedModel
    from pipelines.adapters.openai_models.model import OpenAIModel
    from pipelines.adapters.resilient_model import ResilientModel
    from pipelines.adapters.retry_budget import RetryBudget

    opened = [OpenAIModel(_server(settings, name)) for name in (settings.model, settings.models.fallback) if name]
    guarded = [GuardedModel(one, Breaker(clock.monotonic)) for one in opened]

    def close() -> None:
        for one in opened:
            one.close()

    fallback = guarded[1] if len(guarded) > 1 else None
    model = ResilientModel(guarded[0], RetryBudget(clock.monotonic), fallback=fallback, monotonic=clock.monotonic)
    return OpenedModels(model, guarded[0], close)


def probe_model(settings: Settings, name: str, clock: Clock, *, tuned: bool = False) -> ModelProbe:
    """
    Call a model that is set, or `tuned`, once, with the prompt of an answer over one short source.

    It has the time that it has of a question.

    Raises:
        FootnoteError: as `ports.model.ChatModel.write`; BadSettings too where it has no server.

    """
    from pipelines.adapters.openai_models.model import OpenAIModel
    from pipelines.adapters.openai_models.probing import probe
    from pipelines.answering.prompts import House, PromptSource, answer_prompt
    from pipelines.answering.written import messages_of
    from pipelines.tuned_wiring import tuned_server

    source = PromptSource("Footnote", "", "", "Footnote's doctor asks each model one question.")
    prompt = answer_prompt("How many questions does Footnote's doctor ask each model?", [source], House())
    seconds = settings.tuned.call_seconds if tuned else settings.models.first_sentence_seconds
    with closing(OpenAIModel(tuned_server(settings, name) if tuned else _server(settings, name))) as model:
        return probe(model, messages_of(prompt), mark="[1]", seconds=seconds, monotonic=clock.monotonic)


def _server(settings: Settings, name: str) -> "OpenAIServer":
    from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer

    url, key = settings.openai_base_url, settings.openai_api_key
    setting = "FOOTNOTE_MODEL" if name == settings.model else "FOOTNOTE_MODELS__FALLBACK"
    return OpenAIServer(
        url.get_secret_value() if url else "",
        name,
        key.get_secret_value() if key else None,
        stall_s=settings.models.stall_seconds,
        options={"temperature": 0, "max_tokens": settings.models.answer_tokens},
        settings=ModelSettings(model=setting, stall="FOOTNOTE_MODELS__STALL_SECONDS"),
    )
