"""What decides the vectors of an embedding model behind an endpoint: its name, and what is done to a text before."""

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any, Self

from pipelines.domain.values import Value


_SHOWN = 48
_NOT_SHOWN = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class EmbeddingModel(Value):
    """
    One model as it is asked. Where it is asked decides no vector, and is not part of it.

    Attributes:
        model: name of the model at its server.
        dimensions: length of a vector.
        query_prefix: stands before each question.
        passage_prefix: stands before each passage.
        characters: of a text that count; the rest is cut off.
        shortened: the server is asked for vectors of this length, shorter than the model's own.

    """

    model: str
    dimensions: int
    query_prefix: str = ""
    passage_prefix: str = ""
    characters: int = 8000
    shortened: bool = False

    @property
    def name(self) -> str:
        """One word of at most 80 characters; equal for two exactly where all that decides a vector is."""
        digest = hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:10]
        shown = _NOT_SHOWN.sub("-", self.model)[-_SHOWN:].strip("-") or "model"
        return f"{shown}-{self.dimensions}-{digest}"

    def as_json(self) -> dict[str, Any]:
        """Return what is written into the records."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self | None:
        """Return the model that was written; None for what this release did not write."""
        try:
            found = cls(**told)
        except TypeError:
            return None
        return found if isinstance(found.model, str) and isinstance(found.dimensions, int) else None
