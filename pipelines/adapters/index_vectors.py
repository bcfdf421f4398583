"""What every index checks of a vector: before it searches with it or stores it, and when it reads one whole."""

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import BadInput


def checked_vector(vector: NDArray[np.float32], whose: str, *, dimensions: int, place: str) -> NDArray[np.float32]:
    """
    Return a vector as contiguous float32 of the index's length.

    Args:
        vector: of shape (dimensions,), all of it finite.
        whose: names it in an error.
        dimensions: length of the index's vectors.
        place: names the index in an error.

    Raises:
        BadInput: it has another shape, or a number that is not finite.

    """
    if vector.shape != (dimensions,):
        raise BadInput(f"the vector of {whose} has {vector.size} numbers, {place} holds vectors of {dimensions}")
    if not np.isfinite(vector).all():
        raise BadInput(f"the vector of {whose} holds a number that is not finite")
    return np.ascontiguousarray(vector, np.float32)


def stored_vector(stored: bytes, dimensions: int) -> NDArray[np.float32]:
    """
    Return a vector of so many little-endian float32.

    Raises:
        ValueError: it has another length.

    """
    if len(stored) != dimensions * np.dtype("<f4").itemsize:
        raise ValueError(f"does not have {dimensions} numbers")
    return np.frombuffer(stored, "<f4").astype(np.float32)
