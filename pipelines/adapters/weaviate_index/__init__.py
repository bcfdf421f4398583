"""The index in a Weaviate server: one collection per generation. No other package knows its schema or its protocol."""

from pipelines.adapters.weaviate_index.index import WeaviateIndex
from pipelines.adapters.weaviate_index.server import WeaviateServer


__all__ = ["WeaviateIndex", "WeaviateServer"]
