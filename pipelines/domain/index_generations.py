"""What one generation of the index was made with, and what is wanted now. Not where it lies: `index_places`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Generation(Value):
    """
    What all rows of a generation have in common. Once written it never changes.

    Attributes:
        number: from 0, never given again.
        embedder: name of the embedder that made the vectors; None for words only.
        dimensions: length of its vectors; 0 for words only.
        analyser: version of the analyser that made the terms.
        maker: what the embedder is opened with; None where its name says it all.

    """

    number: int
    embedder: str | None
    dimensions: int
    analyser: str
    maker: Mapping[str, Any] | None = None

    def fits(self, other: "Generation") -> bool:
        """Say whether rows of both are the same, whatever their numbers."""
        mine = (self.embedder, self.dimensions, self.analyser)
        return mine == (other.embedder, other.dimensions, other.analyser)
