"""A source of which only some documents are wanted. Reads nothing itself."""

from collections.abc import Callable, Iterator

from pipelines.domain.reading import Rejected
from pipelines.ingestion.audience import pattern_matches
from pipelines.ports.source_reader import SourceFile, SourceReader


class SelectedSource:
    """`ports.source_reader.SourceReader` over those documents of another whose paths match."""

    def __init__(self, reader: SourceReader, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
        """
        Take the source.

        Args:
            reader: the source.
            include: patterns as in an audience file, one of which must match; none: all do.
            exclude: patterns, none of which may match.

        """
        self._reader = reader
        self._include = include
        self._exclude = exclude

    def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
        """Yield every document that is wanted, each path once, sorted by path."""
        yield from (file for file in self._reader.list(alive) if self._wants(file.path))

    def fetch(self, path: str) -> bytes | Rejected:
        """Return the bytes of a document, or why they cannot be had."""
        return self._reader.fetch(path) if self._wants(path) else Rejected("it is not among the files that are wanted")

    def audience_rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the rules of the whole source."""
        return self._reader.audience_rules()

    def _wants(self, path: str) -> bool:
        included = not self._include or any(pattern_matches(one, path) for one in self._include)
        return included and not any(pattern_matches(one, path) for one in self._exclude)
