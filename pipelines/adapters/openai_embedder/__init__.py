"""Embedding models of OpenAI-compatible servers. Not which one is used: the settings and the records say that."""

from pipelines.adapters.openai_embedder.embedder import OpenAIEmbedder, Pace


__all__ = ["OpenAIEmbedder", "Pace"]
