"""Arrays that grow together, one place per row. Knows neither SQL nor what the numbers mean to a search."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.sqlite_index.faults import UnsoundContent


_FLOAT = np.dtype("<f4")
_GROWTH = 1.25
_LEAST = 1024
_Scalar = TypeVar("_Scalar", bound=np.generic)


class Columns:
    """
    Rows in the order of their ids. Room is reserved ahead, so that appending is cheap.

    Attributes:
        count: rows held. Each array is used up to this place.
        ids: int64, increasing.
        names: the row's chunk id.
        pairs: int32, number of the row's (base, rule).
        added: int32, first version that shows the row.
        removed: int32, first version that does not.
        has_vector: whether the row has a vector.
        vectors: float32, shape (room, dimensions); zeros where a row has none.

    """

    def __init__(self, dimensions: int) -> None:
        self.count = 0
        self.ids = np.zeros(0, np.int64)
        self.names: list[str] = []
        self.pairs = np.zeros(0, np.int32)
        self.added = np.zeros(0, np.int32)
        self.removed = np.zeros(0, np.int32)
        self.has_vector = np.zeros(0, np.bool_)
        self.vectors = np.zeros((0, dimensions), np.float32)

    def append(
        self,
        *,
        ids: Sequence[int],
        names: Sequence[str],
        pairs: Sequence[int],
        added: Sequence[int],
        removed: Sequence[int],
        vectors: Sequence[bytes | None],
    ) -> None:
        """
        Take rows whose ids are greater than all before.

        Args:
            ids: increasing.
            names: chunk ids.
            pairs: numbers of the rows' (base, rule).
            added: first versions.
            removed: versions that end them.
            vectors: float32, little-endian.

        Raises:
            UnsoundContent: a vector has another length, or a version is no number.

        """
        start, end = self.count, self.count + len(ids)
        self.reserve(end)
        self.ids[start:end] = ids
        self.names.extend(names)
        self.pairs[start:end] = pairs
        try:
            self.added[start:end] = added
            self.removed[start:end] = removed
        except (TypeError, ValueError, OverflowError) as fault:
            raise UnsoundContent("a version is no number") from fault
        known = [at for at, vector in enumerate(vectors) if vector is not None]
        if known:
            found = [vector for vector in vectors if vector is not None]
            dimensions = self.vectors.shape[1]
            if any(len(vector) != _FLOAT.itemsize * dimensions for vector in found):
                raise UnsoundContent(f"not every vector has {dimensions} numbers")
            places = np.asarray(known) + start
            self.vectors[places] = np.frombuffer(b"".join(found), _FLOAT).reshape(len(known), dimensions)
            self.has_vector[places] = True
        self.count = end

    def reserve(self, rows: int) -> None:
        """Make room for this many rows in all."""
        if rows <= len(self.ids):
            return
        room = max(rows, int(len(self.ids) * _GROWTH), _LEAST)
        self.ids = _grown(self.ids, room)
        self.pairs = _grown(self.pairs, room)
        self.added = _grown(self.added, room)
        self.removed = _grown(self.removed, room)
        self.has_vector = _grown(self.has_vector, room)
        self.vectors = _grown(self.vectors, room)

    def place(self, row: int) -> int | None:
        """Return the place of a row by its id; None if it is not held."""
        at = int(np.searchsorted(self.ids[: self.count], row))
        return at if at < self.count and self.ids[at] == row else None

    def places(self, ids: Sequence[int]) -> NDArray[np.intp]:
        """
        Return the places of rows by their ids.

        Raises:
            UnsoundContent: a row is not held.

        """
        wanted = np.asarray(ids, np.int64)
        places = np.searchsorted(self.ids[: self.count], wanted)
        if places.size and (places.max() >= self.count or (self.ids[places] != wanted).any()):
            raise UnsoundContent("words are found whose row is gone")
        return places


def _grown(array: NDArray[_Scalar], room: int) -> NDArray[_Scalar]:
    larger = np.zeros((room, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
