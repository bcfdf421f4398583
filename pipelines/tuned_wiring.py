"""Settings -> tuned models: who asks for their calls, and who makes them. The wiring's part for routes."""

from threading import Lock
from typing import TYPE_CHECKING

from pipelines.domain.job_kinds import ANSWER
from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.adapters.openai_models.model import OpenAIModel
    from pipelines.adapters.openai_models.server import OpenAIServer
    from pipelines.answering.routing import Routing
    from pipelines.answering.tuned import TunedWriting
    from pipelines.part_wiring import FootnoteParts
    from pipelines.ports.job_queue import JobQueue
    from pipelines.ports.model import ChatModel
    from pipelines.settings import Settings

SEND_S = 0.5
"""Longest wait for a broker that is silent: the question is answered by another model meanwhile, or not at all."""


def open_routing(footnote: "FootnoteParts") -> "Routing":
    """Return which model speaks."""
    from pipelines.answering.routing import Routing

    return Routing(footnote.records.routes, key=footnote.records.installation)


def open_tuned(
    footnote: "FootnoteParts", routing: "Routing", clock: Clock
) -> "tuple[TunedWriting, Callable[[], None]]":
    """Return what lets tuned models write, and what closes it. Nothing is connected yet; to be called after a fork."""
    from pipelines.adapters.call_news import CallNews
    from pipelines.adapters.queued_model import QueuedModel
    from pipelines.adapters.tuned_models import TunedModels
    from pipelines.answering.tuned import TunedLimits, TunedWriting
    from pipelines.job_wiring import open_queue

    settings = footnote.settings
    news = CallNews(footnote.comforts.announcements) if settings.redis_url else None
    opened: list[JobQueue] = []

    def queued(name: str) -> "ChatModel":
        # Celery costs half a second to import: where no route is set nobody pays for it.
        opened[:] = opened or [open_queue(settings, clock, send_s=SEND_S)]
        return QueuedModel(
            name,
            footnote.records.model_calls,
            tell=lambda: opened[0].announce(ANSWER),
            news=news,
            lease_s=settings.tuned.lease_seconds,
            monotonic=clock.monotonic,
        )

    def close() -> None:
        if news is not None:
            news.close()
        for one in opened:
            one.close()

    models = TunedModels(queued, monotonic=clock.monotonic, fair_s=settings.tuned.call_seconds)
    limits = TunedLimits(settings.tuned.call_seconds, settings.models.first_sentence_seconds)
    return TunedWriting(routing, models, clock, limits), close


def open_called(settings: "Settings") -> "tuple[Callable[[str], ChatModel], Callable[[], None]]":
    """
    Return the models whose calls this process makes for others, by name, and what closes them.

    To be called after a fork; a model is loaded when it is first called.
    """
    lock, opened = Lock(), dict[str, "OpenAIModel"]()

    def model(name: str) -> "ChatModel":
        from pipelines.adapters.openai_models.model import OpenAIModel

        with lock:
            if name not in opened:
                opened[name] = OpenAIModel(tuned_server(settings, name))
            return opened[name]

    def close() -> None:
        for one in opened.values():
            one.close()

    return model, close


def tuned_server(settings: "Settings", name: str) -> "OpenAIServer":
    """
    Return the server of a tuned model: its own, or the one of all language models.

    Raises:
        BadSettings: neither is set.

    """
    from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer
    from pipelines.errors import BadSettings

    own = settings.tuned.url
    url = own or settings.openai_base_url
    if url is None:
        raise BadSettings(
            f"a route names the model {name}, and no server is set for it: set FOOTNOTE_TUNED__URL or OPENAI_BASE_URL"
        )
    # A key goes to the server that it was given for, and to no other.
    key = settings.tuned.key or (settings.openai_api_key if own is None else None)
    return OpenAIServer(
        url.get_secret_value(),
        name,
        key.get_secret_value() if key else None,
        stall_s=settings.models.stall_seconds,
        options={"temperature": 0, "max_tokens": settings.models.answer_tokens},
        settings=ModelSettings(
            model="footnote model route",
            url="FOOTNOTE_TUNED__URL" if own else "OPENAI_BASE_URL",
            key="FOOTNOTE_TUNED__KEY" if own else "OPENAI_API_KEY",
            stall="FOOTNOTE_MODELS__STALL_SECONDS",
        ),
    )
