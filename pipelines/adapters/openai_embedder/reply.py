"""A reply of `/embeddings` to vectors, or to one sentence that says what is wrong with it. Sends nothing."""

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

import numpy as np


if TYPE_CHECKING:
    from numpy.typing import NDArray

_ITEM = np.dtype("<f4").itemsize


class BadReply(Exception):
    """A reply that holds no vectors that can be used; the message ends a sentence."""


class OtherLength(BadReply):
    """Vectors have another length than was set."""


def read_vectors(body: bytes, content_type: str, *, count: int, dimensions: int) -> "NDArray[np.float32]":
    """
    Return the vectors of a reply scaled to length one, shape (count, dimensions), in the order of the texts.

    A server may ignore that base64 was asked for: lists of numbers are read too.

    Args:
        body: the whole reply.
        content_type: as the server named it.
        count: texts that were sent, at least 1.
        dimensions: length of a vector.

    Raises:
        OtherLength: a vector has another length.
        BadReply: anything else that is not what was asked for.

    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise BadReply("answers with something else than JSON")
    items = _items(body, count)
    vectors = np.empty((count, dimensions), np.float32)
    for place, item in enumerate(items):
        vectors[place] = _vector(item, dimensions)
    if not np.isfinite(vectors).all():
        raise BadReply("sent a vector with a number that is not finite")
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not lengths.all():
        raise BadReply("sent a vector of zeros")
    unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return unit


def _items(body: bytes, count: int) -> list[dict[str, Any]]:
    """Return one object per text, in the order of the texts."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadReply("sent what is no JSON") from None
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise BadReply("sent JSON that holds no vectors")
    if len(data) != count:
        raise BadReply(f"sent {len(data)} vectors for {count} texts")
    places = [one.get("index") for one in data]
    if all(one is None for one in places):
        return data
    by_place = {place: item for place, item in zip(places, data, strict=True) if type(place) is int}
    if by_place.keys() != set(range(count)):
        raise BadReply(f"sent {count} vectors whose numbers are not those of the texts")
    return [by_place[place] for place in range(count)]


def _vector(item: dict[str, Any], dimensions: int) -> "NDArray[np.float32]":
    told = item.get("embedding")
    try:
        found = _decoded(told) if isinstance(told, str) else _listed(told)
    except (binascii.Error, ValueError, TypeError, OverflowError):
        raise BadReply("sent a vector that is neither numbers nor base64 of them") from None
    if found.shape != (dimensions,):
        raise OtherLength(f"sent a vector of {found.size} numbers")
    return found


def _decoded(told: str) -> "NDArray[np.float32]":
    raw = base64.b64decode(told, validate=True)
    if len(raw) % _ITEM:
        raise ValueError
    return np.frombuffer(raw, "<f4").astype(np.float32)


def _listed(told: object) -> "NDArray[np.float32]":
    # NumPy would read texts and truth values as numbers, too.
    if not isinstance(told, list) or not all(type(one) in (int, float) for one in told):
        raise TypeError
    with np.errstate(over="ignore"):
        return np.asarray(told, np.float64).astype(np.float32)
