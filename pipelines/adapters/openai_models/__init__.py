"""Chat models of OpenAI-compatible servers, called by Haystack's generator. The only home of the client `openai`."""

from pipelines.settings import switch_off_telemetry


# Before any module of this package imports Haystack: no telemetry leaves. Which one does is imported by its own
# name, since Haystack costs 0.7 s and the embedder of a server does without.
switch_off_telemetry()
