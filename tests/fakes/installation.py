"""An installation with real records; its answers, syncs and index are what a test says they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.adapters.memory_comforts import memory_comforts
from pipelines.adapters.process_queue import ProcessQueue
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.telling import Watcher
from pipelines.domain.alerts import Alert
from pipelines.domain.conversation import Answer, Outcome, Principal, Question
from pipelines.domain.handed_files import HandedFile
from pipelines.domain.index_generations import Generation
from pipelines.domain.index_places import Engine, IndexPlace, MoveProgress
from pipelines.domain.jobs import Job, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, Rejection, SyncResult
from pipelines.domain.model_probe import ModelProbe
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import FootnoteError
from pipelines.generation_wiring import GenerationState
from pipelines.index_wiring import IndexState
from pipelines.operation.job_process import JobProcess
from pipelines.operation.moving import Moved
from pipelines.operation.ticking import Ticker
from pipelines.operation.working import Worker
from pipelines.ports.comforts import Comforts
from pipelines.ports.records import Records
from pipelines.settings import Settings
from tests.fakes.hash_embedder import HashEmbedder


LEASE_SECONDS = 60.0
MEMORY_BYTES = 1_000_000


class EmptyIndex:
    """An index without rows."""

    def count(self, _kb: int) -> int:
        """Return the rows of a base."""
        return 0


@dataclass
class FakeIndexes:
    """
    Engines that hold what a test says.

    Attributes:
        where: where the index is.
        rows: in the engine in use.
        copy_rows: in the other one.
        move_outcome: what a move comes to.
        deleted: whether a copy can be deleted.
        moves: those asked for so far: engine, and whether anew.

    """

    where: IndexPlace = field(default_factory=lambda: IndexPlace(Engine.SQLITE, None, ""))
    rows: int = 0
    copy_rows: int | None = None
    move_outcome: Moved | Exception | None = None
    deleted: bool = True
    moves: list[tuple[Engine, bool]] = field(default_factory=list)

    def place(self) -> IndexPlace:
        """Return where the index is."""
        return self.where

    def state(self) -> IndexState:
        """Return how the index is."""
        return IndexState(self.where, self.rows, self.copy_rows)

    def move(
        self, engine: Engine, *, rebuild: bool = False, progress: Callable[[MoveProgress], None] = lambda _: None
    ) -> Moved:
        """Return or raise what a test says."""
        self.moves.append((engine, rebuild))
        progress(MoveProgress(1, 1, "handbook"))
        if isinstance(self.move_outcome, Exception):
            raise self.move_outcome
        assert self.move_outcome is not None
        return self.move_outcome

    def confirm(self) -> bool:
        """Return what a test says."""
        return self.deleted


@dataclass
class FakeGenerations:
    """
    Generations that are what a test says.

    Attributes:
        now: what the index is made with, and what is wanted.
        asked: the embedder of the index, or why it cannot be had.
        outcome: what a rebuilding comes to.
        gone: what a confirmation deletes.
        rebuilt: those asked for so far: whether back.

    """

    now: GenerationState = field(default_factory=lambda: made_as_wanted(Engine.SQLITE))
    asked: object = None
    outcome: Moved | Exception | None = None
    gone: Generation = field(default_factory=lambda: Generation(0, None, 0, "1"))
    rebuilt: list[bool] = field(default_factory=list)

    def state(self) -> GenerationState:
        """Return what a test says."""
        return self.now

    def embedder(self) -> object:
        """Return or raise what a test says."""
        if isinstance(self.asked, Exception):
            raise self.asked
        return self.asked

    def rebuild(self, *, back: bool = False, progress: Callable[[MoveProgress], None] = lambda _: None) -> Moved:
        """Return or raise what a test says."""
        self.rebuilt.append(back)
        progress(MoveProgress(1, 1, "handbook"))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None
        return self.outcome

    def confirm(self) -> Generation:
        """Return what a test says."""
        return self.gone


def made_as_wanted(engine: Engine) -> GenerationState:
    """Return the state of an index that is made with what the settings want."""
    made = Generation(0, "hash-64", 64, "1")
    return GenerationState(made, made, IndexPlace(engine, None, ""), None)


@dataclass
class FakeInstallation:
    """
    `pipelines.wiring.Footnote` without its engines.

    Attributes:
        settings: as given.
        records: real ones.
        answers: what the next questions come to; a refusal when none is left.
        sync_outcomes: what the next syncs come to; "nothing changed" when none is left.
        asked: the questions so far.
        handed: names of the files that came with questions.
        index: without rows, unless a test gives another.
        indexes: where it is; in a file, unless a test says otherwise.
        generations: what it is made with; as it is wanted, unless a test says otherwise.
        blobs: none, unless a test gives some.
        comforts: those of this process.
        stored_files: the fault of their places, if any.
        cache_server: what is found of the cache's server: a warning, a fault, or nothing.
        broker_server: the fault of the broker's server, if any.
        alerts: base -> why its syncs need a person.
        accepted_losses: what each sync so far was told of losses.
        models: name -> what a call of it comes to.
        probed: the models that were called so far, and whether as a route's.
        closed: how often it was closed.

    """

    settings: Settings
    records: Records
    answers: list[Answer | Exception] = field(default_factory=list)
    sync_outcomes: list[SyncResult | Exception] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    handed: list[tuple[str, ...]] = field(default_factory=list)
    index: object = field(default_factory=EmptyIndex)
    indexes: FakeIndexes = field(default_factory=FakeIndexes)
    generations: FakeGenerations = field(default_factory=FakeGenerations)
    blobs: object = None
    comforts: Comforts = field(default_factory=lambda: memory_comforts(SystemClock(), max_bytes=MEMORY_BYTES))
    embedder: object = field(default_factory=HashEmbedder)
    stored_files: Exception | None = None
    cache_server: str | Exception | None = None
    broker_server: Exception | None = None
    alerts: dict[int, Alert] = field(default_factory=dict)
    accepted_losses: list[bool] = field(default_factory=list)
    models: dict[str, ModelProbe | Exception] = field(default_factory=dict)
    probed: list[tuple[str, bool]] = field(default_factory=list)
    closed: int = 0

    def ask(self, question: Question) -> Answer:
        """Return or raise the next scripted outcome."""
        self.asked.append(question)
        outcome = self.answers.pop(0) if self.answers else Answer(Outcome.REFUSAL, "Not in the knowledge bases.")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def ask_about(self, question: Question, files: Sequence[HandedFile], _watcher: Watcher | None = None) -> Answer:
        """Return or raise the next scripted outcome."""
        self.handed.append(tuple(one.name for one in files))
        return self.ask(question)

    def drop_left_files(self) -> int:
        """Find nothing."""
        return 0

    def add_base(
        self, name: str, source: Path | str, principal: Principal, options: SourceOptions = NO_OPTIONS
    ) -> KnowledgeBase:
        """Add a base over a folder, whatever the source is."""
        return self.records.bases.add(name, "folder", str(Path(source).absolute()), principal, options)

    def upload(self, _name: str, files: Sequence[Path], _principal: Principal) -> tuple[str, ...]:
        """Say that the files were kept."""
        return tuple(file.name for file in files)

    @property
    def jobs(self) -> "FakeJobs":
        """Return its jobs."""
        return FakeJobs(self)

    def sync(
        self,
        name: str,
        *,
        dry_run: bool = False,
        accept_loss: bool = False,
        progress: Callable[[SyncProgress], None] = lambda _: None,
    ) -> SyncResult:
        """Return or raise the next scripted outcome, without any effect on the records."""
        base = self.records.bases.get(name)
        self.accepted_losses.append(accept_loss)
        progress(SyncProgress(1, 1, "a.md"))
        outcome = self.sync_outcomes.pop(0) if self.sync_outcomes else SyncResult(base.active)
        if isinstance(outcome, Exception):
            raise outcome
        return replace(outcome, chunks_added=0, promoted=False) if dry_run else outcome

    def remove_base(self, name: str, _principal: Principal) -> None:
        """Remove a base."""
        self.records.bases.hide(self.records.bases.get(name).id)

    def check_stored_files(self) -> None:
        """Raise what a test says of the places of stored files."""
        _told(self.stored_files)

    def probe_model(self, name: str, *, tuned: bool = False) -> ModelProbe:
        """Return or raise what a test says of a model, and note the call."""
        self.probed.append((name, tuned))
        outcome = self.models[name]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def check_cache_server(self) -> str | None:
        """Return or raise what a test says of the cache's server."""
        return _told(self.cache_server)

    def check_broker_server(self) -> None:
        """Raise what a test says of the broker's server."""
        _told(self.broker_server)

    def close(self) -> None:
        """Count the call; the records belong to the test."""
        self.closed += 1

    def publish(self, name: str, *, rejected: tuple[Rejection, ...] = (), promote: bool = True) -> int:
        """Record a sync of an empty folder that made a version, and return its number."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        version = self.records.ledger.begin(lease)
        self.records.ledger.reject(lease, rejected)
        result = SyncResult(version, rejected=rejected)
        self.records.ledger.finish(lease, version, result, promote=promote)
        self.records.jobs.finish(lease)
        return version

    def end_without_version(self, name: str, *, rejected: tuple[Rejection, ...] = ()) -> None:
        """Record a sync that found no document to take and so made no version."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        self.records.ledger.reject(lease, rejected)
        self.records.ledger.finish_unchanged(lease, SyncResult(base.active, rejected=rejected))
        self.records.jobs.finish(lease)

    def break_sync(self, name: str, error: FootnoteError) -> None:
        """Record a sync that failed."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        self.records.ledger.fail(lease, str(error))
        self.records.jobs.finish(lease, str(error))


@dataclass(frozen=True)
class FakeJobs:
    """Jobs that stand in real records, and that nobody works on."""

    installation: FakeInstallation

    def submit_sync(self, name: str, *, accept_loss: bool = False) -> Job:
        """Queue a sync."""
        records = self.installation.records
        return records.jobs.submit("sync", records.bases.get(name).id, {"accept_loss": True} if accept_loss else {})

    def alert(self, kb: int) -> Alert | None:
        """Return what a test says."""
        return self.installation.alerts.get(kb)

    def process(self, wait: Callable[[float], None], stopping: Callable[[], bool]) -> JobProcess:
        """Return a process that knows no kind of job."""
        clock, records = SystemClock(), self.installation.records
        worker = Worker(records.jobs, {}, name="a test", clock=clock, stopping=stopping)
        ticker = Ticker(records, ProcessQueue(), clock)
        return JobProcess(worker, ticker, clock, tick_s=30, poll_s=1, wait=wait, stopping=stopping)


def _told(found: str | Exception | None) -> str | None:
    if isinstance(found, Exception):
        raise found
    return found
