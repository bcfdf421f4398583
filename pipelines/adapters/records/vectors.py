"""The embedding cache in SQL: key (embedder, hash of the embedded text)."""

from collections.abc import Collection, Mapping
from operator import itemgetter

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new


_AT_ONCE = 500


class SqlVectors:
    """`ports.records.VectorRecords` over SQLAlchemy. Vectors are float32, little-endian."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, embedder: str, hashes: Collection[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return hash of text -> vector, of those that are known."""
        wanted, found = sorted(set(hashes)), {}
        with self._db.read() as c:
            for at in range(0, len(wanted), _AT_ONCE):
                some = sa.select(t.vectors.c.text_hash, t.vectors.c.vector).where(
                    t.vectors.c.embedder == embedder, t.vectors.c.text_hash.in_(wanted[at : at + _AT_ONCE])
                )
                for name, data in c.execute(some):
                    found[name] = np.frombuffer(data, dtype="<f4")
        return found

    def put(self, embedder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Remember vectors."""
        if not vectors:
            return
        known = self.get(embedder, vectors.keys())
        # In one order: two processes that write the same vectors never wait for each other in a circle.
        rows = [
            {"embedder": embedder, "text_hash": name, "vector": vector.astype("<f4").tobytes()}
            for name, vector in sorted(vectors.items(), key=itemgetter(0))
            if name not in known
        ]
        if rows:
            with self._db.write() as c:
                c.execute(insert_new(c, t.vectors), rows)
