"""Whose rows an index holds: what an index and the program that opens it must agree on."""

from dataclasses import dataclass

from pipelines.domain.values import Value


WORDS_ONLY = "none"
"""Stands in an index for no embedder."""


@dataclass(frozen=True, slots=True)
class IndexIdentity(Value):
    """
    What every row of one index has in common. It is written into the index.

    Attributes:
        installation: id of the installation whose records name the rows.
        analyser: version of the analyser that made the terms.
        embedder: name of the embedder that made the vectors; None for words only.
        dimensions: length of its vectors; 0 for words only.

    """

    installation: str
    analyser: str
    embedder: str | None = None
    dimensions: int = 0

    def __post_init__(self) -> None:
        """Refuse an embedder without a length of vectors, a length without an embedder, and a name that is taken."""
        nameless = self.embedder is None
        if nameless != (self.dimensions == 0) or self.dimensions < 0 or self.embedder == WORDS_ONLY:
            message = f"embedder {self.embedder!r} with {self.dimensions} dimensions"
            raise ValueError(message)

    def as_rows(self) -> dict[str, str]:
        """Return what is written into the index."""
        return {
            "installation": self.installation,
            "analyser": self.analyser,
            "embedder": self.embedder or WORDS_ONLY,
            "dimensions": str(self.dimensions),
        }
