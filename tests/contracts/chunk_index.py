"""
What every index promises. Each subclass names one index in its `index` fixture.

The index is empty at the start of each test and holds vectors of `DIMENSIONS` numbers.
"""

from tests.contracts.chunk_index_copies import CopiesContract
from tests.contracts.chunk_index_search import SearchContract
from tests.contracts.chunk_index_versions import VersionsContract


class ChunkIndexContract(SearchContract, VersionsContract, CopiesContract):
    """The promises of `pipelines.ports.chunk_index.ChunkIndex`."""
