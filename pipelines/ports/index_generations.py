"""The record of what each generation of the index was made with. Which one is in use is `ports.index_places`."""

from typing import Protocol

from pipelines.domain.index_generations import Generation


class GenerationRecords(Protocol):
    """What was once written of a generation never changes."""

    def get(self, number: int) -> Generation | None:
        """Return a generation; None where nothing was written of it."""

    def put(self, generation: Generation) -> Generation:
        """Write a generation unless one of its number was written before; return what holds."""

    def next(self) -> int:
        """Return a number that no generation has, at least 1."""
