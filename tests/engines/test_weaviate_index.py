"""The index's contract, run against a real Weaviate."""

from collections.abc import Iterator

import pytest

from pipelines.ports.chunk_index import ChunkIndex
from tests.contracts.chunk_index import ChunkIndexContract
from tests.engines.weaviate_scene import identity, opened, remove, server_at


pytestmark = pytest.mark.engines


class TestWeaviateIndex(ChunkIndexContract):
    """The index of a large installation."""

    average_drifts = True

    @pytest.fixture
    def index(self, weaviate_url: str) -> Iterator[ChunkIndex]:
        """Return an index in a new collection, which is deleted afterwards."""
        server = server_at(weaviate_url)
        with opened(server, identity()) as index:
            yield index
            remove(server, index.collection)
