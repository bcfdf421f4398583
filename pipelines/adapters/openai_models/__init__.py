"""Chat models of OpenAI-compatible servers, called by Haystack's generator. The only home of the client `openai`."""

from pipelines.settings import switch_off_telemetry


# Before any module of this package imports Haystack: no telemetry leaves.
switch_off_telemetry()

from pipelines.adapters.openai_models.model import OpenAIModel, chat_generator  # noqa: E402 - as said above
from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer  # noqa: E402


__all__ = ["ModelSettings", "OpenAIModel", "OpenAIServer", "chat_generator"]
