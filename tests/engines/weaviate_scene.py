"""What tests of the index in Weaviate share: servers by their address, indexes with a collection of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from pipelines.adapters.weaviate_index import WeaviateIndex, WeaviateServer
from pipelines.domain.index_identity import IndexIdentity
from tests.contracts.chunk_index_rows import DIMENSIONS


def server_at(url: str, **options: Any) -> WeaviateServer:
    """Return the server of an address whose query names the gRPC port."""
    parts = urlsplit(url)
    port = int(parse_qs(parts.query)["grpc"][0])
    return WeaviateServer(f"{parts.scheme}://{parts.netloc}", grpc_port=port, **options)


def identity(**changes: Any) -> IndexIdentity:
    """Return the identity of an installation that nobody else has."""
    usual = {"installation": uuid4().hex, "analyser": "1", "embedder": "contract", "dimensions": DIMENSIONS}
    return IndexIdentity(**(usual | changes))


@contextmanager
def opened(server: WeaviateServer, who: IndexIdentity, **options: Any) -> Iterator[WeaviateIndex]:
    """Open an index and close it again."""
    index = WeaviateIndex(server, who, **options)
    try:
        yield index
    finally:
        index.close()


def remove(server: WeaviateServer, collection: str) -> None:
    """Delete a collection, so that the server stays quick."""
    httpx.delete(f"{server.rest_address}/v1/schema/{collection}", trust_env=False).raise_for_status()
