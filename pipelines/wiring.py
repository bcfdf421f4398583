"""
Settings to objects; the only place that knows all parts.

Parts are made when they are first used, and their modules loaded then: a list of bases
needs no embedder, and `footnote --help` needs nothing at all.
"""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeVar, cast

from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.index_places import Engine, IndexAt
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import NotAllowed
from pipelines.settings import Settings, secret_named


if TYPE_CHECKING:
    from pipelines.adapters.ownership import Ownership
    from pipelines.adapters.sources.upload import UploadSource
    from pipelines.adapters.weaviate_index import WeaviateIndex
    from pipelines.answering.pipeline import Answering
    from pipelines.answering.replaying import Replay
    from pipelines.answering.telling import Watcher
    from pipelines.domain.handed_files import HandedFile
    from pipelines.domain.model_probe import ModelProbe
    from pipelines.generation_wiring import Generations
    from pipelines.index_wiring import Indexes
    from pipelines.ingestion.equipment import SyncParts
    from pipelines.job_wiring import Jobs
    from pipelines.model_wiring import OpenedModels
    from pipelines.passing import FileQuestions
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


class Footnote:
    """Footnote as one installation's settings describe it. Close it, or use it with `with`."""

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

    def ask(self, question: Question, watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question, and record it; `watcher` hears it while it is written.

        Raises:
            BadInput: the question is empty or too long.
            NotFound: a base was named that this person cannot read, or that does not exist.
            CallCancelled: the watcher wants it no longer.

        """
        return self.answering.ask(question, watcher)

    def ask_about(self, question: Question, files: "Sequence[HandedFile]", watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question from files that came with it; neither it nor they are kept.

        Raises:
            BadInput: the question is empty or too long.
            NoFileRead: of the files none could be read.
            CallCancelled: the watcher wants it no longer.

        """
        return self._file_questions.ask(question, files, watcher)

    def drop_left_files(self) -> int:
        """Delete what questions about files left whose process was killed; return how many those were."""
        return self._file_questions.sweep()

    @cached_property
    def _file_questions(self) -> "FileQuestions":
        from pipelines.passing import FileQuestions

        return FileQuestions(self, self._clock)

    @property
    def worker(self) -> str:
        """The name under which this process holds what it works on."""
        from pipelines.adapters.records.workers import worker_name

        return worker_name()

    def warm_up(self) -> None:
        """
        Open what the first question needs by searching for something; afterwards several threads may ask.

        Raises:
            FootnoteError: nothing can be searched now.

        """
        self.answering.retrieve(Question("warm up", OPERATOR))

    def add_base(
        self, name: str, source: Path | str, principal: Principal, options: SourceOptions = NO_OPTIONS
    ) -> KnowledgeBase:
        """
        Create a base over a folder, a repository, a web site or files to be handed in, after a look at it.

        Raises:
            BadInput: the name, the source or an option cannot be used.
            SourceUnreadable: the source is not there, or cannot be reached; nothing is added.

        """
        _require_admin(principal)
        self.erase_removed()
        found = self.sources.recognise(source, options)
        self.sources.check(found)
        base = self.records.bases.add(name, found.kind, found.location, principal, found.options)
        details = {found.kind: found.location, **found.options.as_json()}
        self.records.answers.audit(principal, "kb add", base.name, details)
        return base

    def upload(self, name: str, files: Sequence[Path], principal: Principal) -> tuple[str, ...]:
        """
        Hand files in to a base that was added for that; the next sync reads them.

        Returns:
            The paths under which they are kept: their names, in the order given.

        Raises:
            BadInput: the base has another source, or a file cannot be taken; those before it are.
            NotFound: there is no such base or file.

        """
        _require_admin(principal)
        base = self.records.bases.get(name)
        place = self.sources.uploads(self.records.bases.source(base.id))
        names = tuple(place.take(file) for file in files)
        self.records.answers.audit(principal, "kb upload", base.name, {"files": list(names)})
        return names

    def remove_base(self, name: str, principal: Principal) -> None:
        """
        Take a base from everybody and erase it.

        Raises:
            NotFound: there is none of this name.

        """
        _require_admin(principal)
        base = self.records.bases.get(name)
        self.records.bases.hide(base.id)
        self.records.answers.audit(principal, "kb remove", base.name, {})
        self.erase_removed()

    def sync(
        self,
        name: str,
        *,
        dry_run: bool = False,
        accept_loss: bool = False,
        progress: Callable[[SyncProgress], None] = lambda _: None,
    ) -> SyncResult:
        """
        Bring a base up to its source, or say what that would do.

        Done here unless another process does it; then that one's progress is told until it ends.

        Raises:
            SourceUnreadable: the source cannot be listed, or lost much; what readers see stays.

        """
        base = self.records.bases.get(name)
        if dry_run:
            return self.jobs.preview(base, progress)
        return self.jobs.sync(base, progress, accept_loss=accept_loss)

    @cached_property
    def jobs(self) -> "Jobs":
        """What is left to workers, and what they do."""
        from pipelines.job_wiring import Jobs

        return Jobs(self, self._clock)

    @cached_property
    def job_queue(self) -> "JobQueue":
        """How workers are told to look."""
        from pipelines.job_wiring import open_queue

        return self._closing(open_queue(self.settings, self._clock))

    def source_reader(self, kb: int) -> "SourceReader":
        """Return a reader of a base's source, good for one sync."""
        return self.sources.reader(self.records.bases.source(kb))

    @cached_property
    def sources(self) -> "Sources":
        """The sources of all bases."""
        from pipelines.source_wiring import Sources, source_settings

        return Sources(source_settings(self.settings), secret_named, self._uploads)

    def _uploads(self, source: int) -> "UploadSource":
        """Return the files that were handed in to a source."""
        from pipelines.adapters.sources.upload import UploadSource

        return UploadSource(source, self.records.uploads, self.blobs, max_file_mb=self.settings.limits.max_file_mb)

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

    def check_stored_files(self) -> None:
        """
        Look whether all files that are kept are this installation's; nothing is written.

        Raises:
            BadSettings: they are another installation's, or in another folder.
            TransientError: their place cannot be read.

        """
        self._own_blobs[1].check()

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

    def replay(self, number: int | None, who: Principal) -> "Replay":
        """
        Ask a recorded question again, with the rights that were recorded.

        Raises:
            NotFound: there is no such answer.

        """
        from pipelines.answering.replaying import replay

        recorded = self.records.answers.get(number)
        return replay(recorded, who, records=self.records, blobs=self.blobs, answering=self.answering)

    def probe_model(self, name: str, *, tuned: bool = False) -> "ModelProbe":
        """
        Call a language model that is set, or that a route names, once.

        Args:
            name: as its server knows it.
            tuned: it is a route's, and asked for where those are.

        Raises:
            BadSettings: its server refuses the name or the key, or none is set.
            FootnoteError: any other reason why no whole reply came.

        """
        from pipelines.model_wiring import probe_model

        return probe_model(self.settings, name, self._clock, tuned=tuned)

    def check_cache_server(self) -> str | None:
        """
        Look at the Redis that `REDIS_URL` names; return a warning, or None if all is well.

        Raises:
            BadSettings: it refuses what it is asked, or there is no such database.
            TransientError: it does not answer.

        """
        from pipelines.adapters.redis_check import check_cache

        url, broker = self.settings.redis_url, self.settings.broker_url
        return check_cache(url.get_secret_value(), broker) if url and broker else None

    def check_broker_server(self, *, claim: bool = False) -> None:
        """
        Look at the Redis of the workers' queues; `claim` marks it as this installation's.

        Raises:
            BadSettings: it may drop jobs, is another installation's, refuses what it is
                asked, or there is no such database.
            TransientError: it does not answer.

        """
        from pipelines.adapters.redis_check import check_broker

        if self.settings.broker_url:
            check_broker(self.settings.broker_url, self.records.installation, claim=claim)

    def check_index_server(self) -> None:
        """
        Look at the Weaviate that holds the index, if one does; nothing is made, and this process may fork afterwards.

        Raises:
            BadSettings: its address is not set, it refuses the key, or what answers there is no Weaviate.
            StorageDamaged: its collection is another program's, release's or installation's, or was changed.
            TransientError: it does not answer.

        """
        if self.indexes.place().engine is not Engine.WEAVIATE:
            return
        with closing(cast("WeaviateIndex", self.indexes.open(Engine.WEAVIATE))) as index:
            index.look()

    def check_before_work(self) -> tuple[str, ...]:
        """
        Look whether this process may take jobs; return what is away for now (`pipelines.fitness`).

        Raises:
            FootnoteError: it may not, or the records do not answer.

        """
        from pipelines.fitness import check_before_work

        return check_before_work(self)

    @cached_property
    def sync_parts(self) -> "SyncParts":
        """What every sync works with."""
        from pipelines.ingestion.equipment import SyncParts

        self.indexes.settle()
        made = self.generations
        parts = self.records, self.index, made.embedder, self.parser, self.blobs, self._clock
        return SyncParts(*parts, twin=made.twin, analyser=made.analyser)

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

    def erase_removed(self) -> None:
        """Erase bases that were removed, also those that a killed process left behind."""
        for kb in self.records.bases.hidden():
            self.indexes.drop(kb)
            # Files first: killed in between, the records still say what is left. Where another base's
            # sync stores the same bytes just now, its next one stores them again.
            for name in self.records.bases.own_blobs(kb):
                self.records.uploads.delete_unused(name, self.blobs.delete)
            self.sources.forget(self.records.bases.source(kb))
            self.records.bases.erase(kb)


def open_footnote(settings: Settings) -> Footnote:
    """Return Footnote as the settings describe it; nothing is opened yet."""
    return Footnote(settings)


def _require_admin(principal: Principal) -> None:
    if not principal.admin:
        raise NotAllowed("only an admin manages knowledge bases")
