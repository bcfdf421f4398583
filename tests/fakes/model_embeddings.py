"""How a fake model server answers one request for vectors, and what goes wrong with it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class EmbeddingBehaviour:
    """
    One request's behaviour.

    Attributes:
        plain: lists of numbers come although base64 was asked for.
        missing: so many vectors are left out.
        longer: each vector has so many numbers more.
        number: stands in place of each vector's first number; None for its own.
        zeros: each vector is of zeros.
        scale: each vector is multiplied by this: it is no unit vector.
        backwards: the last vector comes first, each with its number.
        numbered: whether vectors have numbers.
        pause_s: before the answer.
        stall: nothing comes until the client leaves.
        status: HTTP's number; another than 200 is answered with `error` at once.
        error: body of that answer.
        headers: sent with that answer.
        body: the whole answer, in place of vectors.
        content_type: of that answer.

    """

    plain: bool = False
    missing: int = 0
    longer: int = 0
    number: float | None = None
    zeros: bool = False
    scale: float = 1.0
    backwards: bool = False
    numbered: bool = True
    pause_s: float = 0.0
    stall: bool = False
    status: int = 200
    error: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    content_type: str = "application/json"


SOUND_VECTORS = EmbeddingBehaviour()


def listed(vectors: np.ndarray[Any, Any], asked: str, behaviour: EmbeddingBehaviour) -> list[dict[str, Any]]:
    """Return the vectors as the reply holds them; `asked` is the encoding that was asked for."""
    plain = behaviour.plain or asked == "float"
    data: list[dict[str, Any]] = []
    for place, one in enumerate(vectors):
        changed = _changed(one, behaviour)
        told: object = [float(number) for number in changed] if plain else _encoded(changed)
        item = {"object": "embedding", "embedding": told}
        data.append({**item, "index": place} if behaviour.numbered else item)
    kept = data[: len(data) - behaviour.missing]
    return kept[::-1] if behaviour.backwards else kept


def _changed(vector: np.ndarray[Any, Any], behaviour: EmbeddingBehaviour) -> Sequence[float]:
    numbers = [float(one) * behaviour.scale for one in vector]
    if behaviour.number is not None:
        numbers[0] = behaviour.number
    if behaviour.zeros:
        numbers = [0.0] * len(numbers)
    return numbers + [0.5] * behaviour.longer


def _encoded(numbers: Sequence[float]) -> str:
    return base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode()
