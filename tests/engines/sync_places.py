"""Where the sync machine finds installations whose records are in PostgreSQL and whose index is in Weaviate."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.system_clock import SystemClock
from pipelines.adapters.weaviate_index import WeaviateIndex
from pipelines.domain.index_identity import IndexIdentity
from tests.engines.postgres_databases import Server
from tests.engines.weaviate_scene import remove, server_at
from tests.fakes.hash_embedder import HashEmbedder
from tests.small_base import DIMENSIONS
from tests.soak.places import Places, on_servers


@contextmanager
def server_places(folder: Path, postgres_url: str, weaviate_url: str) -> Iterator[Places]:
    """Open a database and a collection of their own, and take them away at the end."""
    postgres, weaviate, embedder = Server(postgres_url), server_at(weaviate_url), HashEmbedder(DIMENSIONS)
    with postgres.migrated() as name:
        database = postgres.url(name)
        with closing(SqlRecords(Database(database), SystemClock())) as records:
            identity = IndexIdentity(records.installation, "1", embedder.name, embedder.dimensions)
        with closing(WeaviateIndex(weaviate, identity)) as index:
            yield on_servers(folder, database, index, embedder)
            remove(weaviate, index.collection)
