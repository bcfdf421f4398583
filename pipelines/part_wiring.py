"""
What an installation is made of: settings to objects, the only place that knows all parts.

Parts are made when they are first used, and their modules loaded then: a list of bases
needs no embedder, and `footnote --help` needs nothing at all. What is done with them is
`wiring.Footnote`'s.
"""

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.index_places import IndexAt
from pipelines.settings import Settings, secret_named


if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.adapters.ownership import Ownership
    from pipelines.adapters.sources.upload import UploadSource
    from pipelines.answering.pipeline import Answering
    from pipelines.generation_wiring import Generations
    from pipelines.index_wiring import Indexes
    from pipelines.ingestion.equipment import SyncParts
    from pipelines.model_wiring import OpenedModels
    from pipelines.ports.blobs import Blobs
    from pipelines.ports.chunk_index import ChunkIndex
    from pipelines.ports.clock import Clock
    from pipelines.ports.comforts import Comforts
    from pipelines.ports.document_parser import DocumentParser
    from pipelines.ports.embedder import Embedder
    from pipelines.ports.job_queue import JobQueue
    from pipelines.ports.model import ChatModel
    from pipelines.ports.model_usage import ModelUsageRecords
    from pipelines.ports.records import Records
    from pipelines.ports.source_reader import SourceReader
    from pipelines.retrieval.analysers import Analysers
    from pipelines.source_wiring import Sources


class _HasClose(Protocol):
    def close(self) -> None: ...


_Closable = TypeVar("_Closable", bound=_HasClose)


class FootnoteParts:
    """The parts of one installation. Close it, or use it with `with`."""

    def __init__(self, settings: Settings, clock: "Clock | None" = None) -> None:
        self.settings = settings
        self._clock = clock or SystemClock()
        self._open: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self.close()

    def close(self) -> None:
        """Close what was opened, in reverse order."""
        while self._open:
            self._open.pop()()

    @property
    def worker(self) -> str:
        """The name under which this process holds what it works on."""
        from pipelines.adapters.records.workers import worker_name

        return worker_name()

    @cached_property
    def records(self) -> "Records":
        """The memory."""
        from pipelines.adapters.records import SqlRecords
        from pipelines.adapters.records.database import Database, Waits

        self._private_folder()
        waits = Waits(**self.settings.postgres.model_dump())
        database = Database(self.settings.database_url, full_durability=self._full_durability, waits=waits)
        return self._closing(SqlRecords(database, self._clock))

    @cached_property
    def index(self) -> "ChunkIndex":
        """The index, in the engine and the generation that the records name."""
        from pipelines.adapters.placed_index import PlacedIndex

        def opened(at: IndexAt) -> "ChunkIndex":
            return self.indexes.open(at.engine, at.generation)

        return self._closing(PlacedIndex(self.indexes.in_use, opened, lambda at: at.embedder, lambda at: at.analyser))

    @cached_property
    def indexes(self) -> "Indexes":
        """Which engine holds the index, and how it is moved."""
        from pipelines.index_wiring import Indexes

        return Indexes(self, self._clock)

    @cached_property
    def generations(self) -> "Generations":
        """What the index is made with, and how that is changed."""
        from pipelines.generation_wiring import Generations

        return self._closing(Generations(self, self._clock))

    @cached_property
    def analysers(self) -> "Analysers":
        """Those that this release has."""
        from pipelines.retrieval.analysers import RELEASED

        return RELEASED

    @cached_property
    def embedder(self) -> "Embedder | None":
        """The embedder that the settings want; None for words only. That of the index may still be another."""
        from pipelines.embedder_wiring import close_embedder, open_embedder

        opened = open_embedder(self.settings)
        self._open.append(lambda: close_embedder(opened))
        return opened

    @cached_property
    def sync_parts(self) -> "SyncParts":
        """What every sync works with."""
        from pipelines.ingestion.equipment import SyncParts

        self.indexes.settle()
        made = self.generations
        parts = self.records, self.index, made.embedder, self.parser, self.blobs, self._clock
        return SyncParts(*parts, twin=made.twin, analyser=made.analyser)

    @cached_property
    def parser(self) -> "DocumentParser":
        """The parser processes."""
        from pipelines.adapters.parser_processes import ProcessParser

        return self._closing(ProcessParser(self.settings.parse_limits))

    @cached_property
    def blobs(self) -> "Blobs":
        """Original files and stored texts."""
        return self._own_blobs[0]

    @cached_property
    def _own_blobs(self) -> "tuple[Blobs, Ownership]":
        from pipelines.blob_wiring import own_blobs

        return own_blobs(self.settings, lambda: self.records)

    @cached_property
    def sources(self) -> "Sources":
        """The sources of all bases."""
        from pipelines.source_wiring import Sources, source_settings

        return Sources(source_settings(self.settings), secret_named, self._uploads)

    def source_reader(self, kb: int) -> "SourceReader":
        """Return a reader of a base's source, good for one sync."""
        return self.sources.reader(self.records.bases.source(kb))

    def _uploads(self, source: int) -> "UploadSource":
        """Return the files that were handed in to a source."""
        from pipelines.adapters.sources.upload import UploadSource

        return UploadSource(source, self.records.uploads, self.blobs, max_file_mb=self.settings.limits.max_file_mb)

    @cached_property
    def job_queue(self) -> "JobQueue":
        """How workers are told to look."""
        from pipelines.job_wiring import open_queue

        return self._closing(open_queue(self.settings, self._clock))

    @cached_property
    def answering(self) -> "Answering":
        """The answering graph."""
        from pipelines.answer_wiring import open_answering

        answering, close = open_answering(self, self._clock)
        self._open.append(close)
        return answering

    @cached_property
    def chat_models(self) -> "OpenedModels | None":
        """The language model that is set, as it is called; None where none is. To be opened after a fork."""
        from pipelines.model_wiring import open_model

        opened = open_model(self.settings, self._clock)
        if opened is not None:
            self._open.append(opened.close)
        return opened

    @cached_property
    def model_usage(self) -> "ModelUsageRecords":
        """What language models were used for."""
        return self.records.model_usage

    @cached_property
    def called_models(self) -> "Callable[[str], ChatModel]":
        """The tuned models whose calls this process makes for others, by name."""
        from pipelines.tuned_wiring import open_called

        models, close = open_called(self.settings)
        self._open.append(close)
        return models

    @cached_property
    def comforts(self) -> "Comforts":
        """Remembered answers, rate budgets and announcements: over Redis, or within this process."""
        if self.settings.redis_url is None:
            from pipelines.adapters.memory_comforts import memory_comforts

            return memory_comforts(self._clock, max_bytes=self.settings.cache.memory_mb * 1_000_000)
        from pipelines.adapters.redis_comforts import redis_comforts

        return self._closing(
            redis_comforts(
                self.settings.redis_url.get_secret_value(),
                self._clock,
                installation=self.records.installation,
                timeout_s=self.settings.redis.timeout_ms / 1000,
                probe_s=self.settings.redis.probe_seconds,
            )
        )

    @property
    def _full_durability(self) -> bool:
        return self.settings.durability == "full"

    def _closing(self, part: _Closable) -> _Closable:
        """Remember to close a part."""
        self._open.append(part.close)
        return part

    def _private_folder(self) -> None:
        """Make the data folder for this account alone: it holds what only some may read."""
        # What opens a file in it names the fault.
        with suppress(OSError):
            self.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
